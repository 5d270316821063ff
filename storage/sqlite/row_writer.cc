#include "storage/sqlite/row_writer.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/status.h"
#include "storage/name_key.h"
#include "storage/sqlite/rows.h"

namespace varve::sqlite {
namespace {

// The open row is the last of its line; asking for its number spares a walk through the line's
// history.
constexpr char kCloseVersion[] =
    "UPDATE version SET to_seq = ?5 WHERE environment = ?1 AND section = ?2 AND entity = ?3"
    " AND facet = ?4 AND to_seq IS NULL AND from_seq = (SELECT max(from_seq) FROM version"
    " WHERE environment = ?1 AND section = ?2 AND entity = ?3 AND facet = ?4)";
constexpr char kCloseUnseen[] =
    "UPDATE unseen SET to_seq = ?5 WHERE environment = ?1 AND section = ?2 AND entity = ?3"
    " AND facet = ?4 AND to_seq IS NULL AND from_seq = (SELECT max(from_seq) FROM unseen"
    " WHERE environment = ?1 AND section = ?2 AND entity = ?3 AND facet = ?4)";
constexpr char kOpenVersion[] =
    "INSERT INTO version(environment, section, entity, facet, from_seq,"
    " shape, way, digest, key_id, locator) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
constexpr char kOpenUnseen[] =
    "INSERT INTO unseen(environment, section, entity, facet, from_seq, reason, sent,"
    " shape, way, digest, key_id, locator)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
constexpr char kAddLine[] =
    "INSERT INTO line(environment, section, entity, facet) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT DO NOTHING";
constexpr char kFindEntity[] = "SELECT id FROM entity WHERE kind = ?1 AND names = ?2";
constexpr char kAddEntity[] = "INSERT INTO entity(kind, names) VALUES (?1, ?2)";
constexpr char kAddRename[] =
    "INSERT INTO rename(environment, section, seq, kind, from_names, to_names, evidence)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'locator')";

absl::StatusOr<int64_t> EntityId(Connection& connection, const EntityKey& key) {
  const std::string names = EncodeNames(key.names);
  VARVE_ASSIGN_OR_RETURN(Connection::Lease find, connection.Prepare(kFindEntity));
  find->BindText(0, key.kind);
  find->BindBlob(1, names);
  VARVE_ASSIGN_OR_RETURN(const bool found, find->Step());
  if (found) return find->Int64(0);
  VARVE_ASSIGN_OR_RETURN(Connection::Lease add, connection.Prepare(kAddEntity));
  add->BindText(0, key.kind);
  add->BindBlob(1, names);
  VARVE_RETURN_IF_ERROR(add->Run());
  return sqlite3_last_insert_rowid(connection.db());
}

class RowWriter {
 public:
  RowWriter(Connection& connection, const SectionAt& at, int64_t seq, int64_t last_seq)
      : connection_(connection), at_(at), seq_(seq), last_seq_(last_seq) {}

  absl::Status Write(const LineChange& change, int64_t entity) {
    const int64_t facet = change.key.facet;
    if (change.close_version) VARVE_RETURN_IF_ERROR(Run(kCloseVersion, entity, facet, last_seq_));
    if (change.close_unseen) VARVE_RETURN_IF_ERROR(Run(kCloseUnseen, entity, facet, last_seq_));
    if (change.open_version.has_value()) {
      VARVE_ASSIGN_OR_RETURN(Connection::Lease row, Bound(kOpenVersion, entity, facet, seq_));
      BindSeen(*row, 5, *change.open_version);
      VARVE_RETURN_IF_ERROR(row->Run());
    }
    if (change.open_unseen.has_value()) {
      VARVE_ASSIGN_OR_RETURN(Connection::Lease row, Bound(kOpenUnseen, entity, facet, seq_));
      row->BindInt64(5, change.open_unseen->reason);
      row->BindInt64(6, change.open_unseen->sent ? 1 : 0);
      BindSeen(*row, 7, change.open_unseen->weaker);
      VARVE_RETURN_IF_ERROR(row->Run());
    }
    return absl::OkStatus();
  }

  absl::Status AddLine(int64_t entity, int64_t facet) {
    VARVE_ASSIGN_OR_RETURN(Connection::Lease row, Bound(kAddLine, entity, facet, std::nullopt));
    return row->Run();
  }

  absl::Status AddRename(const Renamed& renamed) {
    const std::string from = EncodeNames(renamed.from);
    const std::string to = EncodeNames(renamed.to);
    VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection_.Prepare(kAddRename));
    row->BindInt64(0, at_.environment);
    row->BindInt64(1, at_.section);
    row->BindInt64(2, seq_);
    row->BindText(3, renamed.kind);
    row->BindBlob(4, from);
    row->BindBlob(5, to);
    return row->Run();
  }

 private:
  absl::StatusOr<Connection::Lease> Bound(const char* sql, int64_t entity, int64_t facet,
                                          std::optional<int64_t> number) {
    VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection_.Prepare(sql));
    row->BindInt64(0, at_.environment);
    row->BindInt64(1, at_.section);
    row->BindInt64(2, entity);
    row->BindInt64(3, facet);
    if (number.has_value()) row->BindInt64(4, *number);
    return row;
  }

  absl::Status Run(const char* sql, int64_t entity, int64_t facet, int64_t number) {
    VARVE_ASSIGN_OR_RETURN(Connection::Lease row, Bound(sql, entity, facet, number));
    return row->Run();
  }

  Connection& connection_;
  SectionAt at_;
  int64_t seq_;
  int64_t last_seq_;
};

}  // namespace

absl::Status WriteChanges(Connection& connection, const SectionAt& at, int64_t seq,
                          int64_t last_seq, const std::vector<StoredOpenLine>& open,
                          const SectionChanges& changes) {
  RowWriter writer(connection, at, seq, last_seq);
  auto known = open.begin();  // both are sorted by key
  for (const LineChange& change : changes.lines) {
    while (known != open.end() && known->line.key < change.key) ++known;
    if (known != open.end() && known->line.key == change.key) {
      VARVE_RETURN_IF_ERROR(writer.Write(change, known->entity));
      continue;
    }
    VARVE_ASSIGN_OR_RETURN(const int64_t entity, EntityId(connection, change.key.entity));
    VARVE_RETURN_IF_ERROR(writer.AddLine(entity, change.key.facet));
    VARVE_RETURN_IF_ERROR(writer.Write(change, entity));
  }
  for (const Renamed& renamed : changes.renames) {
    VARVE_RETURN_IF_ERROR(writer.AddRename(renamed));
  }
  return absl::OkStatus();
}

}  // namespace varve::sqlite
