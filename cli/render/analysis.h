// The analysis: a snapshot as a text for people, in Markdown.
#pragma once

#include <string>

#include "cli/render/options.h"
#include "cli/render/render_view.h"

namespace varve {

std::string RenderAnalysis(const RenderView& view, const RenderOptions& options);

}  // namespace varve
