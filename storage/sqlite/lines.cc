#include "storage/sqlite/lines.h"

#include <algorithm>
#include <limits>

#include "base/status.h"
#include "storage/sqlite/last_seen.h"
#include "storage/sqlite/rows.h"

namespace varve::sqlite {
namespace {

// One seek into each table per line that ever was, however deep the history: the row that begins
// last at or before the number, where it has not ended before it. CROSS JOIN keeps SQLite from
// starting at the entities. ?4: the facets, each the bit of its number; -1 is all that there can
// be.
constexpr char kLinesAsOf[] = R"(
  SELECT e.kind, e.names, l.facet, l.entity,
         v.from_seq, v.shape, v.way, v.digest, v.key_id, v.locator,
         u.reason, u.sent, u.shape, u.way, u.digest, u.key_id, u.locator
  FROM line l CROSS JOIN entity e ON e.id = l.entity
  LEFT JOIN version v
    ON v.environment = l.environment AND v.section = l.section AND v.entity = l.entity
    AND v.facet = l.facet AND v.from_seq = (
      SELECT max(from_seq) FROM version
      WHERE environment = l.environment AND section = l.section AND entity = l.entity
        AND facet = l.facet AND from_seq <= ?3)
    AND (v.to_seq IS NULL OR v.to_seq >= ?3)
  LEFT JOIN unseen u
    ON u.environment = l.environment AND u.section = l.section AND u.entity = l.entity
    AND u.facet = l.facet AND u.from_seq = (
      SELECT max(from_seq) FROM unseen
      WHERE environment = l.environment AND section = l.section AND entity = l.entity
        AND facet = l.facet AND from_seq <= ?3)
    AND (u.to_seq IS NULL OR u.to_seq >= ?3)
  WHERE l.environment = ?1 AND l.section = ?2 AND ((?4 >> l.facet) & 1) = 1
    AND (v.from_seq IS NOT NULL OR u.from_seq IS NOT NULL)
  ORDER BY e.kind, e.names, l.facet)";
constexpr int kEntity = 3;
constexpr int kVersionFrom = 4;
constexpr int kVersionSeen = 5;
constexpr int kReason = 10;
constexpr int kSent = 11;
constexpr int kWeaker = 12;

constexpr int64_t kAllFacets = -1;

// Rows of what a fingerprint does not cover. Entities have one number in the whole store. The index
// version_uncommon has the few of the second; its condition stands in both.
constexpr char kUnseenAsOf[] = R"(
  SELECT facet, entity, reason, shape, way, digest, key_id FROM unseen
  WHERE environment = ?1 AND section = ?2 AND from_seq <= ?3 AND (to_seq IS NULL OR to_seq >= ?3)
  ORDER BY entity, facet)";
constexpr char kUncommonAsOf[] = R"(
  SELECT facet, entity, '', shape, way, digest, key_id FROM version
  WHERE environment = ?1 AND section = ?2 AND from_seq <= ?3 AND (to_seq IS NULL OR to_seq >= ?3)
    AND (way <> 1 OR digest <> x'')
  ORDER BY entity, facet)";
constexpr int kBesideColumns = 7;

absl::StatusOr<Connection::Lease> PrepareLines(Connection& connection, const SectionAt& at,
                                               int64_t seq, int64_t facets) {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(kLinesAsOf));
  row->BindInt64(0, at.environment);
  row->BindInt64(1, at.section);
  row->BindInt64(2, seq);
  row->BindInt64(3, facets);
  return row;
}

absl::StatusOr<std::optional<UnseenState>> UnseenAt(const Statement& row) {
  if (row.IsNull(kReason)) return std::nullopt;
  UnseenState unseen = {.reason = static_cast<v1::Sight>(row.Int64(kReason)),
                        .sent = row.Int64(kSent) != 0};
  VARVE_ASSIGN_OR_RETURN(unseen.weaker, SeenAt(row, kWeaker));
  return unseen;
}

// A line of which something holds: its version, what hides it, or both.
ReadLine Combine(LineKey key, std::optional<Seen> version, std::optional<UnseenState> unseen,
                 bool available) {
  ReadLine line;
  line.line.key = std::move(key);
  if (!available) {
    line.line.unseen = v1::SIGHT_UNAVAILABLE;
    line.sent = false;
  } else if (unseen.has_value()) {
    line.line.unseen = unseen->reason;
    line.weaker = std::move(unseen->weaker);
    line.sent = unseen->sent;
  } else {
    line.line.seen = std::move(version);
    return line;
  }
  line.last_seen = std::move(version);
  return line;
}

}  // namespace

absl::StatusOr<std::vector<StoredOpenLine>> ReadOpenLines(Connection& connection,
                                                          const SectionAt& at) {
  // At the end of all numbers only what has no end holds.
  VARVE_ASSIGN_OR_RETURN(
      Connection::Lease row,
      PrepareLines(connection, at, std::numeric_limits<int64_t>::max(), kAllFacets));
  std::vector<StoredOpenLine> lines;
  while (true) {
    VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
    if (!found) return lines;
    StoredOpenLine& open = lines.emplace_back();
    open.entity = row->Int64(kEntity);
    VARVE_ASSIGN_OR_RETURN(open.line.key, LineKeyAt(*row, 0));
    VARVE_ASSIGN_OR_RETURN(open.line.version, SeenAt(*row, kVersionSeen));
    VARVE_ASSIGN_OR_RETURN(open.line.unseen, UnseenAt(*row));
  }
}

absl::StatusOr<std::vector<ReadLine>> ReadLinesAsOf(Connection& connection, const SectionAt& at,
                                                    int64_t seq, bool available,
                                                    const Timeline& times) {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, PrepareLines(connection, at, seq, kAllFacets));
  LastSeen last_seen(connection, at.environment, at.section);
  std::vector<ReadLine> lines;
  while (true) {
    VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
    if (!found) return lines;
    VARVE_ASSIGN_OR_RETURN(LineKey key, LineKeyAt(*row, 0));
    VARVE_ASSIGN_OR_RETURN(std::optional<Seen> version, SeenAt(*row, kVersionSeen));
    VARVE_ASSIGN_OR_RETURN(std::optional<UnseenState> unseen, UnseenAt(*row));
    ReadLine& line = lines.emplace_back(
        Combine(std::move(key), std::move(version), std::move(unseen), available));
    if (!line.last_seen.has_value()) continue;
    VARVE_ASSIGN_OR_RETURN(
        const std::optional<int64_t> last,
        last_seen.Find(row->Int64(kEntity), line.line.key.facet, row->Int64(kVersionFrom), seq));
    if (!last.has_value()) {
      line.last_seen.reset();
      continue;
    }
    line.last_seen_seq = *last;
    line.last_seen_us = times.TimeOf(*last);
  }
}

absl::StatusOr<std::vector<ReadLine>> ReadFacetsAsOf(Connection& connection, const SectionAt& at,
                                                     int64_t seq,
                                                     absl::Span<const v1::Facet> facets) {
  uint64_t bits = 0;
  for (const v1::Facet facet : facets) bits |= uint64_t{1} << static_cast<unsigned>(facet);
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row,
                         PrepareLines(connection, at, seq, static_cast<int64_t>(bits)));
  std::vector<ReadLine> lines;
  while (true) {
    VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
    if (!found) return lines;
    VARVE_ASSIGN_OR_RETURN(LineKey key, LineKeyAt(*row, 0));
    VARVE_ASSIGN_OR_RETURN(std::optional<Seen> version, SeenAt(*row, kVersionSeen));
    VARVE_ASSIGN_OR_RETURN(std::optional<UnseenState> unseen, UnseenAt(*row));
    lines.push_back(Combine(std::move(key), std::move(version), std::move(unseen), true));
    lines.back().last_seen.reset();
  }
}

absl::StatusOr<std::map<v1::Facet, FingerprintHash>> ReadBesideFingerprints(Connection& connection,
                                                                            const SectionAt& at,
                                                                            int64_t seq) {
  std::map<v1::Facet, PartsHasher> hashers;
  for (const char* const sql : {kUnseenAsOf, kUncommonAsOf}) {
    VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(sql));
    row->BindInt64(0, at.environment);
    row->BindInt64(1, at.section);
    row->BindInt64(2, seq);
    while (true) {
      VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
      if (!found) break;
      PartsHasher& hasher = hashers[static_cast<v1::Facet>(row->Int64(0))];
      hasher.Add(sql);  // which of the two it is
      for (int column = 1; column < kBesideColumns; ++column) hasher.Add(row->Blob(column));
    }
  }
  std::map<v1::Facet, FingerprintHash> hashes;
  for (auto& [facet, hasher] : hashers) hashes[facet] = FingerprintHash(hasher.Finish());
  return hashes;
}

}  // namespace varve::sqlite
