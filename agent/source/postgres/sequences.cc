// Sequences. pg_sequence, pg_depend; the position is a measure.
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"

namespace varve::postgres {
namespace {

FacetShape Structure(const Catalog& catalog, const RelationRow& relation, const SequenceRow& row,
                     FacetShape facet) {
  v1::SequenceStructure& sequence = *facet.shape.mutable_sequence();
  *sequence.mutable_type() = DataTypeOf(catalog, row.type);
  sequence.set_start(row.start);
  sequence.set_minimum(row.minimum);
  sequence.set_maximum(row.maximum);
  sequence.set_increment(row.increment);
  sequence.set_cache(row.cache);
  sequence.set_cycle(row.cycle);
  sequence.set_unlogged(relation.persistence == 'u');
  if (row.owner_relation != 0) {
    *sequence.mutable_owner_table() = RelationIdentity(catalog, row.owner_relation);
    sequence.set_owner_column(
        std::string(catalog.ColumnName(row.owner_relation, row.owner_column)));
    sequence.set_of_identity(row.of_identity);
  }
  return facet;
}

}  // namespace

void WriteSequences(const Catalog& catalog, SectionWriter& writer) {
  for (const RelationRow& relation : catalog.relations) {
    if (relation.kind != 'S') continue;
    if (!Belongs(catalog, kClassCatalog, relation.oid, relation.schema, "sequence", writer))
      continue;
    const auto row = catalog.sequences.find(relation.oid);
    if (row == catalog.sequences.end()) continue;  // pg_sequence was denied, and coverage says so
    const EntityKey entity = RelationKey(catalog, relation);
    writer.Add(entity, v1::FACET_STRUCTURE,
               Structure(catalog, relation, row->second, writer.NewShape()),
               ObjectLocator(catalog, relation.oid));
    const ObjectAddress address{kClassCatalog, relation.oid, 0};
    WriteAccess(catalog, entity, address, relation.owner, relation.acl, writer);
    WriteDocs(catalog, entity, address, writer);
  }
}

}  // namespace varve::postgres
