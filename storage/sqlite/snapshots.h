// Reading all but lines: environments, snapshots, heads, blobs, measures. Every function reads in
// the caller's transaction. Errors on each: those of error.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "snapshot/hash.h"
#include "storage/sqlite/connection.h"
#include "storage/store.h"
#include "storage/times.h"

namespace varve::sqlite {

// The row's id; nothing where there is none.
absl::StatusOr<std::optional<int64_t>> EnvironmentId(Connection& connection,
                                                     absl::string_view name);
absl::StatusOr<std::optional<int64_t>> SectionId(Connection& connection, absl::string_view name);
// Errors: kNotFound, naming the nearest.
absl::StatusOr<int64_t> ExistingEnvironment(Connection& connection, absl::string_view name);

// Names of all environments, sorted.
absl::StatusOr<std::vector<std::string>> EnvironmentNames(Connection& connection);

// All snapshots of an environment by number, thinned ones too.
struct SnapshotInstant {
  Instant instant;
  bool thinned = false;
};
absl::StatusOr<std::vector<SnapshotInstant>> SnapshotInstants(Connection& connection,
                                                              int64_t environment);

// Time of each snapshot of an environment, as it is read.
class Timeline {
 public:
  static absl::StatusOr<Timeline> Read(Connection& connection, int64_t environment);

  // The number's time; 0 where there is no such number.
  int64_t TimeOf(int64_t seq) const;
  // OK where the number is there and kept. Errors: kNotFound, naming what there is.
  absl::Status Check(absl::string_view environment_name, int64_t seq) const;
  // Numbers of the snapshots that are kept, ascending.
  std::vector<int64_t> Kept() const;

 private:
  std::vector<SnapshotInstant> snapshots_;
  std::vector<int64_t> times_;
};

// OK where the number is there and kept; costs the same however many there are. Errors: kNotFound,
// naming what there is.
absl::Status CheckKept(Connection& connection, absl::string_view environment_name,
                       int64_t environment, int64_t seq);

// One snapshot with its sections' headers and tags. It is there.
absl::StatusOr<SnapshotRow> ReadSnapshotRow(Connection& connection, int64_t environment,
                                            int64_t seq, const Timeline& times);

// The newest that is kept; nothing where there is none.
absl::StatusOr<std::optional<SnapshotRow>> ReadNewest(Connection& connection, int64_t environment);

// How many are kept.
absl::StatusOr<uint64_t> CountKept(Connection& connection, int64_t environment);

absl::StatusOr<EnvironmentHead> ReadHead(Connection& connection, int64_t environment);

absl::StatusOr<std::optional<int64_t>> FindById(Connection& connection, int64_t environment,
                                                absl::string_view snapshot_id);

// The header of a section in a snapshot; nothing where that snapshot has no such section.
absl::StatusOr<std::optional<v1::SectionHeader>> FindSectionHeader(Connection& connection,
                                                                   int64_t environment,
                                                                   int64_t section, int64_t seq);

absl::StatusOr<bool> HasBlob(Connection& connection, const BlobHash& hash);
// Errors: kNotFound, kDataLoss (the bytes do not inflate, or fail their hash).
absl::StatusOr<std::string> ReadBlob(Connection& connection, const BlobHash& hash);

// zstd of serialized v1::Measures; empty where there are none.
absl::StatusOr<std::string> ReadMeasures(Connection& connection, int64_t environment,
                                         int64_t section, int64_t seq);

}  // namespace varve::sqlite
