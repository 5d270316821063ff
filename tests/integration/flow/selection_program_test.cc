// A source whose configuration leaves things out, by the whole path: what is excluded and dropped
// meanwhile is no difference until it is included again.
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "tests/support/matchers.h"
#include "tests/support/postgres_server.h"
#include "tests/support/process.h"

namespace varve::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;
using Json = nlohmann::json;

constexpr absl::Duration kLong = absl::Minutes(2);  // nothing takes so long; a hang ends here

class SelectionProgram : public ::testing::Test {
 protected:
  void SetUp() override {
    auto server = PostgresServer::Start({});
    VARVE_ASSERT_OK(server);
    server_ = *std::move(server);
    VARVE_ASSERT_OK(server_->CreateDatabase("shop"));
    auto collector = Process::Start({ProgramPath("varve-collector"),
                                     {"--listen", address_, "--database", Path("varve.db")},
                                     {},
                                     ""});
    VARVE_ASSERT_OK(collector);
    collector_ = *std::move(collector);
    VARVE_ASSERT_OK(collector_->AwaitErr("collector ready", kLong));
  }

  void Run(const std::string& sql) { VARVE_ASSERT_OK(server_->Run("shop", sql)); }

  // An agent with those keys in its source has ended.
  Finished Agent(const std::string& keys, const std::string& mode = "--once") {
    std::ofstream(Path("agent.yaml"), std::ios::trunc)
        << "environment: prod\ncollector: \"" << address_ << "\"\nstate: " << Path("state")
        << "\ntoken_file: " << Path("varve.db.token") << "\nsources:\n  - postgres: {url: \""
        << server_->Url("shop") << "\", cluster: false" << keys << "}\n";
    return Ended("varve-agent", {"--config", Path("agent.yaml"), mode});
  }
  void Snapshot(const std::string& keys) {
    const Finished done = Agent(keys);
    EXPECT_EQ(done.exit, (Exit{0, 0})) << done.err;
  }

  Finished Ended(const std::string& program, const std::vector<std::string>& arguments) {
    auto done = RunToEnd({ProgramPath(program),
                          arguments,
                          {{"VARVE_COLLECTOR", address_},
                           {"VARVE_TOKEN_FILE", Path("varve.db.token")},
                           {"LC_ALL", "C.UTF-8"}},
                          folder_.path()},
                         kLong);
    EXPECT_THAT(done, IsOk());
    return done.ok() ? *std::move(done) : Finished{};
  }

  Json Diff(const std::string& a, const std::string& b) {
    const Finished done = Ended("varve", {"diff", a, b, "--format", "json"});
    Json json = Json::parse(done.out, nullptr, /*allow_exceptions=*/false);
    EXPECT_FALSE(json.is_discarded()) << done.out << done.err;
    return json;
  }
  // "removed table public.orders" of each entity that is named in a list of a diff.
  static std::vector<std::string> Told(const Json& list) {
    std::vector<std::string> lines;
    for (const Json& item : list) {
      if (item["facet"] != "structure") continue;
      lines.push_back(absl::StrCat(item.value("op", item.value("reason", "")), " ",
                                   item["name"].get<std::string>()));
    }
    return lines;
  }

  std::string Path(const std::string& name) const { return folder_.Path(name); }

  const TemporaryFolder folder_;
  const std::string address_ = absl::StrCat("unix:", folder_.Path("collector.sock"));
  std::unique_ptr<PostgresServer> server_;
  std::unique_ptr<Process> collector_;
};

constexpr const char* kExclude = ", exclude: [audit, \"*.tmp_*\", \"!*.tmp_keep\"]";

TEST_F(SelectionProgram, WhatIsExcludedAndDroppedIsRemovedOnceItIsIncludedAgain) {
  Run("CREATE SCHEMA audit; CREATE TABLE audit.log (id int); CREATE TABLE audit.old (id int);"
      "CREATE TABLE orders (id int); CREATE TABLE tmp_1 (id int); CREATE TABLE tmp_keep (id int)");
  Snapshot("");
  Run("DROP TABLE tmp_1, audit.old, tmp_keep");
  Snapshot(kExclude);
  Snapshot("");

  const Json to_excluded = Diff("prod@1", "prod@2");
  EXPECT_THAT(Told(to_excluded["differences"]), UnorderedElementsAre("removed public.tmp_keep"));
  const std::string why = "pattern audit, *.tmp_*, !*.tmp_keep";
  EXPECT_THAT(Told(to_excluded["cannot_say"]),
              UnorderedElementsAre("pattern audit audit", why + " audit.log", why + " audit.old",
                                   why + " public.tmp_1"));

  const Json back = Diff("prod@2", "prod@3");
  EXPECT_THAT(Told(back["differences"]),
              UnorderedElementsAre("removed audit.old", "removed public.tmp_1"));
  for (const Json& item : back["differences"]) {
    EXPECT_EQ(item["between_from"], 1);
    EXPECT_EQ(item["between_to"], 3);
  }
}

TEST_F(SelectionProgram, AnExportSaysWhatWasExcluded) {
  Run("CREATE SCHEMA audit; CREATE TABLE audit.log (id int); CREATE TABLE orders (id int);"
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'");
  Snapshot("");
  Snapshot(", exclude: [audit, \"function:*\"]");
  EXPECT_EQ(Ended("varve", {"export", "prod", "-o", "x"}).exit, (Exit{0, 0}));
  const Json json = Json::parse(std::ifstream(Path("x_schema.json")));
  std::vector<std::string> not_seen;
  for (const Json& item : json["not_seen"]) {
    not_seen.push_back(absl::StrCat(item["kind"].get<std::string>(), " ", item["count"].get<int>(),
                                    " ", item["reason"].get<std::string>()));
  }
  EXPECT_THAT(not_seen, UnorderedElementsAre("schema 1 pattern audit", "table 1 pattern audit",
                                             "function 1 pattern audit, function:*"));
  EXPECT_EQ(json["summary"]["total_functions"], nullptr);
  EXPECT_EQ(json["metadata"]["status"], "complete");
}

TEST_F(SelectionProgram, CheckSaysWhatAPatternCatches) {
  Run("CREATE TABLE tmp_1 (id int); CREATE TABLE tmp_2 (id int)");
  const Finished done = Agent(kExclude, "--check");
  EXPECT_EQ(done.exit, (Exit{0, 0})) << done.err;
  EXPECT_THAT(done.out, HasSubstr("prod: ready\n"));
  EXPECT_THAT(done.out, HasSubstr("note: excluded: tables: 2 left out by *.tmp_*\n"));
}

TEST_F(SelectionProgram, ABadPatternIsTroubleBeforeAnythingIsRead) {
  const Finished done = Agent(", exclude: [\"tables:audit\"]");
  EXPECT_EQ(done.exit, (Exit{2, 0}));
  EXPECT_THAT(done.err, HasSubstr("source postgres: exclude: pattern 'tables:audit': 'tables' is "
                                  "no kind of object; nearest is table"));
}

}  // namespace
}  // namespace varve::testing
