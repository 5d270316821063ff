// A snapshot as rules look at it: its sections opened, and told apart by what they are.
#pragma once

#include <deque>
#include <vector>

#include "absl/status/statusor.h"
#include "snapshot/section.h"
#include "snapshot/section_view.h"

namespace varve {

// Whether anything of the section can be told.
bool IsRead(const v1::SectionHeader& header);

// Borrows the snapshot: it must outlive this, unchanged. The pointers are to `sections`. May be
// moved; not thread-safe while it is made, then immutable.
struct OpenedSnapshot {
  std::deque<SectionView> sections;           // all of them
  std::vector<const SectionView*> databases;  // of PostgreSQL, that were read
  std::vector<const SectionView*> models;     // of models, that were read
  bool are_all_databases = true;              // no database was out of reach

  OpenedSnapshot() = default;
  OpenedSnapshot(OpenedSnapshot&&) = default;
  OpenedSnapshot& operator=(OpenedSnapshot&&) = default;
  OpenedSnapshot(const OpenedSnapshot&) = delete;
  OpenedSnapshot& operator=(const OpenedSnapshot&) = delete;

  // Errors: kDataLoss (as SectionView::Of; the message begins with the section's name).
  static absl::StatusOr<OpenedSnapshot> Of(const Snapshot& snapshot);
};

}  // namespace varve
