// Rules about tables as a whole: how they are kept and what they are made of; and about enums.
#include <map>
#include <set>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "snapshot/kinds.h"
#include "snapshot/rules/postgres_absence.h"
#include "snapshot/rules/postgres_access.h"
#include "snapshot/rules/postgres_walk.h"
#include "snapshot/rules/sql_text.h"

namespace varve {
namespace {

// How a partition is kept is its own affair.
void UnloggedTable(const RuleInput& input, RuleOutput& output) {
  ForEachOf(input, "table", [&output](const EntityView& entity) {
    if (StructureOf(entity).persistence() != v1::PERSISTENCE_UNLOGGED) return;
    output.Find(DisplayName(entity.key()), "is unlogged",
                absl::StrCat(AlterTable(entity.key()), "set logged;"));
  });
}

void AutovacuumOff(const RuleInput& input, RuleOutput& output) {
  constexpr absl::string_view kOption = "autovacuum_enabled";
  ForEachOf(input, "table", [&](const EntityView& entity) {
    const v1::TableStructure& table = StructureOf(entity);
    std::vector<std::string> off;
    const v1::Option* option = OptionNamed(table.storage_parameters(), kOption);
    if (option != nullptr && !IsOn(option->value())) off.emplace_back(kOption);
    option = OptionNamed(table.toast_parameters(), kOption);
    if (option != nullptr && !IsOn(option->value())) off.push_back(absl::StrCat("toast.", kOption));
    if (off.empty()) return;
    const std::string options = absl::StrJoin(off, ", ");
    output.Find(DisplayName(entity.key()), absl::StrCat("has ", options, " switched off"),
                absl::StrCat(AlterTable(entity.key()), "reset (", options, ");"));
  });
}

// What was written is counted from when what was analysed is: before that, both are not known.
void NeverAnalysed(const RuleInput& input, RuleOutput& output) {
  constexpr int64_t kRows = 10'000;
  ForEachOf(input, "table", [&output](const EntityView& entity) {
    const int64_t written = entity.Number("rows_inserted").value_or(0);
    if (written < kRows || !entity.Text("last_analyze").empty()) return;
    output.Find(DisplayName(entity.key()),
                absl::StrCat(written, " rows were written, and it was not analysed since"),
                absl::StrCat("analyze ", Sql(entity.key()), ";"));
  });
}

void SingleColumnTable(const RuleInput& input, RuleOutput& output) {
  ForEachTable(input, [&output](const EntityView& entity, const v1::TableStructure& table) {
    if (table.columns_size() != 1) return;
    output.Find(DisplayName(entity.key()),
                absl::StrCat("has one column, ", table.columns(0).name()));
  });
}

void ManyColumns(const RuleInput& input, RuleOutput& output) {
  constexpr int kMost = 100;
  ForEachTable(input, [&output](const EntityView& entity, const v1::TableStructure& table) {
    if (table.columns_size() <= kMost) return;
    output.Find(DisplayName(entity.key()), absl::StrCat("has ", table.columns_size(), " columns"));
  });
}

void AllColumnsNullable(const RuleInput& input, RuleOutput& output) {
  ForEachTable(input, [&output](const EntityView& entity, const v1::TableStructure& table) {
    const v1::Constraint* const primary = PrimaryKeyOf(table);
    int others = 0;
    for (const v1::Column& column : table.columns()) {
      if (primary != nullptr && absl::c_linear_search(primary->columns(), column.name())) continue;
      if (column.not_null()) return;
      ++others;
    }
    if (others == 0) return;
    output.Find(DisplayName(entity.key()), "every column takes NULL, but for its primary key");
  });
}

// "phone2" → {"phone", 2}; no number where it ends in none.
std::pair<absl::string_view, int> Numbered(absl::string_view name) {
  absl::string_view base = name;
  while (!base.empty() && absl::ascii_isdigit(static_cast<unsigned char>(base.back()))) {
    base.remove_suffix(1);
  }
  int number = -1;
  if (!absl::SimpleAtoi(name.substr(base.size()), &number)) number = -1;
  return {base, number};
}

// Three that follow one another: of "sha1" and "sha256" nothing was repeated.
bool AreInARow(const std::set<int>& numbers) {
  return absl::c_any_of(numbers, [&numbers](int number) {
    return numbers.count(number + 1) > 0 && numbers.count(number + 2) > 0;
  });
}

void RepeatingColumns(const RuleInput& input, RuleOutput& output) {
  ForEachTable(input, [&output](const EntityView& entity, const v1::TableStructure& table) {
    std::map<absl::string_view, std::set<int>> groups;
    for (const v1::Column& column : table.columns()) {
      const auto [base, number] = Numbered(column.name());
      if (!base.empty() && number >= 0) groups[base].insert(number);
    }
    for (const auto& [base, numbers] : groups) {
      if (!AreInARow(numbers)) continue;
      output.Find(ObjectOfPart(entity.key(), absl::StrCat(base, *numbers.begin())),
                  absl::StrCat("is repeated up to ", base, *numbers.rbegin()));
    }
  });
}

void TemporaryLookingTable(const RuleInput& input, RuleOutput& output) {
  ForEachTable(input, [&output](const EntityView& entity, const v1::TableStructure&) {
    const std::string name = absl::AsciiStrToLower(entity.key().names[1]);
    for (const absl::string_view word : {"tmp", "temp", "old", "bak", "backup", "copy"}) {
      if (!absl::StartsWith(name, absl::StrCat(word, "_")) &&
          !absl::EndsWith(name, absl::StrCat("_", word))) {
        continue;
      }
      return output.Find(DisplayName(entity.key()), "is named like something to be dropped");
    }
  });
}

// "'null'::text" → "null"; empty where it is no constant of text.
std::string TextConstant(absl::string_view expression) {
  if (!absl::ConsumePrefix(&expression, "'")) return "";
  const size_t end = expression.find('\'');
  if (end == absl::string_view::npos || !absl::StartsWith(expression.substr(end), "'::")) return "";
  return absl::AsciiStrToLower(expression.substr(0, end));
}

std::string DropDefault(const EntityKey& table, absl::string_view column) {
  return absl::StrCat(AlterTable(table), "alter column ", SqlName(column), " drop default;");
}

void DefaultTextNull(const RuleInput& input, RuleOutput& output) {
  ForEachColumn(input, [&output](const EntityView& entity, const v1::Column& column) {
    if (!column.has_default()) return;
    const absl::string_view text = ColumnText(entity, column.name());
    if (TextConstant(text) != "null") return;
    output.Find(ObjectOfPart(entity.key(), column.name()),
                absl::StrCat("has the default ", text, ", which is a text and not NULL"),
                DropDefault(entity.key(), column.name()));
  });
}

void EmptyDefaultOnNullable(const RuleInput& input, RuleOutput& output) {
  ForEachColumn(input, [&output](const EntityView& entity, const v1::Column& column) {
    if (!column.has_default() || column.not_null()) return;
    const absl::string_view text = ColumnText(entity, column.name());
    if (!absl::StartsWith(text, "''::")) return;
    output.Find(ObjectOfPart(entity.key(), column.name()),
                "takes NULL, and the empty text by default: nothing is written in two ways",
                absl::StrCat(AlterTable(entity.key()), "alter column ", SqlName(column.name()),
                             " set not null;"));
  });
}

void ColumnSetting(const RuleInput& input, RuleOutput& output) {
  ForEachColumn(input, [&output](const EntityView& entity, const v1::Column& column) {
    std::vector<std::string> set;
    if (column.has_statistics_target()) {
      set.push_back(absl::StrCat("statistics ", column.statistics_target()));
    }
    if (!column.storage().empty()) set.push_back(absl::StrCat("storage ", column.storage()));
    if (!column.compression().empty()) {
      set.push_back(absl::StrCat("compression ", column.compression()));
    }
    for (const v1::Option& option : column.options()) {
      set.push_back(absl::StrCat(option.name(), " ", option.value()));
    }
    if (set.empty()) return;
    output.Find(ObjectOfPart(entity.key(), column.name()),
                absl::StrCat("has a setting of its own: ", absl::StrJoin(set, ", ")));
  });
}

// Enums that the catalog knows to be needed. Bodies of functions are text to it.
absl::flat_hash_set<EntityKey> NeededEnums(const RuleInput& input) {
  absl::flat_hash_set<EntityKey> needed;
  for (const EntityView& entity : input.section.entities()) {
    for (const FacetView& facet : entity.facets()) {
      for (const v1::Dependency& each : facet.shape->dependencies()) {
        if (each.on().kind() == "enum") needed.insert(KeyOf(each.on()));
      }
    }
  }
  return needed;
}

bool IsNamedInABody(const RuleInput& input, absl::string_view name) {
  return absl::c_any_of(input.section.OfKind("function"), [name](const EntityView& entity) {
    return absl::StrContains(entity.Shape(v1::FACET_STRUCTURE).routine().source(), name);
  });
}

constexpr Need kUsersOfTypes[] = {
    {"enum", v1::FACET_STRUCTURE},       {"table", v1::FACET_STRUCTURE},
    {"table", v1::FACET_EXPRESSIONS},    {"view", v1::FACET_EXPRESSIONS},
    {"function", v1::FACET_STRUCTURE},   {"function", v1::FACET_EXPRESSIONS},
    {"domain", v1::FACET_STRUCTURE},     {"composite_type", v1::FACET_STRUCTURE},
    {"range_type", v1::FACET_STRUCTURE}, {"materialized_view", v1::FACET_EXPRESSIONS}};

void UnusedEnum(const RuleInput& input, RuleOutput& output) {
  if (input.section.OfKind("enum").empty()) return;
  const absl::flat_hash_set<EntityKey> needed = NeededEnums(input);
  const bool may_lack = absl::c_any_of(
      kUsersOfTypes, [&input](const Need& need) { return MayLack(input, need.kind, need.facet); });
  ForEachOf(input, "enum", [&](const EntityView& entity) {
    if (needed.contains(entity.key()) || IsNamedInABody(input, entity.key().names[1])) return;
    const std::string object = DisplayName(entity.key());
    if (may_lack) {
      return output.CannotSay(object, "not everything was read: something else may use it");
    }
    output.Find(object, "nothing in the database uses it",
                absl::StrCat("drop type ", Sql(entity.key()), ";"));
  });
}

// Labels of enums, sorted, with the first enum that has them.
std::map<std::set<absl::string_view>, const EntityView*> EnumsByLabels(const RuleInput& input) {
  std::map<std::set<absl::string_view>, const EntityView*> enums;
  ForEachOf(input, "enum", [&enums](const EntityView& entity) {
    const auto& labels = entity.Shape(v1::FACET_STRUCTURE).enumeration().labels();
    if (labels.size() > 1) enums.try_emplace({labels.begin(), labels.end()}, &entity);
  });
  return enums;
}

// A default must be said anew in the enum's type, and that is not for us to do.
std::string ToEnum(const EntityView& table, const v1::Column& column, absl::string_view check,
                   const EntityKey& type) {
  if (column.has_default()) return "";
  const std::string name = SqlName(column.name());
  return absl::StrCat(AlterTable(table.key()), "drop constraint ", SqlName(check),
                      ", alter column ", name, " type ", Sql(type), " using ", name,
                      "::", Sql(type), ";");
}

void CheckInsteadOfEnum(const RuleInput& input, RuleOutput& output) {
  const auto enums = EnumsByLabels(input);
  if (enums.empty()) return;
  ForEachConstraint(input, [&](const EntityView& entity, const v1::Constraint& constraint) {
    if (constraint.type() != v1::CONSTRAINT_TYPE_CHECK || constraint.columns_size() != 1) return;
    const v1::Column* const column = ColumnNamed(StructureOf(entity), constraint.columns(0));
    if (column == nullptr || !IsOneOf(column->type(), {"text", "varchar", "bpchar"})) return;
    for (const v1::ConstraintExpression& text : TextsOf(entity).constraints()) {
      if (text.name() != constraint.name()) continue;
      const auto allowed = AllowedTexts(text.expression(), column->name());
      if (!allowed.has_value()) return;
      const auto found = enums.find({allowed->begin(), allowed->end()});
      if (found == enums.end()) return;
      const EntityKey& type = found->second->key();
      output.Find(ObjectOfPart(entity.key(), column->name()),
                  absl::StrCat("check ", constraint.name(), " lists the labels of enum ",
                               DisplayName(type)),
                  ToEnum(entity, *column, constraint.name(), type));
    }
  });
}

constexpr Need kChecksAndEnums[] = {{"table", v1::FACET_STRUCTURE},
                                    {"table", v1::FACET_EXPRESSIONS},
                                    {"enum", v1::FACET_STRUCTURE}};
constexpr Need kAnalysed[] = {{"table", v1::FACET_UNSPECIFIED, "last_analyze"}};

constexpr RuleRun kRuns[] = {
    {{"pg/all-columns-nullable", Severity::kInfo, "policy", kTables,
      "A row of which nothing is known can be written.", "Say NOT NULL of what every row has.",
      kOnlyIfNamed},
     "postgres",
     AllColumnsNullable},
    {{"pg/autovacuum-off", Severity::kWarning, "performance", kTables,
      "Dead rows stay, plans go by old figures, and in the end the server vacuums the table when "
      "it "
      "suits least, lest transaction ids run out.",
      "Take the option back; tune the table's thresholds instead."},
     "postgres",
     AutovacuumOff},
    {{"pg/check-instead-of-enum", Severity::kInfo, "policy", kChecksAndEnums,
      "One list of values is kept in two places: who adds one to the enum is refused by the check.",
      "Give the column the enum as its type; a default is dropped before and set anew after it.",
      kOnlyIfNamed},
     "postgres",
     CheckInsteadOfEnum},
    {{"pg/column-setting", Severity::kInfo, "policy", kTables,
      "A setting of one column is seen by nobody who looks at plans or sizes.",
      "Keep those whose reason is known.", kOnlyIfNamed},
     "postgres",
     ColumnSetting},
    {{"pg/default-text-null", Severity::kWarning, "correctness", kTableTexts,
      "The text 'null' is not NULL: IS NULL does not find it.",
      "Drop the default, and mend the rows that have it."},
     "postgres",
     DefaultTextNull},
    {{"pg/empty-default-on-nullable", Severity::kInfo, "policy", kTableTexts,
      "Who looks for what was not given has to look for NULL and for the empty text.",
      "Say NOT NULL, or drop the default.", kOnlyIfNamed},
     "postgres",
     EmptyDefaultOnNullable},
    {{"pg/enum-unused", Severity::kInfo, "correctness", kUsersOfTypes,
      "A type that nothing uses is mostly one that was forgotten when its column went.",
      "Drop it, unless an application casts to it."},
     "postgres",
     UnusedEnum},
    {{"pg/many-columns", Severity::kInfo, "policy", kTables,
      "A wide row is read and written whole, and few know what is in it.",
      "Put what is seldom read into a table of its own.", kOnlyIfNamed},
     "postgres",
     ManyColumns},
    {{"pg/never-analysed", Severity::kInfo, "performance", kAnalysed,
      "The planner knows nothing of the table's values, and guesses.",
      "Analyse it; where autovacuum does not, find out why."},
     "postgres",
     NeverAnalysed},
    {{"pg/repeating-columns", Severity::kInfo, "policy", kTables,
      "A list in columns has an end, and each query names all of it.",
      "Use a table of its own, or an array.", kOnlyIfNamed},
     "postgres",
     RepeatingColumns},
    {{"pg/single-column-table", Severity::kInfo, "policy", kTables,
      "A list of values may be an enum, a check or a key that lacks the rest of its row.",
      "Look at what it is for.", kOnlyIfNamed},
     "postgres",
     SingleColumnTable},
    {{"pg/temporary-looking-table", Severity::kInfo, "policy", kTables,
      "What was made to be dropped is dumped, vacuumed and read about for ever.",
      "Drop it, or name it after what it is.", kOnlyIfNamed},
     "postgres",
     TemporaryLookingTable},
    {{"pg/unlogged-table", Severity::kInfo, "correctness", kTables,
      "After a crash an unlogged table is empty, and replicas never have its rows.",
      "Make it logged where its rows are not to be had elsewhere."},
     "postgres",
     UnloggedTable},
};

}  // namespace

absl::Span<const RuleRun> PostgresTableRules() { return kRuns; }

}  // namespace varve
