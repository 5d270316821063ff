// What rules of PostgreSQL share: walks over what was seen, and names as SQL and as people write
// them. Members of extensions are no entities, so that no walk meets them.
#pragma once

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "snapshot/rules/postgres_section.h"
#include "snapshot/rules/walk.h"
#include "varve/v1/postgres.pb.h"

namespace varve {

// What many rules need.
inline constexpr Need kTables[] = {{"table", v1::FACET_STRUCTURE}};
inline constexpr Need kTableTexts[] = {{"table", v1::FACET_STRUCTURE},
                                       {"table", v1::FACET_EXPRESSIONS}};

// Each plain and each partitioned table that was seen. No partitions: what their parent has is
// said once, of the parent.
void ForEachTable(const RuleInput& input,
                  absl::FunctionRef<void(const EntityView&, const v1::TableStructure&)> look);
// Each of their columns, and of their constraints, without those that they only have of a parent.
void ForEachColumn(const RuleInput& input,
                   absl::FunctionRef<void(const EntityView&, const v1::Column&)> look);
void ForEachConstraint(const RuleInput& input,
                       absl::FunctionRef<void(const EntityView&, const v1::Constraint&)> look);

void ForEachForeignKey(const RuleInput& input,
                       absl::FunctionRef<void(const EntityView&, const v1::Constraint&)> look);

const v1::TableStructure& StructureOf(const EntityView& table);
const v1::TableExpressions& TextsOf(const EntityView& table);
// The structure of a table that something refers to; null where it was not seen or is no table.
const v1::TableStructure* TableAt(const RuleInput& input, const v1::Identity& table);
// Null where there is none.
const v1::Column* ColumnNamed(const v1::TableStructure& table, absl::string_view name);
const v1::Constraint* PrimaryKeyOf(const v1::TableStructure& table);
// DEFAULT, or what generates it; empty where it has none or it was not seen.
absl::string_view ColumnText(const EntityView& table, absl::string_view column);

// The deparsed texts of an index; null where it has none or they were not seen.
const v1::IndexExpression* IndexText(const EntityView& table, absl::string_view index);
// Whether an index of a table or materialized view is known to serve nothing. Where its state was
// not seen it is taken to serve: no finding without proof.
bool IsInvalidIndex(const EntityView& relation, absl::string_view index);

// The type itself, or that on which a domain rests.
const v1::DataType& BaseType(const RuleInput& input, const v1::DataType& type);
// Whether two types are one to comparisons and indexes, as text and varchar are.
bool IsSameType(const v1::DataType& a, const v1::DataType& b);
// Whether it is one of these types of pg_catalog, and no array.
bool IsOneOf(const v1::DataType& type, std::initializer_list<absl::string_view> catalog_names);

// The major version of the server that was read; 0 where it is not known.
int MajorVersion(const RuleInput& input);

// Words that are no name of a table or a column unless they are quoted.
bool IsReservedWord(absl::string_view name);

// As SQL has it, reserved words quoted too: "public.\"order\"", "public.total(integer)", "a, b".
std::string SqlName(absl::string_view name);
std::string Sql(const EntityKey& key);
std::string SqlList(absl::Span<const std::string> names);
// An index lives in its table's schema.
std::string SqlOfIndex(const EntityKey& table, absl::string_view index);
// "alter table public.orders "
std::string AlterTable(const EntityKey& table);

// "public.orders.customer_id"; of several parts "public.orders(customer_id, total)".
std::string ObjectOfPart(const EntityKey& table, absl::string_view part);
std::string ObjectOfParts(const EntityKey& table, absl::Span<const std::string> parts);

// "public.orders_idx"
std::string ObjectOfIndex(const EntityKey& table, absl::string_view index);

template <typename List>
std::vector<std::string> ListOf(const List& names) {
  return {names.begin(), names.end()};
}

}  // namespace varve
