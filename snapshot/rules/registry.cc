// The one table of rules.
#include <vector>

#include "snapshot/rules/rule_run.h"

namespace varve {
namespace {

constexpr Need kTables[] = {{"table", v1::FACET_STRUCTURE}};
constexpr Need kIndexTexts[] = {{"table", v1::FACET_STRUCTURE}, {"table", v1::FACET_EXPRESSIONS}};
constexpr Need kIndexState[] = {{"table", v1::FACET_STATE}, {"materialized_view", v1::FACET_STATE}};
constexpr Need kModels[] = {{"model", v1::FACET_STRUCTURE}};

constexpr RuleRun kRuns[] = {
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
    {{"pg/duplicate-index", Severity::kWarning, "performance", kIndexTexts,
      "Two indexes that do the same cost space and time at every write, for nothing.",
      "Drop one of them."},
     "postgres",
     DuplicateIndex},
    {{"pg/fk-without-index", Severity::kWarning, "performance", kTables,
      "Deleting or updating a referenced row reads the whole referencing table, under a lock.",
      "Create an index that begins with the columns of the foreign key."},
     "postgres",
     ForeignKeyWithoutIndex},
    {{"pg/invalid-index", Severity::kError, "correctness", kIndexState,
      "An invalid index serves no query and, if it is unique, holds nothing unique, but costs at "
      "every write.",
      "Build it again, or drop it."},
     "postgres",
     InvalidIndex},
    {{"pg/table-without-primary-key", Severity::kWarning, "correctness", kTables,
      "Rows cannot be told apart, and logical replication cannot update or delete them.",
      "Add a primary key."},
     "postgres",
     TableWithoutPrimaryKey},
};

}  // namespace

absl::Span<const RuleRun> RuleRuns() { return kRuns; }

absl::Span<const Rule> Rules() {
  static const std::vector<Rule>* const rules = [] {
    auto* const made = new std::vector<Rule>;  // lives as long as the program
    for (const RuleRun& run : kRuns) made->push_back(run.rule);
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
