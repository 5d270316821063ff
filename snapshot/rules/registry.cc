// The one table of rules: those of all areas.
#include <algorithm>
#include <vector>

#include "snapshot/rules/rule_run.h"

namespace varve {
namespace {

constexpr Need kModels[] = {{"model", v1::FACET_STRUCTURE}};

constexpr RuleRun kModelRuns[] = {
    {{"model/field-without-column", Severity::kError, "correctness", kModels,
      "A field without a column in the model's table is lost on writing, or fails.",
      "Add the column, rename the field, or give it the column's name as alias."},
     "models",
     ModelFieldWithoutColumn},
    {{"model/type-mismatch", Severity::kError, "correctness", kModels,
      "A value that the model accepts is refused or changed by the column, or the other way round.",
      "Change the type of the field or of the column."},
     "models",
     ModelTypeMismatch},
};

}  // namespace

absl::Span<const RuleRun> RuleRuns() {
  static const std::vector<RuleRun>* const runs = [] {
    auto* const made = new std::vector<RuleRun>;  // lives as long as the program
    for (const absl::Span<const RuleRun> area :
         {absl::MakeConstSpan(kModelRuns), CrossRules(), PostgresColumnTypeRules(),
          PostgresExtensionRules(), PostgresForeignKeyRules(), PostgresIndexRules(),
          PostgresKeyRules(), PostgresNameRules(), PostgresPartitionRules(),
          PostgresPrivilegeRules(), PostgresReferencePolicyRules(), PostgresRowSecurityRules(),
          PostgresSequenceRules(), PostgresTableRules(), PostgresTriggerRules(),
          RedisDeclaredRules(), RedisPatternRules(), RedisServerRules()}) {
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
