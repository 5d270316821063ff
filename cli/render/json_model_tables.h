// The table that a model is mapped to, as JSON.
#pragma once

#include "absl/strings/string_view.h"
#include "cli/render/json_writer.h"
#include "varve/v1/models.pb.h"

namespace varve {

// Writes the key `table`: null where the model is mapped to none.
void WriteTableOf(JsonWriter& out, const v1::ModelStructure& model);

// The key that a part of a ModelTable stands under, by the part's own name: "uniques" is
// "unique_constraints".
absl::string_view ExportedPart(absl::string_view part);

}  // namespace varve
