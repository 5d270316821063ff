// One prepared statement.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace varve::sqlite {

// Not thread-safe: it lives on the thread that has its connection, which must outlive it.
// Parameters and columns count from 0 here (SQLite counts parameters from 1). A value that cannot
// be bound is reported by the next Step.
class Statement {
 public:
  // Errors: kInternal (the SQL is wrong), and those of error.h.
  static absl::StatusOr<Statement> Prepare(sqlite3* db, absl::string_view sql);

  Statement(Statement&&) = default;
  Statement& operator=(Statement&&) = default;

  void BindInt64(int index, int64_t value);
  void BindText(int index, absl::string_view value);  // borrows `value` until the next Reset
  void BindBlob(int index, absl::string_view value);  // likewise
  void BindNull(int index);

  // Goes to the next row; false: there is none.
  absl::StatusOr<bool> Step();
  // Steps to the end, for statements whose rows nobody wants, and resets.
  absl::Status Run();
  // Ready to be bound and run again; forgets what was bound.
  void Reset();

  bool IsNull(int column) const;
  int64_t Int64(int column) const;
  // Valid until the next Step or Reset; empty for NULL.
  absl::string_view Text(int column) const;
  absl::string_view Blob(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  void Note(int code);

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bind_error_ = SQLITE_OK;
};

}  // namespace varve::sqlite
