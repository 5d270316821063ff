// Rules that hold the keys, indexes and checks that a mapper declares against those of the table.
#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "snapshot/rules/model_walk.h"
#include "snapshot/rules/sql_text.h"

namespace varve {
namespace {

using Names = std::vector<std::string>;
using NameSet = std::set<std::string>;

// PostgreSQL keeps no more of a name.
constexpr size_t kLongestName = 63;

template <typename List>
Names ListOf(const List& names) {
  return {names.begin(), names.end()};
}
NameSet SetOf(const Names& names) { return {names.begin(), names.end()}; }

// "shop.Order.customer_id"; of several "shop.Order(customer_id, line)".
std::string ObjectOfParts(const MappedModel& mapped, const Names& names) {
  if (names.size() == 1) return ObjectOfField(mapped, names[0]);
  return absl::StrCat(ObjectOfModel(*mapped.model), "(", absl::StrJoin(names, ", "), ")");
}

std::string InBrackets(const Names& names) {
  return absl::StrCat("(", absl::StrJoin(names, ", "), ")");
}

void PrimaryKeyDiffers(const RuleInput& input, RuleOutput& output) {
  ForEachOrmTable(
      input, output, [&output](const MappedModel& mapped, const v1::ModelTable& declared) {
        const std::string object = ObjectOfModel(*mapped.model);
        if (IsUnknown(declared, "primary_key")) {
          return output.CannotSay(object, "the primary key that the mapper declares is not known");
        }
        Names of_table;
        for (const v1::Constraint& constraint : TableOf(mapped).constraints()) {
          if (constraint.type() == v1::CONSTRAINT_TYPE_PRIMARY_KEY) {
            of_table = ListOf(constraint.columns());
          }
        }
        const Names ours = ListOf(declared.primary_key());
        if (SetOf(ours) == SetOf(of_table)) return;
        const auto text = [](const Names& key) {
          return key.empty() ? std::string("has no primary key")
                             : absl::StrCat("has primary key ", InBrackets(key));
        };
        output.Find(object,
                    absl::StrCat(text(ours), " to the mapper, and ", NameOfTable(mapped), " ",
                                 text(of_table)),
                    "declare the same on both sides");
      });
}

// The word of ON DELETE; as the mapper has it, NO ACTION is none.
absl::string_view WordOf(v1::ReferentialAction action) {
  switch (action) {
    case v1::REFERENTIAL_ACTION_RESTRICT:
      return "RESTRICT";
    case v1::REFERENTIAL_ACTION_CASCADE:
      return "CASCADE";
    case v1::REFERENTIAL_ACTION_SET_NULL:
      return "SET NULL";
    case v1::REFERENTIAL_ACTION_SET_DEFAULT:
      return "SET DEFAULT";
    default:
      return "";
  }
}

// The columns of a foreign key, each with the one it refers to.
template <typename List>
std::set<std::pair<std::string, std::string>> PairsOf(const List& columns, const List& targets) {
  std::set<std::pair<std::string, std::string>> pairs;
  for (int at = 0; at < std::min(columns.size(), targets.size()); ++at) {
    pairs.insert({columns[at], targets[at]});
  }
  return pairs;
}

bool ReferToOne(const v1::ModelForeignKey& ours, const v1::Constraint& theirs) {
  if (theirs.type() != v1::CONSTRAINT_TYPE_FOREIGN_KEY) return false;
  const v1::Identity& target = theirs.references();
  if (target.names_size() != 2 || target.names(1) != ours.target_table()) return false;
  // Without a schema the search path decides.
  if (!ours.target_schema().empty() && target.names(0) != ours.target_schema()) return false;
  return PairsOf(ours.columns(), ours.target_columns()) ==
         PairsOf(theirs.columns(), theirs.referenced_columns());
}

std::string ActionDifference(absl::string_view when, absl::string_view ours,
                             absl::string_view theirs) {
  // SET NULL (columns) names columns, which the mapper has as text.
  if (ours == theirs || absl::StrContains(ours, "(")) return "";
  const auto word = [](absl::string_view action) { return action.empty() ? "NO ACTION" : action; };
  return absl::StrCat("has ON ", when, " ", word(ours), " to the mapper, and ", word(theirs),
                      " in the database");
}

// What two foreign keys to one target say otherwise; empty where nothing.
std::string DifferenceOf(const v1::ModelForeignKey& ours, const v1::Constraint& theirs) {
  std::string difference = ActionDifference("DELETE", ours.on_delete(), WordOf(theirs.on_delete()));
  if (difference.empty()) {
    difference = ActionDifference("UPDATE", ours.on_update(), WordOf(theirs.on_update()));
  }
  if (!difference.empty() || ours.deferrable() == theirs.deferrable()) return difference;
  return ours.deferrable() ? "is DEFERRABLE to the mapper, and not in the database"
                           : "is DEFERRABLE in the database, and not to the mapper";
}

void LookAtForeignKey(const MappedModel& mapped, const v1::ModelForeignKey& key,
                      RuleOutput& output) {
  const std::string object = ObjectOfParts(mapped, ListOf(key.columns()));
  std::string difference = absl::StrCat("has a foreign key to ", key.target_table(),
                                        InBrackets(ListOf(key.target_columns())),
                                        " to the mapper, and ", NameOfTable(mapped), " has none");
  for (const v1::Constraint& constraint : TableOf(mapped).constraints()) {
    if (!ReferToOne(key, constraint)) continue;
    difference = DifferenceOf(key, constraint);
    if (difference.empty()) return;
  }
  output.Find(object, difference, "declare the same on both sides");
}

// Whether the mapper has a key of those columns; that it refers to something else was said.
bool DeclaresForeignKey(const v1::ModelTable& declared, const v1::Constraint& constraint) {
  const NameSet columns = SetOf(ListOf(constraint.columns()));
  return std::any_of(declared.foreign_keys().begin(), declared.foreign_keys().end(),
                     [&columns](const v1::ModelForeignKey& key) {
                       return SetOf(ListOf(key.columns())) == columns;
                     });
}

void ForeignKeyDiffers(const RuleInput& input, RuleOutput& output) {
  ForEachOrmTable(
      input, output, [&output](const MappedModel& mapped, const v1::ModelTable& declared) {
        for (const v1::ModelForeignKey& key : declared.foreign_keys()) {
          if (!key.target_table().empty()) LookAtForeignKey(mapped, key, output);
        }
        for (const v1::Constraint& constraint : TableOf(mapped).constraints()) {
          if (constraint.type() != v1::CONSTRAINT_TYPE_FOREIGN_KEY) continue;
          if (DeclaresForeignKey(declared, constraint)) continue;
          const std::string object = ObjectOfParts(mapped, ListOf(constraint.columns()));
          if (IsUnknown(declared, "foreign_keys")) {
            output.CannotSay(object, "the foreign keys that the mapper declares are not all known");
            continue;
          }
          output.FindAt(Severity::kInfo, object,
                        absl::StrCat("the mapper does not know foreign key ", constraint.name(),
                                     " of ", NameOfTable(mapped)),
                        "declare the same on both sides");
        }
      });
}

// The columns of an index; nothing where it has expressions.
std::optional<Names> ColumnsOf(const v1::Index& index) {
  Names names;
  for (const v1::IndexKey& key : index.keys()) {
    if (key.column().empty()) return std::nullopt;
    names.push_back(key.column());
  }
  return names;
}
std::optional<Names> ColumnsOf(const v1::ModelIndex& index, const v1::ModelTable& table) {
  for (const std::string& key : index.keys()) {
    const bool is_column =
        std::any_of(table.columns().begin(), table.columns().end(),
                    [&key](const v1::ModelColumn& column) { return column.name() == key; });
    if (!is_column) return std::nullopt;
  }
  return ListOf(index.keys());
}

// Sets of columns that each side holds to be unique in all rows.
std::set<NameSet> UniqueInTable(const v1::TableStructure& table) {
  std::set<NameSet> sets;
  for (const v1::Index& index : table.indexes()) {
    const std::optional<Names> columns = ColumnsOf(index);
    if (index.unique() && !index.partial() && columns.has_value()) sets.insert(SetOf(*columns));
  }
  return sets;
}
std::set<NameSet> UniqueToMapper(const v1::ModelTable& table) {
  std::set<NameSet> sets = {SetOf(ListOf(table.primary_key()))};
  for (const v1::ModelUnique& unique : table.uniques()) {
    sets.insert(SetOf(ListOf(unique.columns())));
  }
  for (const v1::ModelIndex& index : table.indexes()) {
    const std::optional<Names> columns = ColumnsOf(index, table);
    if (index.unique() && index.predicate().empty() && columns.has_value()) {
      sets.insert(SetOf(*columns));
    }
  }
  return sets;
}

void LookAtUnknownUnique(const MappedModel& mapped, const v1::ModelTable& declared,
                         RuleOutput& output) {
  const std::set<NameSet> ours = UniqueToMapper(declared);
  for (const v1::Index& index : TableOf(mapped).indexes()) {
    const std::optional<Names> columns = ColumnsOf(index);
    if (!index.unique() || index.primary() || index.partial() || !columns.has_value()) continue;
    if (ours.count(SetOf(*columns)) != 0) continue;
    const std::string object = ObjectOfParts(mapped, *columns);
    if (IsUnknown(declared, "uniques") || IsUnknown(declared, "indexes")) {
      output.CannotSay(object, "what the mapper declares unique is not all known");
      continue;
    }
    output.FindAt(Severity::kInfo, object,
                  absl::StrCat("the mapper does not know that ", index.name(), " of ",
                               NameOfTable(mapped), " holds it unique"),
                  "declare the same on both sides");
  }
}

void UniqueDiffers(const RuleInput& input, RuleOutput& output) {
  ForEachOrmTable(
      input, output, [&output](const MappedModel& mapped, const v1::ModelTable& declared) {
        const std::set<NameSet> of_table = UniqueInTable(TableOf(mapped));
        for (const v1::ModelUnique& unique : declared.uniques()) {
          const Names columns = ListOf(unique.columns());
          if (of_table.count(SetOf(columns)) != 0) continue;
          output.Find(ObjectOfParts(mapped, columns),
                      absl::StrCat("is unique to the mapper, and not in ", NameOfTable(mapped)),
                      "declare the same on both sides");
        }
        LookAtUnknownUnique(mapped, declared, output);
      });
}

absl::string_view MethodOf(const v1::ModelIndex& index) {
  return index.method().empty() ? absl::string_view("btree") : absl::string_view(index.method());
}

// What two indexes of one name say otherwise; empty where nothing.
std::string DifferenceOf(const v1::ModelIndex& ours, const v1::ModelTable& table,
                         const v1::Index& theirs) {
  if (ours.unique() != theirs.unique()) {
    return ours.unique() ? "is not unique in the database" : "is unique in the database";
  }
  if (MethodOf(ours) != theirs.method()) {
    return absl::StrCat("is ", theirs.method(), " in the database");
  }
  if (ours.predicate().empty() == theirs.partial()) {
    return theirs.partial() ? "is partial in the database" : "is not partial in the database";
  }
  const std::optional<Names> our_columns = ColumnsOf(ours, table);
  const std::optional<Names> their_columns = ColumnsOf(theirs);
  if (!our_columns.has_value() || !their_columns.has_value()) return "";
  if (*our_columns == *their_columns) return "";
  return absl::StrCat("is on ", InBrackets(*their_columns), " in the database");
}

// Whether an index of another name does the same.
bool HasTwin(const v1::ModelIndex& ours, const v1::ModelTable& declared,
             const v1::TableStructure& table) {
  if (!ColumnsOf(ours, declared).has_value()) return false;
  return std::any_of(table.indexes().begin(), table.indexes().end(), [&](const v1::Index& theirs) {
    return ColumnsOf(theirs).has_value() && DifferenceOf(ours, declared, theirs).empty();
  });
}

const v1::Index* IndexCalled(const v1::TableStructure& table, absl::string_view name) {
  for (const v1::Index& index : table.indexes()) {
    if (index.name() == name) return &index;
  }
  return nullptr;
}

void IndexDiffers(const RuleInput& input, RuleOutput& output) {
  ForEachOrmTable(
      input, output, [&output](const MappedModel& mapped, const v1::ModelTable& declared) {
        for (const v1::ModelIndex& index : declared.indexes()) {
          if (index.name().empty() || index.name().size() > kLongestName) continue;
          const v1::Index* const theirs = IndexCalled(TableOf(mapped), index.name());
          if (theirs == nullptr && HasTwin(index, declared, TableOf(mapped))) continue;
          const std::string difference = theirs == nullptr
                                             ? absl::StrCat("is not there in ", NameOfTable(mapped))
                                             : DifferenceOf(index, declared, *theirs);
          if (difference.empty()) continue;
          // What is not held unique is a matter of right and wrong, other indexes one of speed.
          output.FindAt(index.unique() ? Severity::kWarning : Severity::kInfo,
                        ObjectOfModel(*mapped.model),
                        absl::StrCat("index ", index.name(), " of the mapper ", difference),
                        "declare the same on both sides");
        }
      });
}

bool HasCheckCalled(const v1::TableStructure& table, absl::string_view name) {
  return std::any_of(table.constraints().begin(), table.constraints().end(),
                     [name](const v1::Constraint& constraint) {
                       return constraint.type() == v1::CONSTRAINT_TYPE_CHECK &&
                              constraint.name() == name;
                     });
}

bool HasCheckThatSays(const MappedModel& mapped, absl::string_view expression) {
  const std::string plain = PlainExpression(expression);
  const auto& checks = mapped.table->Shape(v1::FACET_EXPRESSIONS).table_expressions().constraints();
  return std::any_of(checks.begin(), checks.end(), [&plain](const v1::ConstraintExpression& check) {
    return PlainExpression(check.expression()) == plain;
  });
}

void CheckMissing(const RuleInput& input, RuleOutput& output) {
  ForEachOrmTable(
      input, output, [&output](const MappedModel& mapped, const v1::ModelTable& declared) {
        for (const v1::ModelCheck& check : declared.checks()) {
          if (check.name().empty() || check.name().size() > kLongestName) continue;
          if (HasCheckCalled(TableOf(mapped), check.name())) continue;
          const std::string object = ObjectOfModel(*mapped.model);
          if (!SawTexts(mapped)) {
            output.CannotSay(object,
                             absl::StrCat("what the checks of ", NameOfTable(mapped),
                                          " say was not seen, and none is called ", check.name()));
          } else if (!HasCheckThatSays(mapped, check.expression())) {
            output.Find(object,
                        absl::StrCat("check ", check.name(), " of the mapper is not there in ",
                                     NameOfTable(mapped)),
                        "declare the same on both sides");
          }
        }
      });
}

constexpr RuleRun kRuns[] = {
    {{"model/orm-check-missing", Severity::kWarning, "correctness", kModels,
      "What the mapper takes to be held by a check is not.",
      "Add the check, or drop it from the "
      "model."},
     "models",
     CheckMissing},
    {{"model/orm-foreign-key-differs", Severity::kWarning, "correctness", kModels,
      "Rows refer to what is not there, or go with it, otherwise than the mapper says.",
      "Declare the same on both sides."},
     "models",
     ForeignKeyDiffers},
    {{"model/orm-index-differs", Severity::kInfo, "performance", kModels,
      "An index that the mapper declares is missing, or another than it says.",
      "Declare the same on both sides."},
     "models",
     IndexDiffers},
    {{"model/orm-primary-key-differs", Severity::kError, "correctness", kModels,
      "The mapper takes rows for one that are several, or the other way round.",
      "Declare the same on both sides."},
     "models",
     PrimaryKeyDiffers},
    {{"model/orm-unique-differs", Severity::kWarning, "correctness", kModels,
      "Two rows that the mapper takes to be impossible can be there, or a row that it takes to be "
      "possible is refused.",
      "Declare the same on both sides."},
     "models",
     UniqueDiffers},
};

}  // namespace

absl::Span<const RuleRun> ModelOrmKeyRules() { return kRuns; }

}  // namespace varve
