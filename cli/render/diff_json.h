// Differences in JSON, the same in every answer that has some.
#pragma once

#include "cli/render/json_writer.h"
#include "varve/v1/diff.pb.h"

namespace varve {

// One object into the array that is open: docs/formats.md, "varve diff".
void WriteDifference(JsonWriter& json, const v1::Difference& difference);

}  // namespace varve
