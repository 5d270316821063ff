// Rules about keys of PostgreSQL tables, and about constraints in general.
#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "snapshot/kinds.h"
#include "snapshot/postgres_type.h"
#include "snapshot/rules/postgres_walk.h"

namespace varve {
namespace {

bool IsKey(const v1::Constraint& constraint) {
  return constraint.type() == v1::CONSTRAINT_TYPE_PRIMARY_KEY ||
         constraint.type() == v1::CONSTRAINT_TYPE_UNIQUE;
}

std::string AlterType(const EntityKey& table, absl::string_view column, absl::string_view type) {
  return absl::StrCat(AlterTable(table), "alter column ", SqlName(column), " type ", type, ";");
}

void TableWithoutPrimaryKey(const RuleInput& input, RuleOutput& output) {
  ForEachTable(input, [&output](const EntityView& entity, const v1::TableStructure& table) {
    if (PrimaryKeyOf(table) != nullptr) return;
    output.Find(DisplayName(entity.key()), "has no primary key",
                absl::StrCat(AlterTable(entity.key()), "add primary key (…);"));
  });
}

void WidePrimaryKey(const RuleInput& input, RuleOutput& output) {
  constexpr int kMost = 4;
  ForEachConstraint(input, [&output](const EntityView& entity, const v1::Constraint& key) {
    if (key.type() != v1::CONSTRAINT_TYPE_PRIMARY_KEY || key.columns_size() <= kMost) return;
    output.Find(DisplayName(entity.key()),
                absl::StrCat("its primary key has ", key.columns_size(), " columns"));
  });
}

void PrimaryKeyNotFirst(const RuleInput& input, RuleOutput& output) {
  ForEachTable(input, [&output](const EntityView& entity, const v1::TableStructure& table) {
    const v1::Constraint* const key = PrimaryKeyOf(table);
    if (key == nullptr) return;
    const std::set<std::string> columns(key->columns().begin(), key->columns().end());
    for (int at = 0; at < key->columns_size(); ++at) {
      if (columns.count(table.columns(at).name()) > 0) continue;
      return output.Find(DisplayName(entity.key()),
                         absl::StrCat("column ", table.columns(at).name(),
                                      " stands before columns of the primary key"));
    }
  });
}

void SmallPrimaryKey(const RuleInput& input, RuleOutput& output) {
  ForEachTable(input, [&](const EntityView& entity, const v1::TableStructure& table) {
    const v1::Constraint* const key = PrimaryKeyOf(table);
    if (key == nullptr || key->columns_size() != 1) return;
    const v1::Column* const column = ColumnNamed(table, key->columns(0));
    if (column == nullptr || !IsOneOf(BaseType(input, column->type()), {"int2", "int4"})) return;
    output.Find(ObjectOfPart(entity.key(), column->name()),
                absl::StrCat("is the primary key and ", TypeText(column->type())),
                AlterType(entity.key(), column->name(), "bigint"));
  });
}

void FloatKey(const RuleInput& input, RuleOutput& output) {
  ForEachTable(input, [&](const EntityView& entity, const v1::TableStructure& table) {
    std::set<std::string> found;
    for (const v1::Constraint& key : table.constraints()) {
      if (!IsKey(key) && key.type() != v1::CONSTRAINT_TYPE_FOREIGN_KEY) continue;
      for (const std::string& name : key.columns()) {
        const v1::Column* const column = ColumnNamed(table, name);
        if (column == nullptr || !IsOneOf(BaseType(input, column->type()), {"float4", "float8"})) {
          continue;
        }
        if (!found.insert(name).second) continue;
        output.Find(ObjectOfPart(entity.key(), name),
                    absl::StrCat("is ", TypeText(column->type()), " and part of key ", key.name()),
                    AlterType(entity.key(), name, "numeric"));
      }
    }
  });
}

// As the constraint is made anew, so that NULL is one value among others; empty where the server
// cannot.
std::string NullsNotDistinct(const RuleInput& input, const EntityKey& table,
                             const v1::Constraint& key) {
  if (MajorVersion(input) < 15) return "";
  return absl::StrCat(AlterTable(table), "drop constraint ", SqlName(key.name()),
                      ", add constraint ", SqlName(key.name()), " unique nulls not distinct (",
                      SqlList(ListOf(key.columns())), ");");
}

void UniqueOverNullable(const RuleInput& input, RuleOutput& output) {
  ForEachTable(input, [&](const EntityView& entity, const v1::TableStructure& table) {
    for (const v1::Constraint& key : table.constraints()) {
      if (key.type() != v1::CONSTRAINT_TYPE_UNIQUE || key.not_local()) continue;
      const bool is_distinct =
          std::any_of(table.indexes().begin(), table.indexes().end(), [&key](const auto& index) {
            return index.name() == key.index() && !index.nulls_not_distinct();
          });
      const auto nullable = std::find_if(
          key.columns().begin(), key.columns().end(), [&table](const std::string& name) {
            const v1::Column* const column = ColumnNamed(table, name);
            return column != nullptr && !column->not_null();
          });
      if (!is_distinct || nullable == key.columns().end()) continue;
      output.Find(ObjectOfParts(entity.key(), ListOf(key.columns())),
                  absl::StrCat("unique constraint ", key.name(),
                               " takes any number of rows in which ", *nullable, " is null"),
                  NullsNotDistinct(input, entity.key(), key));
    }
  });
}

// Tables and columns to which foreign keys refer: "public.orders(id, tenant)".
std::set<std::string> ReferencedParts(const RuleInput& input) {
  std::set<std::string> parts;
  ForEachOf(input, "table", [&parts](const EntityView& entity) {
    for (const v1::Constraint& key : StructureOf(entity).constraints()) {
      if (key.type() != v1::CONSTRAINT_TYPE_FOREIGN_KEY) continue;
      std::vector<std::string> columns = ListOf(key.referenced_columns());
      std::sort(columns.begin(), columns.end());
      parts.insert(ObjectOfParts(KeyOf(key.references()), columns));
    }
  });
  return parts;
}

bool IsReplicaIdentity(const v1::TableStructure& table, const std::string& index) {
  return std::any_of(table.indexes().begin(), table.indexes().end(), [&index](const auto& each) {
    return each.name() == index && each.replica_identity();
  });
}

// A foreign key or replication may need a key that is wider than the primary one.
void UniqueContainsPrimaryKey(const RuleInput& input, RuleOutput& output) {
  const std::set<std::string> referenced = ReferencedParts(input);
  ForEachTable(input, [&](const EntityView& entity, const v1::TableStructure& table) {
    const v1::Constraint* const primary = PrimaryKeyOf(table);
    if (primary == nullptr) return;
    const std::vector<std::string> primary_columns = ListOf(primary->columns());
    for (const v1::Constraint& key : table.constraints()) {
      if (key.type() != v1::CONSTRAINT_TYPE_UNIQUE) continue;
      std::vector<std::string> columns = ListOf(key.columns());
      if (columns == primary_columns) continue;  // pg/duplicate-index has it
      std::sort(columns.begin(), columns.end());
      const bool contains = std::all_of(
          primary_columns.begin(), primary_columns.end(), [&columns](const std::string& name) {
            return std::binary_search(columns.begin(), columns.end(), name);
          });
      if (!contains || referenced.count(ObjectOfParts(entity.key(), columns)) > 0) continue;
      if (IsReplicaIdentity(table, key.index())) continue;
      output.Find(
          ObjectOfParts(entity.key(), ListOf(key.columns())),
          absl::StrCat("unique constraint ", key.name(),
                       " contains the primary key, which is unique already"),
          absl::StrCat(AlterTable(entity.key()), "drop constraint ", SqlName(key.name()), ";"));
    }
  });
}

void NotValidConstraint(const RuleInput& input, RuleOutput& output) {
  ForEachConstraint(input, [&output](const EntityView& entity, const v1::Constraint& each) {
    if (!each.not_valid() || each.not_enforced()) return;
    output.Find(
        ObjectOfPart(entity.key(), each.name()),
        "was never checked of the rows that were there before it",
        absl::StrCat(AlterTable(entity.key()), "validate constraint ", SqlName(each.name()), ";"));
  });
  ForEachOf(input, "domain", [&output](const EntityView& entity) {
    for (const auto& each : entity.Shape(v1::FACET_STRUCTURE).domain().constraints()) {
      if (!each.not_valid()) continue;
      output.Find(ObjectOfPart(entity.key(), each.name()),
                  "was never checked of the values that were there before it",
                  absl::StrCat("alter domain ", Sql(entity.key()), " validate constraint ",
                               SqlName(each.name()), ";"));
    }
  });
}

bool IsPublishedBy(const v1::PublicationStructure& publication, const EntityKey& table) {
  if (publication.all_tables()) return true;
  const bool by_schema =
      std::any_of(publication.schemas().begin(), publication.schemas().end(),
                  [&table](const auto& each) { return each.names(0) == table.names[0]; });
  return by_schema ||
         std::any_of(publication.tables().begin(), publication.tables().end(),
                     [&table](const auto& each) { return KeyOf(each.table()) == table; });
}

bool HasIdentity(const v1::TableStructure& table) {
  if (table.replica_identity() == "default") return PrimaryKeyOf(table) != nullptr;
  return table.replica_identity() != "nothing";
}

void PublishedTableWithoutIdentity(const RuleInput& input, RuleOutput& output) {
  ForEachTable(input, [&](const EntityView& entity, const v1::TableStructure& table) {
    if (table.kind() != v1::TABLE_KIND_PLAIN || table.persistence() != v1::PERSISTENCE_PERMANENT ||
        HasIdentity(table)) {
      return;
    }
    for (const EntityView& each : input.section.OfKind("publication")) {
      const v1::PublicationStructure& publication = each.Shape(v1::FACET_STRUCTURE).publication();
      const bool needs_identity = publication.update() || publication.delete_();
      if (!needs_identity || !IsPublishedBy(publication, entity.key())) continue;
      return output.Find(DisplayName(entity.key()),
                         absl::StrCat("is published by ", DisplayName(each.key()),
                                      ", and has no replica identity: updates and deletes fail"),
                         absl::StrCat(AlterTable(entity.key()), "replica identity full;"));
    }
  });
}

constexpr Need kKeyTypes[] = {{"table", v1::FACET_STRUCTURE}, {"domain", v1::FACET_STRUCTURE}};
constexpr Need kPublished[] = {{"table", v1::FACET_STRUCTURE},
                               {"publication", v1::FACET_STRUCTURE}};

constexpr RuleRun kRuns[] = {
    {{"pg/float-key", Severity::kWarning, "correctness", kKeyTypes,
      "Values that print alike may differ: a key of floating point misses what it should find.",
      "Use numeric, an integer or text."},
     "postgres",
     FloatKey},
    {{"pg/not-valid-constraint", Severity::kError, "correctness", kKeyTypes,
      "A constraint that is not valid does not hold of the rows before it, and the planner leaves "
      "it out.",
      "Validate it; where that fails, mend the rows that it names."},
     "postgres",
     NotValidConstraint},
    {{"pg/primary-key-not-first", Severity::kInfo, "policy", kTables,
      "Readers expect the key at the beginning of a row.",
      "Put the columns of the key first when the table is made again.", kOnlyIfNamed},
     "postgres",
     PrimaryKeyNotFirst},
    {{"pg/published-table-without-identity", Severity::kError, "correctness", kPublished,
      "Every update and delete of a published table without a replica identity fails.",
      "Add a primary key, or name a replica identity."},
     "postgres",
     PublishedTableWithoutIdentity},
    {{"pg/small-primary-key", Severity::kInfo, "policy", kKeyTypes,
      "A key of two or four bytes runs out of values, and then every insert fails.", "Use bigint.",
      kOnlyIfNamed},
     "postgres",
     SmallPrimaryKey},
    {{"pg/table-without-primary-key", Severity::kWarning, "correctness", kTables,
      "Rows cannot be told apart, and logical replication cannot update or delete them.",
      "Add a primary key."},
     "postgres",
     TableWithoutPrimaryKey},
    {{"pg/unique-contains-primary-key", Severity::kInfo, "performance", kTables,
      "What contains the primary key is unique without a constraint, whose index costs at every "
      "write.",
      "Drop the constraint; where queries use its index, keep a plain one."},
     "postgres",
     UniqueContainsPrimaryKey},
    {{"pg/unique-over-nullable", Severity::kWarning, "correctness", kTables,
      "NULL equals nothing: rows with a NULL in a unique key are never duplicates.",
      "Forbid NULL in the columns, or say NULLS NOT DISTINCT.", kOnlyIfNamed},
     "postgres",
     UniqueOverNullable},
    {{"pg/wide-primary-key", Severity::kInfo, "policy", kTables,
      "Every table that refers to it repeats all columns of the key, and so does every index "
      "there.",
      "Give the table a key of one column, and keep the old one unique.", kOnlyIfNamed},
     "postgres",
     WidePrimaryKey},
};

}  // namespace

absl::Span<const RuleRun> PostgresKeyRules() { return kRuns; }

}  // namespace varve
