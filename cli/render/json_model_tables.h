// The table that a model is mapped to, as JSON.
#pragma once

#include "cli/render/json_writer.h"
#include "varve/v1/models.pb.h"

namespace varve {

// Writes the key `table`: null where the model is mapped to none.
void WriteTableOf(JsonWriter& out, const v1::ModelStructure& model);

}  // namespace varve
