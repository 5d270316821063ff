// What the rules say, as it is sent and printed.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "snapshot/rules/rules.h"
#include "varve/v1/check.pb.h"
#include "varve/v1/check_config.pb.h"

namespace varve {

v1::FindingSeverity ToProto(Severity severity);

// What is asked of the rules.
struct RulesAsked {
  std::vector<std::string>
      words;             // as RulesNamed takes them; none: what the file says, else defaults
  v1::CheckConfig file;  // the rules file; empty: none
  absl::Time now;        // acceptances hold until a day
};

// What they say of `snapshot`, without its reference. Errors: as RulesNamed, RulesFile and Check;
// kFailedPrecondition (a word names only rules for whose source the snapshot has no section).
absl::StatusOr<v1::CheckResult> Checked(const Snapshot& snapshot, const RulesAsked& asked);

}  // namespace varve
