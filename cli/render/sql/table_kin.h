// Tables that have parents or partitions: the statements of one depend on the others, so that they
// are open together, while tables without kin are written one after the other.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "google/protobuf/arena.h"
#include "snapshot/section_view.h"

namespace varve::sql {

// Borrows the section of the views. Pointers that it gives are good as long as it is, moved or not.
class TableKin {
 public:
  // Whether the table, which is open, belongs here for what it says itself.
  static bool IsOne(const EntityView& table);

  // Takes a table that is open on `arena`.
  void Add(EntityView table, std::unique_ptr<google::protobuf::Arena> arena);
  // Opens the parents that are not here, since nothing of their own says that they are some. Call
  // once, when all others were added. Errors: kDataLoss (a shape is damaged).
  absl::Status AddParents(const SectionView& view);

  // Those that were added, in the order of their keys if they were added so.
  const std::vector<const EntityView*>& tables() const { return tables_; }
  // Null where it is not one, or not in the snapshot.
  const EntityView* Find(const v1::Identity& table) const;
  // Partitions of a table.
  const std::vector<const EntityView*>& PartitionsOf(const EntityKey& parent) const;

 private:
  void Keep(EntityView table, std::unique_ptr<google::protobuf::Arena> arena);

  std::vector<std::unique_ptr<google::protobuf::Arena>> arenas_;
  std::deque<EntityView> all_;  // parents too
  std::vector<const EntityView*> tables_;
  absl::flat_hash_map<EntityKey, const EntityView*> by_key_;
  absl::flat_hash_map<EntityKey, std::vector<const EntityView*>> partitions_;
};

}  // namespace varve::sql
