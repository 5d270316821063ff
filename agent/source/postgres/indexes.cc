// Indexes of tables and materialized views. pg_index, and their rows of pg_class.
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"

namespace varve::postgres {
namespace {

constexpr int kDescending = 1, kNullsFirst = 2;  // INDOPTION_DESC, INDOPTION_NULLS_FIRST

template <typename T>
T At(const std::vector<T>& values, size_t at) {
  return at < values.size() ? values[at] : T{};
}

// The collation that a key has without being told: its column's, else its type's, which for an
// expression is the database's default.
bool IsOwnCollation(const Catalog& catalog, const AttributeRow* column, Oid collation) {
  constexpr Oid kDefaultCollation = 100;
  if (collation == 0) return true;
  if (column != nullptr) return column->collation == collation;
  return collation == kDefaultCollation && !catalog.collations.empty();
}

void FillKey(const Catalog& catalog, const RelationRow& relation, const IndexRow& row, size_t at,
             FacetShape& facet, v1::IndexKey& key) {
  const AttributeRow* const column = catalog.Column(relation, At(row.key, at));
  if (column != nullptr) key.set_column(std::string(column->name));
  const auto said = catalog.index_columns.find({row.oid, static_cast<int16_t>(at + 1)});
  const bool has_options = said != catalog.index_columns.end() && !said->second.options.empty();
  const auto operator_class = catalog.operator_classes.find(At(row.classes, at));
  // SQL takes options only behind the name of a class.
  if (operator_class != catalog.operator_classes.end() &&
      (!operator_class->second.is_default || has_options)) {
    *key.mutable_operator_class() = OperatorClassIdentity(catalog, operator_class->first);
  }
  const Oid collation = At(row.collations, at);
  if (!IsOwnCollation(catalog, column, collation)) {
    *key.mutable_collation() = CollationIdentity(catalog, collation);
  }
  key.set_descending((At(row.options, at) & kDescending) != 0);
  key.set_nulls_first((At(row.options, at) & kNullsFirst) != 0);
  if (said == catalog.index_columns.end()) return;
  if (said->second.statistics_target >= 0) {
    key.set_statistics_target(said->second.statistics_target);
  }
  facet.MaskOptions(said->second.options, catalog.text_form, *key.mutable_operator_class_options());
}

// The index of a partitioned table that the index of a partition is attached to.
void FillParent(const Catalog& catalog, const IndexRow& row, v1::Index& index) {
  const auto parents = catalog.parents.find(row.oid);
  if (parents == catalog.parents.end()) return;
  const RelationRow* const parent = catalog.Relation(parents->second.front());
  if (parent != nullptr) index.set_parent(std::string(parent->name));
}

}  // namespace

void FillIndexes(const Catalog& catalog, const RelationRow& relation, FacetShape& facet,
                 Repeated<v1::Index>& indexes) {
  for (const uint32_t place : relation.indexes) {
    const IndexRow& row = catalog.indexes[place];
    const RelationRow* const as_relation = catalog.Relation(row.oid);
    if (as_relation == nullptr) continue;
    v1::Index& index = *indexes.Add();
    index.set_name(std::string(as_relation->name));
    const auto method = catalog.access_methods.find(as_relation->access_method);
    if (method != catalog.access_methods.end()) index.set_method(std::string(method->second));
    index.set_unique(row.unique);
    index.set_primary(row.primary);
    const auto key_count = static_cast<size_t>(row.key_count);
    for (size_t at = 0; at < row.key.size(); ++at) {
      if (at < key_count) {
        FillKey(catalog, relation, row, at, facet, *index.add_keys());
      } else {
        index.add_included(std::string(catalog.ColumnName(relation.oid, row.key[at])));
      }
    }
    index.set_partial(row.partial);
    index.set_nulls_not_distinct(row.nulls_not_distinct);
    index.set_of_constraint(row.of_constraint);
    index.set_clustered(row.clustered);
    index.set_replica_identity(row.replica_identity);
    facet.MaskOptions(as_relation->options, catalog.text_form, *index.mutable_storage_parameters());
    FillParent(catalog, row, index);
    index.set_tablespace(std::string(catalog.TablespaceName(as_relation->tablespace)));
    FillExtensionsNeeded(catalog, kClassCatalog, row.oid, *index.mutable_depends_on_extensions());
  }
}

bool FillIndexExpressions(const Reading& reading, const RelationRow& relation, FacetShape& facet,
                          Repeated<v1::IndexExpression>& indexes) {
  for (const uint32_t place : relation.indexes) {
    const IndexRow& row = reading.catalog.indexes[place];
    const RelationRow* const as_relation = reading.catalog.Relation(row.oid);
    if (as_relation == nullptr || (!row.partial && !row.expressions)) continue;
    const auto texts = reading.expressions.indexes.find(row.oid);
    if (texts == reading.expressions.indexes.end()) return false;
    v1::IndexExpression& index = *indexes.Add();
    index.set_name(std::string(as_relation->name));
    for (const absl::string_view key : texts->second.keys) index.add_keys(facet.Mask(key));
    index.set_predicate(facet.Mask(texts->second.predicate));
  }
  return true;
}

}  // namespace varve::postgres
