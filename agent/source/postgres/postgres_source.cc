#include "agent/source/postgres/postgres_source.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/source/address.h"
#include "agent/source/postgres/catalog_failures.h"
#include "agent/source/postgres/catalog_reader.h"
#include "agent/source/postgres/cluster_section.h"
#include "agent/source/postgres/connection.h"
#include "agent/source/postgres/counts.h"
#include "agent/source/postgres/databases.h"
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
  PostgresSource(PostgresConfig config, std::shared_ptr<const Redactor> redactor,
                 std::shared_ptr<KnownDatabases> known)
      : config_(std::move(config)), redactor_(std::move(redactor)), known_(std::move(known)) {}

  absl::string_view name() const override { return config_.name; }
  absl::string_view kind() const override { return kSourceKind; }
  std::vector<std::string> SectionNames() const override;
  std::vector<Section> Gather(const GatherLimits& limits) override;

 private:
  std::string ClusterName() const { return absl::StrCat(config_.name, "/"); }
  std::string SectionOf(absl::string_view database) const {
    return absl::StrCat(config_.name, "/", database);
  }
  SessionLimits Limits() const { return {config_.statement_timeout, config_.lock_timeout}; }

  absl::StatusOr<std::unique_ptr<Connection>> Connect(const std::string& address,
                                                      absl::Time deadline) const;
  std::vector<Section> ReadSeveral(const Address& address, Connection& connection,
                                   absl::Time deadline);
  Section OpenDatabase(const std::string& database, const std::string& address,
                       const std::string& user, absl::Time deadline) const;
  Section ReadDatabase(const std::string& name, const std::vector<std::string>& notes,
                       Connection& connection) const;
  Section ReadCluster(Connection& connection, const DatabaseChoice& choice) const;

  const PostgresConfig config_;
  const std::shared_ptr<const Redactor> redactor_;
  const std::shared_ptr<KnownDatabases> known_;  // shared with the other sources
};

std::vector<std::string> PostgresSource::SectionNames() const {
  std::vector<std::string> names;
  if (config_.databases.empty()) names.push_back(config_.name);
  for (const std::string& database : known_->Of(config_.name)) {
    if (!config_.databases.empty() && IsWanted(database, config_.databases)) {
      names.push_back(SectionOf(database));
    }
  }
  // Where nothing else is known it speaks for all.
  if (config_.cluster || names.empty()) names.push_back(ClusterName());
  return names;
}

absl::StatusOr<std::unique_ptr<Connection>> PostgresSource::Connect(const std::string& address,
                                                                    absl::Time deadline) const {
  const absl::Duration left = deadline - absl::Now();
  if (left <= absl::ZeroDuration()) {
    return absl::DeadlineExceededError("the time for this read was used up");
  }
  absl::StatusOr<std::unique_ptr<Connection>> opened =
      Connection::Open(address, std::min(config_.connect_timeout, left));
  if (opened.ok()) (*opened)->SetDeadline(deadline);
  return opened;
}

std::vector<Section> PostgresSource::Gather(const GatherLimits& gather_limits) {
  const absl::StatusOr<Address> address =
      PostgresAddress(config_.connection, absl::StrCat("the connection of source ", config_.name));
  if (!address.ok()) {
    return UnavailableSections(*this, "", "connecting", address.status().message(),
                               "write for example postgresql://user@host:5432/database");
  }
  const absl::StatusOr<std::unique_ptr<Connection>> opened =
      Connect(address->text, gather_limits.deadline);
  if (!opened.ok()) {
    return UnavailableSections(*this, "", "connecting", opened.status().message(),
                               ConnectionRemedy(opened.status()));
  }
  if (!config_.databases.empty()) return ReadSeveral(*address, **opened, gather_limits.deadline);
  std::vector<Section> sections = OneSection(ReadDatabase(config_.name, address->notes, **opened));
  if (config_.cluster) sections.push_back(ReadCluster(**opened, {}));
  return sections;
}

std::vector<Section> PostgresSource::ReadSeveral(const Address& address, Connection& connection,
                                                 absl::Time deadline) {
  const absl::StatusOr<std::vector<ListedDatabase>> listed = ListDatabases(connection, Limits());
  if (!listed.ok()) {
    return UnavailableSections(*this, connection.server().address, "listing the databases",
                               listed.status().message(),
                               "read again; allow it more time where that was used up");
  }
  const DatabaseChoice choice = ChooseDatabases(*listed, config_.databases);
  known_->Set(config_.name, choice.read);
  std::vector<Section> cluster;
  if (config_.cluster) cluster = OneSection(ReadCluster(connection, choice));
  std::vector<Section> sections;
  for (const std::string& database : choice.read) {
    sections.push_back(OpenDatabase(database, address.text, connection.server().user, deadline));
  }
  std::move(cluster.begin(), cluster.end(), std::back_inserter(sections));
  return sections;
}

Section PostgresSource::OpenDatabase(const std::string& database, const std::string& address,
                                     const std::string& user, absl::Time deadline) const {
  const absl::StatusOr<std::unique_ptr<Connection>> opened =
      Connect(WithPostgresDatabase(address, database), deadline);
  if (opened.ok()) return ReadDatabase(SectionOf(database), {}, **opened);
  const absl::Status& why = opened.status();
  const bool denied = absl::StrContains(why.message(), "permission denied for database");
  return SectionBuilder::Unavailable(
      SectionOf(database), kSourceKind, "", "connecting", why.message(),
      denied ? absl::StrCat("GRANT CONNECT ON DATABASE ", QuotedIdentifier(database), " TO ",
                            QuotedIdentifier(user))
             : ConnectionRemedy(why));
}

Section PostgresSource::ReadCluster(Connection& connection, const DatabaseChoice& choice) const {
  return ReadClusterSection(
      connection, {ClusterName(), kCaptureRevision, Limits(), choice.left_out}, *redactor_);
}

Section PostgresSource::ReadDatabase(const std::string& name, const std::vector<std::string>& notes,
                                     Connection& connection) const {
  const absl::StatusOr<Selection> selection = Selection::Of(config_.include, config_.exclude);
  if (!selection.ok()) {
    return SectionBuilder::Unavailable(name, kSourceKind, "", "reading the configuration",
                                       selection.status().message(), "mend the pattern");
  }
  const ServerFacts& server = connection.server();
  const SessionLimits limits = Limits();
  const absl::StatusOr<CatalogRead> read = ReadInUtf8(connection, limits, ReadCatalog);
  if (!read.ok()) {
    return SectionBuilder::Unavailable(name, kSourceKind, server.address, "reading the catalogs",
                                       read.status().message(),
                                       "read again; allow it more time where that was used up");
  }
  const Catalog& catalog = *read->catalog;
  using Reach = ObjectReader::Reach;
  ObjectReader object_reader(connection, limits, read->encoding,
                             selection->TakesAll() ? Reach::kRange : Reach::kListed);
  const std::unique_ptr<Expressions> expressions =
      ReadExpressions(object_reader, catalog, *selection);

  SectionBuilder builder(name, kSourceKind, kCaptureRevision);
  builder.SetAddress(server.address);
  builder.SetServer(absl::StrCat("PostgreSQL ", server.version_text));
  for (const std::string& note : notes) builder.Warning("reading the address", note);
  SectionWriter writer(builder, *redactor_, *selection);
  writer.UseDependencies(read->dependencies.get());
  ReportFailures(read->failures, server.user, writer);
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
    WriteCounts(connection, {limits, config_.counts_budget, read->encoding}, catalog, writer);
  }
  writer.Finish();
  return builder.Finish();
}

}  // namespace
}  // namespace postgres

std::unique_ptr<Source> MakePostgresSource(PostgresConfig config,
                                           std::shared_ptr<const Redactor> redactor,
                                           std::shared_ptr<KnownDatabases> known) {
  return std::make_unique<postgres::PostgresSource>(std::move(config), std::move(redactor),
                                                    std::move(known));
}

}  // namespace varve
