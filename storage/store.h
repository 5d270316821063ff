// A SnapshotStore keeps every committed snapshot of every environment, in order, unchanged until
// retention folds it away. Shapes are bytes to it: it keeps them and never looks inside.
//
// Thread safety: all methods may be called from any thread. Readers never wait for the writer.
// Ownership: arguments are borrowed for the call; results belong to the caller.
// Errors, on every method: kUnavailable when the disk or server did not answer (retry later),
// kDataLoss when what was read fails its hash (do not retry).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "snapshot/hash.h"
#include "snapshot/line.h"
#include "snapshot/object_life.h"
#include "snapshot/section.h"
#include "varve/v1/snapshot.pb.h"

namespace varve {

// A section's last manifest in an environment: what "same" and deltas refer to.
struct Head {
  int64_t seq = 0;  // of the last snapshot in which the section was published, "same" included
  ManifestHash manifest;
};

// What the store holds of an environment.
struct EnvironmentHead {
  int64_t last_seq = 0;  // 0: none
  std::vector<std::pair<std::string, Head>> sections;
};

// One section of a snapshot that is to be committed.
struct PendingSection {
  enum class Form {
    kUnavailable,  // the header alone
    kSame,         // the manifest hash of the header is the head's
    kWhole,        // `set` is every line
    kDelta,        // `set` and `dropped` against `base`
  };
  Form form = Form::kUnavailable;
  v1::SectionHeader header;
  std::vector<Line> set;         // sorted by key
  std::vector<LineKey> dropped;  // deltas only
  Head base;                     // deltas only; its incarnation was checked against incarnation()
  std::string measures;          // zstd of serialized v1::Measures; may be empty
};

// A snapshot that is to be committed. The header's sections are those of `sections`, in the same
// order.
struct PendingSnapshot {
  v1::SnapshotHeader header;
  absl::Time received_at;
  std::vector<PendingSection> sections;
  // Blobs (shapes and coverages) that came with it, by hash; hashes are checked before. Those the
  // store has are skipped.
  absl::flat_hash_map<BlobHash, std::string> blobs;
};

// A snapshot's row.
struct SnapshotRow {
  v1::SnapshotHeader header;
  int64_t seq = 0;
  int64_t received_at_us = 0;
  int64_t time_us = 0;  // as it is read: never before its predecessor's, nor after its own or any
                        // successor's receipt
  std::vector<std::string> tags;
};

// What was last known of a line before some snapshot.
struct KnownLine {
  int64_t seq = 0;        // the snapshot in which it was seen, or looked for and not there
  uint32_t revision = 0;  // of its section then
  LineKey key = {};       // its name then: renames are followed
  // Of that snapshot; seen, or static with the weaker read. Nothing: it was not there.
  std::optional<ReadLine> line = {};
};

// A snapshot by its number.
struct SnapshotAt {
  std::string environment;
  int64_t seq = 0;
};

// The entities that two snapshots of one section do not have alike, with all lines of each. By key,
// without what was seen last.
struct LinesApart {
  std::vector<ReadLine> before;
  std::vector<ReadLine> after;
  uint64_t entities_alike = 0;  // how many others there are
};

// An object of which something may have become another in some snapshot.
struct TouchedObject {
  std::string section;
  EntityKey entity;

  friend auto operator<=>(const TouchedObject&, const TouchedObject&) = default;
};

class SnapshotStore {
 public:
  struct Committed {
    int64_t seq;         // position in its environment, counted from 1
    bool already_known;  // this id was committed before; nothing was written
  };

  virtual ~SnapshotStore() = default;

  // Random text that names this life of the store; another after a restore. Never changes while it
  // is open.
  virtual std::string incarnation() const = 0;

  // The heads of an environment; empty with last_seq 0 where nothing was committed.
  virtual absl::StatusOr<EnvironmentHead> ReadHead(absl::string_view environment) const = 0;

  // The number of a snapshot by its id; nothing where the store does not have it.
  virtual absl::StatusOr<std::optional<int64_t>> FindById(absl::string_view environment,
                                                          absl::string_view snapshot_id) const = 0;

  // Returns those of `hashes` whose blob the store does not hold, in the order given, each once.
  virtual absl::StatusOr<std::vector<BlobHash>> MissingBlobs(
      absl::Span<const BlobHash> hashes) const = 0;

  // Adds `snapshot` as the next one of its environment. When this returns OK it is on disk: a power
  // cut afterwards loses nothing. Committing the same id again returns its first number. Errors:
  // kAborted (the head has moved, a delta's base is not the head, a shape is missing by now: begin
  // again with the header), kInvalidArgument (the lines do not hash to the header's manifest hash),
  // kResourceExhausted (disk full; all as before).
  virtual absl::StatusOr<Committed> Commit(const PendingSnapshot& snapshot) = 0;

  // Names of all environments, sorted.
  virtual absl::StatusOr<std::vector<std::string>> Environments() const = 0;

  // The snapshots of an environment, newest first; at most `limit` (0: all).
  // Errors: kNotFound (no such environment; the message names the nearest).
  virtual absl::StatusOr<std::vector<SnapshotRow>> Snapshots(absl::string_view environment,
                                                             uint32_t limit) const = 0;

  // The newest snapshot of an environment. Costs the same however many it has. Errors: kNotFound
  // (no such environment, or it has none).
  virtual absl::StatusOr<SnapshotRow> NewestSnapshot(absl::string_view environment) const = 0;

  // How many snapshots an environment keeps. Errors: kNotFound (no such environment).
  virtual absl::StatusOr<uint64_t> CountSnapshots(absl::string_view environment) const = 0;

  // One snapshot's row. Errors: kNotFound (no such environment or number; the message names the
  // range that exists).
  virtual absl::StatusOr<SnapshotRow> FindSnapshot(absl::string_view environment,
                                                   int64_t seq) const = 0;

  // Calls `visit` with each line of one section of snapshot `seq`, by key. Cost grows with the
  // entities in it, not with history. `visit` may keep the line. An error of it ends the read.
  // Errors: kNotFound (as FindSnapshot; or no such section).
  virtual absl::Status ReadLines(absl::string_view environment, int64_t seq,
                                 absl::string_view section,
                                 absl::FunctionRef<absl::Status(ReadLine&&)> visit) const = 0;

  // The same of some facets alone, and without what was seen last of a line that is unseen: what is
  // compared between environments.
  virtual absl::Status ReadFacets(absl::string_view environment, int64_t seq,
                                  absl::string_view section, absl::Span<const v1::Facet> facets,
                                  absl::FunctionRef<absl::Status(const ReadLine&)> visit) const = 0;

  // What two snapshots do not have alike of one section, which was available in both. An entity is
  // alike where both saw the same lines of it, each with the same shape, way and digest and, in one
  // environment, at the same locator. Cost grows with the rows that the section ever had in both.
  // Errors: kNotFound (as ReadLines).
  virtual absl::StatusOr<LinesApart> ReadLinesApart(const SnapshotAt& before,
                                                    const SnapshotAt& after,
                                                    absl::string_view section) const = 0;

  // What the fingerprints in a section's header leave out, as a hash over all such lines of a
  // facet: those that are unseen, those that were read in another way than by running, and what was
  // masked. A facet without such lines is not there. Sections of two environments of equal
  // revision, coverage and fingerprints that are equal in this too have equal lines, locators
  // aside. Errors: kNotFound (no such environment).
  virtual absl::StatusOr<std::map<v1::Facet, FingerprintHash>> BesideFingerprints(
      absl::string_view environment, int64_t seq, absl::string_view section) const = 0;

  // The newest snapshot before `seq` in which the object that is called `key` in snapshot `seq` was
  // seen, or was looked for and not there; thinned ones count as not looked. Nothing: there is
  // none. For a diff across a gap. Errors: kNotFound (no such environment).
  virtual absl::StatusOr<std::optional<KnownLine>> KnownBefore(absl::string_view environment,
                                                               absl::string_view section,
                                                               const LineKey& key,
                                                               int64_t seq) const = 0;

  // What the store keeps of the object that is called `entity` in snapshot `seq`, up to that
  // snapshot; its renames are followed back. Cost grows with the changes of the object and with the
  // number of snapshots, not with what else is in them. Errors: kNotFound (no such environment).
  virtual absl::StatusOr<ObjectLife> ReadLife(absl::string_view environment,
                                              absl::string_view section, const EntityKey& entity,
                                              int64_t seq) const = 0;

  // The objects of which some snapshot from number `from` to number `to` may tell another than the
  // one before it: by section and key, each once. Those that were there when their section was
  // first read and stayed as they were are left out. Cost grows with the rows that begin and end
  // there. Errors: kNotFound (no such environment).
  virtual absl::StatusOr<std::vector<TouchedObject>> TouchedObjects(absl::string_view environment,
                                                                    int64_t from,
                                                                    int64_t to) const = 0;

  // zstd of serialized v1::Measures of one section of snapshot `seq`; empty where it has none.
  virtual absl::StatusOr<std::string> ReadMeasures(absl::string_view environment, int64_t seq,
                                                   absl::string_view section) const = 0;

  // The bytes of a blob, checked against its hash. Errors: kNotFound.
  virtual absl::StatusOr<std::string> ReadBlob(const BlobHash& hash) const = 0;

  // Tags snapshot `seq`; a tag names one snapshot of its environment and moves when given again.
  // Returns the number that it named before; 0: none. Errors: kNotFound (as FindSnapshot),
  // kInvalidArgument (the tag is empty), kResourceExhausted (disk full).
  virtual absl::StatusOr<int64_t> Tag(absl::string_view environment, int64_t seq,
                                      absl::string_view tag) = 0;

  // Takes a tag away; the snapshot stays. Returns the number that it named. Errors: kNotFound (no
  // such environment or tag; the message names the nearest), kResourceExhausted (disk full).
  virtual absl::StatusOr<int64_t> Untag(absl::string_view environment, absl::string_view tag) = 0;
};

// Reads the section of `header` in snapshot `seq` whole: coverage, lines, shapes and measures.
// Errors: as the methods it calls.
absl::StatusOr<Section> LoadSection(const SnapshotStore& store, absl::string_view environment,
                                    int64_t seq, const v1::SectionHeader& header);

// Reads the measures of a section of snapshot `seq` into `section`, whose header is set. Errors: as
// ReadMeasures; kDataLoss (they are damaged).
absl::Status LoadMeasures(const SnapshotStore& store, absl::string_view environment, int64_t seq,
                          Section& section);

// Reads snapshot `seq` whole: header, coverages, lines, shapes and measures. Errors: as the methods
// it calls.
absl::StatusOr<Snapshot> LoadSnapshot(const SnapshotStore& store, absl::string_view environment,
                                      int64_t seq);

}  // namespace varve
