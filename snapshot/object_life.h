// What a store keeps of one object of one section: everything that its history is made from. Plain
// data.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "snapshot/line.h"
#include "snapshot/rename_map.h"
#include "varve/v1/snapshot.pb.h"

namespace varve {

// Neighbouring snapshots in whose headers a section has one status, revision and coverage.
struct SectionRun {
  int64_t from_seq = 0;
  int64_t to_seq = 0;                       // of the last snapshot of the run
  bool thinned = false;                     // its snapshots are: nothing but their headers is kept
  std::optional<v1::SectionHeader> header;  // of its first snapshot; nothing: not configured
};

// A version row.
struct LifeVersion {
  int64_t from_seq = 0;
  std::optional<int64_t> to_seq;  // nothing: it still holds
  Seen seen;
};

// What could not be looked at, or was seen by a weaker read only.
struct LifeUnseen {
  int64_t from_seq = 0;
  std::optional<int64_t> to_seq;
  v1::Sight reason = v1::SIGHT_UNSPECIFIED;
  std::optional<Seen> weaker;
};

// The rows of one facet under one name, by number.
struct FacetLife {
  std::vector<LifeVersion> versions;
  std::vector<LifeUnseen> unseen;
};

// The time in which the object has one name.
struct NameLife {
  int64_t from_seq = 0;  // of the first snapshot in which it is called so; 0: from the beginning
  // Nothing: another object had the name that this one would have had. It was not there.
  std::optional<EntityKey> key;
  std::map<v1::Facet, FacetLife> facets;  // of that name, also from before and after that time
};

struct ObjectLife {
  std::vector<int64_t> numbers;  // of all snapshots, thinned ones too, ascending
  // So long as `numbers`: their times as they are read; microseconds since 1970-01-01 UTC.
  std::vector<int64_t> times_us;
  std::vector<SectionRun> runs;  // they tile `numbers`
  std::vector<NameLife> names;   // the newest first, never empty
  // By number of the first snapshot with the new names: what was renamed in the section, new names
  // to old.
  std::map<int64_t, RenameMap> renames;
};

}  // namespace varve
