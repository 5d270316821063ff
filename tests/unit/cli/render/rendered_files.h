// The three JSON files of a snapshot, parsed by a parser that is not ours.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "cli/render/json_file.h"
#include "tests/support/matchers.h"

namespace varve::testing {

using Json = nlohmann::ordered_json;

// The text of the file of a source kind; what went wrong, where it could not be rendered.
inline std::string FileText(const Snapshot& snapshot, absl::string_view source_kind) {
  const absl::StatusOr<RenderView> view = RenderView::Of(snapshot);
  if (!view.ok()) return view.status().ToString();
  for (const JsonFile& file : JsonFiles()) {
    if (file.source_kind != source_kind) continue;
    const absl::StatusOr<std::string> text = RenderJson(*view, file);
    return text.ok() ? *text : text.status().ToString();
  }
  return "no such file";
}

// Null where it does not parse: every expectation on it fails then.
inline Json FileJson(const Snapshot& snapshot, absl::string_view source_kind) {
  Json json = Json::parse(FileText(snapshot, source_kind), nullptr, /*allow_exceptions=*/false);
  return json.is_discarded() ? Json() : json;
}

}  // namespace varve::testing
