// What the rules say, as it is sent and printed.
#pragma once

#include "absl/status/statusor.h"
#include "snapshot/rules/rules.h"
#include "varve/v1/check.pb.h"

namespace varve {

v1::FindingSeverity ToProto(Severity severity);

// What all rules say of `snapshot`, without its reference. Errors: as Check.
absl::StatusOr<v1::CheckResult> CheckedByAll(const Snapshot& snapshot);

}  // namespace varve
