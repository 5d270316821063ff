#include "agent/source/postgres/catalog_reader.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/source/postgres/recovery_conflict.h"
#include "agent/source/postgres/token_names.h"
#include "base/status.h"

namespace varve::postgres {
namespace {

// What ends the whole read, not one catalog of it.
bool EndsTheRead(const absl::Status& status) {
  const std::string state = SqlState(status);
  return IsConnectionLost(status) || IsRecoveryConflict(status) || state == "22P05" ||
         state == "22021" || (state.empty() && absl::IsDeadlineExceeded(status));
}

// Each in a savepoint of its own, in one round trip.
absl::Status ReadOne(Connection& connection, const CatalogQuery& query, RowReader& reader,
                     Catalog& catalog) {
  const std::string sql = absl::StrCat(
      "SAVEPOINT varve;", CopyStatement(query, catalog.server_version), ";RELEASE SAVEPOINT varve");
  const absl::Status read = connection.Copy(sql, [&](absl::Span<const CopyField> row) {
    reader.Begin(row);
    query.load(reader, catalog);
  });
  if (!read.ok() || !reader.malformed()) return read;
  return absl::InternalError(absl::StrCat(query.catalog, " has rows of a form we do not know"));
}

// format_type() of each distinct (type, modifier) of a column or domain, and of the types that
// identities name.
std::string TypeNamesStatement(const Catalog& catalog) {
  std::set<std::pair<Oid, int32_t>> wanted;
  for (const AttributeRow& column : catalog.attributes) {
    if (column.modifier != -1) wanted.emplace(column.type, column.modifier);
  }
  for (const auto& [oid, domain] : catalog.domains) {
    if (domain.modifier != -1) wanted.emplace(domain.base, domain.modifier);
  }
  for (const RoutineRow& routine : catalog.routines) {
    for (const Oid type : routine.input_types) wanted.emplace(type, -1);
  }
  for (const auto& [oid, row] : catalog.operators) {
    for (const Oid type : {row.left, row.right}) {
      if (type != 0) wanted.emplace(type, -1);
    }
  }
  for (const CastRow& cast : catalog.casts) {
    for (const Oid type : {cast.source, cast.target}) wanted.emplace(type, -1);
  }
  for (const TransformRow& transform : catalog.transforms) wanted.emplace(transform.type, -1);
  const auto join = [&](auto member) {
    return absl::StrJoin(wanted, ",", [&](std::string* out, const auto& pair) {
      absl::StrAppend(out, member(pair));
    });
  };
  // Without a modifier, NULL: format_type(bpchar, -1) is "bpchar", but people write "character".
  return absl::StrCat("COPY (SELECT t, m, format_type(t, NULLIF(m, -1)) FROM unnest('{",
                      join([](const auto& pair) { return pair.first; }), "}'::oid[],'{",
                      join([](const auto& pair) { return pair.second; }),
                      "}'::int4[]) AS x(t, m)) TO STDOUT");
}

absl::Status ReadTypeNames(Connection& connection, RowReader& reader, Catalog& catalog) {
  return connection.Copy(TypeNamesStatement(catalog), [&](absl::Span<const CopyField> row) {
    reader.Begin(row);
    const Oid type = reader.TakeOid();
    const auto modifier = static_cast<int32_t>(reader.TakeInt());
    catalog.type_names.emplace(std::pair(type, modifier), reader.TakeText());
  });
}

// An object needs its schema, but its name says so; members of extensions are in `members`.
constexpr absl::string_view kDependencies =
    "COPY (SELECT classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype "
    "FROM pg_depend WHERE objid >= 16384 AND deptype NOT IN ('e', 'p') AND refclassid <> 2615) "
    "TO STDOUT";

ObjectAddress TakeAddress(RowReader& reader) {
  ObjectAddress address;
  address.catalog = reader.TakeOid();
  address.object = reader.TakeOid();
  address.part = static_cast<int32_t>(reader.TakeInt());
  return address;
}

// The rest of pg_depend was read before: where that was denied this is not asked.
absl::StatusOr<std::unique_ptr<Dependencies>> ReadDependencies(Connection& connection,
                                                               RowReader& reader,
                                                               const Catalog& catalog) {
  auto dependencies = std::make_unique<Dependencies>(catalog);
  VARVE_RETURN_IF_ERROR(
      connection.Copy(std::string(kDependencies), [&](absl::Span<const CopyField> fields) {
        reader.Begin(fields);
        DependencyRow row;
        row.object = TakeAddress(reader);
        row.referenced = TakeAddress(reader);
        row.type = reader.TakeChar();
        dependencies->Add(row);
      }));
  dependencies->Sort();
  return dependencies;
}

// An empty catalog to read into, and a transaction that is rolled back in the end, whatever
// happened: nothing was written.
class ReadTransaction {
 public:
  ReadTransaction(Connection& connection, absl::string_view client_encoding)
      : connection_(connection) {
    read_.catalog = std::make_unique<Catalog>();
    read_.catalog->text_form = TextFormOf(client_encoding);
    read_.catalog->server_version = connection.server().version;
    read_.encoding = std::string(client_encoding);
  }
  ~ReadTransaction() {
    if (begun_) connection_.Execute("ROLLBACK").IgnoreError();
  }
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;

  Catalog& catalog() { return *read_.catalog; }
  absl::Status Begin(const std::string& statements) {
    begun_ = true;  // also where a later statement of them fails
    return connection_.Execute(statements);
  }

  // One that fails is among the failures, if it does not end the whole read.
  absl::Status Read(const CatalogQuery& query) {
    if (catalog().server_version / 10000 < query.since) return absl::OkStatus();
    if (query.wanted != nullptr && !query.wanted(catalog())) return absl::OkStatus();
    RowReader reader(catalog().arena, catalog().text_form);
    const absl::Status status = ReadOne(connection_, query, reader, catalog());
    if (status.ok()) return status;
    if (EndsTheRead(status)) return Annotate(status, absl::StrCat("reading ", query.catalog));
    read_.failures.push_back({&query, status});
    if (absl::IsInternal(status)) return absl::OkStatus();  // the statement itself went well
    return connection_.Execute("ROLLBACK TO SAVEPOINT varve");
  }

  // One that cannot be had is no failure: then the next read is a whole one, too.
  absl::Status Mark() {
    absl::StatusOr<Watermark> mark = ReadWatermark(connection_, /*with_sums=*/true);
    if (mark.ok()) {
      read_.mark = *std::move(mark);
    } else if (EndsTheRead(mark.status())) {
      return Annotate(mark.status(), "asking how far the cluster was written");
    }
    return absl::OkStatus();
  }

  bool Failed(absl::string_view catalog) const {
    return std::any_of(read_.failures.begin(), read_.failures.end(),
                       [&](const auto& failure) { return failure.query->catalog == catalog; });
  }
  void Use(std::unique_ptr<Dependencies> dependencies) {
    read_.dependencies = std::move(dependencies);
  }

  CatalogRead Take() { return std::move(read_); }

 private:
  Connection& connection_;
  CatalogRead read_;
  bool begun_ = false;
};

}  // namespace

absl::StatusOr<CatalogRead> ReadCatalog(Connection& connection, const SessionLimits& limits,
                                        absl::string_view client_encoding, bool with_mark) {
  ReadTransaction transaction(connection, client_encoding);
  VARVE_RETURN_IF_ERROR(
      transaction.Begin(BeginReadOnly(Isolation::kRepeatableRead, limits, client_encoding)));
  if (with_mark) VARVE_RETURN_IF_ERROR(transaction.Mark());
  for (const CatalogQuery* const query : DatabaseQueries()) {
    VARVE_RETURN_IF_ERROR(transaction.Read(*query));
  }
  Catalog& catalog = transaction.catalog();
  RowReader reader(catalog.arena, catalog.text_form);
  VARVE_RETURN_IF_ERROR(Annotate(ReadTypeNames(connection, reader, catalog), "naming types"));
  VARVE_RETURN_IF_ERROR(Annotate(ReadTokenNames(connection, catalog), "naming types of tokens"));
  catalog.Join();
  if (!transaction.Failed("pg_depend")) {
    absl::StatusOr<std::unique_ptr<Dependencies>> dependencies =
        ReadDependencies(connection, reader, catalog);
    VARVE_RETURN_IF_ERROR(Annotate(dependencies.status(), "reading pg_depend"));
    transaction.Use(*std::move(dependencies));
  }
  return transaction.Take();
}

absl::StatusOr<CatalogRead> ReadCluster(Connection& connection, const SessionLimits& limits,
                                        absl::string_view client_encoding) {
  ReadTransaction transaction(connection, client_encoding);
  VARVE_RETURN_IF_ERROR(transaction.Begin(BeginBare(Isolation::kRepeatableRead, client_encoding)));
  VARVE_RETURN_IF_ERROR(transaction.Read(SettingsQuery()));
  VARVE_RETURN_IF_ERROR(connection.Execute(PinSettings(limits)));
  for (const CatalogQuery& query : ClusterQueries()) {
    VARVE_RETURN_IF_ERROR(transaction.Read(query));
  }
  return transaction.Take();
}

absl::StatusOr<CatalogRead> ReadInUtf8(Connection& connection, const SessionLimits& limits,
                                       ReadFunction read) {
  absl::StatusOr<CatalogRead> result = CatalogRead();
  const auto read_as = [&](absl::string_view encoding) {
    return RetryOnRecoveryConflict(connection, [&] {
      result = read(connection, limits, encoding);
      return result.status();
    });
  };
  const bool is_ascii = connection.server().encoding == "SQL_ASCII";
  const std::string state = SqlState(read_as(is_ascii ? "SQL_ASCII" : "UTF8"));
  // Untranslatable character, not in the repertoire; and an encoding without a way to UTF-8.
  const bool has_other_text =
      state == "22P05" || state == "22021" || state == "22023" || state == "0A000";
  if (has_other_text) read_as("SQL_ASCII").IgnoreError();  // it is in `result`
  return result;
}

}  // namespace varve::postgres
