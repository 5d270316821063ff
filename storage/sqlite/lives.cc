#include "storage/sqlite/lives.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/status.h"
#include "storage/name_key.h"
#include "storage/sqlite/rows.h"
#include "storage/sqlite/snapshots.h"
#include "storage/times.h"

namespace varve::sqlite {
namespace {

constexpr char kRenamesUpTo[] =
    "SELECT seq, kind, from_names, to_names FROM rename"
    " WHERE environment = ?1 AND section = ?2 AND seq <= ?3";
constexpr char kEntityId[] = "SELECT id FROM entity WHERE kind = ?1 AND names = ?2";
constexpr char kSectionHeaders[] =
    "SELECT seq, header FROM snapshot_section"
    " WHERE environment = ?1 AND section = ?2 AND seq <= ?3 ORDER BY seq";
constexpr char kHeaderMessage[] = "SELECT message FROM section_header WHERE id = ?1";
constexpr char kVersions[] =
    "SELECT facet, from_seq, to_seq, shape, way, digest, key_id, locator FROM version"
    " WHERE environment = ?1 AND section = ?2 AND entity = ?3 AND from_seq <= ?4"
    " ORDER BY facet, from_seq";
constexpr char kUnseen[] =
    "SELECT facet, from_seq, to_seq, shape, way, digest, key_id, locator, reason FROM unseen"
    " WHERE environment = ?1 AND section = ?2 AND entity = ?3 AND from_seq <= ?4"
    " ORDER BY facet, from_seq";
constexpr int kSeenAt = 3;

std::optional<int64_t> EndAt(const Statement& row) {
  return row.IsNull(2) ? std::nullopt : std::make_optional(row.Int64(2));
}

// Headers by id, each read once.
class Headers {
 public:
  explicit Headers(Connection& connection) : connection_(connection) {}

  absl::StatusOr<const v1::SectionHeader*> Read(int64_t id) {
    const auto known = headers_.find(id);
    if (known != headers_.end()) return &known->second;
    VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection_.Prepare(kHeaderMessage));
    row->BindInt64(0, id);
    VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
    v1::SectionHeader& header = headers_[id];
    if (!found || !header.ParseFromString(std::string(row->Blob(0)))) {
      return absl::DataLossError("a section's header is damaged; restore from a backup");
    }
    return &header;
  }

 private:
  Connection& connection_;
  absl::flat_hash_map<int64_t, v1::SectionHeader> headers_;
};

// By number: the id of the section's header. Numbers without it do not have the section.
absl::StatusOr<std::map<int64_t, int64_t>> HeaderIds(Connection& connection, const SectionAt& at,
                                                     int64_t seq) {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(kSectionHeaders));
  row->BindInt64(0, at.environment);
  row->BindInt64(1, at.section);
  row->BindInt64(2, seq);
  std::map<int64_t, int64_t> ids;
  while (true) {
    VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
    if (!found) return ids;
    ids.emplace_hint(ids.end(), row->Int64(0), row->Int64(1));
  }
}

bool SayTheSame(const std::optional<v1::SectionHeader>& a, const v1::SectionHeader* b) {
  if (!a.has_value() || b == nullptr) return a.has_value() == (b != nullptr);
  return a->status() == b->status() && a->revision() == b->revision() &&
         a->coverage_hash() == b->coverage_hash();
}

absl::Status ReadRuns(Connection& connection, const SectionAt& at, int64_t seq, ObjectLife& life) {
  VARVE_ASSIGN_OR_RETURN(const std::vector<SnapshotInstant> snapshots,
                         SnapshotInstants(connection, at.environment));
  VARVE_ASSIGN_OR_RETURN(const auto ids, HeaderIds(connection, at, seq));
  Headers headers(connection);
  auto id = ids.begin();
  std::vector<Instant> instants;
  for (const SnapshotInstant& snapshot : snapshots) instants.push_back(snapshot.instant);
  life.times_us = SnapshotTimes(instants);  // a successor's receipt bounds it, also one after `seq`
  for (const SnapshotInstant& snapshot : snapshots) {
    const int64_t number = snapshot.instant.seq;
    if (number > seq) break;
    life.numbers.push_back(number);
    const v1::SectionHeader* header = nullptr;
    if (id != ids.end() && id->first == number) {
      VARVE_ASSIGN_OR_RETURN(header, headers.Read((id++)->second));
    }
    if (!life.runs.empty() && life.runs.back().thinned == snapshot.thinned &&
        SayTheSame(life.runs.back().header, header)) {
      life.runs.back().to_seq = number;
      continue;
    }
    SectionRun& run = life.runs.emplace_back();
    run.from_seq = run.to_seq = number;
    run.thinned = snapshot.thinned;
    if (header != nullptr) run.header = *header;
  }
  life.times_us.resize(life.numbers.size());
  return absl::OkStatus();
}

absl::Status ReadRows(Connection& connection, const SectionAt& at, int64_t seq, NameLife& name) {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease id, connection.Prepare(kEntityId));
  const std::string names = EncodeNames(name.key->names);
  id->BindText(0, name.key->kind);
  id->BindBlob(1, names);
  VARVE_ASSIGN_OR_RETURN(const bool is_entity, id->Step());
  if (!is_entity) return absl::OkStatus();
  const auto prepare = [&](const char* sql) -> absl::StatusOr<Connection::Lease> {
    VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(sql));
    row->BindInt64(0, at.environment);
    row->BindInt64(1, at.section);
    row->BindInt64(2, id->Int64(0));
    row->BindInt64(3, seq);
    return row;
  };
  VARVE_ASSIGN_OR_RETURN(Connection::Lease version, prepare(kVersions));
  while (true) {
    VARVE_ASSIGN_OR_RETURN(const bool found, version->Step());
    if (!found) break;
    VARVE_ASSIGN_OR_RETURN(std::optional<Seen> seen, SeenAt(*version, kSeenAt));
    name.facets[static_cast<v1::Facet>(version->Int64(0))].versions.push_back(
        {version->Int64(1), EndAt(*version), *std::move(seen)});
  }
  VARVE_ASSIGN_OR_RETURN(Connection::Lease unseen, prepare(kUnseen));
  while (true) {
    VARVE_ASSIGN_OR_RETURN(const bool found, unseen->Step());
    if (!found) return absl::OkStatus();
    VARVE_ASSIGN_OR_RETURN(std::optional<Seen> weaker, SeenAt(*unseen, kSeenAt));
    name.facets[static_cast<v1::Facet>(unseen->Int64(0))].unseen.push_back(
        {unseen->Int64(1), EndAt(*unseen),
         static_cast<v1::Sight>(unseen->Int64(kSeenAt + kSeenColumns)), std::move(weaker)});
  }
}

// The names of the object, the newest first.
std::vector<NameLife> NamesOf(const EntityKey& entity,
                              const std::map<int64_t, RenameMap>& renames) {
  std::vector<NameLife> names(1);
  names.back().key = entity;
  for (auto step = renames.rbegin(); step != renames.rend(); ++step) {
    const EntityKey now = *names.back().key;
    std::optional<RenameMap::Names> before = step->second.CommonOfA(now.names, now.kind);
    if (before == now.names) continue;
    names.back().from_seq = step->first;
    NameLife& earlier = names.emplace_back();
    if (!before.has_value()) return names;
    earlier.key = EntityKey{now.kind, *std::move(before)};
  }
  return names;
}

}  // namespace

absl::StatusOr<std::map<int64_t, RenameMap>> ReadRenames(Connection& connection,
                                                         const SectionAt& at, int64_t seq) {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(kRenamesUpTo));
  row->BindInt64(0, at.environment);
  row->BindInt64(1, at.section);
  row->BindInt64(2, seq);
  std::map<int64_t, std::vector<Renamed>> pairs;
  while (true) {
    VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
    if (!found) break;
    VARVE_ASSIGN_OR_RETURN(std::vector<std::string> from, DecodeNames(row->Blob(2)));
    VARVE_ASSIGN_OR_RETURN(std::vector<std::string> to, DecodeNames(row->Blob(3)));
    pairs[row->Int64(0)].push_back({std::string(row->Text(1)), std::move(to), std::move(from)});
  }
  std::map<int64_t, RenameMap> renames;
  for (auto& [number, of_number] : pairs) renames.emplace(number, std::move(of_number));
  return renames;
}

absl::StatusOr<ObjectLife> ReadLife(Connection& connection, const SectionAt& at,
                                    const EntityKey& entity, int64_t seq) {
  ObjectLife life;
  VARVE_RETURN_IF_ERROR(ReadRuns(connection, at, seq, life));
  VARVE_ASSIGN_OR_RETURN(life.renames, ReadRenames(connection, at, seq));
  life.names = NamesOf(entity, life.renames);
  for (NameLife& name : life.names) {
    if (name.key.has_value()) VARVE_RETURN_IF_ERROR(ReadRows(connection, at, seq, name));
  }
  return life;
}

}  // namespace varve::sqlite
