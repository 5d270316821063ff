// SQLite's result codes as Status: what the caller should do, the database's path, and what mends
// it.
#pragma once

#include <sqlite3.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace varve::sqlite {

// The Status of `code`, which the last call on `db` gave; its message names the database's file. OK
// for SQLITE_OK, SQLITE_ROW and SQLITE_DONE. "database /var/lib/varve/varve.db: database or disk is
// full (SQLite 13); free disk space, or shorten retention".
//   kResourceExhausted  disk or memory is full: all is as before; retry when there is room
//   kUnavailable        the disk did not do its work (an I/O error), or another process held the
//   file too long kDataLoss           the file is damaged, or is no database kPermissionDenied the
//   file or its folder may not be read or written kInternal           anything else: our bug
absl::Status ErrorOf(sqlite3* db, int code);

// The same for a file that could not be opened at all.
absl::Status OpenErrorOf(sqlite3* db, int code, absl::string_view path);

// True of an error above after which the connection must not be used any more: after an I/O error
// nobody knows what reached the disk, and a damaged file only gets worse. A full disk is none.
bool IsFatal(const absl::Status& status);

}  // namespace varve::sqlite
