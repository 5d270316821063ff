#include "storage/sqlite/sqlite_store.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "storage/not_found.h"
#include "storage/sqlite/commit.h"
#include "storage/sqlite/file_lock.h"
#include "storage/sqlite/lines.h"
#include "storage/sqlite/lines_apart.h"
#include "storage/sqlite/lives.h"
#include "storage/sqlite/reader_pool.h"
#include "storage/sqlite/schema.h"
#include "storage/sqlite/snapshots.h"
#include "storage/sqlite/writer.h"

namespace varve {
namespace {

using sqlite::Connection;
using sqlite::ReaderPool;
using sqlite::SectionAt;
using sqlite::Timeline;

class SqliteStore : public SnapshotStore {
 public:
  SqliteStore(sqlite::FileLock lock, std::string incarnation, std::unique_ptr<Connection> writes,
              const std::string& path, const SqliteOptions& options)
      : lock_(std::move(lock)),
        incarnation_(std::move(incarnation)),
        writer_(std::move(writes), options.on_broken),
        readers_(path, options.vfs, options.most_readers) {}

  std::string incarnation() const override { return incarnation_; }
  absl::StatusOr<EnvironmentHead> ReadHead(absl::string_view environment) const override;
  absl::StatusOr<std::optional<int64_t>> FindById(absl::string_view environment,
                                                  absl::string_view snapshot_id) const override;
  absl::StatusOr<std::vector<BlobHash>> MissingBlobs(
      absl::Span<const BlobHash> hashes) const override;
  absl::StatusOr<Committed> Commit(const PendingSnapshot& snapshot) override;
  absl::StatusOr<std::vector<std::string>> Environments() const override;
  absl::StatusOr<std::vector<SnapshotRow>> Snapshots(absl::string_view environment,
                                                     uint32_t limit) const override;
  absl::StatusOr<SnapshotRow> NewestSnapshot(absl::string_view environment) const override;
  absl::StatusOr<uint64_t> CountSnapshots(absl::string_view environment) const override;
  absl::StatusOr<SnapshotRow> FindSnapshot(absl::string_view environment,
                                           int64_t seq) const override;
  absl::Status ReadLines(absl::string_view environment, int64_t seq, absl::string_view section,
                         absl::FunctionRef<absl::Status(ReadLine&&)> visit) const override;
  absl::Status ReadFacets(absl::string_view environment, int64_t seq, absl::string_view section,
                          absl::Span<const v1::Facet> facets,
                          absl::FunctionRef<absl::Status(const ReadLine&)> visit) const override;
  absl::StatusOr<LinesApart> ReadLinesApart(const SnapshotAt& before, const SnapshotAt& after,
                                            absl::string_view section) const override;
  absl::StatusOr<std::map<v1::Facet, FingerprintHash>> BesideFingerprints(
      absl::string_view environment, int64_t seq, absl::string_view section) const override;
  absl::StatusOr<std::optional<KnownLine>> KnownBefore(absl::string_view environment,
                                                       absl::string_view section,
                                                       const LineKey& key,
                                                       int64_t seq) const override;
  absl::StatusOr<ObjectLife> ReadLife(absl::string_view environment, absl::string_view section,
                                      const EntityKey& entity, int64_t seq) const override;
  absl::StatusOr<std::vector<TouchedObject>> TouchedObjects(absl::string_view environment,
                                                            int64_t from,
                                                            int64_t to) const override;
  absl::StatusOr<std::string> ReadMeasures(absl::string_view environment, int64_t seq,
                                           absl::string_view section) const override;
  absl::StatusOr<std::string> ReadBlob(const BlobHash& hash) const override;
  absl::StatusOr<int64_t> Tag(absl::string_view environment, int64_t seq,
                              absl::string_view tag) override;
  absl::StatusOr<int64_t> Untag(absl::string_view environment, absl::string_view tag) override;

 private:
  absl::StatusOr<std::vector<ReadLine>> LinesOf(absl::string_view environment, int64_t seq,
                                                absl::string_view section) const;

  sqlite::FileLock lock_;
  const std::string incarnation_;
  sqlite::Writer writer_;  // closes last: only a connection that writes folds the log back
  mutable ReaderPool readers_;
};

// A section of a snapshot: its ids and its header. Errors: kNotFound, naming what there is.
struct FoundSection {
  SectionAt at;
  v1::SectionHeader header;
};
absl::StatusOr<FoundSection> FindSection(Connection& connection, absl::string_view environment,
                                         int64_t environment_id, int64_t seq,
                                         absl::string_view section) {
  VARVE_RETURN_IF_ERROR(sqlite::CheckKept(connection, environment, environment_id, seq));
  VARVE_ASSIGN_OR_RETURN(const std::optional<int64_t> id, sqlite::SectionId(connection, section));
  if (id.has_value()) {
    VARVE_ASSIGN_OR_RETURN(std::optional<v1::SectionHeader> header,
                           sqlite::FindSectionHeader(connection, environment_id, *id, seq));
    if (header.has_value()) return FoundSection{{environment_id, *id}, *std::move(header)};
  }
  VARVE_ASSIGN_OR_RETURN(const Timeline times, Timeline::Read(connection, environment_id));
  VARVE_ASSIGN_OR_RETURN(const SnapshotRow row,
                         sqlite::ReadSnapshotRow(connection, environment_id, seq, times));
  std::vector<std::string> names;
  for (const v1::SectionHeader& header : row.header.sections()) names.push_back(header.name());
  return NoSection(environment, seq, section, names);
}

absl::StatusOr<sqlite::SectionAsOf> FindSide(Connection& connection, const SnapshotAt& side,
                                             absl::string_view section) {
  VARVE_ASSIGN_OR_RETURN(const int64_t id,
                         sqlite::ExistingEnvironment(connection, side.environment));
  VARVE_ASSIGN_OR_RETURN(const FoundSection found,
                         FindSection(connection, side.environment, id, side.seq, section));
  return sqlite::SectionAsOf{found.at, side.seq};
}

absl::StatusOr<EnvironmentHead> SqliteStore::ReadHead(absl::string_view environment) const {
  VARVE_ASSIGN_OR_RETURN(const ReaderPool::Reader reader, readers_.Acquire());
  VARVE_ASSIGN_OR_RETURN(const std::optional<int64_t> id,
                         sqlite::EnvironmentId(*reader, environment));
  if (!id.has_value()) return EnvironmentHead{};
  return sqlite::ReadHead(*reader, *id);
}

absl::StatusOr<std::optional<int64_t>> SqliteStore::FindById(absl::string_view environment,
                                                             absl::string_view snapshot_id) const {
  VARVE_ASSIGN_OR_RETURN(const ReaderPool::Reader reader, readers_.Acquire());
  VARVE_ASSIGN_OR_RETURN(const std::optional<int64_t> id,
                         sqlite::EnvironmentId(*reader, environment));
  if (!id.has_value()) return std::nullopt;
  return sqlite::FindById(*reader, *id, snapshot_id);
}

absl::StatusOr<std::vector<BlobHash>> SqliteStore::MissingBlobs(
    absl::Span<const BlobHash> hashes) const {
  VARVE_ASSIGN_OR_RETURN(const ReaderPool::Reader reader, readers_.Acquire());
  absl::flat_hash_set<BlobHash> asked;
  std::vector<BlobHash> missing;
  for (const BlobHash& hash : hashes) {
    if (!asked.insert(hash).second) continue;
    VARVE_ASSIGN_OR_RETURN(const bool is_there, sqlite::HasBlob(*reader, hash));
    if (!is_there) missing.push_back(hash);
  }
  return missing;
}

absl::StatusOr<SnapshotStore::Committed> SqliteStore::Commit(const PendingSnapshot& snapshot) {
  VARVE_ASSIGN_OR_RETURN(const sqlite::ReadySnapshot ready, sqlite::MakeReady(snapshot));
  Committed committed = {};
  const auto write = [&](Connection& connection) -> absl::Status {
    VARVE_ASSIGN_OR_RETURN(committed, sqlite::WriteSnapshot(connection, incarnation_, ready));
    return absl::OkStatus();
  };
  VARVE_RETURN_IF_ERROR(writer_.Run(write));
  return committed;
}

absl::StatusOr<std::vector<std::string>> SqliteStore::Environments() const {
  VARVE_ASSIGN_OR_RETURN(const ReaderPool::Reader reader, readers_.Acquire());
  return sqlite::EnvironmentNames(*reader);
}

absl::StatusOr<std::vector<SnapshotRow>> SqliteStore::Snapshots(absl::string_view environment,
                                                                uint32_t limit) const {
  VARVE_ASSIGN_OR_RETURN(const ReaderPool::Reader reader, readers_.Acquire());
  VARVE_ASSIGN_OR_RETURN(const int64_t id, sqlite::ExistingEnvironment(*reader, environment));
  VARVE_ASSIGN_OR_RETURN(const Timeline times, Timeline::Read(*reader, id));
  std::vector<int64_t> newest_first = times.Kept();
  std::reverse(newest_first.begin(), newest_first.end());
  std::vector<SnapshotRow> rows;
  for (const int64_t seq : newest_first) {
    if (limit != 0 && rows.size() == limit) break;
    VARVE_ASSIGN_OR_RETURN(SnapshotRow row, sqlite::ReadSnapshotRow(*reader, id, seq, times));
    rows.push_back(std::move(row));
  }
  return rows;
}

absl::StatusOr<SnapshotRow> SqliteStore::NewestSnapshot(absl::string_view environment) const {
  VARVE_ASSIGN_OR_RETURN(const ReaderPool::Reader reader, readers_.Acquire());
  VARVE_ASSIGN_OR_RETURN(const int64_t id, sqlite::ExistingEnvironment(*reader, environment));
  VARVE_ASSIGN_OR_RETURN(std::optional<SnapshotRow> newest, sqlite::ReadNewest(*reader, id));
  if (!newest.has_value()) {
    return absl::NotFoundError(absl::StrCat(environment, " has no snapshot"));
  }
  return *std::move(newest);
}

absl::StatusOr<uint64_t> SqliteStore::CountSnapshots(absl::string_view environment) const {
  VARVE_ASSIGN_OR_RETURN(const ReaderPool::Reader reader, readers_.Acquire());
  VARVE_ASSIGN_OR_RETURN(const int64_t id, sqlite::ExistingEnvironment(*reader, environment));
  return sqlite::CountKept(*reader, id);
}

absl::StatusOr<SnapshotRow> SqliteStore::FindSnapshot(absl::string_view environment,
                                                      int64_t seq) const {
  VARVE_ASSIGN_OR_RETURN(const ReaderPool::Reader reader, readers_.Acquire());
  VARVE_ASSIGN_OR_RETURN(const int64_t id, sqlite::ExistingEnvironment(*reader, environment));
  VARVE_ASSIGN_OR_RETURN(const Timeline times, Timeline::Read(*reader, id));
  VARVE_RETURN_IF_ERROR(times.Check(environment, seq));
  return sqlite::ReadSnapshotRow(*reader, id, seq, times);
}

absl::Status SqliteStore::ReadLines(absl::string_view environment, int64_t seq,
                                    absl::string_view section,
                                    absl::FunctionRef<absl::Status(ReadLine&&)> visit) const {
  // Read whole before the first is shown: a slow visitor must not keep the log from being reset.
  VARVE_ASSIGN_OR_RETURN(std::vector<ReadLine> lines, LinesOf(environment, seq, section));
  for (ReadLine& line : lines) VARVE_RETURN_IF_ERROR(visit(std::move(line)));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<ReadLine>> SqliteStore::LinesOf(absl::string_view environment,
                                                           int64_t seq,
                                                           absl::string_view section) const {
  VARVE_ASSIGN_OR_RETURN(const ReaderPool::Reader reader, readers_.Acquire());
  VARVE_ASSIGN_OR_RETURN(const int64_t id, sqlite::ExistingEnvironment(*reader, environment));
  VARVE_ASSIGN_OR_RETURN(const Timeline times, Timeline::Read(*reader, id));
  VARVE_ASSIGN_OR_RETURN(const FoundSection found,
                         FindSection(*reader, environment, id, seq, section));
  const bool available = found.header.status() != v1::SECTION_STATUS_UNAVAILABLE;
  return sqlite::ReadLinesAsOf(*reader, found.at, seq, available, times);
}

absl::Status SqliteStore::ReadFacets(absl::string_view environment, int64_t seq,
                                     absl::string_view section, absl::Span<const v1::Facet> facets,
                                     absl::FunctionRef<absl::Status(const ReadLine&)> visit) const {
  std::vector<ReadLine> lines;
  {
    VARVE_ASSIGN_OR_RETURN(const ReaderPool::Reader reader, readers_.Acquire());
    VARVE_ASSIGN_OR_RETURN(const int64_t id, sqlite::ExistingEnvironment(*reader, environment));
    VARVE_ASSIGN_OR_RETURN(const FoundSection found,
                           FindSection(*reader, environment, id, seq, section));
    if (found.header.status() == v1::SECTION_STATUS_UNAVAILABLE) return absl::OkStatus();
    VARVE_ASSIGN_OR_RETURN(lines, sqlite::ReadFacetsAsOf(*reader, found.at, seq, facets));
  }
  for (const ReadLine& line : lines) VARVE_RETURN_IF_ERROR(visit(line));
  return absl::OkStatus();
}

absl::StatusOr<LinesApart> SqliteStore::ReadLinesApart(const SnapshotAt& before,
                                                       const SnapshotAt& after,
                                                       absl::string_view section) const {
  VARVE_ASSIGN_OR_RETURN(const ReaderPool::Reader reader, readers_.Acquire());
  VARVE_ASSIGN_OR_RETURN(const sqlite::SectionAsOf a, FindSide(*reader, before, section));
  VARVE_ASSIGN_OR_RETURN(const sqlite::SectionAsOf b, FindSide(*reader, after, section));
  return sqlite::ReadLinesApart(*reader, a, b);
}

absl::StatusOr<std::map<v1::Facet, FingerprintHash>> SqliteStore::BesideFingerprints(
    absl::string_view environment, int64_t seq, absl::string_view section) const {
  VARVE_ASSIGN_OR_RETURN(const ReaderPool::Reader reader, readers_.Acquire());
  VARVE_ASSIGN_OR_RETURN(const int64_t id, sqlite::ExistingEnvironment(*reader, environment));
  VARVE_ASSIGN_OR_RETURN(const std::optional<int64_t> section_id,
                         sqlite::SectionId(*reader, section));
  if (!section_id.has_value()) return std::map<v1::Facet, FingerprintHash>();
  return sqlite::ReadBesideFingerprints(*reader, {id, *section_id}, seq);
}

absl::StatusOr<std::optional<KnownLine>> SqliteStore::KnownBefore(absl::string_view environment,
                                                                  absl::string_view section,
                                                                  const LineKey& key,
                                                                  int64_t seq) const {
  VARVE_ASSIGN_OR_RETURN(const ReaderPool::Reader reader, readers_.Acquire());
  VARVE_ASSIGN_OR_RETURN(const int64_t id, sqlite::ExistingEnvironment(*reader, environment));
  VARVE_ASSIGN_OR_RETURN(const std::optional<int64_t> section_id,
                         sqlite::SectionId(*reader, section));
  if (!section_id.has_value()) return std::nullopt;
  return sqlite::FindKnownBefore(*reader, {id, *section_id}, key, seq);
}

absl::StatusOr<ObjectLife> SqliteStore::ReadLife(absl::string_view environment,
                                                 absl::string_view section, const EntityKey& entity,
                                                 int64_t seq) const {
  VARVE_ASSIGN_OR_RETURN(const ReaderPool::Reader reader, readers_.Acquire());
  VARVE_ASSIGN_OR_RETURN(const int64_t id, sqlite::ExistingEnvironment(*reader, environment));
  VARVE_ASSIGN_OR_RETURN(const std::optional<int64_t> section_id,
                         sqlite::SectionId(*reader, section));
  return sqlite::ReadLife(*reader, {id, section_id.value_or(0)}, entity, seq);
}

absl::StatusOr<std::vector<TouchedObject>> SqliteStore::TouchedObjects(
    absl::string_view environment, int64_t from, int64_t to) const {
  VARVE_ASSIGN_OR_RETURN(const ReaderPool::Reader reader, readers_.Acquire());
  VARVE_ASSIGN_OR_RETURN(const int64_t id, sqlite::ExistingEnvironment(*reader, environment));
  return sqlite::ReadTouched(*reader, id, from, to);
}

absl::StatusOr<std::string> SqliteStore::ReadMeasures(absl::string_view environment, int64_t seq,
                                                      absl::string_view section) const {
  VARVE_ASSIGN_OR_RETURN(const ReaderPool::Reader reader, readers_.Acquire());
  VARVE_ASSIGN_OR_RETURN(const int64_t id, sqlite::ExistingEnvironment(*reader, environment));
  VARVE_ASSIGN_OR_RETURN(const FoundSection found,
                         FindSection(*reader, environment, id, seq, section));
  return sqlite::ReadMeasures(*reader, id, found.at.section, seq);
}

absl::StatusOr<std::string> SqliteStore::ReadBlob(const BlobHash& hash) const {
  VARVE_ASSIGN_OR_RETURN(const ReaderPool::Reader reader, readers_.Acquire());
  return sqlite::ReadBlob(*reader, hash);
}

absl::StatusOr<int64_t> SqliteStore::Tag(absl::string_view environment, int64_t seq,
                                         absl::string_view tag) {
  int64_t previous = 0;
  VARVE_RETURN_IF_ERROR(writer_.Run([&](Connection& connection) -> absl::Status {
    VARVE_ASSIGN_OR_RETURN(previous, sqlite::WriteTag(connection, environment, seq, tag));
    return absl::OkStatus();
  }));
  return previous;
}

absl::StatusOr<int64_t> SqliteStore::Untag(absl::string_view environment, absl::string_view tag) {
  int64_t seq = 0;
  VARVE_RETURN_IF_ERROR(writer_.Run([&](Connection& connection) -> absl::Status {
    VARVE_ASSIGN_OR_RETURN(seq, sqlite::EraseTag(connection, environment, tag));
    return absl::OkStatus();
  }));
  return seq;
}

// The file's own path: through a link two names would be two locks on one database.
std::string RealPath(const std::string& path) {
  char* const real = realpath(path.c_str(), nullptr);
  if (real == nullptr) return path;  // it is not there yet
  std::string result = real;
  free(real);
  return result;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SnapshotStore>> OpenSqliteStore(const std::string& path,
                                                               const SqliteOptions& options) {
  const std::string file = RealPath(path);
  VARVE_ASSIGN_OR_RETURN(sqlite::FileLock lock, sqlite::FileLock::Acquire(file));
  VARVE_ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection,
                         Connection::Open(file, Connection::Access::kWrite, options.vfs));
  VARVE_RETURN_IF_ERROR(sqlite::CheckOwner(*connection));
  VARVE_RETURN_IF_ERROR(connection->PrepareToWrite());
  VARVE_RETURN_IF_ERROR(sqlite::Migrate(*connection));
  VARVE_ASSIGN_OR_RETURN(std::string incarnation, sqlite::ReadIncarnation(*connection));
  return std::make_unique<SqliteStore>(std::move(lock), std::move(incarnation),
                                       std::move(connection), file, options);
}

}  // namespace varve
