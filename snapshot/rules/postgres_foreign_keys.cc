// Rules about foreign keys of PostgreSQL.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "snapshot/postgres_type.h"
#include "snapshot/rules/foreign_key_index.h"
#include "snapshot/rules/postgres_walk.h"

namespace varve {
namespace {

enum class Serves { kNo, kUnknown, kYes };

// Whether a predicate leaves out nothing but rows in which a column of the key is null:
// "(customer_id IS NOT NULL)", or several of these in "(… AND …)". The server quotes more words
// than it must.
bool KeepsEveryKey(absl::string_view predicate, const v1::Constraint& constraint) {
  std::set<std::string> harmless;
  for (const std::string& column : constraint.columns()) {
    for (const std::string& name : {SqlName(column), absl::StrCat("\"", column, "\"")}) {
      harmless.insert(absl::StrCat("(", name, " IS NOT NULL)"));
    }
  }
  if (absl::StartsWith(predicate, "((")) predicate = predicate.substr(1, predicate.size() - 2);
  const std::vector<std::string> parts = absl::StrSplit(predicate, " AND ");
  return std::all_of(parts.begin(), parts.end(),
                     [&harmless](const std::string& part) { return harmless.count(part) > 0; });
}

Serves CoversEveryKey(const EntityView& entity, const v1::Index& index,
                      const v1::Constraint& constraint) {
  if (!index.partial()) return Serves::kYes;
  const v1::IndexExpression* const text = IndexText(entity, index.name());
  if (text == nullptr) return Serves::kUnknown;
  return KeepsEveryKey(text->predicate(), constraint) ? Serves::kYes : Serves::kNo;
}

// How the best of the table's indexes serves the foreign key.
Serves HasIndexFor(const EntityView& entity, const v1::Constraint& constraint) {
  Serves best = Serves::kNo;
  for (const v1::Index& index : StructureOf(entity).indexes()) {
    if (!LeadsToKey(index, constraint) || IsInvalidIndex(entity, index.name())) continue;
    best = std::max(best, CoversEveryKey(entity, index, constraint));
  }
  return best;
}

std::string ObjectOf(const EntityView& table, const v1::Constraint& key) {
  return ObjectOfParts(table.key(), ListOf(key.columns()));
}

void FindKeyWithoutIndex(const EntityView& entity, const v1::Constraint& constraint,
                         RuleOutput& output) {
  const Serves serves = HasIndexFor(entity, constraint);
  if (serves == Serves::kYes) return;
  if (serves == Serves::kUnknown) {
    return output.CannotSay(ObjectOf(entity, constraint),
                            "it has a partial index whose predicate was not seen");
  }
  // On a partitioned table an index cannot be built concurrently.
  const bool is_partitioned = StructureOf(entity).kind() == v1::TABLE_KIND_PARTITIONED;
  output.Find(ObjectOf(entity, constraint),
              absl::StrCat("foreign key ", constraint.name(), " to ",
                           DisplayName(KeyOf(constraint.references())),
                           " has no index that begins with its columns"),
              absl::StrCat("create index ", is_partitioned ? "" : "concurrently ", "on ",
                           Sql(entity.key()), " (", SqlList(ListOf(constraint.columns())), ");"));
}

std::string DropConstraint(const EntityView& table, const v1::Constraint& key) {
  return absl::StrCat(AlterTable(table.key()), "drop constraint ", SqlName(key.name()), ";");
}

void ForeignKeyWithoutIndex(const RuleInput& input, RuleOutput& output) {
  ForEachForeignKey(input, [&output](const EntityView& entity, const v1::Constraint& key) {
    if (!key.not_enforced()) FindKeyWithoutIndex(entity, key, output);
  });
}

int WidthOfInteger(const v1::DataType& type) {
  if (IsOneOf(type, {"int2"})) return 2;
  if (IsOneOf(type, {"int4"})) return 4;
  return IsOneOf(type, {"int8"}) ? 8 : 0;
}

// The side that holds less takes the type of the other.
std::string AlignTypes(const EntityKey& table, const v1::Column& column,
                       const EntityKey& referenced_table, const v1::Column& referenced) {
  const bool referenced_is_less =
      WidthOfInteger(column.type()) > WidthOfInteger(referenced.type()) &&
      WidthOfInteger(referenced.type()) > 0;
  const EntityKey& altered = referenced_is_less ? referenced_table : table;
  const v1::Column& from = referenced_is_less ? referenced : column;
  const v1::Column& to = referenced_is_less ? column : referenced;
  return absl::StrCat(AlterTable(altered), "alter column ", SqlName(from.name()), " type ",
                      TypeText(to.type()), ";");
}

// Of what BaseType gives: an extension's domain is no entity, and others may be locked.
bool IsUnseenDomain(const v1::DataType& base) { return base.type().kind() == "domain"; }

void CompareTypes(const RuleInput& input, const EntityView& entity, const v1::Constraint& key,
                  const v1::TableStructure& target, RuleOutput& output) {
  const int width = std::min(key.columns_size(), key.referenced_columns_size());
  for (int at = 0; at < width; ++at) {
    const v1::Column* const column = ColumnNamed(StructureOf(entity), key.columns(at));
    const v1::Column* const referenced = ColumnNamed(target, key.referenced_columns(at));
    if (column == nullptr || referenced == nullptr) continue;
    const v1::DataType& base = BaseType(input, column->type());
    const v1::DataType& referenced_base = BaseType(input, referenced->type());
    if (IsSameType(base, referenced_base)) continue;
    if (IsUnseenDomain(base) || IsUnseenDomain(referenced_base)) {
      output.CannotSay(ObjectOfPart(entity.key(), column->name()),
                       "what a domain rests on was not seen");
      continue;
    }
    const EntityKey target_key = KeyOf(key.references());
    output.Find(ObjectOfPart(entity.key(), column->name()),
                absl::StrCat("is ", TypeText(column->type()), ", and ",
                             ObjectOfPart(target_key, referenced->name()), ", to which it refers, ",
                             TypeText(referenced->type())),
                AlignTypes(entity.key(), *column, target_key, *referenced));
  }
}

void ForeignKeyTypeMismatch(const RuleInput& input, RuleOutput& output) {
  ForEachForeignKey(input, [&](const EntityView& entity, const v1::Constraint& key) {
    const v1::TableStructure* const target = TableAt(input, key.references());
    if (target != nullptr) CompareTypes(input, entity, key, *target, output);
  });
}

// "customer_id>id,tenant>tenant": the pairs in order of name.
std::string PairsOf(const v1::Constraint& key) {
  std::set<std::string> pairs;
  for (int at = 0; at < std::min(key.columns_size(), key.referenced_columns_size()); ++at) {
    pairs.insert(absl::StrCat(key.columns(at), ">", key.referenced_columns(at)));
  }
  return absl::StrJoin(pairs, ",");
}

// Whether one of two keys over the same columns can go without a change in what is refused, and
// what follows a delete or an update.
bool DoTheSame(const v1::Constraint& a, const v1::Constraint& b) {
  const auto options = [](const v1::Constraint& key) {
    return std::make_tuple(key.on_delete(), key.on_update(), absl::string_view(key.match()),
                           ListOf(key.delete_set_columns()), key.deferrable(),
                           key.initially_deferred(), key.not_valid(), key.not_enforced());
  };
  return options(a) == options(b);
}

void DuplicateForeignKey(const RuleInput& input, RuleOutput& output) {
  ForEachTable(input, [&output](const EntityView& entity, const v1::TableStructure& table) {
    std::map<std::pair<EntityKey, std::string>, const v1::Constraint*> first;
    for (const v1::Constraint& key : table.constraints()) {
      if (key.type() != v1::CONSTRAINT_TYPE_FOREIGN_KEY || key.not_local()) continue;
      const auto [at, is_new] = first.try_emplace({KeyOf(key.references()), PairsOf(key)}, &key);
      if (is_new) continue;
      const bool does_the_same = DoTheSame(*at->second, key);
      output.Find(ObjectOfPart(entity.key(), key.name()),
                  absl::StrCat("holds the same as foreign key ", at->second->name(),
                               does_the_same ? "" : ", with other options"),
                  does_the_same ? DropConstraint(entity, key) : "");
    }
  });
}

// Columns of the key that may be null.
std::vector<std::string> NullableOf(const v1::TableStructure& table, const v1::Constraint& key) {
  std::vector<std::string> nullable;
  for (const std::string& name : key.columns()) {
    const v1::Column* const column = ColumnNamed(table, name);
    if (column != nullptr && !column->not_null()) nullable.push_back(name);
  }
  return nullable;
}

// Whether a check speaks of all of them, as one that forbids that only some are null.
bool HasCheckOf(const EntityView& entity, const std::vector<std::string>& columns) {
  const auto& checks = TextsOf(entity).constraints();
  return std::any_of(checks.begin(), checks.end(), [&columns](const auto& check) {
    return std::all_of(columns.begin(), columns.end(), [&check](const std::string& column) {
      return absl::StrContains(check.expression(), column);
    });
  });
}

// One column that may be null beside others that may not says "none" by it. With two, a row may
// name half a key, which is never looked up.
void ForeignKeyPartlyNull(const RuleInput& input, RuleOutput& output) {
  ForEachForeignKey(input, [&output](const EntityView& entity, const v1::Constraint& key) {
    const std::vector<std::string> nullable = NullableOf(StructureOf(entity), key);
    if (key.match() != "simple" || nullable.size() < 2 || HasCheckOf(entity, nullable)) return;
    const std::string list = SqlList(nullable);
    output.Find(ObjectOf(entity, key),
                absl::StrCat("a row in which one of ", list, " is null is not checked"),
                absl::StrCat(AlterTable(entity.key()), "add check (num_nulls(", list, ") in (0, ",
                             nullable.size(), "));"));
  });
}

void ForeignKeyToItself(const RuleInput& input, RuleOutput& output) {
  ForEachForeignKey(input, [&output](const EntityView& entity, const v1::Constraint& key) {
    const bool is_same = KeyOf(key.references()) == entity.key() &&
                         ListOf(key.columns()) == ListOf(key.referenced_columns());
    if (!is_same) return;
    output.Find(ObjectOf(entity, key),
                absl::StrCat("foreign key ", key.name(), " refers to the same columns of its row"),
                DropConstraint(entity, key));
  });
}

void ForeignKeyWithSequence(const RuleInput& input, RuleOutput& output) {
  ForEachForeignKey(input, [&output](const EntityView& entity, const v1::Constraint& key) {
    for (const std::string& column : key.columns()) {
      if (!absl::StartsWith(ColumnText(entity, column), "nextval(")) continue;
      output.Find(ObjectOfPart(entity.key(), column),
                  absl::StrCat("refers to ", DisplayName(KeyOf(key.references())),
                               ", and takes its default from a sequence"),
                  absl::StrCat(AlterTable(entity.key()), "alter column ", SqlName(column),
                               " drop default;"));
    }
  });
}

// Columns that the action would set to null, or to a default that they do not have, and that may
// not be null.
std::vector<std::string> Unsettable(const v1::TableStructure& table, const v1::Constraint& key,
                                    v1::ReferentialAction action, bool on_delete) {
  if (action != v1::REFERENTIAL_ACTION_SET_NULL && action != v1::REFERENTIAL_ACTION_SET_DEFAULT) {
    return {};
  }
  const bool names_some = on_delete && key.delete_set_columns_size() > 0;
  std::vector<std::string> unsettable;
  for (const std::string& name : names_some ? key.delete_set_columns() : key.columns()) {
    const v1::Column* const column = ColumnNamed(table, name);
    const bool has_value =
        action == v1::REFERENTIAL_ACTION_SET_DEFAULT && column != nullptr && column->has_default();
    if (column != nullptr && column->not_null() && !has_value) unsettable.push_back(name);
  }
  return unsettable;
}

void ForeignKeyActionFails(const RuleInput& input, RuleOutput& output) {
  ForEachForeignKey(input, [&output](const EntityView& entity, const v1::Constraint& key) {
    const v1::TableStructure& table = StructureOf(entity);
    for (const bool on_delete : {true, false}) {
      const v1::ReferentialAction action = on_delete ? key.on_delete() : key.on_update();
      const std::vector<std::string> columns = Unsettable(table, key, action, on_delete);
      if (columns.empty()) continue;
      const v1::Constraint* const primary = PrimaryKeyOf(table);
      const bool is_primary =
          primary != nullptr && std::find(primary->columns().begin(), primary->columns().end(),
                                          columns[0]) != primary->columns().end();
      return output.Find(ObjectOf(entity, key),
                         absl::StrCat(on_delete ? "deleting" : "updating", " a row of ",
                                      DisplayName(KeyOf(key.references())), " sets ", columns[0],
                                      " to null, which it may not be, and fails"),
                         is_primary ? ""
                                    : absl::StrCat(AlterTable(entity.key()), "alter column ",
                                                   SqlName(columns[0]), " drop not null;"));
    }
  });
}

constexpr Need kKeyTypes[] = {{"table", v1::FACET_STRUCTURE}, {"domain", v1::FACET_STRUCTURE}};

constexpr RuleRun kRuns[] = {
    {{"pg/duplicate-fk", Severity::kWarning, "performance", kTables,
      "Each write checks the same twice.", "Drop one of them."},
     "postgres",
     DuplicateForeignKey},
    {{"pg/fk-action-fails", Severity::kError, "correctness", kTables,
      "The action sets a column to null that may not be null: every delete or update of a "
      "referenced row fails.",
      "Allow NULL in the column, or choose another action."},
     "postgres",
     ForeignKeyActionFails},
    {{"pg/fk-partly-null", Severity::kWarning, "correctness", kTableTexts,
      "With MATCH SIMPLE a key in which one column is null is not checked at all.",
      "Forbid that only some of the columns are null, or say MATCH FULL."},
     "postgres",
     ForeignKeyPartlyNull},
    {{"pg/fk-to-itself", Severity::kWarning, "correctness", kTables,
      "A row always refers to itself: the key holds nothing, and was meant otherwise.",
      "Drop it, or let it refer to the column that was meant."},
     "postgres",
     ForeignKeyToItself},
    {{"pg/fk-type-mismatch", Severity::kWarning, "correctness", kKeyTypes,
      "Values that one side can hold the other cannot, and comparing them may leave indexes "
      "unused.",
      "Give both columns the same type."},
     "postgres",
     ForeignKeyTypeMismatch},
    {{"pg/fk-with-sequence", Severity::kWarning, "correctness", kTableTexts,
      "A number of a sequence names no row of the referenced table, but by chance.",
      "Drop the default."},
     "postgres",
     ForeignKeyWithSequence},
    {{"pg/fk-without-index", Severity::kWarning, "performance", kTables,
      "Deleting or updating a referenced row reads the whole referencing table, under a lock.",
      "Create an index that begins with the columns of the foreign key."},
     "postgres",
     ForeignKeyWithoutIndex},
};

}  // namespace

absl::Span<const RuleRun> PostgresForeignKeyRules() { return kRuns; }

}  // namespace varve
