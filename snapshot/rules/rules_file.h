// What a team says of rules in its file, made sure of: which are asked, how bad their findings are,
// which of them somebody answers for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "snapshot/rules/rules.h"
#include "snapshot/section.h"
#include "varve/v1/check.pb.h"
#include "varve/v1/check_config.pb.h"

namespace varve {

// Immutable once made; safe from any thread.
class RulesFile {
 public:
  // Errors: kInvalidArgument, the message begins "line N of the rules file: " (no rule, level,
  // time to live, format or type of value is called so, no day, an acceptance without what it must
  // have).
  static absl::StatusOr<RulesFile> Of(const v1::CheckConfig& config);

  // Whether a rule is asked where no rules are named.
  bool Asks(const Rule& rule) const;
  // What its findings are instead; nothing where the file does not say.
  std::optional<Severity> LevelOf(absl::string_view rule) const;
  // Who answers for a finding on the day of `now`; null where nobody does.
  const v1::Acceptance* Accepts(const v1::Finding& finding, absl::Time now) const;

  // What of the file does not hold of `snapshot` on the day of `now`: acceptances that ended,
  // models, fields, tables, columns and databases that are not there, keys that no pattern is of.
  // Nothing is said of a source that was not read. By line. Errors: kDataLoss (a shape fails its
  // hash or does not parse).
  absl::StatusOr<std::vector<v1::RulesFileNote>> NotesOn(const Snapshot& snapshot,
                                                         absl::Time now) const;

  const v1::CheckConfig& config() const { return config_; }

 private:
  struct Setting {
    std::optional<bool> is_asked;
    std::optional<Severity> level;
  };

  absl::Status TakeSettings();
  absl::Status TakeAcceptances();
  absl::Status TakeModels() const;
  absl::Status TakeKeys() const;

  v1::CheckConfig config_;
  absl::flat_hash_map<std::string, Setting> settings_;  // by id of the rule
  std::vector<absl::Time> ends_;                        // by acceptance: when it holds no more
};

}  // namespace varve
