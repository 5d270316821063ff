#include "storage/sqlite/commit.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/nearest.h"
#include "base/status.h"
#include "base/zstd.h"
#include "storage/apply.h"
#include "storage/pending.h"
#include "storage/sqlite/lines.h"
#include "storage/sqlite/row_writer.h"
#include "storage/sqlite/snapshots.h"

namespace varve::sqlite {
namespace {

using Form = PendingSection::Form;

constexpr char kAddEnvironment[] = "INSERT INTO environment(name) VALUES (?1)";
constexpr char kAddSection[] = "INSERT INTO section(name) VALUES (?1)";
constexpr char kNumbers[] =
    "SELECT floor, coalesce((SELECT max(seq) FROM snapshot WHERE environment = ?1), 0)"
    " FROM environment WHERE id = ?1";
constexpr char kRaiseFloor[] = "UPDATE environment SET floor = ?2 WHERE id = ?1";
constexpr char kHeads[] =
    "SELECT s.name, h.section, h.seq, h.manifest FROM head h JOIN section s ON s.id = h.section"
    " WHERE h.environment = ?1";
constexpr char kSetHead[] =
    "INSERT INTO head(environment, section, seq, manifest) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT DO UPDATE SET seq = ?3, manifest = ?4";
constexpr char kDropHead[] = "DELETE FROM head WHERE environment = ?1 AND section = ?2";
constexpr char kAddBlob[] = "INSERT INTO blob(hash, zstd) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
constexpr char kAddSnapshot[] =
    "INSERT INTO snapshot(environment, seq, id, taken_at_us, received_at_us, message)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
constexpr char kFindHeader[] = "SELECT id FROM section_header WHERE hash = ?1";
constexpr char kAddHeader[] =
    "INSERT INTO section_header(hash, coverage, message) VALUES (?1, ?2, ?3)";
constexpr char kAddSnapshotSection[] =
    "INSERT INTO snapshot_section(environment, seq, position, section, available, header)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
constexpr char kAddMeasures[] =
    "INSERT INTO measures(environment, section, seq, zstd) VALUES (?1, ?2, ?3, ?4)";
constexpr char kTagged[] = "SELECT seq FROM tag WHERE environment = ?1 AND tag = ?2";
constexpr char kTagNames[] = "SELECT tag FROM tag WHERE environment = ?1 ORDER BY tag";
constexpr char kEraseTag[] = "DELETE FROM tag WHERE environment = ?1 AND tag = ?2";
constexpr char kSetTag[] =
    "INSERT INTO tag(environment, tag, seq) VALUES (?1, ?2, ?3)"
    " ON CONFLICT DO UPDATE SET seq = ?3";

// A section's last manifest and the id of its row.
struct StoredHead {
  int64_t section = 0;
  Head head;
};

// The id of the row that has this name, which is added where there is none.
absl::StatusOr<int64_t> FindOrAdd(Connection& connection, const std::optional<int64_t>& found,
                                  const char* add, absl::string_view name) {
  if (found.has_value()) return *found;
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(add));
  row->BindText(0, name);
  VARVE_RETURN_IF_ERROR(row->Run());
  return sqlite3_last_insert_rowid(connection.db());
}

absl::Status HeadMoved(absl::string_view why) {
  return absl::AbortedError(absl::StrCat(why, "; begin again with the header"));
}

// One snapshot on its way into the tables.
class SnapshotWriter {
 public:
  SnapshotWriter(Connection& connection, const std::string& incarnation, const ReadySnapshot& ready)
      : connection_(connection), incarnation_(incarnation), ready_(ready) {}

  absl::StatusOr<SnapshotStore::Committed> Write();

 private:
  const PendingSnapshot& pending() const { return ready_.pending; }

  absl::Status AssignNumber();
  absl::Status ReadHeads();
  absl::Status WriteSnapshotRow();
  absl::Status WriteSection(const PendingSection& section, int64_t position);
  absl::Status WriteSectionRows(const PendingSection& section, const SectionAt& at,
                                int64_t position);
  absl::Status WriteManifest(const PendingSection& section, const SectionAt& at);
  absl::Status CheckSame(const PendingSection& section) const;
  absl::StatusOr<std::vector<Line>> LinesOf(const PendingSection& section,
                                            const std::vector<StoredOpenLine>& stored) const;
  absl::Status WriteBlobs(const PendingSection& section);
  absl::Status WriteBlob(const BlobHash& hash);
  absl::StatusOr<v1::Coverage> CoverageOf(const PendingSection& section);
  absl::StatusOr<int64_t> HeaderId(const v1::SectionHeader& header);
  absl::Status CloseTakenOut();

  Connection& connection_;
  const std::string& incarnation_;
  const ReadySnapshot& ready_;
  int64_t environment_ = 0;
  int64_t last_seq_ = 0;  // of the snapshot before; 0: none
  int64_t seq_ = 0;
  absl::flat_hash_map<std::string, StoredHead> heads_;
};

absl::StatusOr<SnapshotStore::Committed> SnapshotWriter::Write() {
  const std::string& name = pending().header.environment();
  VARVE_ASSIGN_OR_RETURN(const std::optional<int64_t> found, EnvironmentId(connection_, name));
  VARVE_ASSIGN_OR_RETURN(environment_, FindOrAdd(connection_, found, kAddEnvironment, name));
  VARVE_ASSIGN_OR_RETURN(const std::optional<int64_t> already,
                         FindById(connection_, environment_, pending().header.snapshot_id()));
  if (already.has_value()) return SnapshotStore::Committed{*already, true};
  VARVE_RETURN_IF_ERROR(AssignNumber());
  VARVE_RETURN_IF_ERROR(ReadHeads());
  VARVE_RETURN_IF_ERROR(WriteSnapshotRow());
  for (size_t i = 0; i < pending().sections.size(); ++i) {
    const PendingSection& section = pending().sections[i];
    VARVE_RETURN_IF_ERROR(Annotate(WriteSection(section, static_cast<int64_t>(i)),
                                   absl::StrCat("section ", section.header.name())));
  }
  VARVE_RETURN_IF_ERROR(CloseTakenOut());
  return SnapshotStore::Committed{seq_, false};
}

// The next number, past all that its agent was ever acknowledged: a store that was restored from a
// backup must not give a number twice.
absl::Status SnapshotWriter::AssignNumber() {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection_.Prepare(kNumbers));
  row->BindInt64(0, environment_);
  VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
  if (!found) return absl::InternalError("the environment's row is gone");
  int64_t floor = row->Int64(0);
  last_seq_ = row->Int64(1);
  const v1::SnapshotHeader& header = pending().header;
  if (header.has_acknowledged() && header.acknowledged().incarnation() != incarnation_ &&
      header.acknowledged().seq() > floor) {
    floor = header.acknowledged().seq();
    VARVE_ASSIGN_OR_RETURN(Connection::Lease raise, connection_.Prepare(kRaiseFloor));
    raise->BindInt64(0, environment_);
    raise->BindInt64(1, floor);
    VARVE_RETURN_IF_ERROR(raise->Run());
  }
  seq_ = std::max(last_seq_, floor) + 1;
  return absl::OkStatus();
}

absl::Status SnapshotWriter::ReadHeads() {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection_.Prepare(kHeads));
  row->BindInt64(0, environment_);
  while (true) {
    VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
    if (!found) return absl::OkStatus();
    const absl::StatusOr<ManifestHash> manifest = ManifestHash::FromBytes(row->Blob(3));
    if (!manifest.ok()) return absl::DataLossError("a head's manifest is no hash");
    heads_[std::string(row->Text(0))] = {row->Int64(1), {row->Int64(2), *manifest}};
  }
}

absl::Status SnapshotWriter::WriteSnapshotRow() {
  v1::SnapshotHeader header = pending().header;
  header.clear_sections();  // they have rows of their own
  const std::string message = header.SerializeAsString();
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection_.Prepare(kAddSnapshot));
  row->BindInt64(0, environment_);
  row->BindInt64(1, seq_);
  row->BindText(2, header.snapshot_id());
  row->BindInt64(3, header.taken_at_us());
  row->BindInt64(4, absl::ToUnixMicros(pending().received_at));
  row->BindBlob(5, message);
  return row->Run();
}

absl::Status SnapshotWriter::WriteSection(const PendingSection& section, int64_t position) {
  const std::string& name = section.header.name();
  VARVE_ASSIGN_OR_RETURN(const std::optional<int64_t> found, SectionId(connection_, name));
  VARVE_ASSIGN_OR_RETURN(const int64_t id, FindOrAdd(connection_, found, kAddSection, name));
  const SectionAt at = {environment_, id};
  if (section.form == Form::kSame) VARVE_RETURN_IF_ERROR(CheckSame(section));
  if (section.form == Form::kWhole || section.form == Form::kDelta) {
    VARVE_RETURN_IF_ERROR(WriteManifest(section, at));
  }
  return WriteSectionRows(section, at, position);
}

// What every section of a snapshot costs, the unchanged one nothing else: its header's row, its
// head, its measures.
absl::Status SnapshotWriter::WriteSectionRows(const PendingSection& section, const SectionAt& at,
                                              int64_t position) {
  const bool available = section.form != Form::kUnavailable;
  VARVE_ASSIGN_OR_RETURN(const int64_t header, HeaderId(section.header));
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection_.Prepare(kAddSnapshotSection));
  row->BindInt64(0, at.environment);
  row->BindInt64(1, seq_);
  row->BindInt64(2, position);
  row->BindInt64(3, at.section);
  row->BindInt64(4, available ? 1 : 0);
  row->BindInt64(5, header);
  VARVE_RETURN_IF_ERROR(row->Run());
  if (!section.measures.empty()) {
    VARVE_ASSIGN_OR_RETURN(Connection::Lease measures, connection_.Prepare(kAddMeasures));
    measures->BindInt64(0, at.environment);
    measures->BindInt64(1, at.section);
    measures->BindInt64(2, seq_);
    measures->BindBlob(3, section.measures);
    VARVE_RETURN_IF_ERROR(measures->Run());
  }
  if (!available) return absl::OkStatus();  // its head stays what it was
  VARVE_ASSIGN_OR_RETURN(Connection::Lease head, connection_.Prepare(kSetHead));
  head->BindInt64(0, at.environment);
  head->BindInt64(1, at.section);
  head->BindInt64(2, seq_);
  head->BindBlob(3, section.header.manifest_hash());
  return head->Run();
}

absl::Status SnapshotWriter::CheckSame(const PendingSection& section) const {
  const v1::SectionHeader& header = section.header;
  const auto head = heads_.find(header.name());
  if (head == heads_.end() || head->second.head.manifest.bytes() != header.manifest_hash()) {
    return HeadMoved("its manifest is not the head");
  }
  VARVE_ASSIGN_OR_RETURN(
      const std::optional<v1::SectionHeader> known,
      FindSectionHeader(connection_, environment_, head->second.section, head->second.head.seq));
  if (!known.has_value()) return absl::DataLossError("the head's header is missing");
  // Equal manifests have equal lines, so whoever says otherwise has a wrong hash somewhere.
  const auto facts = [](v1::SectionHeader full) {
    v1::SectionHeader of_lines;
    of_lines.set_revision(full.revision());
    of_lines.set_coverage_hash(full.coverage_hash());
    of_lines.mutable_fingerprints()->Swap(full.mutable_fingerprints());
    return of_lines.SerializeAsString();
  };
  if (facts(*known) == facts(header)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "its manifest is the head's, but its revision, coverage or fingerprints are not");
}

absl::Status SnapshotWriter::WriteManifest(const PendingSection& section, const SectionAt& at) {
  VARVE_ASSIGN_OR_RETURN(const std::vector<StoredOpenLine> stored, ReadOpenLines(connection_, at));
  VARVE_ASSIGN_OR_RETURN(const std::vector<Line> lines, LinesOf(section, stored));
  VARVE_RETURN_IF_ERROR(WriteBlobs(section));
  VARVE_ASSIGN_OR_RETURN(const v1::Coverage coverage, CoverageOf(section));
  std::vector<OpenLine> open;
  open.reserve(stored.size());
  for (const StoredOpenLine& line : stored) open.push_back(line.line);
  return WriteChanges(connection_, at, seq_, last_seq_, stored, Decide(open, lines, coverage));
}

// All lines of the section. A whole manifest was checked before; a delta can be only now.
absl::StatusOr<std::vector<Line>> SnapshotWriter::LinesOf(
    const PendingSection& section, const std::vector<StoredOpenLine>& stored) const {
  if (section.form == Form::kWhole) return section.set;
  const auto head = heads_.find(section.header.name());
  if (head == heads_.end() || head->second.head.seq != section.base.seq ||
      head->second.head.manifest != section.base.manifest) {
    return HeadMoved("its delta's base is not the head");
  }
  std::vector<OpenLine> open;
  for (const StoredOpenLine& line : stored) open.push_back(line.line);
  VARVE_ASSIGN_OR_RETURN(std::vector<Line> lines,
                         ApplyDelta(SentLines(open), section.set, section.dropped));
  VARVE_RETURN_IF_ERROR(CheckManifest(section.header, lines));
  return lines;
}

// Keeps what came and is not there; what is neither is missing by now.
absl::Status SnapshotWriter::WriteBlobs(const PendingSection& section) {
  absl::flat_hash_set<BlobHash> written;
  const auto write = [&](absl::string_view bytes) -> absl::Status {
    VARVE_ASSIGN_OR_RETURN(const BlobHash hash, BlobHash::FromBytes(bytes));
    return written.insert(hash).second ? WriteBlob(hash) : absl::OkStatus();
  };
  for (const Line& line : section.set) {
    if (line.seen.has_value()) VARVE_RETURN_IF_ERROR(write(line.seen->shape.bytes()));
  }
  return write(section.header.coverage_hash());
}

absl::Status SnapshotWriter::WriteBlob(const BlobHash& hash) {
  const auto frame = ready_.frames.find(hash);
  if (frame != ready_.frames.end()) {
    VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection_.Prepare(kAddBlob));
    row->BindBlob(0, hash.bytes());
    row->BindBlob(1, frame->second);
    return row->Run();
  }
  VARVE_ASSIGN_OR_RETURN(const bool is_there, HasBlob(connection_, hash));
  return is_there ? absl::OkStatus()
                  : HeadMoved(absl::StrCat("blob ", hash.Short(), " is missing"));
}

absl::StatusOr<v1::Coverage> SnapshotWriter::CoverageOf(const PendingSection& section) {
  VARVE_ASSIGN_OR_RETURN(const BlobHash hash, BlobHash::FromBytes(section.header.coverage_hash()));
  const auto came = pending().blobs.find(hash);
  std::string bytes;
  if (came != pending().blobs.end()) {
    bytes = came->second;
  } else {
    VARVE_ASSIGN_OR_RETURN(bytes, ReadBlob(connection_, hash));
  }
  v1::Coverage coverage;
  if (coverage.ParseFromString(bytes)) return coverage;
  return absl::InvalidArgumentError(absl::StrCat("its coverage ", hash.Short(), " does not parse"));
}

absl::StatusOr<int64_t> SnapshotWriter::HeaderId(const v1::SectionHeader& header) {
  const std::string message = header.SerializeAsString();
  const BlobHash hash = HashOf<BlobHash>(message);
  VARVE_ASSIGN_OR_RETURN(Connection::Lease find, connection_.Prepare(kFindHeader));
  find->BindBlob(0, hash.bytes());
  VARVE_ASSIGN_OR_RETURN(const bool found, find->Step());
  if (found) return find->Int64(0);
  VARVE_ASSIGN_OR_RETURN(Connection::Lease add, connection_.Prepare(kAddHeader));
  add->BindBlob(0, hash.bytes());
  add->BindBlob(1, header.coverage_hash());
  add->BindBlob(2, message);
  VARVE_RETURN_IF_ERROR(add->Run());
  return sqlite3_last_insert_rowid(connection_.db());
}

// A section with rows and without a place in the header was taken out of the configuration. What
// has open rows has a head, so the heads are all that could have been.
absl::Status SnapshotWriter::CloseTakenOut() {
  absl::flat_hash_set<absl::string_view> here;
  for (const PendingSection& section : pending().sections) here.insert(section.header.name());
  for (const auto& [name, stored] : heads_) {
    if (here.contains(name)) continue;
    const SectionAt at = {environment_, stored.section};
    VARVE_ASSIGN_OR_RETURN(const std::vector<StoredOpenLine> lines, ReadOpenLines(connection_, at));
    std::vector<OpenLine> open;
    for (const StoredOpenLine& line : lines) open.push_back(line.line);
    VARVE_RETURN_IF_ERROR(WriteChanges(connection_, at, seq_, last_seq_, lines, CloseAll(open)));
    VARVE_ASSIGN_OR_RETURN(Connection::Lease drop, connection_.Prepare(kDropHead));
    drop->BindInt64(0, environment_);
    drop->BindInt64(1, stored.section);
    VARVE_RETURN_IF_ERROR(drop->Run());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ReadySnapshot> MakeReady(const PendingSnapshot& pending) {
  VARVE_RETURN_IF_ERROR(CheckPending(pending));
  ReadySnapshot ready = {.pending = pending};
  for (const auto& [hash, bytes] : pending.blobs) ready.frames[hash] = Compressed(bytes);
  return ready;
}

absl::StatusOr<SnapshotStore::Committed> WriteSnapshot(Connection& connection,
                                                       const std::string& incarnation,
                                                       const ReadySnapshot& ready) {
  return SnapshotWriter(connection, incarnation, ready).Write();
}

namespace {

// The number that a tag of an environment names; 0: none.
absl::StatusOr<int64_t> TaggedNumber(Connection& connection, int64_t environment,
                                     absl::string_view tag) {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(kTagged));
  row->BindInt64(0, environment);
  row->BindText(1, tag);
  VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
  return found ? row->Int64(0) : 0;
}

absl::StatusOr<std::vector<std::string>> TagNames(Connection& connection, int64_t environment) {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(kTagNames));
  row->BindInt64(0, environment);
  std::vector<std::string> names;
  while (true) {
    VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
    if (!found) return names;
    names.emplace_back(row->Text(0));
  }
}

}  // namespace

absl::StatusOr<int64_t> WriteTag(Connection& connection, absl::string_view environment, int64_t seq,
                                 absl::string_view tag) {
  if (tag.empty())
    return absl::InvalidArgumentError("the tag is empty; write for example release-1.4");
  VARVE_ASSIGN_OR_RETURN(const int64_t id, ExistingEnvironment(connection, environment));
  VARVE_ASSIGN_OR_RETURN(const Timeline times, Timeline::Read(connection, id));
  VARVE_RETURN_IF_ERROR(times.Check(environment, seq));
  VARVE_ASSIGN_OR_RETURN(const int64_t previous, TaggedNumber(connection, id, tag));
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(kSetTag));
  row->BindInt64(0, id);
  row->BindText(1, tag);
  row->BindInt64(2, seq);
  VARVE_RETURN_IF_ERROR(row->Run());
  return previous;
}

absl::StatusOr<int64_t> EraseTag(Connection& connection, absl::string_view environment,
                                 absl::string_view tag) {
  VARVE_ASSIGN_OR_RETURN(const int64_t id, ExistingEnvironment(connection, environment));
  VARVE_ASSIGN_OR_RETURN(const int64_t seq, TaggedNumber(connection, id, tag));
  if (seq == 0) {
    VARVE_ASSIGN_OR_RETURN(const std::vector<std::string> names, TagNames(connection, id));
    return absl::NotFoundError(absl::StrCat(
        environment, " has no tag '", tag, "'; ",
        names.empty() ? "it has none" : absl::StrCat("nearest is ", NearestName(tag, names)),
        " (varve log ", environment, " lists them)"));
  }
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(kEraseTag));
  row->BindInt64(0, id);
  row->BindText(1, tag);
  VARVE_RETURN_IF_ERROR(row->Run());
  return seq;
}

}  // namespace varve::sqlite
