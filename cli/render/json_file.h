// The three JSON files of a snapshot, as text.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "cli/render/json_writer.h"
#include "cli/render/render_view.h"

namespace varve {

// A file and the source kind that it holds.
struct JsonFile {
  absl::string_view suffix;  // "_schema.json"
  absl::string_view source_kind;
  void (*write)(JsonWriter& out, const RenderView& view, const SectionView& section);
};

// In the order in which they are written and listed. Valid for ever.
absl::Span<const JsonFile> JsonFiles();

// The text of one file: the first source of its kind, `more` with the others by name, and the key
// `varve`. Sections of a source kind that this build does not know are in the data of the first
// file, so that none is lost. Errors: kDataLoss (a shape that a line names is not in the snapshot).
absl::StatusOr<std::string> RenderJson(const RenderView& view, const JsonFile& file);

}  // namespace varve
