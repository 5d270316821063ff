#include "agent/source/postgres/expressions.h"

#include <algorithm>
#include <optional>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/redaction/text.h"
#include "agent/source/postgres/printings.h"
#include "absl/types/span.h"

namespace varve::postgres {
namespace {

// The backend keeps each relation that it opened in memory (0.1 to 0.5 ms and some 10 kB each): objects a statement.
constexpr size_t kBatch = 2000;
// A suspect is given less time than a set, and all of them together no more than this.
constexpr absl::Duration kSuspectLockTimeout = absl::Milliseconds(50);
constexpr absl::Duration kSuspectsBudget = absl::Seconds(5);

// Relations with an exclusive lock, held or waited for, and what cannot be printed without opening one of them.
constexpr char kSuspects[] =
    "COPY (WITH locked AS (SELECT DISTINCT relation FROM pg_locks WHERE locktype = 'relation' "
    "AND mode = 'AccessExclusiveLock' AND database = "
    "(SELECT oid FROM pg_database WHERE datname = current_database())) "
    "SELECT relation FROM locked "
    "UNION SELECT i.indrelid FROM pg_index i JOIN locked l ON i.indexrelid = l.relation "
    "UNION SELECT r.ev_class FROM pg_depend d JOIN locked l ON d.refobjid = l.relation "
    "JOIN pg_rewrite r ON r.oid = d.objid WHERE d.classid = 2618 AND d.refclassid = 1259 "
    "UNION SELECT d.objid FROM pg_depend d JOIN locked l ON d.refobjid = l.relation "
    "WHERE d.classid = 1255 AND d.refclassid = 1259) TO STDOUT;COMMIT";

class Printer {
 public:
  Printer(Connection& connection, const SessionLimits& limits, absl::string_view client_encoding,
          Expressions& out)
      : connection_(connection), limits_(limits), encoding_(client_encoding), out_(out) {}

  void Print(const Printing& printing, const Catalog& catalog) {
    std::vector<Oid> objects = printing.objects(catalog);
    std::sort(objects.begin(), objects.end());
    objects.erase(std::unique(objects.begin(), objects.end()), objects.end());
    absl::Span<const Oid> rest(objects);
    while (!rest.empty()) {
      const absl::Span<const Oid> batch = rest.first(std::min(kBatch, rest.size()));
      PrintSet(printing, batch);
      rest.remove_prefix(batch.size());
    }
  }

 private:
  absl::Status Ask(const Printing& printing, absl::Span<const Oid> objects,
                   const absl::flat_hash_set<Oid>& without, absl::Duration lock_timeout) {
    SessionLimits limits = limits_;
    limits.lock_timeout = lock_timeout;
    std::string sql = absl::StrCat(
        BeginReadOnly(Isolation::kReadCommitted, limits, encoding_), "COPY (", printing.query,
        " AND ", printing.object, " BETWEEN ", objects.front(), " AND ", objects.back());
    if (!without.empty()) {
      absl::StrAppend(&sql, " AND ", printing.object, " <> ALL('{", absl::StrJoin(without, ","),
                      "}'::oid[])");
    }
    absl::StrAppend(&sql, ") TO STDOUT;COMMIT");
    RowReader reader(out_.arena);
    const absl::Status status = connection_.Copy(sql, [&](absl::Span<const CopyField> row) {
      reader.Begin(row);
      printing.load(reader, out_);
    });
    if (!status.ok()) RollBack();
    return status;
  }

  void RollBack() { connection_.Execute("ROLLBACK").IgnoreError(); }  // nothing was written

  void PrintSet(const Printing& printing, absl::Span<const Oid> objects) {
    if (objects.empty()) return;
    const absl::Status status = Ask(printing, objects, {}, limits_.lock_timeout);
    if (status.ok()) return;
    if (IsConnectionLost(status) || (absl::IsDeadlineExceeded(status) && SqlState(status).empty())) {
      return GiveUp(printing, objects, status);
    }
    if (objects.size() == 1) return MarkUnseen(printing, objects.front(), status);
    if (absl::IsAborted(status) && PrintAroundLocks(printing, objects)) return;
    const size_t half = objects.size() / 2;
    PrintSet(printing, objects.first(half));
    PrintSet(printing, objects.subspan(half));
  }

  // Reads what no lock stands before, then the rest one by one. False where that did not do.
  bool PrintAroundLocks(const Printing& printing, absl::Span<const Oid> objects) {
    const absl::flat_hash_set<Oid> suspects = FindSuspects(objects);
    if (suspects.empty()) return false;
    if (!Ask(printing, objects, suspects, limits_.lock_timeout).ok()) return false;
    for (const Oid object : objects) {
      if (suspects.contains(object)) PrintSuspect(printing, object);
    }
    return true;
  }

  absl::flat_hash_set<Oid> FindSuspects(absl::Span<const Oid> objects) {
    absl::flat_hash_set<Oid> suspects;
    RowReader reader(out_.arena);
    const absl::Status status = connection_.Copy(
        absl::StrCat(BeginReadOnly(Isolation::kReadCommitted, limits_, encoding_), kSuspects),
        [&](absl::Span<const CopyField> row) {
          reader.Begin(row);
          const Oid oid = reader.TakeOid();
          if (std::binary_search(objects.begin(), objects.end(), oid)) suspects.insert(oid);
        });
    if (!status.ok()) RollBack();
    return suspects;
  }

  void PrintSuspect(const Printing& printing, Oid object) {
    const absl::Time before = absl::Now();
    absl::Status status = absl::AbortedError("");
    if (suspects_took_ < kSuspectsBudget) {
      status = Ask(printing, {&object, 1}, {}, kSuspectLockTimeout);
      suspects_took_ += absl::Now() - before;
    }
    if (!status.ok()) MarkUnseen(printing, object, status);
  }

  void MarkUnseen(const Printing& printing, Oid object, const absl::Status& status) {
    Unseen why{v1::SIGHT_FAILED, ToUtf8(status.message()), ""};
    if (absl::IsAborted(status)) {
      why = {v1::SIGHT_LOCKED, "locked by another session while it was to be read",
             "read again when the migration is done"};
    }
    out_.unseen.emplace(std::pair(printing.catalog, object), why);
  }

  void GiveUp(const Printing& printing, absl::Span<const Oid> objects, const absl::Status& status) {
    const bool late = absl::IsDeadlineExceeded(status);
    for (const Oid object : objects) {
      out_.unseen.emplace(
          std::pair(printing.catalog, object),
          Unseen{late ? v1::SIGHT_CAPPED : v1::SIGHT_FAILED, std::string(status.message()),
                 late ? "allow the read more time" : "read again"});
    }
  }

  Connection& connection_;
  const SessionLimits& limits_;
  const std::string encoding_;
  Expressions& out_;
  absl::Duration suspects_took_;
};

}  // namespace

std::unique_ptr<Expressions> ReadExpressions(Connection& connection, const SessionLimits& limits,
                                             absl::string_view client_encoding,
                                             const Catalog& catalog) {
  auto expressions = std::make_unique<Expressions>();
  Printer printer(connection, limits, client_encoding, *expressions);
  for (const Printing& printing : Printings()) {
    if (catalog.server_version / 10000 >= printing.since) printer.Print(printing, catalog);
  }
  return expressions;
}

}  // namespace varve::postgres
