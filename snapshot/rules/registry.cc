// The one table of rules: those of all areas.
#include <algorithm>
#include <vector>

#include "snapshot/rules/rule_run.h"

namespace varve {

absl::Span<const RuleRun> RuleRuns() {
  static const std::vector<RuleRun>* const runs = [] {
    auto* const made = new std::vector<RuleRun>;  // lives as long as the program
    for (const absl::Span<const RuleRun> area : {CrossRules(),
                                                 ModelColumnRules(),
                                                 ModelDefaultRules(),
                                                 ModelEnumRules(),
                                                 ModelMappingRules(),
                                                 ModelNameRules(),
                                                 ModelNullRules(),
                                                 ModelOrmColumnRules(),
                                                 ModelOrmKeyRules(),
                                                 ModelTextRules(),
                                                 ModelTypeRules(),
                                                 PostgresColumnTypeRules(),
                                                 PostgresExtensionRules(),
                                                 PostgresForeignKeyRules(),
                                                 PostgresIndexRules(),
                                                 PostgresKeyRules(),
                                                 PostgresNameRules(),
                                                 PostgresOwnerRules(),
                                                 PostgresPartitionRules(),
                                                 PostgresPrivilegeRules(),
                                                 PostgresReferencePolicyRules(),
                                                 PostgresRowSecurityRules(),
                                                 PostgresSequenceRules(),
                                                 PostgresTableRules(),
                                                 PostgresTriggerRules(),
                                                 RedisDeclaredRules(),
                                                 RedisPatternRules(),
                                                 RedisServerRules()}) {
      made->insert(made->end(), area.begin(), area.end());
    }
    std::sort(made->begin(), made->end(),
              [](const RuleRun& a, const RuleRun& b) { return a.rule.id < b.rule.id; });
    return made;
  }();
  return *runs;
}

const RuleRun* FindRule(absl::string_view id) {
  const auto found = std::lower_bound(
      RuleRuns().begin(), RuleRuns().end(), id,
      [](const RuleRun& run, absl::string_view wanted) { return run.rule.id < wanted; });
  return found == RuleRuns().end() || found->rule.id != id ? nullptr : &*found;
}

absl::Span<const Rule> Rules() {
  static const std::vector<Rule>* const rules = [] {
    auto* const made = new std::vector<Rule>;  // lives as long as the program
    for (const RuleRun& run : RuleRuns()) made->push_back(run.rule);
    return made;
  }();
  return *rules;
}

absl::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return "info";
    case Severity::kWarning:
      return "warn";
    case Severity::kError:
      return "error";
  }
  return "";
}

}  // namespace varve
