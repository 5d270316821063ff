// PostgresSession of postgres_server.h.
#include <libpq-fe.h>

#include "absl/strings/str_cat.h"
#include "tests/support/postgres_server.h"

namespace varve::testing {
namespace {

struct FreeResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, FreeResult>;

absl::Status Refused(const char* words) {
  return absl::FailedPreconditionError(words == nullptr ? "" : words);
}

}  // namespace

absl::StatusOr<std::unique_ptr<PostgresSession>> PostgresSession::Open(
    const std::string& connection) {
  std::unique_ptr<PostgresSession> session(new PostgresSession(PQconnectdb(connection.c_str())));
  PGconn* const pg = session->connection_;
  if (PQstatus(pg) != CONNECTION_OK) return Refused(PQerrorMessage(pg));
  PQsetNoticeReceiver(
      pg, [](void*, const PGresult*) {}, nullptr);
  return session;
}

PostgresSession::~PostgresSession() { PQfinish(connection_); }

absl::Status PostgresSession::Run(const std::string& sql) { return Query(sql).status(); }

absl::StatusOr<PostgresSession::Rows> PostgresSession::Query(const std::string& sql) {
  const ResultPtr result(PQexec(connection_, sql.c_str()));
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_EMPTY_QUERY) {
    return Refused(PQerrorMessage(connection_));
  }
  Rows rows(static_cast<size_t>(PQntuples(result.get())));
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    for (int column = 0; column < PQnfields(result.get()); ++column) {
      const bool is_null = PQgetisnull(result.get(), row, column) != 0;
      rows[static_cast<size_t>(row)].emplace_back(is_null ? "NULL"
                                                          : PQgetvalue(result.get(), row, column));
    }
  }
  return rows;
}

absl::Status PostgresSession::Send(const std::string& sql) {
  if (PQsendQuery(connection_, sql.c_str()) == 0) return Refused(PQerrorMessage(connection_));
  return absl::OkStatus();
}

int PostgresSession::backend_pid() const { return PQbackendPID(connection_); }

}  // namespace varve::testing
