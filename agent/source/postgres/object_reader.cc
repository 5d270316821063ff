#include "agent/source/postgres/object_reader.h"

#include <algorithm>
#include <atomic>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "agent/source/postgres/recovery_conflict.h"

namespace varve::postgres {
namespace {

// The backend keeps each relation that it opened in memory (0.1 to 0.5 ms and some 10 kB each):
// objects a statement. Where several sessions share them, no fewer than make up for asking.
constexpr size_t kLargestBatch = 2000, kSmallestBatch = 200;
// A suspect is given less time than a set, and all of them together no more than this.
constexpr absl::Duration kSuspectLockTimeout = absl::Milliseconds(50);
constexpr absl::Duration kSuspectsBudget = absl::Seconds(5);

// Relations with an exclusive lock, held or waited for, and what cannot be printed without opening
// one of them: tables of indexes, views over them and rules about them (pg_rewrite, 2618), policies
// that ask them (pg_policy, 3256), routines whose body names them (pg_proc, 1255).
constexpr absl::string_view kSuspects =
    "WITH locked AS (SELECT DISTINCT relation FROM pg_locks WHERE locktype = 'relation' "
    "AND mode = 'AccessExclusiveLock' AND database = "
    "(SELECT oid FROM pg_database WHERE datname = current_database())) "
    "SELECT relation FROM locked "
    "UNION SELECT i.indrelid FROM pg_index i JOIN locked l ON i.indexrelid = l.relation "
    "UNION SELECT r.ev_class FROM pg_depend d JOIN locked l ON d.refobjid = l.relation "
    "JOIN pg_rewrite r ON r.oid = d.objid WHERE d.classid = 2618 AND d.refclassid = 1259 "
    "UNION SELECT p.polrelid FROM pg_depend d JOIN locked l ON d.refobjid = l.relation "
    "JOIN pg_policy p ON p.oid = d.objid WHERE d.classid = 3256 AND d.refclassid = 1259 "
    "UNION SELECT d.objid FROM pg_depend d JOIN locked l ON d.refobjid = l.relation "
    "WHERE d.classid = 1255 AND d.refclassid = 1259";

// So that each session has several: those of one take longer than those of another.
size_t BatchFor(size_t objects, size_t sessions) {
  if (sessions == 1) return kLargestBatch;
  return std::clamp(objects / (4 * sessions), kSmallestBatch, kLargestBatch);
}

bool IsPastDeadline(const absl::Status& status) {
  return absl::IsDeadlineExceeded(status) && SqlState(status).empty();
}

Unseen WhyUnseen(const absl::Status& status) {
  if (absl::IsAborted(status)) {
    return {v1::SIGHT_LOCKED, "locked by another session while it was to be read",
            "read again when that session is done"};
  }
  if (IsPastDeadline(status)) {
    return {v1::SIGHT_CAPPED, std::string(status.message()), "allow the read more time"};
  }
  return {v1::SIGHT_FAILED, std::string(status.message()), "read again"};
}

}  // namespace

struct ObjectReader::Task {
  Connection& connection;
  absl::string_view query, object;
  Arena& arena;
  absl::FunctionRef<void(RowReader&)> load;
  absl::FunctionRef<void(Oid, const Unseen&)> unseen;
};

void ObjectReader::Read(absl::string_view query, absl::string_view object, std::vector<Oid> objects,
                        Arena& arena, absl::FunctionRef<void(RowReader&)> load,
                        absl::FunctionRef<void(Oid, const Unseen&)> unseen) {
  std::sort(objects.begin(), objects.end());
  objects.erase(std::unique(objects.begin(), objects.end()), objects.end());
  const size_t batch = BatchFor(objects.size(), sessions_.size());
  std::atomic<size_t> next = 0;
  ForEachSession(sessions_, [&](Connection& connection) {
    const Task task{connection, query, object, arena, load, unseen};
    for (size_t at = next.fetch_add(batch); at < objects.size(); at = next.fetch_add(batch)) {
      ReadSet(task, absl::MakeConstSpan(objects).subspan(at, batch));
    }
  });
}

absl::Status ObjectReader::Copy(Connection& connection, absl::string_view query,
                                absl::Duration lock_timeout, Arena& arena,
                                absl::FunctionRef<void(RowReader&)> load) {
  SessionLimits limits = limits_;
  limits.lock_timeout = lock_timeout;
  RowReader reader(arena, TextFormOf(encoding_));
  absl::Status status = connection.Copy(
      absl::StrCat(BeginReadOnly(Isolation::kReadCommitted, limits, encoding_), "COPY (", query,
                   ") TO STDOUT;COMMIT"),
      [&](absl::Span<const CopyField> row) {
        reader.Begin(row);
        load(reader);
      },
      calling_);
  if (!status.ok()) connection.Execute("ROLLBACK").IgnoreError();  // nothing was written
  if (status.ok() && reader.malformed()) {
    status = absl::InternalError("the server answered with rows of a form we do not know");
  }
  return status;
}

absl::Status ObjectReader::ReadAll(absl::string_view query, Arena& arena,
                                   absl::FunctionRef<void(RowReader&)> load) {
  return Copy(*sessions_.front(), query, limits_.lock_timeout, arena, load);
}

absl::Status ObjectReader::Ask(const Task& task, absl::Span<const Oid> objects,
                               const absl::flat_hash_set<Oid>& without,
                               absl::Duration lock_timeout) {
  std::string query = absl::StrCat(task.query, " AND ", task.object);
  if (reach_ == Reach::kListed) {
    absl::StrAppend(&query, " = ANY('{", absl::StrJoin(objects, ","), "}'::oid[])");
  } else {
    absl::StrAppend(&query, " BETWEEN ", objects.front(), " AND ", objects.back());
  }
  if (!without.empty()) {
    absl::StrAppend(&query, " AND ", task.object, " <> ALL('{", absl::StrJoin(without, ","),
                    "}'::oid[])");
  }
  return RetryOnRecoveryConflict(task.connection, [&] {
    return Copy(task.connection, query, lock_timeout, task.arena, task.load);
  });
}

void ObjectReader::ReadSet(const Task& task, absl::Span<const Oid> objects) {
  const absl::Status status = Ask(task, objects, {}, limits_.lock_timeout);
  if (status.ok()) return;
  // Not the fault of one object: there is nothing to be found by halving.
  const bool is_general =
      IsConnectionLost(status) || IsPastDeadline(status) || IsRecoveryConflict(status);
  if (is_general || objects.size() == 1) {
    for (const Oid object : objects) Miss(task, object, status);
    return;
  }
  if (absl::IsAborted(status) && ReadAroundLocks(task, objects)) return;
  const size_t half = objects.size() / 2;
  ReadSet(task, objects.first(half));
  ReadSet(task, objects.subspan(half));
}

// Reads what no lock stands before, then the rest one by one. False where that did not do.
bool ObjectReader::ReadAroundLocks(const Task& task, absl::Span<const Oid> objects) {
  const absl::flat_hash_set<Oid> suspects = FindSuspects(task, objects);
  if (suspects.empty()) return false;
  if (!Ask(task, objects, suspects, limits_.lock_timeout).ok()) return false;
  for (const Oid object : objects) {
    if (suspects.contains(object)) ReadSuspect(task, object);
  }
  return true;
}

absl::flat_hash_set<Oid> ObjectReader::FindSuspects(const Task& task,
                                                    absl::Span<const Oid> objects) {
  absl::flat_hash_set<Oid> suspects;
  const absl::Status status =
      Copy(task.connection, kSuspects, limits_.lock_timeout, task.arena, [&](RowReader& row) {
        const Oid oid = row.TakeOid();
        if (std::binary_search(objects.begin(), objects.end(), oid)) suspects.insert(oid);
      });
  if (!status.ok()) suspects.clear();  // then it is found by halving
  return suspects;
}

void ObjectReader::ReadSuspect(const Task& task, Oid object) {
  absl::Duration took;
  {
    const absl::MutexLock lock(&calling_);
    took = suspects_took_;
  }
  const absl::Time before = absl::Now();
  absl::Status status = absl::AbortedError("locked");
  if (took < kSuspectsBudget) status = Ask(task, {&object, 1}, {}, kSuspectLockTimeout);
  {
    const absl::MutexLock lock(&calling_);
    suspects_took_ += absl::Now() - before;
  }
  if (!status.ok()) Miss(task, object, status);
}

void ObjectReader::Miss(const Task& task, Oid object, const absl::Status& why) {
  const absl::MutexLock lock(&calling_);
  task.unseen(object, WhyUnseen(why));
}

}  // namespace varve::postgres
