// The history of one facet of one object: docs/data-model.md, "Versions", as a pure function over
// what a store keeps of it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "snapshot/diff.h"
#include "snapshot/hash.h"
#include "snapshot/object_life.h"
#include "snapshot/section.h"
#include "varve/v1/diff.pb.h"

namespace varve {

enum class PieceState {
  kSeen,
  kStatic,         // only by a static read, where a run has spoken
  kAbsent,         // it was looked for, and is not there
  kUnseen,         // it could not be looked at
  kUnknown,        // the section does not know the kind or the facet
  kUnavailable,    // the whole section was not to be had
  kNotConfigured,  // the snapshots do not have the section
};

// Neighbouring snapshots that say the same. Pieces tile all snapshots.
struct HistoryPiece {
  int64_t from_seq = 0;
  int64_t to_seq = 0;
  PieceState state = PieceState::kSeen;
  v1::Sight why = v1::SIGHT_UNSPECIFIED;  // of kUnseen
  int version = 0;                        // of kSeen, from 1; else 0
  // What the object is called there; nothing: another had the name.
  std::optional<EntityKey> key;
};

// What a snapshot told that the ones before it did not.
struct HistoryChange {
  int64_t seq = 0;
  v1::Difference::Op op = v1::Difference::OP_UNSPECIFIED;  // added, removed, changed
  std::vector<v1::PropertyChange> properties;              // of one that changed
  // The last snapshot in which it was still otherwise, where that is not the one before `seq`; else
  // 0: it happened between the two.
  int64_t since_seq = 0;
  std::optional<EntityKey> key;
};

struct FacetHistory {
  std::vector<HistoryPiece> pieces;
  std::vector<HistoryChange> changes;  // by number
  int versions = 0;
};

// The last snapshot before `seq` in which the section was there to be read, where that is not the
// one before `seq`; else 0. What is new at `seq` and told by its section as a whole, as renames
// are, happened between the two.
int64_t GapBefore(const ObjectLife& life, int64_t seq);

// Where a history finds what its rows only name. All are called on the caller's thread.
struct HistorySources {
  ShapeDecoder decode;
  // The bytes of a shape or a coverage.
  std::function<absl::StatusOr<std::string>(const BlobHash&)> blob;
  // The lines of the object's section in a snapshot; no shapes. Asked only where renames lie
  // between two versions.
  std::function<absl::StatusOr<std::shared_ptr<const Section>>(int64_t seq)> lines;
};

// A part of an object whose history is asked for instead of that of the whole.
struct HistoryPart {
  // A change that it does not keep is none. The key is what the object is called after the change.
  std::function<bool(const EntityKey& key, int64_t seq, const v1::PropertyChange& change)> keeps;
  // Bytes of all that a shape, in snapshot `seq`, says of the part: where they are equal in two
  // shapes that were read by running, at one revision and with nothing renamed between them, no
  // change that is kept lies between. Errors are passed on.
  std::function<absl::StatusOr<std::string>(int64_t seq, const ShapeHash& shape)> bytes;
};

// A snapshot belongs to the version before it unless the diff with some snapshot of that version
// says changed, each taken at its own revision, key id and way. `part` may be null: all changes
// count. Cost grows with the rows of the facet, times the states of what is asked for in one
// version. Errors: kDataLoss (a shape or a coverage is damaged), those of `sources`.
absl::StatusOr<FacetHistory> HistoryOf(const ObjectLife& life, v1::Facet facet,
                                       const HistorySources& sources, const HistoryPart* part);

// Why nothing was seen of the line in `piece`, a piece of the history of `life`: "locked",
// "unavailable: connecting: connection refused". Empty where it was seen.
std::string WhyUnseen(const HistoryPiece& piece, const ObjectLife& life);

}  // namespace varve
