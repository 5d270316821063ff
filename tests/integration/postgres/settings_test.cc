// Settings of the server, in the cluster's section.
#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/integration/postgres/cluster_case.h"

namespace varve::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;

class Settings : public ClusterCase {
 protected:
  void SetUp() override {
    ClusterCase::SetUp();
    Undo("SELECT pg_reload_conf()");
    Undo("ALTER SYSTEM RESET ALL");
  }
  static v1::SettingOptions Setting(const Gathered& gathered, const std::string& name) {
    return gathered.Shape({"setting", {name}}, v1::FACET_OPTIONS).setting();
  }
  // Names that coverage says of, one by one, in that state.
  static std::vector<std::string> Unseen(const Gathered& gathered, v1::Sight state) {
    std::vector<std::string> names;
    for (const v1::CoverageEntry& entry : gathered.view().coverage().entries()) {
      if (entry.kind() == "setting" && entry.state() == state) {
        names.push_back(absl::StrJoin(entry.scope(), "."));
      }
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  std::vector<std::string> SettingsOf(const std::string& user) const {
    auto session = PostgresSession::Open(server().Connection(database(), user));
    EXPECT_THAT(session, IsOk());
    std::vector<std::string> names;
    const auto rows = (*session)->Query("SELECT name FROM pg_settings ORDER BY name COLLATE \"C\"");
    EXPECT_THAT(rows, IsOk());
    for (const auto& row : *rows) names.push_back(row.front());
    return names;
  }
  std::string Guest() {
    const std::string name = absl::StrCat("guest_", database());
    CreateRole(name, absl::StrCat("LOGIN PASSWORD '", PostgresServer::password(), "'"));
    return name;
  }
};

TEST_P(Settings, ThatAreNotAtTheirDefaultsHaveValueUnitAndSource) {
  Run("ALTER SYSTEM SET work_mem = '12MB'");
  Reload();
  const Gathered gathered = GatherCluster();
  const v1::SettingOptions work_mem = Setting(gathered, "work_mem");
  EXPECT_EQ(work_mem.value(), "12288");
  EXPECT_EQ(work_mem.unit(), "kB");
  EXPECT_EQ(work_mem.source(), "configuration file");
  EXPECT_EQ(Setting(gathered, "port").source(), "command line");
  // Those at their defaults, those that we set for ourselves, and a transaction's own.
  for (const std::string name :
       {"enable_sort", "statement_timeout", "search_path", "jit", "transaction_isolation",
        "transaction_read_only", "application_name", "client_encoding", "server_version"}) {
    EXPECT_THAT(gathered.Names("setting"), Not(Contains(name)));
  }
  EXPECT_THAT(Unseen(gathered, v1::SIGHT_EXCLUDED),
              ElementsAre("application_name", "client_encoding"));
  EXPECT_THAT(Unseen(gathered, v1::SIGHT_NOT_PERMITTED), IsEmpty());
}

TEST_P(Settings, EachChangeIsOneDifference) {
  const auto gather = [this] {
    Reload();
    return GatherCluster();
  };
  ExpectChanges(
      {
          {"ALTER SYSTEM SET work_mem = '12MB'", {"+ setting work_mem"}},
          {"ALTER SYSTEM SET work_mem = '13MB'",
           {"setting work_mem options: value 12288 -> 13312"}},
          {"ALTER SYSTEM SET work_mem = '13312kB'", {}},
          {"ALTER SYSTEM SET statement_timeout = '1h'", {"+ setting statement_timeout"}},
          {"ALTER SYSTEM SET search_path = 'app, public'", {"+ setting search_path"}},
          {"ALTER SYSTEM SET jit = off", {"+ setting jit"}},
          {"ALTER SYSTEM SET \"TimeZone\" = 'Europe/Berlin'",
           {absl::StrCat("setting TimeZone options: value ",
                         Ask("SELECT reset_val FROM pg_settings WHERE name = 'TimeZone'").front(),
                         " -> Europe/Berlin")}},
          {"ALTER SYSTEM SET max_prepared_transactions = 7",
           {"+ setting max_prepared_transactions"}},
          // Taken out of the file, it still waits: the server forgets that only when it is set to
          // what it has.
          {"ALTER SYSTEM RESET max_prepared_transactions", {}},
          {"ALTER SYSTEM SET max_prepared_transactions = 0",
           {"- setting max_prepared_transactions"}},
          {"ALTER ROLE ALL SET work_mem = '14MB'",
           {"setting work_mem options: value 13312 -> 14336",
            "setting work_mem options: source configuration file -> global"}},
          {"ALTER ROLE ALL RESET work_mem",
           {"setting work_mem options: value 14336 -> 13312",
            "setting work_mem options: source global -> configuration file"}},
          {"ALTER SYSTEM RESET work_mem", {"- setting work_mem"}},
      },
      gather);
}

TEST_P(Settings, OneThatWaitsForARestartSaysSo) {
  Run("ALTER SYSTEM SET max_prepared_transactions = 7");
  Reload();
  const v1::SettingOptions setting = Setting(GatherCluster(), "max_prepared_transactions");
  EXPECT_EQ(setting.value(), "0");
  EXPECT_TRUE(setting.pending_restart());
  Run("ALTER SYSTEM SET max_prepared_transactions = 0");
  Reload();  // or the server waits on
}

TEST_P(Settings, SecretsStay) {
  Run("ALTER SYSTEM SET archive_command = 'TOKEN=s3cret-token copy'");
  if (major() >= 12) {
    Run("ALTER SYSTEM SET primary_conninfo = 'host=db password=s3cret-password'");
  }
  Run("ALTER SYSTEM SET ssl_passphrase_command = 'echo s3cret-phrase'");
  Run("ALTER SYSTEM SET cluster_name = 'blue'");
  Reload();
  const Gathered gathered = GatherCluster();
  EXPECT_THAT(gathered.Names("setting"),
              IsSupersetOf({"archive_command", "ssl_passphrase_command"}));
  EXPECT_EQ(Setting(gathered, "ssl_passphrase_command").value(), "‹masked›");
  EXPECT_THAT(gathered.Mentioning("s3cret"), IsEmpty());
}

TEST_P(Settings, WhatAGuestDoesNotSeeIsUnseenByName) {
  const std::string guest = Guest();
  const std::vector<std::string> all = SettingsOf("postgres");
  const std::vector<std::string> seen = SettingsOf(guest);
  std::vector<std::string> hidden;
  std::set_difference(all.begin(), all.end(), seen.begin(), seen.end(), std::back_inserter(hidden));
  // Debian's own, not the server's.
  hidden.erase(std::remove(hidden.begin(), hidden.end(), "extension_destdir"), hidden.end());
  const Gathered gathered = GatherCluster(guest);
  EXPECT_EQ(Unseen(gathered, v1::SIGHT_NOT_PERMITTED), hidden);
  EXPECT_THAT(gathered.Errors(), IsEmpty());
  Run("GRANT pg_read_all_settings TO " + guest);
  EXPECT_THAT(Unseen(GatherCluster(guest), v1::SIGHT_NOT_PERMITTED), IsEmpty());
}

TEST_P(Settings, AGuestSeesWhatASuperuserSeesButForThose) {
  const std::string guest = Guest();
  const std::vector<std::string> differences = Differences(GatherCluster(), GatherCluster(guest));
  EXPECT_THAT(differences, Contains("cannot say: setting unix_socket_directories options"));
  for (const std::string& line : differences) {
    EXPECT_EQ(line.rfind("cannot say: setting ", 0), 0u) << line;
  }
}

TEST_P(Settings, OneThatIsRemovedReadsSoForAGuestToo) {
  const std::string guest = Guest();
  Run("ALTER SYSTEM SET work_mem = '12MB'");
  Reload();
  const Gathered before = GatherCluster(guest);
  Run("ALTER SYSTEM RESET work_mem");
  Reload();
  EXPECT_THAT(Differences(before, GatherCluster(guest)), ElementsAre("- setting work_mem"));
}

TEST_P(Settings, OneThatOurRoleOverridesIsUnseen) {
  const std::string guest = Guest();
  Run("ALTER SYSTEM SET work_mem = '12MB'");
  Reload();
  const Gathered before = GatherCluster(guest);
  Run(absl::StrCat("ALTER ROLE ", guest, " SET work_mem = '1MB'"));
  const Gathered after = GatherCluster(guest);
  EXPECT_THAT(Unseen(after, v1::SIGHT_NOT_SUPPORTED), ElementsAre("work_mem"));
  EXPECT_THAT(
      Differences(before, after),
      ElementsAre(absl::StrCat("role ", guest, " options: settings.work_mem nothing -> value 1MB"),
                  "cannot say: setting work_mem options"));
}

TEST_P(Settings, OneThatOurDatabaseOverridesIsUnseen) {
  Run(absl::StrCat("ALTER DATABASE ", database(), " SET work_mem = '1MB'"));
  EXPECT_THAT(Unseen(GatherCluster(), v1::SIGHT_NOT_SUPPORTED), ElementsAre("work_mem"));
}

VARVE_ON_EVERY_POSTGRES(Settings);

}  // namespace
}  // namespace varve::testing
