#include "storage/sqlite/statement.h"

#include "storage/sqlite/error.h"

namespace varve::sqlite {

absl::StatusOr<Statement> Statement::Prepare(sqlite3* db, absl::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return ErrorOf(db, code);
  return Statement(statement);
}

void Statement::Note(int code) {
  if (bind_error_ == SQLITE_OK) bind_error_ = code;
}

void Statement::BindInt64(int index, int64_t value) {
  Note(sqlite3_bind_int64(statement_.get(), index + 1, value));
}

void Statement::BindText(int index, absl::string_view value) {
  // A null pointer would bind NULL, and an empty view may have one.
  const char* const data = value.data() == nullptr ? "" : value.data();
  Note(sqlite3_bind_text64(statement_.get(), index + 1, data, value.size(), SQLITE_STATIC,
                           SQLITE_UTF8));
}

void Statement::BindBlob(int index, absl::string_view value) {
  const char* const data = value.data() == nullptr ? "" : value.data();
  Note(sqlite3_bind_blob64(statement_.get(), index + 1, data, value.size(), SQLITE_STATIC));
}

void Statement::BindNull(int index) { Note(sqlite3_bind_null(statement_.get(), index + 1)); }

absl::StatusOr<bool> Statement::Step() {
  sqlite3* const db = sqlite3_db_handle(statement_.get());
  if (bind_error_ != SQLITE_OK) return ErrorOf(db, bind_error_);
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return ErrorOf(db, code);
}

absl::Status Statement::Run() {
  while (true) {
    const absl::StatusOr<bool> more = Step();
    if (more.ok() && *more) continue;
    Reset();
    return more.status();
  }
}

void Statement::Reset() {
  sqlite3_reset(statement_.get());  // repeats the error of the last Step, which was told then
  sqlite3_clear_bindings(statement_.get());
  bind_error_ = SQLITE_OK;
}

bool Statement::IsNull(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

int64_t Statement::Int64(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

absl::string_view Statement::Text(int column) const {
  const void* const data = sqlite3_column_text(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return absl::string_view(static_cast<const char*>(data), data == nullptr ? 0 : size);
}

absl::string_view Statement::Blob(int column) const {
  const void* const data = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return absl::string_view(static_cast<const char*>(data), data == nullptr ? 0 : size);
}

}  // namespace varve::sqlite
