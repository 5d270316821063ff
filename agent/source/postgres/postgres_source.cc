#include "agent/source/postgres/postgres_source.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/source/address.h"
#include "agent/source/postgres/catalog_reader.h"
#include "agent/source/postgres/connection.h"
#include "agent/source/postgres/counts.h"
#include "agent/source/postgres/expressions.h"
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/measures.h"
#include "agent/source/postgres/object_reader.h"
#include "agent/source/postgres/section_writer.h"
#include "base/status.h"
#include "snapshot/postgres_type.h"
#include "snapshot/selection.h"

namespace varve {
namespace postgres {
namespace {

// Raise it when a shape gains a field or a field its meaning; docs/formats.md has what each
// revision captures.
constexpr uint32_t kCaptureRevision = 1;
constexpr absl::string_view kSourceKind = "postgres";

Unseen WhyMissing(const CatalogFailure& failure, absl::string_view user) {
  const bool denied = absl::IsPermissionDenied(failure.why);
  const bool routine = absl::EndsWith(failure.query->catalog, ")");
  return {denied ? v1::SIGHT_NOT_PERMITTED : v1::SIGHT_FAILED, std::string(failure.why.message()),
          denied
              ? absl::StrCat("GRANT ", routine ? "EXECUTE ON FUNCTION" : "SELECT ON",
                             " pg_catalog.", failure.query->catalog, " TO ", QuotedIdentifier(user))
              : ""};
}

// Whether what the catalog feeds is left out by the configuration anyhow.
bool FeedsNothingWanted(const CatalogQuery& query, const SectionWriter& writer) {
  return !query.feeds.empty() &&
         std::all_of(query.feeds.begin(), query.feeds.end(), [&](const Feed& feed) {
           return !feed.kind.empty() && writer.LeavesOutAll(feed.kind);
         });
}

void ReportFailures(const std::vector<CatalogFailure>& failures, absl::string_view user,
                    SectionBuilder& builder, SectionWriter& writer) {
  for (const CatalogFailure& failure : failures) {
    if (FeedsNothingWanted(*failure.query, writer)) continue;
    const Unseen why = WhyMissing(failure, user);
    const std::string doing = absl::StrCat("reading ", failure.query->catalog);
    if (failure.query->feeds.empty()) {
      builder.Warning(doing, why.reason, why.remedy);
    } else {
      builder.Error(doing, why.reason, why.remedy);
    }
    for (const Feed& feed : failure.query->feeds) writer.Block(feed.kind, feed.facets, why);
  }
}

// One error for each reason, not for each relation: coverage lists those.
void ReportUnseen(const Expressions& expressions, SectionWriter& writer) {
  std::map<std::pair<std::string, std::string>, int> by_reason;  // and remedy
  for (const auto& [object, why] : expressions.unseen) ++by_reason[{why.reason, why.remedy}];
  for (const auto& [why, count] : by_reason) {
    writer.Error(
        absl::StrCat("reading expressions of ", count, count == 1 ? " object" : " objects"),
        why.first, why.second);
  }
}

class PostgresSource : public Source {
 public:
  PostgresSource(PostgresConfig config, std::shared_ptr<const Redactor> redactor)
      : config_(std::move(config)), redactor_(std::move(redactor)) {}

  absl::string_view name() const override { return config_.name; }
  absl::string_view kind() const override { return kSourceKind; }
  Section Gather(const GatherLimits& limits) override;

 private:
  Section Unavailable(absl::string_view address, absl::string_view doing,
                      const absl::Status& status, absl::string_view remedy) const {
    return SectionBuilder::Unavailable(config_.name, kSourceKind, address, doing, status.message(),
                                       remedy);
  }
  absl::StatusOr<CatalogRead> Read(Connection& connection, std::string& encoding) const;

  const PostgresConfig config_;
  const std::shared_ptr<const Redactor> redactor_;
};

// The database's text as UTF-8; where the server cannot make it so, the bytes as they are stored.
absl::StatusOr<CatalogRead> PostgresSource::Read(Connection& connection,
                                                 std::string& encoding) const {
  const SessionLimits limits{config_.statement_timeout, config_.lock_timeout};
  encoding = connection.server().encoding == "SQL_ASCII" ? "SQL_ASCII" : "UTF8";
  absl::StatusOr<CatalogRead> read = ReadCatalog(connection, limits, encoding);
  const std::string state = read.ok() ? "" : SqlState(read.status());
  // Untranslatable character, not in the repertoire; and an encoding without a way to UTF-8.
  if (state != "22P05" && state != "22021" && state != "22023" && state != "0A000") return read;
  connection.Execute("ROLLBACK")
      .IgnoreError();  // a transaction that did not begin has nothing to end
  encoding = "SQL_ASCII";
  return ReadCatalog(connection, limits, encoding);
}

Section PostgresSource::Gather(const GatherLimits& gather_limits) {
  const absl::StatusOr<Selection> selection = Selection::Of(config_.include, config_.exclude);
  if (!selection.ok()) {
    return Unavailable("", "reading the configuration", selection.status(), "mend the pattern");
  }
  absl::StatusOr<Address> address =
      PostgresAddress(config_.connection, absl::StrCat("the connection of source ", config_.name));
  if (!address.ok()) {
    return Unavailable("", "connecting", address.status(),
                       "write for example postgresql://user@host:5432/database");
  }
  const absl::Duration left = gather_limits.deadline - absl::Now();
  absl::StatusOr<std::unique_ptr<Connection>> opened =
      Connection::Open(address->text, std::min(config_.connect_timeout, left));
  if (!opened.ok()) {
    return Unavailable("", "connecting", opened.status(), ConnectionRemedy(opened.status()));
  }
  Connection& connection = **opened;
  connection.SetDeadline(gather_limits.deadline);
  const ServerFacts& server = connection.server();

  std::string encoding;
  absl::StatusOr<CatalogRead> read = Read(connection, encoding);
  if (!read.ok()) {
    return Unavailable(server.address, "reading the catalogs", read.status(),
                       "read again; allow it more time where that was used up");
  }
  const Catalog& catalog = *read->catalog;
  const SessionLimits limits{config_.statement_timeout, config_.lock_timeout};
  using Reach = ObjectReader::Reach;
  ObjectReader object_reader(connection, limits, encoding,
                             selection->TakesAll() ? Reach::kRange : Reach::kListed);
  const std::unique_ptr<Expressions> expressions =
      ReadExpressions(object_reader, catalog, *selection);

  SectionBuilder builder(config_.name, kSourceKind, kCaptureRevision);
  builder.SetAddress(server.address);
  builder.SetServer(absl::StrCat("PostgreSQL ", server.version_text));
  for (const std::string& note : address->notes) builder.Warning("reading the address", note);
  SectionWriter writer(builder, *redactor_, *selection);
  writer.UseDependencies(read->dependencies.get());
  ReportFailures(read->failures, server.user, builder, writer);
  const Reading reading{catalog, *expressions};
  WriteDatabase(reading, writer);
  WriteSchemas(reading, writer);
  WriteExtensions(reading, writer);
  WriteTables(reading, writer);
  WriteViews(reading, writer);
  WriteRoutines(reading, writer);
  WriteSequences(reading, writer);
  WriteEnums(reading, writer);
  WriteDomains(reading, writer);
  WriteCompositeTypes(reading, writer);
  WriteRangeTypes(reading, writer);
  WriteBaseTypes(reading, writer);
  WriteCollations(reading, writer);
  WriteConversions(reading, writer);
  WriteTextSearch(reading, writer);
  WriteForeignData(reading, writer);
  WritePublications(reading, writer);
  WriteSubscriptions(reading, writer);
  WriteExtendedStatistics(reading, writer);
  WriteEventTriggers(reading, writer);
  WriteDefaultPrivileges(reading, writer);
  WriteLanguages(reading, writer);
  WriteOperators(reading, writer);
  WriteOperatorClasses(reading, writer);
  WriteCasts(reading, writer);
  WriteTransforms(reading, writer);
  WriteAccessMethods(reading, writer);
  ReportUnseen(*expressions, writer);
  if (config_.include_measures) WriteMeasures(object_reader, catalog, writer);
  if (config_.include_counts) {
    WriteCounts(connection, {limits, config_.counts_budget, encoding}, catalog, writer);
  }
  writer.Finish();
  return builder.Finish();
}

}  // namespace
}  // namespace postgres

std::unique_ptr<Source> MakePostgresSource(PostgresConfig config,
                                           std::shared_ptr<const Redactor> redactor) {
  return std::make_unique<postgres::PostgresSource>(std::move(config), std::move(redactor));
}

}  // namespace varve
