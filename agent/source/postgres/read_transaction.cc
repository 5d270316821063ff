#include "agent/source/postgres/read_transaction.h"

#include "absl/strings/str_cat.h"
#include "agent/source/postgres/recovery_conflict.h"
#include "agent/source/postgres/row_reader.h"
#include "base/status.h"

namespace varve::postgres {

SharedCatalog::SharedCatalog(const Connection& session, absl::string_view client_encoding) {
  catalog->text_form = TextFormOf(client_encoding);
  catalog->server_version = session.server().version;
}

bool EndsTheRead(const absl::Status& status) {
  const std::string state = SqlState(status);
  return IsConnectionLost(status) || IsRecoveryConflict(status) || state == "22P05" ||
         state == "22021" || (state.empty() && absl::IsDeadlineExceeded(status));
}

ReadTransaction::~ReadTransaction() {
  if (begun_) connection_.Execute("ROLLBACK").IgnoreError();
}

absl::Status ReadTransaction::Begin(const std::string& statements) {
  begun_ = true;  // also where a later statement of them fails
  return connection_.Execute(statements);
}

absl::Status ReadTransaction::Read(const CatalogQuery& query) {
  if (!IsWanted(query)) return absl::OkStatus();
  const absl::Status status = Load(query);
  if (status.ok()) return status;
  if (EndsTheRead(status)) return Annotate(status, absl::StrCat("reading ", query.catalog));
  failures_.push_back({&query, status});
  if (absl::IsInternal(status)) return absl::OkStatus();  // the statement itself went well
  return connection_.Execute("ROLLBACK TO SAVEPOINT varve");
}

bool ReadTransaction::IsWanted(const CatalogQuery& query) {
  const absl::MutexLock lock(&shared_.loading);
  if (shared_.catalog->server_version / 10000 < query.since) return false;
  return query.wanted == nullptr || query.wanted(*shared_.catalog);
}

// In a savepoint of its own, in one round trip.
absl::Status ReadTransaction::Load(const CatalogQuery& query) {
  Catalog& catalog = *shared_.catalog;
  RowReader reader(catalog.arena, catalog.text_form);
  const std::string sql = absl::StrCat(
      "SAVEPOINT varve;", CopyStatement(query, catalog.server_version), ";RELEASE SAVEPOINT varve");
  const absl::Status read = connection_.Copy(
      sql,
      [&](absl::Span<const CopyField> row) {
        reader.Begin(row);
        query.load(reader, catalog);
      },
      shared_.loading);
  if (!read.ok() || !reader.malformed()) return read;
  return absl::InternalError(absl::StrCat(query.catalog, " has rows of a form we do not know"));
}

}  // namespace varve::postgres
