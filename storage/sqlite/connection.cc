#include "storage/sqlite/connection.h"

#include <fcntl.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "storage/sqlite/error.h"

namespace varve::sqlite {
namespace {

constexpr int kBusyTimeoutMs = 5000;

// Must stand before the first page.
constexpr char kNewFileSettings[] = "PRAGMA auto_vacuum = INCREMENTAL";
// FULL: an acknowledged commit survives a power cut. The size limit lets the log shrink again after
// a long reader.
constexpr char kWriterSettings[] = R"(
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 1000;
  PRAGMA journal_size_limit = 67108864;
  PRAGMA foreign_keys = OFF;)";
constexpr char kReaderSettings[] = R"(
  PRAGMA query_only = ON;)";

// Only the owner reads it, whatever the umask; the log beside it inherits its mode.
void CreatePrivate(const std::string& path) {
  const int file = open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0) close(file);  // where it cannot be made SQLite says why
}

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const std::string& path, Access access,
                                                             const std::string& vfs) {
  const bool writes = access == Access::kWrite;
  if (writes) CreatePrivate(path);
  const int flags = SQLITE_OPEN_NOMUTEX |
                    (writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &db, flags, vfs.empty() ? nullptr : vfs.c_str());
  std::unique_ptr<Connection> connection(new Connection(db));
  if (code != SQLITE_OK) return OpenErrorOf(db, code, path);
  sqlite3_extended_result_codes(db, 1);
  sqlite3_busy_timeout(db, kBusyTimeoutMs);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  if (!writes) VARVE_RETURN_IF_ERROR(connection->Execute(kReaderSettings));
  return connection;
}

absl::StatusOr<bool> Connection::HasNoPage() {
  VARVE_ASSIGN_OR_RETURN(Lease pages, Prepare("PRAGMA page_count"));
  VARVE_ASSIGN_OR_RETURN(const bool found, pages->Step());
  return !found || pages->Int64(0) == 0;
}

absl::Status Connection::PrepareToWrite() {
  VARVE_ASSIGN_OR_RETURN(const bool is_new, HasNoPage());
  if (is_new) VARVE_RETURN_IF_ERROR(Execute(kNewFileSettings));
  VARVE_RETURN_IF_ERROR(Execute(kWriterSettings));
  // Where WAL cannot be had SQLite keeps the mode it had, and says so only when asked.
  VARVE_ASSIGN_OR_RETURN(Lease mode, Prepare("PRAGMA journal_mode"));
  VARVE_ASSIGN_OR_RETURN(const bool found, mode->Step());
  if (found && mode->Text(0) == "wal") return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("database ", sqlite3_db_filename(db(), "main"),
                   ": its file system cannot keep a write-ahead log; move it to a local disk"));
}

absl::StatusOr<Connection::Lease> Connection::Prepare(const char* sql) {
  if (auto found = idle_.find(sql); found != idle_.end()) {
    Lease lease(this, sql, std::move(found->second));
    idle_.erase(found);
    return lease;
  }
  VARVE_ASSIGN_OR_RETURN(Statement statement, Statement::Prepare(db(), sql));
  return Lease(this, sql, std::move(statement));
}

Connection::Lease::~Lease() {
  if (connection_ == nullptr) return;
  statement_.Reset();
  connection_->idle_.try_emplace(sql_, std::move(statement_));
}

absl::Status Connection::Execute(const char* sql) {
  return ErrorOf(db(), sqlite3_exec(db(), sql, nullptr, nullptr, nullptr));
}

}  // namespace varve::sqlite
