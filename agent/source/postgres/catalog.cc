#include "agent/source/postgres/catalog.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace varve::postgres {
namespace {

template <typename Row>
absl::flat_hash_map<Oid, uint32_t> ByOid(const std::vector<Row>& rows) {
  absl::flat_hash_map<Oid, uint32_t> at;
  at.reserve(rows.size());
  for (uint32_t i = 0; i < rows.size(); ++i) at.emplace(rows[i].oid, i);
  return at;
}

template <typename Row>
const Row* Find(const std::vector<Row>& rows, const absl::flat_hash_map<Oid, uint32_t>& at,
                Oid oid) {
  const auto found = at.find(oid);
  return found == at.end() ? nullptr : &rows[found->second];
}

template <typename Row>
const Row* FindIn(const absl::flat_hash_map<Oid, Row>& rows, Oid oid) {
  const auto found = rows.find(oid);
  return found == rows.end() ? nullptr : &found->second;
}

void JoinColumns(Catalog& catalog) {
  std::sort(catalog.attributes.begin(), catalog.attributes.end(),
            [](const AttributeRow& a, const AttributeRow& b) {
              return std::tie(a.relation, a.number) < std::tie(b.relation, b.number);
            });
  const absl::Span<const AttributeRow> all(catalog.attributes);
  for (size_t begin = 0, end = 0; begin < all.size(); begin = end) {
    while (end < all.size() && all[end].relation == all[begin].relation) ++end;
    const auto at = catalog.relation_at.find(all[begin].relation);
    if (at == catalog.relation_at.end()) continue;
    catalog.relations[at->second].columns = all.subspan(begin, end - begin);
  }
}

// A foreign key to or from a partitioned table has rows of the server's own making beside the one
// that was declared.
bool IsCopyOnSameTable(const Catalog& catalog, const ConstraintRow& row) {
  const ConstraintRow* const parent = catalog.Constraint(row.parent);
  return parent != nullptr && parent->relation == row.relation;
}

void JoinConstraints(Catalog& catalog) {
  absl::flat_hash_set<std::pair<Oid, Oid>> behind;  // index, table
  for (uint32_t i = 0; i < catalog.constraints.size(); ++i) {
    const ConstraintRow& row = catalog.constraints[i];
    const auto relation = catalog.relation_at.find(row.relation);
    if (relation == catalog.relation_at.end()) continue;
    if (row.type == 'p' || row.type == 'u' || row.type == 'x') {
      behind.emplace(row.index, row.relation);
    }
    // A constraint trigger has a row here too; it is an element of triggers.
    if (row.type == 't' || IsCopyOnSameTable(catalog, row)) continue;
    catalog.relations[relation->second].constraints.push_back(i);
  }
  for (IndexRow& index : catalog.indexes) {
    index.of_constraint = behind.contains({index.oid, index.relation});
  }
}

template <typename Row>
void JoinByRelation(Catalog& catalog, const std::vector<Row>& rows,
                    std::vector<uint32_t> RelationRow::*places) {
  for (uint32_t i = 0; i < rows.size(); ++i) {
    const auto relation = catalog.relation_at.find(rows[i].relation);
    if (relation == catalog.relation_at.end()) continue;
    (catalog.relations[relation->second].*places).push_back(i);
  }
}

void JoinOwners(Catalog& catalog) {
  for (const DependencyRow& row : catalog.dependencies) {
    if (row.object.catalog != kClassCatalog || row.referenced.catalog != kClassCatalog) continue;
    if (row.referenced.part <= 0 || (row.type != 'a' && row.type != 'i')) continue;
    const auto sequence = catalog.sequences.find(row.object.object);
    if (sequence == catalog.sequences.end()) continue;
    sequence->second.owner_relation = row.referenced.object;
    sequence->second.owner_column = static_cast<int16_t>(row.referenced.part);
    sequence->second.of_identity = row.type == 'i';
  }
}

// A trigger that a partition has from its parent is the parent's, unless it was switched apart from
// it.
void JoinTriggers(Catalog& catalog) {
  for (uint32_t i = 0; i < catalog.triggers.size(); ++i) {
    const TriggerRow& row = catalog.triggers[i];
    const TriggerRow* const parent = catalog.Trigger(row.parent);
    if (parent != nullptr && parent->enabled == row.enabled) continue;
    const auto relation = catalog.relation_at.find(row.relation);
    if (relation == catalog.relation_at.end()) continue;
    catalog.relations[relation->second].triggers.push_back(i);
  }
}

}  // namespace

void Catalog::Join() {
  schema_at = ByOid(schemas);
  relation_at = ByOid(relations);
  routine_at = ByOid(routines);
  constraint_at = ByOid(constraints);
  index_at = ByOid(indexes);
  trigger_at = ByOid(triggers);
  JoinColumns(*this);
  JoinConstraints(*this);
  JoinByRelation(*this, indexes, &RelationRow::indexes);
  JoinOwners(*this);
  JoinTriggers(*this);
  JoinByRelation(*this, rules, &RelationRow::rules);
  JoinByRelation(*this, policies, &RelationRow::policies);
}

const SchemaRow* Catalog::Schema(Oid oid) const { return Find(schemas, schema_at, oid); }
const RelationRow* Catalog::Relation(Oid oid) const { return Find(relations, relation_at, oid); }
const RoutineRow* Catalog::Routine(Oid oid) const { return Find(routines, routine_at, oid); }
const ConstraintRow* Catalog::Constraint(Oid oid) const {
  return Find(constraints, constraint_at, oid);
}
const IndexRow* Catalog::Index(Oid oid) const { return Find(indexes, index_at, oid); }
const TriggerRow* Catalog::Trigger(Oid oid) const { return Find(triggers, trigger_at, oid); }
const TypeRow* Catalog::Type(Oid oid) const { return FindIn(types, oid); }

absl::string_view Catalog::SchemaName(Oid oid) const {
  const SchemaRow* const schema = Schema(oid);
  return schema == nullptr ? absl::string_view() : schema->name;
}

std::string Catalog::RoleName(Oid oid) const {
  const absl::string_view* const name = FindIn(roles, oid);
  return name == nullptr ? absl::StrCat(oid) : std::string(*name);
}

absl::string_view Catalog::TablespaceName(Oid oid) const {
  const absl::string_view* const name = FindIn(tablespaces, oid);
  return name == nullptr ? absl::string_view() : *name;
}

absl::string_view Catalog::ExtensionName(Oid oid) const {
  for (const ExtensionRow& extension : extensions) {
    if (extension.oid == oid) return extension.name;
  }
  return "";
}

const AttributeRow* Catalog::Column(const RelationRow& relation, int16_t number) const {
  const auto at = std::lower_bound(
      relation.columns.begin(), relation.columns.end(), number,
      [](const AttributeRow& column, int16_t wanted) { return column.number < wanted; });
  return at == relation.columns.end() || at->number != number ? nullptr : &*at;
}

absl::string_view Catalog::ColumnName(Oid relation, int16_t number) const {
  const RelationRow* const row = Relation(relation);
  const AttributeRow* const column = row == nullptr ? nullptr : Column(*row, number);
  return column == nullptr ? absl::string_view() : column->name;
}

absl::string_view Catalog::Comment(Oid catalog, Oid object, int32_t part) const {
  const auto found = comments.find({catalog, object, part});
  return found == comments.end() ? absl::string_view() : found->second;
}

bool Catalog::IsMember(Oid catalog, Oid object) const {
  return members.contains({catalog, object, 0});
}

bool IsSystemSchema(absl::string_view name) {
  return name == "pg_catalog" || name == "information_schema" || name == "pg_toast" ||
         absl::StartsWith(name, "pg_temp_") || absl::StartsWith(name, "pg_toast_temp_");
}

}  // namespace varve::postgres
