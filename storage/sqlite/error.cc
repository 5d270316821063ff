#include "storage/sqlite/error.h"

#include <sys/statvfs.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"

namespace varve::sqlite {
namespace {

struct Meaning {
  absl::StatusCode code;
  absl::string_view remedy;
};

constexpr absl::string_view kMakeRoom = "free disk space, or shorten retention";

// Marks a Status: it stays with the error however many layers add their words to it.
constexpr absl::string_view kFatal = "varve/sqlite-fatal";

// SQLite asks for 32 KiB of shared memory beside the file, and says "disk I/O error" where it does
// not get them.
bool DiskIsFull(const char* path) {
  constexpr uint64_t kLeastBytes = 64 << 10;
  struct statvfs disk;
  if (path == nullptr || *path == '\0' || statvfs(path, &disk) != 0) return false;
  return uint64_t{disk.f_bavail} * disk.f_frsize < kLeastBytes;
}

Meaning MeaningOf(int code, int system_error, const char* path) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return {absl::StatusCode::kResourceExhausted, kMakeRoom};
    case SQLITE_NOMEM:
      return {absl::StatusCode::kResourceExhausted, "give the process more memory"};
    case SQLITE_IOERR:
      if (system_error == ENOSPC || DiskIsFull(path)) {
        return {absl::StatusCode::kResourceExhausted, kMakeRoom};
      }
      return {absl::StatusCode::kUnavailable,
              "look at the disk and the kernel's log, then restart the collector"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {absl::StatusCode::kUnavailable,
              "another process holds it; retry, or end that process"};
    case SQLITE_INTERRUPT:
      return {absl::StatusCode::kCancelled, "it was interrupted; retry"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {absl::StatusCode::kDataLoss, "stop the collector and restore from a backup"};
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
      return {absl::StatusCode::kPermissionDenied,
              "give the collector's user write access to the file and its folder"};
    case SQLITE_CANTOPEN:
      if (system_error == EMFILE || system_error == ENFILE) {
        return {absl::StatusCode::kUnavailable,
                "too many files are open: raise the limit (LimitNOFILE of systemd, ulimit -n)"};
      }
      return {system_error == EACCES || system_error == EPERM || system_error == EROFS
                  ? absl::StatusCode::kPermissionDenied
                  : absl::StatusCode::kFailedPrecondition,
              "its folder must exist and the collector's user must be able to write there"};
    default:
      return {absl::StatusCode::kInternal, "this is a bug; please report it"};
  }
}

absl::Status Describe(sqlite3* db, int code, const char* path) {
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return absl::OkStatus();
  const int system_error = db == nullptr ? 0 : sqlite3_system_errno(db);
  const Meaning meaning = MeaningOf(code, system_error, path);
  // errmsg belongs to the last call; where that was another one, the code's own text is right.
  const bool current = db != nullptr && (sqlite3_errcode(db) & 0xff) == (code & 0xff);
  std::string what = current ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  const int kind = code & 0xff;
  if (system_error != 0 && (kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN)) {
    absl::StrAppend(&what, ": ", strerror(system_error));
  }
  absl::Status status(meaning.code, absl::StrCat("database ", path == nullptr ? "" : path, ": ",
                                                 what, " (SQLite ", code, "); ", meaning.remedy));
  const bool damage = kind == SQLITE_IOERR || kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB;
  if (damage && !absl::IsResourceExhausted(status)) status.SetPayload(kFatal, absl::Cord());
  return status;
}

}  // namespace

absl::Status ErrorOf(sqlite3* db, int code) {
  return Describe(db, code, db == nullptr ? nullptr : sqlite3_db_filename(db, "main"));
}

absl::Status OpenErrorOf(sqlite3* db, int code, absl::string_view path) {
  return Describe(db, code, std::string(path).c_str());
}

bool IsFatal(const absl::Status& status) { return status.GetPayload(kFatal).has_value(); }

}  // namespace varve::sqlite
