// The analysis: a snapshot as a text for people, in Markdown.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "cli/render/options.h"
#include "cli/render/render_view.h"

namespace varve {

// Errors: kDataLoss (as Check of snapshot/rules).
absl::StatusOr<std::string> RenderAnalysis(const RenderView& view, const RenderOptions& options);

}  // namespace varve
