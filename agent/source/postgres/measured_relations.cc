#include "agent/source/postgres/measured_relations.h"

#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"

namespace varve::postgres {

MeasuredRelations::MeasuredRelations(const Catalog& catalog, const Selection& selection)
    : database_(LocatorId(catalog, catalog.database.oid)), server_version_(catalog.server_version) {
  for (const RelationRow& relation : catalog.relations) {
    if (RelationKind(relation.kind).empty() || !IsOwn(catalog, relation)) continue;
    EntityKey entity = RelationKey(catalog, relation);
    if (selection.LeavesOut(entity)) continue;
    entities_.emplace(relation.oid, std::move(entity));
    if (relation.kind == 'r' || relation.kind == 'm') {
      tables_.push_back(relation.oid);
      if (relation.toast != 0) toasted_.push_back(relation.oid);
    }
    if (relation.kind == 'S') sequences_.push_back(relation.oid);
  }
  for (const auto& [oid, row] : catalog.sequences) {
    if (entities_.contains(oid)) {
      bounds_.emplace(oid, SequenceBounds{row.minimum, row.maximum, row.increment > 0});
    }
  }
  for (const IndexRow& row : catalog.indexes) {
    const RelationRow* const index = catalog.Relation(row.oid);
    if (index == nullptr || !entities_.contains(row.relation)) continue;
    index_names_.emplace(row.oid, Index{row.relation, std::string(index->name)});
    if (index->kind == 'i') indexes_.push_back(row.oid);
  }
}

std::optional<Subject> MeasuredRelations::SubjectOf(Oid oid) const {
  if (const auto entity = entities_.find(oid); entity != entities_.end()) {
    return Subject{entity->second, ""};
  }
  const auto index = index_names_.find(oid);
  if (index == index_names_.end()) return std::nullopt;
  return Subject{entities_.at(index->second.table), index->second.name};
}

std::optional<SequenceBounds> MeasuredRelations::SequenceOf(Oid oid) const {
  const auto bounds = bounds_.find(oid);
  if (bounds == bounds_.end()) return std::nullopt;
  return bounds->second;
}

}  // namespace varve::postgres
