#include "snapshot/rules/postgres_walk.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "snapshot/kinds.h"
#include "snapshot/postgres_type.h"

namespace varve {
namespace {

// Reserved words of PostgreSQL, and those that only functions and types may have. In every version
// from 12 on but for `concurrently` and its like, which are here too.
constexpr absl::string_view kReservedWords[] = {"all",
                                                "analyse",
                                                "analyze",
                                                "and",
                                                "any",
                                                "array",
                                                "as",
                                                "asc",
                                                "asymmetric",
                                                "authorization",
                                                "binary",
                                                "both",
                                                "case",
                                                "cast",
                                                "check",
                                                "collate",
                                                "collation",
                                                "column",
                                                "concurrently",
                                                "constraint",
                                                "create",
                                                "cross",
                                                "current_catalog",
                                                "current_date",
                                                "current_role",
                                                "current_schema",
                                                "current_time",
                                                "current_timestamp",
                                                "current_user",
                                                "default",
                                                "deferrable",
                                                "desc",
                                                "distinct",
                                                "do",
                                                "else",
                                                "end",
                                                "except",
                                                "false",
                                                "fetch",
                                                "for",
                                                "foreign",
                                                "freeze",
                                                "from",
                                                "full",
                                                "grant",
                                                "group",
                                                "having",
                                                "ilike",
                                                "in",
                                                "initially",
                                                "inner",
                                                "intersect",
                                                "into",
                                                "is",
                                                "isnull",
                                                "join",
                                                "lateral",
                                                "leading",
                                                "left",
                                                "like",
                                                "limit",
                                                "localtime",
                                                "localtimestamp",
                                                "natural",
                                                "not",
                                                "notnull",
                                                "null",
                                                "offset",
                                                "on",
                                                "only",
                                                "or",
                                                "order",
                                                "outer",
                                                "overlaps",
                                                "placing",
                                                "primary",
                                                "references",
                                                "returning",
                                                "right",
                                                "select",
                                                "session_user",
                                                "similar",
                                                "some",
                                                "symmetric",
                                                "system_user",
                                                "table",
                                                "tablesample",
                                                "then",
                                                "to",
                                                "trailing",
                                                "true",
                                                "union",
                                                "unique",
                                                "user",
                                                "using",
                                                "variadic",
                                                "verbose",
                                                "when",
                                                "where",
                                                "window",
                                                "with"};

}  // namespace

void ForEachTable(const RuleInput& input,
                  absl::FunctionRef<void(const EntityView&, const v1::TableStructure&)> look) {
  for (const SeenTable& table : input.postgres.Tables()) look(*table.entity, *table.structure);
}

void ForEachColumn(const RuleInput& input,
                   absl::FunctionRef<void(const EntityView&, const v1::Column&)> look) {
  for (const SeenColumn& each : input.postgres.Columns()) look(*each.table, *each.column);
}

void ForEachConstraint(const RuleInput& input,
                       absl::FunctionRef<void(const EntityView&, const v1::Constraint&)> look) {
  ForEachTable(input, [&look](const EntityView& entity, const v1::TableStructure& table) {
    for (const v1::Constraint& constraint : table.constraints()) {
      if (!constraint.not_local()) look(entity, constraint);
    }
  });
}

void ForEachForeignKey(const RuleInput& input,
                       absl::FunctionRef<void(const EntityView&, const v1::Constraint&)> look) {
  for (const SeenForeignKey& key : input.postgres.ForeignKeys()) look(*key.table, *key.constraint);
}

const v1::TableStructure& StructureOf(const EntityView& table) {
  return table.Shape(v1::FACET_STRUCTURE).table();
}

const v1::TableExpressions& TextsOf(const EntityView& table) {
  return table.Shape(v1::FACET_EXPRESSIONS).table_expressions();
}

const v1::TableStructure* TableAt(const RuleInput& input, const v1::Identity& table) {
  const EntityView* const entity = input.section.Find(KeyOf(table));
  if (entity == nullptr || !entity->Saw(v1::FACET_STRUCTURE)) return nullptr;
  const v1::Shape& shape = entity->Shape(v1::FACET_STRUCTURE);
  return shape.has_table() ? &shape.table() : nullptr;
}

const v1::Column* ColumnNamed(const v1::TableStructure& table, absl::string_view name) {
  for (const v1::Column& column : table.columns()) {
    if (column.name() == name) return &column;
  }
  return nullptr;
}

const v1::Constraint* PrimaryKeyOf(const v1::TableStructure& table) {
  for (const v1::Constraint& constraint : table.constraints()) {
    if (constraint.type() == v1::CONSTRAINT_TYPE_PRIMARY_KEY) return &constraint;
  }
  return nullptr;
}

absl::string_view ColumnText(const EntityView& table, absl::string_view column) {
  for (const v1::ColumnExpression& text : TextsOf(table).columns()) {
    if (text.name() == column) return text.expression();
  }
  return "";
}

const v1::IndexExpression* IndexText(const EntityView& table, absl::string_view index) {
  for (const v1::IndexExpression& text : TextsOf(table).indexes()) {
    if (text.name() == index) return &text;
  }
  return nullptr;
}

bool IsInvalidIndex(const EntityView& relation, absl::string_view index) {
  for (const v1::IndexState& state : relation.Shape(v1::FACET_STATE).relation_state().indexes()) {
    if (state.name() == index) return !state.valid() || !state.ready();
  }
  return false;
}

const v1::DataType& BaseType(const RuleInput& input, const v1::DataType& type) {
  return BaseType(input.section, type);
}

bool IsOneOf(const v1::DataType& type, std::initializer_list<absl::string_view> catalog_names) {
  if (type.array() || type.type().names_size() != 2) return false;
  if (type.type().names(0) != "pg_catalog") return false;
  return std::find(catalog_names.begin(), catalog_names.end(),
                   absl::string_view(type.type().names(1))) != catalog_names.end();
}

bool IsSameType(const v1::DataType& a, const v1::DataType& b) {
  if (IsOneOf(a, {"text", "varchar"}) && IsOneOf(b, {"text", "varchar"})) return true;
  return a.array() == b.array() && a.type().kind() == b.type().kind() &&
         std::equal(a.type().names().begin(), a.type().names().end(), b.type().names().begin(),
                    b.type().names().end());
}

int MajorVersion(const RuleInput& input) {
  const absl::string_view server = input.section.header().server();
  const size_t digits = server.find_first_of("0123456789");
  if (digits == absl::string_view::npos) return 0;
  int major = 0;
  const absl::string_view version = server.substr(digits);
  const bool is_number =
      absl::SimpleAtoi(version.substr(0, version.find_first_not_of("0123456789")), &major);
  return is_number ? major : 0;
}

bool IsReservedWord(absl::string_view name) {
  static const auto* const words = new absl::flat_hash_set<absl::string_view>(
      std::begin(kReservedWords), std::end(kReservedWords));  // lives as long as the program
  return words->contains(name);
}

std::string SqlName(absl::string_view name) {
  return IsReservedWord(name) ? absl::StrCat("\"", name, "\"") : QuotedIdentifier(name);
}

std::string Sql(const EntityKey& key) {
  return NameInForm(key, [](const std::string& name) { return SqlName(name); });
}

std::string SqlList(absl::Span<const std::string> names) {
  return absl::StrJoin(
      names, ", ", [](std::string* out, const std::string& name) { out->append(SqlName(name)); });
}

std::string SqlOfIndex(const EntityKey& table, absl::string_view index) {
  return absl::StrCat(SqlName(table.names[0]), ".", SqlName(index));
}

std::string AlterTable(const EntityKey& table) {
  return absl::StrCat("alter table ", Sql(table), " ");
}

std::string ObjectOfPart(const EntityKey& table, absl::string_view part) {
  return absl::StrCat(DisplayName(table), ".", part);
}

std::string ObjectOfParts(const EntityKey& table, absl::Span<const std::string> parts) {
  if (parts.size() == 1) return ObjectOfPart(table, parts[0]);
  return absl::StrCat(DisplayName(table), "(", absl::StrJoin(parts, ", "), ")");
}

std::string ObjectOfIndex(const EntityKey& table, absl::string_view index) {
  return absl::StrCat(table.names[0], ".", index);
}

}  // namespace varve
