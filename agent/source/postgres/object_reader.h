// Queries outside the snapshot of the catalogs: of what has to be opened, which can be locked or
// have just gone, and of figures.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "agent/source/postgres/arena.h"
#include "agent/source/postgres/connection.h"
#include "agent/source/postgres/row_reader.h"
#include "agent/source/postgres/section_writer.h"
#include "agent/source/postgres/session_settings.h"
#include "agent/source/postgres/sessions.h"

namespace varve::postgres {

// Asks by sets, each in a short transaction of its own. Where a set fails, it looks who holds a
// lock, reads the rest without what stands behind it, and tries that one by one; what raises is
// found by halving. Several sessions share the sets. Not thread-safe: it makes the threads that it
// needs, and what it is given to call is called by one at a time.
class ObjectReader {
 public:
  // What a set may open beside its objects: all from its first OID to its last, which is the
  // shortest to ask for; or nothing, where others must not be touched.
  enum class Reach { kRange, kListed };

  // `client_encoding` as BeginReadOnly takes it. Borrows the connections of `sessions`.
  ObjectReader(Sessions sessions, const SessionLimits& limits, absl::string_view client_encoding,
               Reach reach)
      : sessions_(std::move(sessions)),
        limits_(limits),
        encoding_(client_encoding),
        reach_(reach) {}

  // `query` is `SELECT … FROM … WHERE …`, to which conditions on `object`, a column of it, can be
  // added. `load` takes each row, whose text lives in `arena`; a row may come twice. `unseen` is
  // told of each of `objects` that could not be read, and why.
  void Read(absl::string_view query, absl::string_view object, std::vector<Oid> objects,
            Arena& arena, absl::FunctionRef<void(RowReader&)> load,
            absl::FunctionRef<void(Oid, const Unseen&)> unseen);

  // `query` as it is, which opens nothing, in a transaction of its own on the first session. Rows
  // that came before an error were loaded. Errors: as Connection::Copy.
  absl::Status ReadAll(absl::string_view query, Arena& arena,
                       absl::FunctionRef<void(RowReader&)> load);

 private:
  struct Task;
  absl::Status Copy(Connection& connection, absl::string_view query, absl::Duration lock_timeout,
                    Arena& arena, absl::FunctionRef<void(RowReader&)> load);
  absl::Status Ask(const Task& task, absl::Span<const Oid> objects,
                   const absl::flat_hash_set<Oid>& without, absl::Duration lock_timeout);
  void ReadSet(const Task& task, absl::Span<const Oid> objects);
  bool ReadAroundLocks(const Task& task, absl::Span<const Oid> objects);
  absl::flat_hash_set<Oid> FindSuspects(const Task& task, absl::Span<const Oid> objects);
  void ReadSuspect(const Task& task, Oid object);
  void Miss(const Task& task, Oid object, const absl::Status& why);

  const Sessions sessions_;
  const SessionLimits limits_;
  const std::string encoding_;
  const Reach reach_;
  absl::Mutex calling_;  // held while a row is loaded, or an object said to be unseen
  absl::Duration suspects_took_ ABSL_GUARDED_BY(calling_);  // of all reads
};

}  // namespace varve::postgres
