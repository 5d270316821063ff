// A broken disk, for SQLite: a file layer that passes everything on to the system's, until it is
// told to fail.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace varve::testing {

// Registered with SQLite under a name of its own while it lives; it outlives the files that were
// opened through it. Thread-safe.
class FaultyVfs {
 public:
  enum class Operation { kRead, kWrite, kSync };

  FaultyVfs();
  ~FaultyVfs();
  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;

  const std::string& name() const;

  // `passing` more operations of this kind are done; all after them fail with `code`, an extended
  // result code such as SQLITE_FULL or SQLITE_IOERR_FSYNC, until Mend.
  void Fail(Operation operation, int64_t passing, int code);
  void Mend();
  // How many operations have failed.
  int64_t failures() const;

  // The files that were written since they were synced last: what a power cut could take back.
  std::vector<std::string> Unsynced() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace varve::testing
