#include "agent/source/postgres/postgres_source.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/source/address.h"
#include "agent/source/postgres/cluster_section.h"
#include "agent/source/postgres/connection.h"
#include "agent/source/postgres/database_section.h"
#include "agent/source/postgres/databases.h"
#include "agent/source/postgres/versions.h"
#include "snapshot/postgres_type.h"
#include "snapshot/selection.h"

namespace varve {
namespace postgres {
namespace {

// Raise it when a shape gains a field or a field its meaning; docs/formats.md has what each
// revision captures.
constexpr uint32_t kCaptureRevision = 1;

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
                       const std::string& user, absl::Time deadline);
  Section ReadDatabase(const std::string& name, const std::string& address,
                       const std::vector<std::string>& notes, Connection& connection);
  Section ReadCluster(Connection& connection, const DatabaseChoice& choice) const;

  const PostgresConfig config_;
  const std::shared_ptr<const Redactor> redactor_;
  const std::shared_ptr<KnownDatabases> known_;   // shared with the other sources
  std::map<std::string, DatabaseMemory> memory_;  // by section
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
  if (const absl::Status known = CheckVersion((*opened)->server().version); !known.ok()) {
    return UnavailableSections(*this, (*opened)->server().address, "connecting", known.message(),
                               "upgrade the server");
  }
  if (!config_.databases.empty()) return ReadSeveral(*address, **opened, gather_limits.deadline);
  std::vector<Section> sections =
      OneSection(ReadDatabase(config_.name, address->text, address->notes, **opened));
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
  std::erase_if(memory_, [&](const auto& each) {
    return absl::c_none_of(choice.read, [&](const std::string& database) {
      return SectionOf(database) == each.first;
    });
  });
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
                                     const std::string& user, absl::Time deadline) {
  const std::string own = WithPostgresDatabase(address, database);
  const absl::StatusOr<std::unique_ptr<Connection>> opened = Connect(own, deadline);
  if (opened.ok()) return ReadDatabase(SectionOf(database), own, {}, **opened);
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

Section PostgresSource::ReadDatabase(const std::string& name, const std::string& address,
                                     const std::vector<std::string>& notes,
                                     Connection& connection) {
  const absl::StatusOr<Selection> selection = Selection::Of(config_.include, config_.exclude);
  if (!selection.ok()) {
    return SectionBuilder::Unavailable(name, kSourceKind, "", "reading the configuration",
                                       selection.status().message(), "mend the pattern");
  }
  return ReadDatabaseSection(
      connection,
      {name, kCaptureRevision, Limits(), *selection, notes, config_.include_measures,
       config_.sizes_every, config_.include_counts, config_.counts_budget, config_.full_read_every,
       config_.connections, [&] { return Connect(address, connection.deadline()); }},
      *redactor_, memory_[name]);
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
