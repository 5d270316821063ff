// What commands share that have the rules asked: the rules file, and --validate.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "snapshot/rules/check_proto.h"
#include "snapshot/section.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace varve {

CLI::Option* AddRulesFileFlag(CLI::App& command, std::string& path);

// Of the rules these words name (RulesNamed), by the rules file at `path`; empty: there is none.
// Errors: as ReadYamlConfig and RulesFile::Of, so that a wrong file is refused before long work.
absl::StatusOr<RulesAsked> AskedRules(const std::vector<std::string>& words,
                                      const std::string& path, absl::Time now);

// Tells what of the rules file at `path` does not hold of the snapshot, each with its line.
void TellNotes(const v1::CheckResult& result, const std::string& path);

// --validate, and --rules-file beside it.
struct ValidationFlags {
  bool validate = false;
  std::string rules_file;
};

void AddValidationFlags(CLI::App& command, ValidationFlags& flags);

// As the one above, of the rules that the file asks; where it asks none, of those by default.
absl::StatusOr<RulesAsked> AskedRules(const ValidationFlags& flags, absl::Time now);

// What the rules say of `snapshot`; nothing where it was not asked for. What of the rules file does
// not hold is told. Errors: as Checked.
absl::StatusOr<std::optional<v1::CheckResult>> Validated(const Snapshot& snapshot,
                                                         const ValidationFlags& flags,
                                                         const RulesAsked& asked);

}  // namespace varve
