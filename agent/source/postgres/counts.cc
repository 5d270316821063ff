#include "agent/source/postgres/counts.h"

#include <algorithm>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"
#include "agent/source/postgres/sql_text.h"
#include "base/status.h"
#include "base/utf8.h"
#include "snapshot/postgres_type.h"

namespace varve::postgres {
namespace {

class Counter {
 public:
  Counter(Connection& connection, const CountOptions& options, const Catalog& catalog,
          SectionWriter& writer)
      : connection_(connection), options_(options), catalog_(catalog), writer_(writer) {}

  void CountAll() {
    const absl::Time end = absl::Now() + options_.budget;
    const absl::Status known = ReadPrivileges();
    if (!known.ok()) return writer_.Error("counting rows", known.message());
    const std::vector<const RelationRow*> tables = Countable();
    for (size_t i = 0; i < tables.size(); ++i) {
      const absl::Duration left = end - absl::Now();
      if (left <= absl::ZeroDuration()) return Capped(tables.size() - i);
      const absl::Status status = Count(*tables[i], left);
      if (IsConnectionLost(status)) return writer_.Error("counting rows", status.message());
      if (!status.ok()) Refused(*tables[i], status);
    }
  }

  void Write() const {
    for (const RelationRow& relation : catalog_.relations) {
      if (!IsOwn(catalog_, relation)) continue;
      if (const std::optional<int64_t> rows = RowsOf(relation); rows.has_value()) {
        writer_.MeasureNumber(RelationKey(catalog_, relation), kRowsMeasure, *rows);
      }
    }
  }

  void JoinPartitions() {
    for (const auto& [child, parents] : catalog_.parents) {
      const RelationRow* const relation = catalog_.Relation(child);
      if (relation == nullptr || !relation->partition) continue;
      for (const Oid parent : parents) partitions_[parent].push_back(relation);
    }
  }

 private:
  struct Privileges {
    bool schema = false, table = false;
  };

  // Asked first, so that a refusal costs the server no error in its log.
  absl::Status ReadPrivileges() {
    return connection_.Copy(
        absl::StrCat(Begin(options_.limits.statement_timeout),
                     "COPY (SELECT oid, has_schema_privilege(relnamespace, 'USAGE'), "
                     "has_any_column_privilege(oid, 'SELECT') FROM pg_class "
                     "WHERE relkind IN ('r', 'm') AND oid >= 16384) TO STDOUT;COMMIT"),
        [&](absl::Span<const CopyField> row) {
          Oid oid = 0;
          if (row.size() != 3 || !absl::SimpleAtoi(row[0].text, &oid)) return;
          privileges_[oid] = {row[1].text == "t", row[2].text == "t"};
        });
  }

  // What has rows of its own to count, smallest first: most of them are counted when time is up.
  std::vector<const RelationRow*> Countable() {
    std::vector<const RelationRow*> tables;
    for (const RelationRow& relation : catalog_.relations) {
      if ((relation.kind != 'r' && relation.kind != 'm') || !relation.populated) continue;
      if (!IsOwn(catalog_, relation) || writer_.LeavesOut(RelationKey(catalog_, relation)))
        continue;
      const auto privileges = privileges_.find(relation.oid);
      if (privileges == privileges_.end()) continue;  // it went meanwhile
      if (privileges->second.schema && privileges->second.table) {
        tables.push_back(&relation);
      } else {
        Denied(relation, privileges->second);
      }
    }
    std::sort(tables.begin(), tables.end(), [](const RelationRow* a, const RelationRow* b) {
      return std::tie(a->pages, a->oid) < std::tie(b->pages, b->oid);
    });
    return tables;
  }

  absl::Status Count(const RelationRow& relation, absl::Duration left) {
    // Names are text in the transaction's encoding, which holds from the next message on.
    const absl::Duration limit = std::min(left, options_.limits.statement_timeout);
    VARVE_RETURN_IF_ERROR(connection_.Execute(Begin(limit)));
    const std::string sql =
        absl::StrCat("COPY (SELECT count(*) FROM ONLY ",
                     AlwaysQuoted(Stored(catalog_.SchemaName(relation.schema))), ".",
                     AlwaysQuoted(Stored(relation.name)), ") TO STDOUT;COMMIT");
    absl::Status status = connection_.Copy(sql, [&](absl::Span<const CopyField> row) {
      int64_t rows = 0;
      if (row.size() == 1 && absl::SimpleAtoi(row[0].text, &rows)) rows_[relation.oid] = rows;
    });
    if (!status.ok()) connection_.Execute("ROLLBACK").IgnoreError();  // nothing was written
    return status;
  }

  std::string Begin(absl::Duration statement_timeout) const {
    SessionLimits limits = options_.limits;
    limits.statement_timeout = std::max(statement_timeout, absl::Milliseconds(1));
    return BeginReadOnly(Isolation::kReadCommitted, limits, options_.client_encoding);
  }

  std::optional<int64_t> RowsOf(const RelationRow& relation) const {
    if (relation.kind != 'p') {
      const auto counted = rows_.find(relation.oid);
      if (counted == rows_.end()) return std::nullopt;
      return counted->second;
    }
    int64_t sum = 0;
    const auto partitions = partitions_.find(relation.oid);
    if (partitions == partitions_.end()) return sum;
    for (const RelationRow* const partition : partitions->second) {
      const std::optional<int64_t> rows = RowsOf(*partition);
      if (!rows.has_value()) return std::nullopt;
      sum += *rows;
    }
    return sum;
  }

  std::string TableText(const RelationRow& relation) const {
    return absl::StrCat(QuotedIdentifier(catalog_.SchemaName(relation.schema)), ".",
                        QuotedIdentifier(relation.name));
  }

  // A name of the catalog as the server has it.
  std::string Stored(absl::string_view name) const { return BytesOf(name, catalog_.text_form); }

  // A grant on what `names` name, as a user can type it.
  std::string Grant(absl::string_view privilege, std::initializer_list<absl::string_view> names,
                    absl::string_view user) const {
    const bool can_be_typed = std::all_of(
        names.begin(), names.end(), [&](absl::string_view name) { return IsUtf8(Stored(name)); });
    const std::string object =
        absl::StrJoin(names, ".", [&](std::string* out, absl::string_view name) {
          absl::StrAppend(out, QuotedIdentifier(can_be_typed ? Stored(name) : std::string(name)));
        });
    return absl::StrCat("GRANT ", privilege, object, " TO ", user,
                        can_be_typed ? "" : ", with the byte of that number for each \\x");
  }

  void Fail(const RelationRow& relation, absl::string_view why, absl::string_view remedy) const {
    const EntityKey entity = RelationKey(catalog_, relation);
    writer_.Error(absl::StrCat("counting rows of ", TableText(relation)), why, remedy, &entity);
  }

  void Denied(const RelationRow& relation, const Privileges& privileges) const {
    const std::string user = QuotedIdentifier(connection_.server().user);
    const absl::string_view schema = catalog_.SchemaName(relation.schema);
    if (!privileges.schema) {
      Fail(relation, absl::StrCat("permission denied for schema ", QuotedIdentifier(schema)),
           Grant("USAGE ON SCHEMA ", {schema}, user));
    } else {
      Fail(relation, "permission denied", Grant("SELECT ON ", {schema, relation.name}, user));
    }
  }

  void Refused(const RelationRow& relation, const absl::Status& status) const {
    if (absl::IsAborted(status)) {
      Fail(relation, "locked by another session while it was to be counted",
           "read again when that session is done");
    } else if (absl::IsDeadlineExceeded(status)) {
      Fail(relation, status.message(), "allow counts more time, or take the estimates");
    } else if (relation.row_security && absl::IsPermissionDenied(status)) {
      Fail(relation, status.message(),
           absl::StrCat("ALTER ROLE ", QuotedIdentifier(connection_.server().user), " BYPASSRLS"));
    } else {
      Fail(relation, status.message(), "");
    }
  }

  void Capped(size_t rest) const {
    writer_.Error("counting rows",
                  absl::StrCat(rest, " tables were not counted when the time for counts (",
                               absl::FormatDuration(options_.budget), ") was used up"),
                  "allow counts more time, or take the estimates");
  }

  Connection& connection_;
  const CountOptions& options_;
  const Catalog& catalog_;
  SectionWriter& writer_;
  std::map<Oid, Privileges> privileges_;
  std::map<Oid, int64_t> rows_;
  std::map<Oid, std::vector<const RelationRow*>> partitions_;
};

}  // namespace

void WriteCounts(Connection& connection, const CountOptions& options, const Catalog& catalog,
                 SectionWriter& writer) {
  Counter counter(connection, options, catalog, writer);
  counter.CountAll();
  counter.JoinPartitions();
  counter.Write();
}

}  // namespace varve::postgres
