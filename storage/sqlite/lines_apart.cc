#include "storage/sqlite/lines_apart.h"

#include <algorithm>
#include <compare>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "storage/sqlite/rows.h"

namespace varve::sqlite {
namespace {

// Along the primary key: SQLite sorts nothing, and reads each page once.
constexpr char kVersionsAsOf[] = R"(
  SELECT entity, facet, shape, way, digest, key_id, locator FROM version
  WHERE environment = ?1 AND section = ?2 AND from_seq <= ?3 AND (to_seq IS NULL OR to_seq >= ?3)
  ORDER BY entity, facet)";
constexpr char kUnseenAsOf[] = R"(
  SELECT entity, facet FROM unseen
  WHERE environment = ?1 AND section = ?2 AND from_seq <= ?3 AND (to_seq IS NULL OR to_seq >= ?3)
  ORDER BY entity, facet)";
constexpr int kSeen = 2;
constexpr int kLocator = kSeen + kSeenColumns - 1;

// The plus keeps SQLite from going by the index over the numbers, of which nearly all are before
// ?3.
constexpr char kVersionsOfEntity[] = R"(
  SELECT facet, shape, way, digest, key_id, locator FROM version
  WHERE environment = ?1 AND section = ?2 AND entity = ?4
    AND +from_seq <= ?3 AND (to_seq IS NULL OR to_seq >= ?3))";
constexpr char kUnseenOfEntity[] = R"(
  SELECT facet, shape, way, digest, key_id, locator, reason, sent FROM unseen
  WHERE environment = ?1 AND section = ?2 AND entity = ?4
    AND +from_seq <= ?3 AND (to_seq IS NULL OR to_seq >= ?3))";
constexpr int kReason = 1 + kSeenColumns;
constexpr int kSent = kReason + 1;

void BindSide(Statement& row, const SectionAsOf& side) {
  row.BindInt64(0, side.at.environment);
  row.BindInt64(1, side.at.section);
  row.BindInt64(2, side.seq);
}

// A line by the numbers of its row.
struct Place {
  int64_t entity = std::numeric_limits<int64_t>::max();
  int64_t facet = 0;

  friend auto operator<=>(const Place&, const Place&) = default;
};
constexpr Place kEnd;

// Goes through the rows of one kind that hold in a snapshot, by place.
class Walk {
 public:
  static absl::StatusOr<Walk> Begin(Connection& connection, const char* sql,
                                    const SectionAsOf& side) {
    VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(sql));
    BindSide(*row, side);
    Walk walk(std::move(row));
    VARVE_RETURN_IF_ERROR(walk.Next());
    return walk;
  }

  const Place& place() const { return place_; }
  Statement& row() { return *row_; }

  absl::Status Next() {
    VARVE_ASSIGN_OR_RETURN(const bool found, row_->Step());
    place_ = found ? Place{row_->Int64(0), row_->Int64(1)} : kEnd;
    return absl::OkStatus();
  }

 private:
  explicit Walk(Connection::Lease row) : row_(std::move(row)) {}

  Connection::Lease row_;
  Place place_;
};

// One of the two snapshots, place by place.
class Side {
 public:
  static absl::StatusOr<Side> Begin(Connection& connection, const SectionAsOf& side) {
    VARVE_ASSIGN_OR_RETURN(Walk versions, Walk::Begin(connection, kVersionsAsOf, side));
    VARVE_ASSIGN_OR_RETURN(Walk unseen, Walk::Begin(connection, kUnseenAsOf, side));
    return Side(std::move(versions), std::move(unseen));
  }

  const Place& place() const { return std::min(versions_.place(), unseen_.place()); }
  bool SeesAt(const Place& place) const {
    return versions_.place() == place && unseen_.place() != place;
  }
  Statement& seen_row() { return versions_.row(); }

  absl::Status Leave(const Place& place) {
    if (versions_.place() == place) VARVE_RETURN_IF_ERROR(versions_.Next());
    if (unseen_.place() == place) VARVE_RETURN_IF_ERROR(unseen_.Next());
    return absl::OkStatus();
  }

 private:
  Side(Walk versions, Walk unseen) : versions_(std::move(versions)), unseen_(std::move(unseen)) {}

  Walk versions_;
  Walk unseen_;
};

// Equal bytes in each column but, perhaps, the locator.
bool SawAlike(const Statement& a, const Statement& b, bool with_locator) {
  const int end = with_locator ? kLocator + 1 : kLocator;
  for (int column = kSeen; column < end; ++column) {
    if (a.Blob(column) != b.Blob(column)) return false;
  }
  return true;
}

// The entities that have something apart, and how many have nothing.
struct Apart {
  std::vector<int64_t> entities;
  uint64_t alike = 0;
};

absl::StatusOr<Apart> Compare(Side before, Side after, bool with_locator) {
  Apart apart;
  int64_t entity = kEnd.entity;
  bool alike = false;
  while (true) {
    const Place place = std::min(before.place(), after.place());
    if (place.entity != entity) {
      apart.alike += alike ? 1 : 0;
      entity = place.entity;
      alike = true;
    }
    if (place == kEnd) return apart;
    if (alike && (!before.SeesAt(place) || !after.SeesAt(place) ||
                  !SawAlike(before.seen_row(), after.seen_row(), with_locator))) {
      alike = false;
      apart.entities.push_back(entity);
    }
    VARVE_RETURN_IF_ERROR(before.Leave(place));
    VARVE_RETURN_IF_ERROR(after.Leave(place));
  }
}

// Adds the lines of an entity as one of the two snapshots has them.
absl::Status AddLines(Connection& connection, const SectionAsOf& side, int64_t entity,
                      const EntityKey& key, std::vector<ReadLine>& lines) {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease version, connection.Prepare(kVersionsOfEntity));
  BindSide(*version, side);
  version->BindInt64(3, entity);
  std::map<v1::Facet, ReadLine> of_entity;
  while (true) {
    VARVE_ASSIGN_OR_RETURN(const bool found, version->Step());
    if (!found) break;
    ReadLine& line = of_entity[static_cast<v1::Facet>(version->Int64(0))];
    VARVE_ASSIGN_OR_RETURN(line.line.seen, SeenAt(*version, 1));
  }
  VARVE_ASSIGN_OR_RETURN(Connection::Lease unseen, connection.Prepare(kUnseenOfEntity));
  BindSide(*unseen, side);
  unseen->BindInt64(3, entity);
  while (true) {
    VARVE_ASSIGN_OR_RETURN(const bool found, unseen->Step());
    if (!found) break;
    ReadLine& line = of_entity[static_cast<v1::Facet>(unseen->Int64(0))];
    line.line.seen.reset();  // what was seen before hides behind it
    line.line.unseen = static_cast<v1::Sight>(unseen->Int64(kReason));
    line.sent = unseen->Int64(kSent) != 0;
    VARVE_ASSIGN_OR_RETURN(line.weaker, SeenAt(*unseen, 1));
  }
  for (auto& [facet, line] : of_entity) {
    line.line.key = {key, facet};
    lines.push_back(std::move(line));
  }
  return absl::OkStatus();
}

void SortByKey(std::vector<ReadLine>& lines) {
  std::sort(lines.begin(), lines.end(),
            [](const ReadLine& a, const ReadLine& b) { return a.line.key < b.line.key; });
}

}  // namespace

absl::StatusOr<LinesApart> ReadLinesApart(Connection& connection, const SectionAsOf& before,
                                          const SectionAsOf& after) {
  VARVE_ASSIGN_OR_RETURN(Side a, Side::Begin(connection, before));
  VARVE_ASSIGN_OR_RETURN(Side b, Side::Begin(connection, after));
  const bool one_environment = before.at.environment == after.at.environment;
  VARVE_ASSIGN_OR_RETURN(const Apart apart, Compare(std::move(a), std::move(b), one_environment));
  LinesApart result;
  result.entities_alike = apart.alike;
  for (const int64_t entity : apart.entities) {
    VARVE_ASSIGN_OR_RETURN(const EntityKey key, ReadEntityKey(connection, entity));
    VARVE_RETURN_IF_ERROR(AddLines(connection, before, entity, key, result.before));
    VARVE_RETURN_IF_ERROR(AddLines(connection, after, entity, key, result.after));
  }
  SortByKey(result.before);
  SortByKey(result.after);
  return result;
}

}  // namespace varve::sqlite
