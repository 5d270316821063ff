// What the rules file says of models and does not hold of a snapshot.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "snapshot/section.h"
#include "varve/v1/check.pb.h"
#include "varve/v1/check_config.pb.h"

namespace varve {

// Models, fields, tables, columns and databases that it names and that are not there, and lines
// that are for no model because others come before. Nothing of a source that was not read. Errors:
// kDataLoss (a shape fails its hash or does not parse).
absl::StatusOr<std::vector<v1::RulesFileNote>> NotesOnModels(const v1::CheckConfig& file,
                                                             const Snapshot& snapshot);

}  // namespace varve
