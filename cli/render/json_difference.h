// A difference as JSON: docs/formats.md, "varve.diff.v1".
#pragma once

#include "cli/render/json_writer.h"
#include "varve/v1/diff.pb.h"

namespace varve {

// Writes it as one object.
void WriteDifference(JsonWriter& json, const v1::Difference& difference);

}  // namespace varve
