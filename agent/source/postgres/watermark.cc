#include "agent/source/postgres/watermark.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/source/postgres/recovery_conflict.h"
#include "base/status.h"
#include "snapshot/postgres_type.h"

namespace varve::postgres {
namespace {

constexpr absl::string_view kWhere =
    "SELECT (SELECT system_identifier FROM pg_control_system()), d.oid, "
    "pg_postmaster_start_time(), pg_conf_load_time(), pg_is_in_recovery(), session_user, "
    "current_user, current_setting('server_version_num') "
    "FROM pg_database d WHERE d.datname = current_database()";

// Before 14 these are set in place: no transaction tells, and the row keeps its xmin.
constexpr absl::string_view kIndexFlags =
    "SELECT count(*), sum(hashint8(indexrelid::bigint * 8 + indisvalid::int * 4 + "
    "indisready::int * 2 + indislive::int)::bigint) FROM pg_index "
    "WHERE NOT (indisvalid AND indisready AND indislive)";

// What no section is made of: statistics, values of large objects, who owns what in other
// databases, how far replication is. Passwords are not asked for.
constexpr absl::string_view kCatalogs =
    "SELECT relname, has_table_privilege(c.oid, 'SELECT'), (SELECT string_agg(quote_ident(attname),"
    " ',' ORDER BY attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND attnum > 0 "
    "AND NOT attisdropped AND has_column_privilege(c.oid, attnum, 'SELECT')) "
    "FROM pg_class c WHERE relnamespace = 11 AND relkind = 'r' AND relname NOT IN "
    "('pg_statistic', 'pg_statistic_ext_data', 'pg_largeobject', 'pg_shdepend', "
    "'pg_replication_origin', 'pg_subscription_rel', 'pg_authid') ORDER BY relname";

// Large objects come and go with an application's data: what counts is who owns some, and what was
// granted on some.
constexpr absl::string_view kLargeObjects = "pg_largeobject_metadata";
constexpr absl::string_view kLargeObjectsAlike =
    "(SELECT lomowner, lomacl FROM pg_catalog.pg_largeobject_metadata "
    "GROUP BY lomowner, lomacl) AS r";

// Appends each row of `query` as a line of texts.
absl::Status AppendRows(Connection& connection, absl::string_view query, std::string& text) {
  return connection.Copy(absl::StrCat("COPY (", query, ") TO STDOUT"),
                         [&text](absl::Span<const CopyField> row) {
                           for (const CopyField& field : row) {
                             absl::StrAppend(&text, field.is_null ? "-" : field.text, "\t");
                           }
                           text += '\n';
                         });
}

// A row of count and hash; rows are grouped first, since few transactions wrote most of them.
std::string SumOf(absl::string_view catalog) {
  return absl::StrCat("SELECT '", catalog,
                      "', sum(n), sum(hashint8(x::text::bigint) * n) FROM (SELECT xmin AS x, "
                      "count(*) AS n FROM pg_catalog.",
                      QuotedIdentifier(catalog), " GROUP BY xmin) AS g");
}
std::string ContentOf(absl::string_view name, absl::string_view row, absl::string_view from) {
  return absl::StrCat("SELECT '", name, "', count(*), sum(hashtextextended((", row,
                      ")::text, 0)) FROM ", from);
}

absl::StatusOr<std::string> SumsQuery(Connection& connection) {
  std::vector<std::string> parts;
  VARVE_RETURN_IF_ERROR(connection.Copy(
      absl::StrCat("COPY (", kCatalogs, ") TO STDOUT"), [&parts](absl::Span<const CopyField> row) {
        if (row.size() != 3) return;
        if (row[0].text == kLargeObjects) {
          if (row[1].text == "t")
            parts.push_back(ContentOf(kLargeObjects, "r", kLargeObjectsAlike));
        } else if (row[1].text == "t") {
          parts.push_back(SumOf(row[0].text));
        } else if (!row[2].is_null) {
          parts.push_back(ContentOf(row[0].text, absl::StrCat("ROW(", row[2].text, ")"),
                                    absl::StrCat("pg_catalog.", QuotedIdentifier(row[0].text))));
        }
      }));
  parts.push_back(ContentOf("roles", "r", "pg_catalog.pg_roles AS r"));
  parts.push_back(ContentOf("user mappings", "m", "pg_catalog.pg_user_mappings AS m"));
  return absl::StrJoin(parts, " UNION ALL ");
}

absl::Status Read(Connection& connection, bool with_sums, Watermark& mark) {
  const int version = connection.server().version;
  VARVE_RETURN_IF_ERROR(AppendRows(connection, kWhere, mark.where));
  std::string in_recovery;
  VARVE_RETURN_IF_ERROR(AppendRows(connection, "SELECT pg_is_in_recovery()", in_recovery));
  if (absl::StartsWith(in_recovery, "f")) {
    VARVE_RETURN_IF_ERROR(AppendRows(
        connection,
        version >= 130000 ? "SELECT pg_current_snapshot()" : "SELECT txid_current_snapshot()",
        mark.written));
    if (version < 140000) {
      VARVE_RETURN_IF_ERROR(AppendRows(connection, kIndexFlags, mark.written));
    }
  }
  if (!with_sums) return absl::OkStatus();
  VARVE_ASSIGN_OR_RETURN(const std::string query, SumsQuery(connection));
  VARVE_RETURN_IF_ERROR(AppendRows(connection, query, mark.sums));
  return AppendRows(connection, kIndexFlags, mark.sums);
}

}  // namespace

absl::StatusOr<Watermark> ReadWatermark(Connection& connection, bool with_sums) {
  VARVE_RETURN_IF_ERROR(connection.Execute("SAVEPOINT watermark"));
  Watermark mark;
  const absl::Status read = Read(connection, with_sums, mark);
  if (read.ok()) {
    VARVE_RETURN_IF_ERROR(connection.Execute("RELEASE SAVEPOINT watermark"));
    return mark;
  }
  if (!IsConnectionLost(read) && !IsRecoveryConflict(read)) {
    VARVE_RETURN_IF_ERROR(connection.Execute("ROLLBACK TO SAVEPOINT watermark"));
  }
  return read;
}

absl::StatusOr<Watermark> ReadWatermarkNow(Connection& connection, const SessionLimits& limits,
                                           bool with_sums) {
  absl::StatusOr<Watermark> mark = Watermark();
  const absl::Status status = RetryOnRecoveryConflict(connection, [&] {
    // Bytes as they are stored: nothing is said of them but whether they are equal.
    absl::Status begun =
        connection.Execute(BeginReadOnly(Isolation::kRepeatableRead, limits, "SQL_ASCII"));
    if (begun.ok()) {
      mark = ReadWatermark(connection, with_sums);
      begun = mark.status();
    }
    connection.Execute("ROLLBACK").IgnoreError();  // nothing was written
    return begun;
  });
  if (!status.ok()) return status;
  return mark;
}

}  // namespace varve::postgres
