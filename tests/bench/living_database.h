// A synthetic database that lives: tables that change now and then, as migrations come, and a
// server that is sometimes down. What the benchmarks of history and of fleets are made from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "snapshot/section.h"
#include "storage/store.h"

namespace varve::testing {

struct LifePlan {
  int tables = 1000;
  int variants = 1;             // an environment's number modulo this says which it has
  int change_every = 10;        // so many snapshots from one migration to the next
  int first_table_every = 100;  // the same of public.table_0, by a column more
  int total_every = 1000;       // and of the type of its column `total`
  int down_every = 97;
};

// One environment, from its first snapshot on. Equal plans and numbers, equal lives. A migration
// that comes to one environment comes to all, a few snapshots sooner or later.
class LivingDatabase {
 public:
  LivingDatabase(const LifePlan& plan, int environment);

  // The next snapshot, as a publish commits it: whole at first, then the same as its head, or a
  // delta to it.
  PendingSnapshot Next();

  // Whether the snapshot that Next returned last has another structure than the one before, or
  // none.
  bool changed() const { return changed_; }
  bool down() const { return down_; }
  // "environment-7".
  const std::string& name() const { return name_; }

 private:
  void Migrate();
  Section Gathered() const;

  const LifePlan plan_;
  const int environment_;
  const std::string name_;
  int number_ = 0;
  int total_ = 0;                 // how often the type of `total` changed
  std::vector<int> generations_;  // by table: how often it changed
  Section section_;               // what was published last
  Head head_;
  bool changed_ = false;
  bool down_ = false;
};

// Commits it; says on stderr what went wrong. Returns whether nothing did.
bool Committed(SnapshotStore& store, const PendingSnapshot& snapshot);

}  // namespace varve::testing
