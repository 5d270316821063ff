// FindKnownBefore: backwards from a number to the first snapshot that knows something of a line.
#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/status.h"
#include "snapshot/kinds.h"
#include "snapshot/rename_map.h"
#include "storage/name_key.h"
#include "storage/sqlite/lines.h"
#include "storage/sqlite/lives.h"
#include "storage/sqlite/rows.h"

namespace varve::sqlite {
namespace {

constexpr char kNewestAvailableBefore[] = R"(
  SELECT p.seq, s.thinned, p.header
  FROM snapshot_section p CROSS JOIN snapshot s ON s.environment = p.environment AND s.seq = p.seq
  WHERE p.environment = ?1 AND p.section = ?2 AND p.seq < ?3 AND p.available = 1
  ORDER BY p.seq DESC LIMIT 1)";
constexpr char kEntityId[] = "SELECT id FROM entity WHERE kind = ?1 AND names = ?2";
constexpr char kVersionAsOf[] = R"(
  SELECT to_seq, shape, way, digest, key_id, locator FROM version
  WHERE environment = ?1 AND section = ?2 AND entity = ?3 AND facet = ?4 AND from_seq <= ?5
  ORDER BY from_seq DESC LIMIT 1)";
constexpr char kUnseenAsOf[] = R"(
  SELECT to_seq, shape, way, digest, key_id, locator, reason, sent, from_seq FROM unseen
  WHERE environment = ?1 AND section = ?2 AND entity = ?3 AND facet = ?4 AND from_seq <= ?5
  ORDER BY from_seq DESC LIMIT 1)";
constexpr char kHeaderMessage[] = "SELECT message FROM section_header WHERE id = ?1";

// The search for one line: its name at the number reached, and what was read on the way.
class Search {
 public:
  Search(Connection& connection, const SectionAt& at) : connection_(connection), at_(at) {}

  // What one snapshot knows of a line; nothing where it knows nothing. Then no snapshot from
  // `since` on knows more, by the name of the line.
  struct Look {
    std::optional<KnownLine> known;
    int64_t since = 0;
  };
  // At snapshot `seq`, whose header has the id `header`.
  absl::StatusOr<Look> LookAt(const LineKey& key, int64_t seq, int64_t header, bool thinned);

 private:
  struct Header {
    uint32_t revision = 0;
    v1::Coverage coverage;
  };
  absl::StatusOr<const Header*> ReadHeader(int64_t id);
  struct Held {
    ReadLine line;
    int64_t unseen_since = 0;  // of an unseen line
  };
  absl::StatusOr<std::optional<Held>> ReadLineAsOf(const LineKey& key, int64_t seq);

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
absl::StatusOr<std::optional<Search::Held>> Search::ReadLineAsOf(const LineKey& key, int64_t seq) {
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
  Held held;
  ReadLine& line = held.line;
  line.line.key = key;
  VARVE_ASSIGN_OR_RETURN(std::optional<Connection::Lease> unseen, holding(kUnseenAsOf));
  if (unseen.has_value()) {
    VARVE_ASSIGN_OR_RETURN(line.weaker, SeenAt(**unseen, 1));
    line.line.unseen = static_cast<v1::Sight>((*unseen)->Int64(1 + kSeenColumns));
    line.sent = (*unseen)->Int64(2 + kSeenColumns) != 0;
    held.unseen_since = (*unseen)->Int64(3 + kSeenColumns);
    return held;
  }
  VARVE_ASSIGN_OR_RETURN(std::optional<Connection::Lease> version, holding(kVersionAsOf));
  if (!version.has_value()) return std::nullopt;
  VARVE_ASSIGN_OR_RETURN(line.line.seen, SeenAt(**version, 1));
  return held;
}

absl::StatusOr<Search::Look> Search::LookAt(const LineKey& key, int64_t seq, int64_t header_id,
                                            bool thinned) {
  VARVE_ASSIGN_OR_RETURN(const Header* const header, ReadHeader(header_id));
  KnownLine known = {.seq = seq, .revision = header->revision, .key = key};
  VARVE_ASSIGN_OR_RETURN(std::optional<Held> held, ReadLineAsOf(key, seq));
  if (held.has_value()) {
    if (held->line.Current() == nullptr) return Look{std::nullopt, held->unseen_since};
    known.line = std::move(held->line);
    return Look{std::move(known), seq};
  }
  if (thinned) return Look{std::nullopt, seq};
  const LineKey first = {key.entity, FirstFacet(key.entity.kind)};
  VARVE_ASSIGN_OR_RETURN(const std::optional<Held> first_line, ReadLineAsOf(first, seq));
  if (WhyAbsent(header->coverage, key, first_line.has_value()) != v1::SIGHT_CAPTURED) {
    return Look{std::nullopt, seq};
  }
  return Look{std::move(known), seq};
}

}  // namespace

absl::StatusOr<std::optional<KnownLine>> FindKnownBefore(Connection& connection,
                                                         const SectionAt& at, const LineKey& key,
                                                         int64_t seq) {
  VARVE_ASSIGN_OR_RETURN(const auto renames, ReadRenames(connection, at, seq));
  auto rename = renames.rbegin();
  Search search(connection, at);
  LineKey name = key;
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(kNewestAvailableBefore));
  while (true) {
    row->Reset();
    row->BindInt64(0, at.environment);
    row->BindInt64(1, at.section);
    row->BindInt64(2, seq);
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
    VARVE_ASSIGN_OR_RETURN(Search::Look look,
                           search.LookAt(name, number, row->Int64(2), row->Int64(1) != 0));
    if (look.known.has_value()) return std::move(look.known);
    // The whole gap at once, as far as the name holds.
    seq = rename == renames.rend() ? look.since : std::max(look.since, rename->first);
  }
}

}  // namespace varve::sqlite
