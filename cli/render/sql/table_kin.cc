#include "cli/render/sql/table_kin.h"

#include <utility>

#include "base/status.h"

namespace varve::sql {
namespace {

const v1::TableStructure& StructureOf(const EntityView& table) {
  return table.Shape(v1::FACET_STRUCTURE).table();
}

}  // namespace

bool TableKin::IsOne(const EntityView& table) {
  const v1::TableStructure& structure = StructureOf(table);
  return structure.parents_size() > 0 || structure.kind() == v1::TABLE_KIND_PARTITIONED;
}

void TableKin::Keep(EntityView table, std::unique_ptr<google::protobuf::Arena> arena) {
  arenas_.push_back(std::move(arena));
  const EntityView& kept = all_.emplace_back(std::move(table));
  by_key_.emplace(kept.key(), &kept);
}

void TableKin::Add(EntityView table, std::unique_ptr<google::protobuf::Arena> arena) {
  Keep(std::move(table), std::move(arena));
  const EntityView& kept = all_.back();
  tables_.push_back(&kept);
  const v1::TableStructure& structure = StructureOf(kept);
  if (!structure.partition()) return;
  for (const v1::Identity& parent : structure.parents()) {
    partitions_[KeyOf(parent)].push_back(&kept);
  }
}

absl::Status TableKin::AddParents(const SectionView& view) {
  for (const EntityView* const table : tables_) {
    for (const v1::Identity& identity : StructureOf(*table).parents()) {
      const EntityKey key = KeyOf(identity);
      const EntityView* const parent = by_key_.contains(key) ? nullptr : view.Find(key);
      if (parent == nullptr) continue;
      auto arena = std::make_unique<google::protobuf::Arena>();
      VARVE_ASSIGN_OR_RETURN(EntityView open, view.Open(*parent, *arena));
      Keep(std::move(open), std::move(arena));
    }
  }
  return absl::OkStatus();
}

const EntityView* TableKin::Find(const v1::Identity& table) const {
  const auto found = by_key_.find(KeyOf(table));
  return found == by_key_.end() ? nullptr : found->second;
}

const std::vector<const EntityView*>& TableKin::PartitionsOf(const EntityKey& parent) const {
  static const auto* const none = new std::vector<const EntityView*>();  // as long as the program
  const auto found = partitions_.find(parent);
  return found == partitions_.end() ? *none : found->second;
}

}  // namespace varve::sql
