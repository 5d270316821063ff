// A snapshot in memory: what gathering makes, the outbox keeps, the store reads back, files hold
// and the CLI renders. Plain data, owned by whoever holds it; what is large is shared by copies.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "snapshot/coverage_index.h"
#include "snapshot/hash.h"
#include "snapshot/line.h"
#include "snapshot/rarely.h"
#include "snapshot/shared.h"
#include "varve/v1/measures.pb.h"
#include "varve/v1/shape.pb.h"
#include "varve/v1/snapshot.pb.h"

namespace varve {

// A line as read back. From gathering: `sent`, nothing last seen.
struct ReadLine {
  Line line;
  // Beside an unseen line: what a static read saw where a run has spoken (`line.unseen` is static).
  Rarely<Seen> weaker;
  // Unseen only: what was seen last, in which snapshot, at what time. Empty: never.
  Rarely<Seen> last_seen;
  int64_t last_seen_seq = 0;
  int64_t last_seen_us = 0;
  bool sent = true;

  // What to compare and to show as this snapshot's: what it saw, or the weaker read.
  const Seen* Current() const {
    if (line.seen.has_value()) return &*line.seen;
    return weaker.get();
  }

  // All that it tells of: what it saw, the weaker read, what was seen last; null where it has none.
  std::array<const Seen*, 3> All() const {
    return {line.seen.has_value() ? &*line.seen : nullptr, weaker.get(), last_seen.get()};
  }
};

// Canonical bytes of shapes (and coverages), by hash.
using ShapeMap = absl::flat_hash_map<ShapeHash, std::string>;

// What came from one source.
struct Section {
  v1::SectionHeader header;
  std::string coverage;                 // canonical bytes of v1::Coverage; empty when unavailable
  Shared<std::vector<ReadLine>> lines;  // sorted by key, no key twice
  Shared<ShapeMap> shapes;  // of each seen line; read back: of weaker and last seen ones too
  Shared<v1::Measures> measures;
};

// What was observed in one environment at one instant.
struct Snapshot {
  v1::SnapshotHeader header;  // its `sections` are those of `sections` below, in the same order
  std::vector<Section> sections;
  // Of a stored snapshot; 0 and the header's own time otherwise.
  int64_t seq = 0;
  int64_t received_at_us = 0;
  int64_t time_us =
      0;  // as it is read (DATA: never before its predecessor's); equals taken_at_us otherwise
};

// The line of that key; null where there is none.
const ReadLine* FindLine(const Section& section, const LineKey& key);

// The shape of `hash`, decoded. Errors: kDataLoss (not in the section, or its bytes fail their hash
// or do not parse).
absl::StatusOr<v1::Shape> DecodeShape(const Section& section, const ShapeHash& hash);
// The same into `shape`, which may be an arena's.
absl::Status DecodeShape(const Section& section, const ShapeHash& hash, v1::Shape& shape);

// The section's coverage, decoded; empty when unavailable. Errors: kDataLoss (does not parse).
absl::StatusOr<v1::Coverage> DecodeCoverage(const Section& section);

}  // namespace varve
