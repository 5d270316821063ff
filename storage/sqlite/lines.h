// Reading lines: as of any number, the open rows, and what was last known. Every function reads in
// the caller's transaction. Errors on each: those of error.h.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "snapshot/section.h"
#include "storage/apply.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/snapshots.h"

namespace varve::sqlite {

// A section in an environment, by the ids of its rows.
struct SectionAt {
  int64_t environment = 0;
  int64_t section = 0;
};

// An open line and its entity's id.
struct StoredOpenLine {
  OpenLine line;
  int64_t entity = 0;
};

// The rows without an end, by key.
absl::StatusOr<std::vector<StoredOpenLine>> ReadOpenLines(Connection& connection,
                                                          const SectionAt& at);

// The lines of a section as snapshot `seq` has them, by key. `available`: the section was; else all
// are unseen.
absl::StatusOr<std::vector<ReadLine>> ReadLinesAsOf(Connection& connection, const SectionAt& at,
                                                    int64_t seq, bool available,
                                                    const Timeline& times);

// The same of some facets alone, of a section that was available, and without what was seen last.
absl::StatusOr<std::vector<ReadLine>> ReadFacetsAsOf(Connection& connection, const SectionAt& at,
                                                     int64_t seq,
                                                     absl::Span<const v1::Facet> facets);

// As SnapshotStore::BesideFingerprints.
absl::StatusOr<std::map<v1::Facet, FingerprintHash>> ReadBesideFingerprints(Connection& connection,
                                                                            const SectionAt& at,
                                                                            int64_t seq);

// As SnapshotStore::KnownBefore.
absl::StatusOr<std::optional<KnownLine>> FindKnownBefore(Connection& connection,
                                                         const SectionAt& at, const LineKey& key,
                                                         int64_t seq);

}  // namespace varve::sqlite
