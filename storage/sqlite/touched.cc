// ReadTouched: which objects some snapshots may have changed.
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "storage/sqlite/lives.h"
#include "storage/sqlite/rows.h"

namespace varve::sqlite {
namespace {

// What begins with the first read of its section was there before.
constexpr char kBegun[] = R"(
  SELECT v.section, v.entity FROM version v
  WHERE v.environment = ?1 AND v.from_seq BETWEEN ?2 AND ?3 AND v.from_seq <> (
    SELECT min(p.seq) FROM snapshot_section p
    WHERE p.environment = ?1 AND p.section = v.section AND p.available = 1))";
constexpr char kEnded[] = R"(
  SELECT section, entity FROM version
  WHERE environment = ?1 AND to_seq < ?3 AND to_seq >= coalesce(
    (SELECT max(seq) FROM snapshot WHERE environment = ?1 AND seq < ?2), 0))";
// What ended because its section was taken out of the configuration is missed only when the section
// is back, or later. The plus keeps SQLite from carrying the range over to p.seq, which it would
// then search by it for each number, instead of by the number.
constexpr char kTakenOut[] = R"(
  WITH numbers AS (
    SELECT seq, lead(seq) OVER (ORDER BY seq) AS after FROM snapshot WHERE environment = ?1)
  SELECT v.section, v.entity
  FROM numbers n CROSS JOIN snapshot_section p ON p.environment = ?1 AND p.seq = n.seq
  CROSS JOIN version v ON v.environment = ?1 AND v.to_seq = n.seq AND v.section = p.section
  WHERE n.after IS NOT NULL AND +n.seq BETWEEN 1 AND ?2 AND ?3 >= ?2 AND NOT EXISTS (
    SELECT 1 FROM snapshot_section q
    WHERE q.environment = ?1 AND q.section = p.section AND q.seq = n.after))";
constexpr char kSectionName[] = "SELECT name FROM section WHERE id = ?1";

using Ids = std::set<std::pair<int64_t, int64_t>>;  // of section and entity

absl::Status Collect(Connection& connection, const char* sql, int64_t environment, int64_t from,
                     int64_t to, Ids& touched) {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection.Prepare(sql));
  row->BindInt64(0, environment);
  row->BindInt64(1, from);
  row->BindInt64(2, to);
  while (true) {
    VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
    if (!found) return absl::OkStatus();
    touched.emplace(row->Int64(0), row->Int64(1));
  }
}

absl::StatusOr<TouchedObject> NameOf(Connection& connection, int64_t section, int64_t entity) {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease name, connection.Prepare(kSectionName));
  name->BindInt64(0, section);
  VARVE_ASSIGN_OR_RETURN(const bool found, name->Step());
  if (!found) return absl::DataLossError("a row names no section; restore from a backup");
  VARVE_ASSIGN_OR_RETURN(EntityKey key, ReadEntityKey(connection, entity));
  return TouchedObject{std::string(name->Text(0)), std::move(key)};
}

}  // namespace

absl::StatusOr<std::vector<TouchedObject>> ReadTouched(Connection& connection, int64_t environment,
                                                       int64_t from, int64_t to) {
  Ids ids;
  for (const char* const sql : {kBegun, kEnded, kTakenOut}) {
    VARVE_RETURN_IF_ERROR(Collect(connection, sql, environment, from, to, ids));
  }
  std::set<TouchedObject> sorted;
  for (const auto& [section, entity] : ids) {
    VARVE_ASSIGN_OR_RETURN(TouchedObject object, NameOf(connection, section, entity));
    sorted.insert(std::move(object));
  }
  return std::vector<TouchedObject>(sorted.begin(), sorted.end());
}

}  // namespace varve::sqlite
