#include "agent/source/postgres/catalog_reader.h"

#include <set>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/synchronization/mutex.h"
#include "agent/source/postgres/recovery_conflict.h"
#include "agent/source/postgres/token_names.h"
#include "base/status.h"

namespace varve::postgres {
namespace {

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

// A read of one moment by several sessions, of which each takes the next group of queries until
// none is left.
class SharedReading {
 public:
  SharedReading(const Sessions& sessions, const SessionLimits& limits,
                absl::string_view client_encoding)
      : sessions_(sessions),
        limits_(limits),
        encoding_(client_encoding),
        shared_(*sessions.front(), client_encoding) {}

  absl::StatusOr<CatalogRead> Read(bool with_mark) {
    VARVE_RETURN_IF_ERROR(ReadRows(with_mark));
    return Finish();
  }

 private:
  Connection& first() const { return *sessions_.front(); }

  absl::Status ReadRows(bool with_mark) {
    ReadTransaction transaction(first(), shared_);
    VARVE_RETURN_IF_ERROR(
        transaction.Begin(BeginReadOnly(Isolation::kRepeatableRead, limits_, encoding_)));
    if (with_mark) VARVE_RETURN_IF_ERROR(Mark());
    VARVE_RETURN_IF_ERROR(ReadGroups(transaction));
    return ReadNames();
  }

  // One that cannot be had is no failure: then the next read is a whole one, too.
  absl::Status Mark() {
    absl::StatusOr<Watermark> mark = ReadWatermark(first(), /*with_sums=*/true);
    if (mark.ok()) {
      read_.mark = *std::move(mark);
    } else if (EndsTheRead(mark.status())) {
      return Annotate(mark.status(), "asking how far the cluster was written");
    }
    return absl::OkStatus();
  }

  absl::Status ReadGroups(ReadTransaction& transaction) {
    if (sessions_.size() > 1) VARVE_RETURN_IF_ERROR(Export());
    ForEachSession(sessions_, [&](Connection& session) {
      if (&session == &first()) return TakeGroups(transaction);
      Join(session);
    });
    const absl::MutexLock lock(&mutex_);
    return status_;
  }

  absl::Status Export() {
    return Annotate(first().Copy("COPY (SELECT pg_export_snapshot()) TO STDOUT",
                                 [this](absl::Span<const CopyField> row) {
                                   if (row.size() == 1) moment_ = std::string(row[0].text);
                                 }),
                    "sharing the snapshot with further connections");
  }

  // Reads on a further session what the first one sees. Where that cannot be, the others do all.
  void Join(Connection& session) {
    ReadTransaction transaction(session, shared_);
    absl::Status status = session.is_lost() ? session.Reopen() : absl::OkStatus();
    if (status.ok()) {
      status = transaction.Begin(absl::StrCat(BeginBare(Isolation::kRepeatableRead, encoding_),
                                              "SET TRANSACTION SNAPSHOT '", moment_, "';",
                                              PinSettings(limits_)));
    }
    if (status.ok()) return TakeGroups(transaction);
    const absl::MutexLock lock(&mutex_);
    notes_.push_back(status);
  }

  void TakeGroups(ReadTransaction& transaction) {
    absl::Status status;
    while (status.ok()) {
      const absl::Span<const CatalogQuery>* const group = NextGroup();
      if (group == nullptr) break;
      for (const CatalogQuery& query : *group) {
        status = transaction.Read(query);
        if (!status.ok()) break;
      }
    }
    const absl::MutexLock lock(&mutex_);
    status_.Update(status);
    for (const CatalogFailure& failure : transaction.failures()) failures_.push_back(failure);
  }

  // Null where there is none left, or the read has ended.
  const absl::Span<const CatalogQuery>* NextGroup() {
    const absl::MutexLock lock(&mutex_);
    return status_.ok() && next_ < groups_.size() ? &groups_[next_++] : nullptr;
  }

  absl::Status ReadNames() {
    Catalog& catalog = *shared_.catalog;
    RowReader reader(catalog.arena, catalog.text_form);
    VARVE_RETURN_IF_ERROR(Annotate(ReadTypeNames(first(), reader, catalog), "naming types"));
    return Annotate(ReadTokenNames(first(), catalog), "naming types of tokens");
  }

  CatalogRead Finish() {
    const absl::MutexLock lock(&mutex_);
    read_.encoding = encoding_;
    read_.failures = InOrder(std::move(failures_));
    read_.notes = std::move(notes_);
    read_.catalog = std::move(shared_.catalog);
    Catalog& catalog = *read_.catalog;
    catalog.Join();
    std::vector<DependencyRow> dependencies = std::exchange(catalog.dependencies, {});
    if (!Failed("pg_depend")) read_.dependencies = std::move(dependencies);
    return std::move(read_);
  }

  // As one session would meet them.
  static std::vector<CatalogFailure> InOrder(std::vector<CatalogFailure> failures) {
    const std::vector<const CatalogQuery*> queries = DatabaseQueries();
    const auto place = [&queries](const CatalogFailure& failure) {
      return absl::c_find(queries, failure.query) - queries.begin();
    };
    absl::c_sort(failures, [&](const CatalogFailure& a, const CatalogFailure& b) {
      return place(a) < place(b);
    });
    return failures;
  }

  bool Failed(absl::string_view catalog) const {
    return absl::c_any_of(read_.failures, [&](const CatalogFailure& failure) {
      return failure.query->catalog == catalog;
    });
  }

  const Sessions& sessions_;
  const SessionLimits& limits_;
  const std::string encoding_;
  const std::vector<absl::Span<const CatalogQuery>> groups_ = DatabaseQueryGroups();
  SharedCatalog shared_;
  CatalogRead read_;
  std::string moment_;  // pg_export_snapshot() of the first session

  absl::Mutex mutex_;
  size_t next_ ABSL_GUARDED_BY(mutex_) = 0;  // group
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
  std::vector<CatalogFailure> failures_ ABSL_GUARDED_BY(mutex_);
  std::vector<absl::Status> notes_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

absl::StatusOr<CatalogRead> ReadCatalog(const Sessions& sessions, const SessionLimits& limits,
                                        absl::string_view client_encoding, bool with_mark) {
  return SharedReading(sessions, limits, client_encoding).Read(with_mark);
}

absl::StatusOr<CatalogRead> ReadCluster(Connection& connection, const SessionLimits& limits,
                                        absl::string_view client_encoding) {
  SharedCatalog shared(connection, client_encoding);
  CatalogRead read;
  {
    ReadTransaction transaction(connection, shared);
    VARVE_RETURN_IF_ERROR(
        transaction.Begin(BeginBare(Isolation::kRepeatableRead, client_encoding)));
    VARVE_RETURN_IF_ERROR(transaction.Read(SettingsQuery()));
    VARVE_RETURN_IF_ERROR(connection.Execute(PinSettings(limits)));
    for (const CatalogQuery& query : ClusterQueries()) {
      VARVE_RETURN_IF_ERROR(transaction.Read(query));
    }
    read.failures = transaction.failures();
  }
  read.catalog = std::move(shared.catalog);
  read.encoding = std::string(client_encoding);
  return read;
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
