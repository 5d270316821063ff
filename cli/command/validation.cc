#include "cli/command/validation.h"

#include <CLI/CLI.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "base/yaml_config.h"
#include "cli/command/flags.h"
#include "cli/program.h"
#include "snapshot/rules/rules_file.h"

namespace varve {

CLI::Option* AddRulesFileFlag(CLI::App& command, std::string& path) {
  return command
      .add_option("--rules-file", path,
                  "What your team says of rules: levels, accepted findings, …")
      ->type_name("FILE")
      ->group(kOutputGroup);
}

absl::StatusOr<RulesAsked> AskedRules(const std::vector<std::string>& words,
                                      const std::string& path, absl::Time now) {
  RulesAsked asked = {words, {}, now};
  if (path.empty()) return asked;
  VARVE_RETURN_IF_ERROR(ReadYamlConfig(path, asked.file));
  VARVE_RETURN_IF_ERROR(RulesFile::Of(asked.file).status());
  return asked;
}

void TellNotes(const v1::CheckResult& result, const std::string& path) {
  for (const v1::RulesFileNote& note : result.notes()) {
    Tell(absl::StrCat(path, ":", note.line(), ": ", note.text()));
  }
}

void AddValidationFlags(CLI::App& command, ValidationFlags& flags) {
  CLI::Option* const validate =
      command.add_flag("--validate", flags.validate, "Add what the rules say to the analysis")
          ->group(kOutputGroup);
  AddRulesFileFlag(command, flags.rules_file)->needs(validate);
}

absl::StatusOr<RulesAsked> AskedRules(const ValidationFlags& flags, absl::Time now) {
  return AskedRules({}, flags.rules_file, now);
}

absl::StatusOr<std::optional<v1::CheckResult>> Validated(const Snapshot& snapshot,
                                                         const ValidationFlags& flags,
                                                         const RulesAsked& asked) {
  if (!flags.validate) return std::optional<v1::CheckResult>();
  VARVE_ASSIGN_OR_RETURN(v1::CheckResult result, Checked(snapshot, asked));
  TellNotes(result, flags.rules_file);
  return std::make_optional(std::move(result));
}

}  // namespace varve
