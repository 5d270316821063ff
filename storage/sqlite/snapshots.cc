#include "storage/sqlite/snapshots.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "base/zstd.h"
#include "storage/not_found.h"
#include "storage/pending.h"

namespace varve::sqlite {
namespace {

constexpr char kEnvironmentId[] = "SELECT id FROM environment WHERE name = ?1";
constexpr char kSectionId[] = "SELECT id FROM section WHERE name = ?1";
constexpr char kEnvironmentNames[] = "SELECT name FROM environment ORDER BY name";
constexpr char kInstants[] =
    "SELECT seq, taken_at_us, received_at_us, thinned FROM snapshot WHERE environment = ?1"
    " ORDER BY seq";
constexpr char kThinned[] = "SELECT thinned FROM snapshot WHERE environment = ?1 AND seq = ?2";
constexpr char kInstantsFromTheEnd[] =
    "SELECT seq, taken_at_us, received_at_us, thinned FROM snapshot WHERE environment = ?1"
    " ORDER BY seq DESC";
constexpr char kCountKept[] =
    "SELECT count(*) FROM snapshot WHERE environment = ?1 AND thinned = 0";
constexpr char kSnapshot[] =
    "SELECT received_at_us, message FROM snapshot WHERE environment = ?1 AND seq = ?2";
constexpr char kSections[] =
    "SELECT h.message FROM snapshot_section s JOIN section_header h ON h.id = s.header"
    " WHERE s.environment = ?1 AND s.seq = ?2 ORDER BY s.position";
constexpr char kTags[] = "SELECT tag FROM tag WHERE environment = ?1 AND seq = ?2 ORDER BY tag";
constexpr char kLastSeq[] = "SELECT max(seq) FROM snapshot WHERE environment = ?1";
constexpr char kHeads[] =
    "SELECT s.name, h.seq, h.manifest FROM head h JOIN section s ON s.id = h.section"
    " WHERE h.environment = ?1 ORDER BY s.name";
constexpr char kById[] = "SELECT seq FROM snapshot WHERE environment = ?1 AND id = ?2";
constexpr char kSectionHeader[] =
    "SELECT h.message FROM snapshot_section s JOIN section_header h ON h.id = s.header"
    " WHERE s.environment = ?1 AND s.section = ?2 AND s.seq = ?3";
constexpr char kHasBlob[] = "SELECT 1 FROM blob WHERE hash = ?1";
constexpr char kBlob[] = "SELECT zstd FROM blob WHERE hash = ?1";
constexpr char kMeasures[] =
    "SELECT zstd FROM measures WHERE environment = ?1 AND section = ?2 AND seq = ?3";

absl::StatusOr<std::optional<int64_t>> IdByName(Connection& connection, const char* sql,
                                                absl::string_view name) {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(sql));
  row->BindText(0, name);
  VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
  if (!found) return std::nullopt;
  return row->Int64(0);
}

absl::StatusOr<v1::SectionHeader> SectionHeaderAt(const Statement& row, int column) {
  v1::SectionHeader header;
  const absl::string_view bytes = row.Blob(column);
  if (!header.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError("a section's header is damaged; restore from a backup");
  }
  return header;
}

}  // namespace

absl::StatusOr<std::optional<int64_t>> EnvironmentId(Connection& connection,
                                                     absl::string_view name) {
  return IdByName(connection, kEnvironmentId, name);
}

absl::StatusOr<std::optional<int64_t>> SectionId(Connection& connection, absl::string_view name) {
  return IdByName(connection, kSectionId, name);
}

absl::StatusOr<int64_t> ExistingEnvironment(Connection& connection, absl::string_view name) {
  VARVE_ASSIGN_OR_RETURN(const std::optional<int64_t> id, EnvironmentId(connection, name));
  if (id.has_value()) return *id;
  VARVE_ASSIGN_OR_RETURN(const std::vector<std::string> names, EnvironmentNames(connection));
  return NoEnvironment(name, names);
}

absl::StatusOr<std::vector<std::string>> EnvironmentNames(Connection& connection) {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(kEnvironmentNames));
  std::vector<std::string> names;
  while (true) {
    VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
    if (!found) return names;
    names.emplace_back(row->Text(0));
  }
}

absl::StatusOr<std::vector<SnapshotInstant>> SnapshotInstants(Connection& connection,
                                                              int64_t environment) {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(kInstants));
  row->BindInt64(0, environment);
  std::vector<SnapshotInstant> snapshots;
  while (true) {
    VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
    if (!found) return snapshots;
    snapshots.push_back({{row->Int64(0), row->Int64(1), row->Int64(2)}, row->Int64(3) != 0});
  }
}

absl::StatusOr<Timeline> Timeline::Read(Connection& connection, int64_t environment) {
  Timeline timeline;
  VARVE_ASSIGN_OR_RETURN(timeline.snapshots_, SnapshotInstants(connection, environment));
  std::vector<Instant> instants;
  for (const SnapshotInstant& snapshot : timeline.snapshots_) instants.push_back(snapshot.instant);
  timeline.times_ = SnapshotTimes(instants);
  return timeline;
}

int64_t Timeline::TimeOf(int64_t seq) const {
  const auto at = std::lower_bound(snapshots_.begin(), snapshots_.end(), seq,
                                   [](const SnapshotInstant& snapshot, int64_t wanted) {
                                     return snapshot.instant.seq < wanted;
                                   });
  if (at == snapshots_.end() || at->instant.seq != seq) return 0;
  return times_[static_cast<size_t>(at - snapshots_.begin())];
}

absl::Status Timeline::Check(absl::string_view environment_name, int64_t seq) const {
  const std::vector<int64_t> kept = Kept();
  if (std::binary_search(kept.begin(), kept.end(), seq)) return absl::OkStatus();
  std::vector<int64_t> thinned;
  for (const SnapshotInstant& snapshot : snapshots_) {
    if (snapshot.thinned) thinned.push_back(snapshot.instant.seq);
  }
  return NoSnapshot(environment_name, seq, kept, thinned);
}

std::vector<int64_t> Timeline::Kept() const {
  std::vector<int64_t> kept;
  for (const SnapshotInstant& snapshot : snapshots_) {
    if (!snapshot.thinned) kept.push_back(snapshot.instant.seq);
  }
  return kept;
}

absl::Status CheckKept(Connection& connection, absl::string_view environment_name,
                       int64_t environment, int64_t seq) {
  {
    VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(kThinned));
    row->BindInt64(0, environment);
    row->BindInt64(1, seq);
    VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
    if (found && row->Int64(0) == 0) return absl::OkStatus();
  }
  VARVE_ASSIGN_OR_RETURN(const Timeline times, Timeline::Read(connection, environment));
  return times.Check(environment_name, seq);
}

namespace {

absl::StatusOr<SnapshotRow> ReadSnapshotRowAt(Connection& connection, int64_t environment,
                                              int64_t seq, int64_t time_us) {
  SnapshotRow snapshot;
  snapshot.seq = seq;
  snapshot.time_us = time_us;
  const auto prepare = [&](const char* sql) -> absl::StatusOr<Connection::Lease> {
    VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(sql));
    row->BindInt64(0, environment);
    row->BindInt64(1, seq);
    return row;
  };
  VARVE_ASSIGN_OR_RETURN(Connection::Lease head, prepare(kSnapshot));
  VARVE_ASSIGN_OR_RETURN(const bool is_there, head->Step());
  const absl::string_view message = is_there ? head->Blob(1) : "";
  if (!is_there ||
      !snapshot.header.ParseFromArray(message.data(), static_cast<int>(message.size()))) {
    return absl::DataLossError(absl::StrCat("the header of number ", seq, " is damaged"));
  }
  snapshot.received_at_us = head->Int64(0);
  VARVE_ASSIGN_OR_RETURN(Connection::Lease section, prepare(kSections));
  while (true) {
    VARVE_ASSIGN_OR_RETURN(const bool found, section->Step());
    if (!found) break;
    VARVE_ASSIGN_OR_RETURN(*snapshot.header.add_sections(), SectionHeaderAt(*section, 0));
  }
  VARVE_ASSIGN_OR_RETURN(Connection::Lease tag, prepare(kTags));
  while (true) {
    VARVE_ASSIGN_OR_RETURN(const bool found, tag->Step());
    if (!found) return snapshot;
    snapshot.tags.emplace_back(tag->Text(0));
  }
}

}  // namespace

absl::StatusOr<SnapshotRow> ReadSnapshotRow(Connection& connection, int64_t environment,
                                            int64_t seq, const Timeline& times) {
  return ReadSnapshotRowAt(connection, environment, seq, times.TimeOf(seq));
}

absl::StatusOr<std::optional<SnapshotRow>> ReadNewest(Connection& connection, int64_t environment) {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(kInstantsFromTheEnd));
  row->BindInt64(0, environment);
  std::optional<int64_t> newest;
  int64_t later_receipt = std::numeric_limits<int64_t>::max();  // of thinned ones after it
  NewestTime time;
  while (true) {
    VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
    if (!found) break;
    const Instant instant = {row->Int64(0), row->Int64(1), std::min(row->Int64(2), later_receipt)};
    if (!newest.has_value() && row->Int64(3) != 0) {
      later_receipt = instant.received_at_us;
      continue;
    }
    if (!newest.has_value()) newest = instant.seq;
    if (time.Add(instant)) break;
  }
  if (!newest.has_value()) return std::nullopt;
  return ReadSnapshotRowAt(connection, environment, *newest, time.time_us());
}

absl::StatusOr<uint64_t> CountKept(Connection& connection, int64_t environment) {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(kCountKept));
  row->BindInt64(0, environment);
  VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
  return found ? static_cast<uint64_t>(row->Int64(0)) : 0;
}

absl::StatusOr<EnvironmentHead> ReadHead(Connection& connection, int64_t environment) {
  EnvironmentHead head;
  VARVE_ASSIGN_OR_RETURN(Connection::Lease last, connection.Prepare(kLastSeq));
  last->BindInt64(0, environment);
  VARVE_ASSIGN_OR_RETURN(const bool has_last, last->Step());
  if (has_last) head.last_seq = last->Int64(0);
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(kHeads));
  row->BindInt64(0, environment);
  while (true) {
    VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
    if (!found) return head;
    const absl::StatusOr<ManifestHash> manifest = ManifestHash::FromBytes(row->Blob(2));
    if (!manifest.ok()) return absl::DataLossError("a head's manifest is no hash");
    head.sections.emplace_back(std::string(row->Text(0)), Head{row->Int64(1), *manifest});
  }
}

absl::StatusOr<std::optional<int64_t>> FindById(Connection& connection, int64_t environment,
                                                absl::string_view snapshot_id) {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(kById));
  row->BindInt64(0, environment);
  row->BindText(1, snapshot_id);
  VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
  if (!found) return std::nullopt;
  return row->Int64(0);
}

absl::StatusOr<std::optional<v1::SectionHeader>> FindSectionHeader(Connection& connection,
                                                                   int64_t environment,
                                                                   int64_t section, int64_t seq) {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(kSectionHeader));
  row->BindInt64(0, environment);
  row->BindInt64(1, section);
  row->BindInt64(2, seq);
  VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
  if (!found) return std::nullopt;
  return SectionHeaderAt(*row, 0);
}

absl::StatusOr<bool> HasBlob(Connection& connection, const BlobHash& hash) {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(kHasBlob));
  row->BindBlob(0, hash.bytes());
  return row->Step();
}

absl::StatusOr<std::string> ReadBlob(Connection& connection, const BlobHash& hash) {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(kBlob));
  row->BindBlob(0, hash.bytes());
  VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
  if (!found) return absl::NotFoundError(absl::StrCat("no blob ", hash.Hex()));
  const absl::StatusOr<std::string> bytes = Inflated(row->Blob(0), kMaxBlobBytes);
  if (bytes.ok() && HashOf<BlobHash>(*bytes) == hash) return *bytes;
  return absl::DataLossError(absl::StrCat(
      "blob ", hash.Hex(), " is damaged: ",
      bytes.ok() ? absl::string_view("its bytes fail their hash") : bytes.status().message(),
      "; restore from a backup"));
}

absl::StatusOr<std::string> ReadMeasures(Connection& connection, int64_t environment,
                                         int64_t section, int64_t seq) {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(kMeasures));
  row->BindInt64(0, environment);
  row->BindInt64(1, section);
  row->BindInt64(2, seq);
  VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
  return found ? std::string(row->Blob(0)) : std::string();
}

}  // namespace varve::sqlite
