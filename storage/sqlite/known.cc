// FindKnownBefore: backwards from a number to the first snapshot that knows something of a line.
#include <map>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/status.h"
#include "snapshot/kinds.h"
#include "snapshot/rename_map.h"
#include "storage/name_key.h"
#include "storage/sqlite/lines.h"
#include "storage/sqlite/rows.h"

namespace varve::sqlite {
namespace {

constexpr char kSnapshotsBefore[] = R"(
  SELECT s.seq, s.thinned, p.available, p.header
  FROM snapshot s LEFT JOIN snapshot_section p
    ON p.environment = s.environment AND p.section = ?2 AND p.seq = s.seq
  WHERE s.environment = ?1 AND s.seq < ?3 ORDER BY s.seq DESC)";
constexpr char kRenamesUpTo[] =
    "SELECT seq, kind, from_names, to_names FROM rename"
    " WHERE environment = ?1 AND section = ?2 AND seq <= ?3";
constexpr char kEntityId[] = "SELECT id FROM entity WHERE kind = ?1 AND names = ?2";
constexpr char kVersionAsOf[] = R"(
  SELECT to_seq, shape, way, digest, key_id, locator FROM version
  WHERE environment = ?1 AND section = ?2 AND entity = ?3 AND facet = ?4 AND from_seq <= ?5
  ORDER BY from_seq DESC LIMIT 1)";
constexpr char kUnseenAsOf[] = R"(
  SELECT to_seq, shape, way, digest, key_id, locator, reason, sent FROM unseen
  WHERE environment = ?1 AND section = ?2 AND entity = ?3 AND facet = ?4 AND from_seq <= ?5
  ORDER BY from_seq DESC LIMIT 1)";
constexpr char kHeaderMessage[] = "SELECT message FROM section_header WHERE id = ?1";

// By number: what its snapshot's new names were called before.
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

// The search for one line: its name at the number reached, and what was read on the way.
class Search {
 public:
  Search(Connection& connection, const SectionAt& at) : connection_(connection), at_(at) {}

  // What snapshot `seq` of header `header` knows of `key`; nothing where it knows nothing.
  absl::StatusOr<std::optional<KnownLine>> Look(const LineKey& key, int64_t seq, int64_t header,
                                                bool thinned);

 private:
  struct Header {
    uint32_t revision = 0;
    v1::Coverage coverage;
  };
  absl::StatusOr<const Header*> ReadHeader(int64_t id);
  absl::StatusOr<std::optional<ReadLine>> ReadLineAsOf(const LineKey& key, int64_t seq);

  Connection& connection_;
  SectionAt at_;
  absl::flat_hash_map<int64_t, Header> headers_;
};

absl::StatusOr<const Search::Header*> Search::ReadHeader(int64_t id) {
  const auto known = headers_.find(id);
  if (known != headers_.end()) return &known->second;
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection_.Prepare(kHeaderMessage));
  row->BindInt64(0, id);
  VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
  v1::SectionHeader message;
  if (!found || !message.ParseFromString(std::string(row->Blob(0)))) {
    return absl::DataLossError("a section's header is damaged; restore from a backup");
  }
  VARVE_ASSIGN_OR_RETURN(const BlobHash hash, BlobHash::FromBytes(message.coverage_hash()));
  VARVE_ASSIGN_OR_RETURN(const std::string bytes, ReadBlob(connection_, hash));
  Header& header = headers_[id];
  header.revision = message.revision();
  if (!header.coverage.ParseFromString(bytes)) {
    return absl::DataLossError(absl::StrCat("coverage ", hash.Short(), " does not parse"));
  }
  return &header;
}

// The line, whether it was seen or not; nothing where no row holds.
absl::StatusOr<std::optional<ReadLine>> Search::ReadLineAsOf(const LineKey& key, int64_t seq) {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease id, connection_.Prepare(kEntityId));
  const std::string names = EncodeNames(key.entity.names);
  id->BindText(0, key.entity.kind);
  id->BindBlob(1, names);
  VARVE_ASSIGN_OR_RETURN(const bool is_entity, id->Step());
  if (!is_entity) return std::nullopt;
  const int64_t entity = id->Int64(0);
  const auto holding = [&](const char* sql) -> absl::StatusOr<std::optional<Connection::Lease>> {
    VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection_.Prepare(sql));
    row->BindInt64(0, at_.environment);
    row->BindInt64(1, at_.section);
    row->BindInt64(2, entity);
    row->BindInt64(3, key.facet);
    row->BindInt64(4, seq);
    VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
    if (!found || (!row->IsNull(0) && row->Int64(0) < seq)) return std::nullopt;
    return row;
  };
  ReadLine line;
  line.line.key = key;
  VARVE_ASSIGN_OR_RETURN(std::optional<Connection::Lease> unseen, holding(kUnseenAsOf));
  if (unseen.has_value()) {
    VARVE_ASSIGN_OR_RETURN(line.weaker, SeenAt(**unseen, 1));
    line.line.unseen = static_cast<v1::Sight>((*unseen)->Int64(1 + kSeenColumns));
    line.sent = (*unseen)->Int64(2 + kSeenColumns) != 0;
    return line;
  }
  VARVE_ASSIGN_OR_RETURN(std::optional<Connection::Lease> version, holding(kVersionAsOf));
  if (!version.has_value()) return std::nullopt;
  VARVE_ASSIGN_OR_RETURN(line.line.seen, SeenAt(**version, 1));
  return line;
}

absl::StatusOr<std::optional<KnownLine>> Search::Look(const LineKey& key, int64_t seq,
                                                      int64_t header_id, bool thinned) {
  VARVE_ASSIGN_OR_RETURN(const Header* const header, ReadHeader(header_id));
  KnownLine known = {.seq = seq, .revision = header->revision, .key = key};
  VARVE_ASSIGN_OR_RETURN(known.line, ReadLineAsOf(key, seq));
  if (known.line.has_value()) {
    if (known.line->Current() == nullptr) return std::nullopt;
    return known;
  }
  if (thinned) return std::nullopt;
  const LineKey first = {key.entity, FirstFacet(key.entity.kind)};
  VARVE_ASSIGN_OR_RETURN(const std::optional<ReadLine> first_line, ReadLineAsOf(first, seq));
  if (WhyAbsent(header->coverage, key, first_line.has_value()) != v1::SIGHT_CAPTURED) {
    return std::nullopt;
  }
  return known;
}

}  // namespace

absl::StatusOr<std::optional<KnownLine>> FindKnownBefore(Connection& connection,
                                                         const SectionAt& at, const LineKey& key,
                                                         int64_t seq) {
  VARVE_ASSIGN_OR_RETURN(const auto renames, ReadRenames(connection, at, seq));
  auto rename = renames.rbegin();
  Search search(connection, at);
  LineKey name = key;
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(kSnapshotsBefore));
  row->BindInt64(0, at.environment);
  row->BindInt64(1, at.section);
  row->BindInt64(2, seq);
  while (true) {
    VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
    if (!found) return std::nullopt;
    const int64_t number = row->Int64(0);
    for (; rename != renames.rend() && number < rename->first; ++rename) {
      std::optional<RenameMap::Names> before =
          rename->second.CommonOfA(name.entity.names, name.entity.kind);
      // Another object had that name: ours was not there.
      if (!before.has_value()) return KnownLine{.seq = number, .key = name};
      name.entity.names = *std::move(before);
    }
    const bool configured = !row->IsNull(2);
    const bool available = configured && row->Int64(2) != 0;
    if (!available) continue;
    VARVE_ASSIGN_OR_RETURN(std::optional<KnownLine> known,
                           search.Look(name, number, row->Int64(3), row->Int64(1) != 0));
    if (known.has_value()) return known;
  }
}

}  // namespace varve::sqlite
