// Tables: plain, partitioned, foreign; partitions and children.
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"

namespace varve::postgres {
namespace {

v1::TableKind KindOf(char relkind) {
  switch (relkind) {
    case 'p':
      return v1::TABLE_KIND_PARTITIONED;
    case 'f':
      return v1::TABLE_KIND_FOREIGN;
    default:
      return v1::TABLE_KIND_PLAIN;
  }
}

v1::Persistence PersistenceOf(char relpersistence) {
  switch (relpersistence) {
    case 'u':
      return v1::PERSISTENCE_UNLOGGED;
    case 't':
      return v1::PERSISTENCE_TEMPORARY;
    default:
      return v1::PERSISTENCE_PERMANENT;
  }
}

const char* ReplicaIdentityOf(char relreplident) {
  switch (relreplident) {
    case 'n':
      return "nothing";
    case 'f':
      return "full";
    case 'i':
      return "index";
    default:
      return "default";
  }
}

const char* StrategyOf(char partstrat) {
  switch (partstrat) {
    case 'l':
      return "list";
    case 'h':
      return "hash";
    default:
      return "range";
  }
}

void FillPartitioning(const Catalog& catalog, const RelationRow& relation,
                      v1::TableStructure& table) {
  const auto row = catalog.partitioned.find(relation.oid);
  if (row == catalog.partitioned.end()) return;
  v1::Partitioning& partitioning = *table.mutable_partitioning();
  partitioning.set_strategy(StrategyOf(row->second.strategy));
  for (const int16_t number : row->second.key) {
    partitioning.add_columns(std::string(catalog.ColumnName(relation.oid, number)));
  }
}

void FillParents(const Catalog& catalog, const RelationRow& relation, v1::TableStructure& table) {
  const auto parents = catalog.parents.find(relation.oid);
  if (parents == catalog.parents.end()) return;
  for (const Oid parent : parents->second) {
    *table.add_parents() = RelationIdentity(catalog, parent);
  }
}

void FillForeign(const Catalog& catalog, const RelationRow& relation, FacetShape& facet,
                 v1::TableStructure& table) {
  const auto row = catalog.foreign_tables.find(relation.oid);
  if (row == catalog.foreign_tables.end()) return;
  v1::ForeignTable& foreign = *table.mutable_foreign();
  const auto server = catalog.foreign.servers.find(row->second.server);
  if (server != catalog.foreign.servers.end()) {
    foreign.set_server(std::string(server->second.name));
  }
  facet.MaskOptions(row->second.options, catalog.text_form, *foreign.mutable_options());
}

FacetShape Structure(const Catalog& catalog, const RelationRow& relation, FacetShape facet) {
  v1::TableStructure& table = *facet.shape.mutable_table();
  table.set_kind(KindOf(relation.kind));
  table.set_persistence(PersistenceOf(relation.persistence));
  FillColumns(catalog, relation, facet, *table.mutable_columns());
  FillConstraints(catalog, relation, *table.mutable_constraints());
  FillIndexes(catalog, relation, facet, *table.mutable_indexes());
  FillTriggers(catalog, relation, facet, *table.mutable_triggers());
  FillPartitioning(catalog, relation, table);
  FillParents(catalog, relation, table);
  table.set_partition(relation.partition);
  FillForeign(catalog, relation, facet, table);
  table.set_row_security(relation.row_security);
  table.set_force_row_security(relation.force_row_security);
  table.set_replica_identity(ReplicaIdentityOf(relation.replica_identity));
  facet.MaskOptions(relation.options, catalog.text_form, *table.mutable_storage_parameters());
  FillRules(catalog, relation, *table.mutable_rules());
  FillPolicies(catalog, relation, *table.mutable_policies());
  FillStorage(catalog, relation, facet, table);
  if (const TypeRow* const type = catalog.Type(relation.of_type); type != nullptr) {
    *table.mutable_of_type() = IdentityOf(TypeKey(catalog, *type));
  }
  return facet;
}

// Puts the text of `oid` in `target` where there must be one; false where it was not printed.
bool FillText(bool expected, const absl::flat_hash_map<Oid, absl::string_view>& texts, Oid oid,
              FacetShape& facet, std::string& target) {
  if (!expected) return true;
  const auto text = texts.find(oid);
  if (text == texts.end()) return false;
  target = facet.Mask(text->second);
  return true;
}

void WriteExpressions(const Reading& reading, const RelationRow& relation, const EntityKey& entity,
                      SectionWriter& writer) {
  FacetShape facet = writer.NewShape();
  v1::TableExpressions& table = *facet.shape.mutable_table_expressions();
  const bool printed =
      FillColumnExpressions(reading, relation, facet, *table.mutable_columns()) &&
      FillConstraintExpressions(reading, relation, facet, *table.mutable_constraints()) &&
      FillIndexExpressions(reading, relation, facet, *table.mutable_indexes()) &&
      FillTriggerExpressions(reading, relation, facet, *table.mutable_triggers()) &&
      FillText(reading.catalog.partitioned.contains(relation.oid),
               reading.expressions.partition_keys, relation.oid, facet,
               *table.mutable_partition_key()) &&
      FillRuleExpressions(reading, relation, facet, *table.mutable_rules()) &&
      FillPolicyExpressions(reading, relation, facet, *table.mutable_policies()) &&
      FillText(relation.partition, reading.expressions.partition_bounds, relation.oid, facet,
               *table.mutable_partition_bound());
  AddExpressions(reading, kClassCatalog, relation.oid, entity, printed, std::move(facet), writer);
}

}  // namespace

void WriteTables(const Catalog& catalog, SectionWriter& writer) {
  for (const RelationRow& relation : catalog.relations) {
    if (RelationKind(relation.kind) != "table") continue;
    if (!Belongs(catalog, kClassCatalog, relation.oid, relation.schema, "table", writer)) continue;
    const EntityKey entity = RelationKey(catalog, relation);
    writer.Add(entity, v1::FACET_STRUCTURE, Structure(catalog, relation, writer.NewShape()),
               RelationLocator(catalog, relation));
    WriteRelationAccess(catalog, entity, relation, writer);
    WriteRelationDocs(catalog, entity, relation, writer);
    WriteRelationState(catalog, entity, relation, writer);
  }
}

void WriteTableExpressions(const Reading& reading, SectionWriter& writer) {
  const Catalog& catalog = reading.catalog;
  for (const RelationRow& relation : catalog.relations) {
    if (RelationKind(relation.kind) != "table" || !IsOwn(catalog, relation)) continue;
    WriteExpressions(reading, relation, RelationKey(catalog, relation), writer);
  }
}

}  // namespace varve::postgres
