// A connection to the database file and its prepared statements.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/sqlite/statement.h"

namespace varve::sqlite {

// Not thread-safe: one thread at a time.
class Connection {
 public:
  enum class Access { kRead, kWrite };

  // Opens the file at `path`; with kWrite it is made, empty, where it is not there. A file that is
  // there is not changed. `vfs`: SQLite's name of a file layer; empty: its default. Errors: those
  // of error.h.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const std::string& path, Access access,
                                                          const std::string& vfs);

  // Makes the file one that is written as ours are: WAL, synchronous=FULL. WAL mode stays in the
  // file, so whose it is must be known before. Errors: kFailedPrecondition (its file system cannot
  // do WAL), and those of error.h.
  absl::Status PrepareToWrite();

  // A statement that was prepared for `sql` before, or now. `sql` is a constant: it is known by its
  // address. It goes back, reset, when the lease ends.
  class Lease {
   public:
    Lease(Lease&& other) noexcept
        : connection_(std::exchange(other.connection_, nullptr)),
          sql_(other.sql_),
          statement_(std::move(other.statement_)) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    Statement* operator->() { return &statement_; }
    Statement& operator*() { return statement_; }

   private:
    friend class Connection;
    Lease(Connection* connection, const char* sql, Statement statement)
        : connection_(connection), sql_(sql), statement_(std::move(statement)) {}

    Connection* connection_;  // null once moved from
    const char* sql_;
    Statement statement_;
  };
  absl::StatusOr<Lease> Prepare(const char* sql);

  // Runs one or more statements without parameters or rows.
  absl::Status Execute(const char* sql);

  // False inside a transaction. SQLite ends one by itself when the disk is full or fails.
  bool InTransaction() const { return sqlite3_get_autocommit(db_.get()) == 0; }

  sqlite3* db() const { return db_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  explicit Connection(sqlite3* db) : db_(db) {}
  absl::StatusOr<bool> HasNoPage();

  std::unique_ptr<sqlite3, Close> db_;
  absl::flat_hash_map<const char*, Statement> idle_;  // goes before db_
};

}  // namespace varve::sqlite
