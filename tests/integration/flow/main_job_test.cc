// The main job, end to end, with the programs as they are typed: real servers are gathered,
// published, stored and exported, and the files say what the servers themselves say.
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/integration/flow/world.h"

namespace varve::testing {
namespace {

using ::nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Exit kDone{0, 0};
constexpr Exit kDifferent{1, 0};
constexpr Exit kCannotSay{3, 0};

std::string Contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// One world for all tests of the suite: each takes snapshots of its own.
class MainJob : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto started = World::Start();
    ASSERT_THAT(started, IsOk());
    world_ = started->release();
    ASSERT_EQ(world_->Agent().exit, kDone);
    ASSERT_EQ(world_->Varve({"export", "demo@1", "-o", "first", "--validate"}).exit, kDone);
  }
  static void TearDownTestSuite() {
    delete world_;
    world_ = nullptr;
  }

  static World& world() { return *world_; }
  static json File(const std::string& name) { return json::parse(Contents(world().Path(name))); }
  // What the database says to a query of one number.
  static int64_t Ask(const std::string& sql) {
    const auto rows = world().postgres().Query("documents", sql);
    EXPECT_THAT(rows, IsOk());
    int64_t number = -1;
    EXPECT_TRUE(rows.ok() && absl::SimpleAtoi(rows->at(0).at(0), &number)) << sql;
    return number;
  }
  // The number of the newest snapshot, after one more was taken.
  static int64_t TakeSnapshot(const Exit& expected) {
    const Finished agent = world().Agent();
    EXPECT_EQ(agent.exit, expected) << agent.out << agent.err;
    const Finished exported = world().Varve({"export", "demo", "-o", "newest"});
    EXPECT_EQ(exported.exit, kDone) << exported.err;
    return File("newest_schema.json")["varve"]["seq"];
  }

 private:
  static World* world_;
};
World* MainJob::world_ = nullptr;

TEST_F(MainJob, AStoredSnapshotIsCheckedBesideTheStoreAsItsFilesAre) {
  const Finished stored = world().Varve({"check", "demo@1"});
  Finished files = world().Varve({"check", "file:first"});
  EXPECT_EQ(stored.exit, kDone) << stored.err;
  EXPECT_THAT(stored.out, HasSubstr("pg/duplicate-index"));
  EXPECT_EQ(stored.out.substr(stored.out.find(':')), files.out.substr(files.out.find(": ", 5)));
}

TEST_F(MainJob, TheCollectorTakesTheRulesFileOfWhoAsks) {
  std::ofstream(world().Path("rules.yaml"))
      << "rules:\n"
         "  pg/fk-without-index: error\n"
         "accept:\n"
         "  - {rule: pg/table-without-primary-key, object: public.processing_events,\n"
         "     owner: ann, reason: it is a log, until: 2999-01-01}\n"
         "models:\n"
         "  demo_models.Gone: public.gone\n";
  const Finished told = world().Varve({"check", "demo@1", "--rules-file", "rules.yaml"});
  EXPECT_EQ(told.exit, kDifferent);
  EXPECT_THAT(told.out, AllOf(HasSubstr("\nerror  pg/fk-without-index"),
                              HasSubstr("by ann until 2999-01-01: it is a log")));
  EXPECT_THAT(told.err, HasSubstr("rules.yaml:7: model demo_models.Gone: there is no table"));
}

TEST_F(MainJob, TheCollectorAsksTheRulesThatAreNamed) {
  const Finished named = world().Varve({"check", "demo@1", "--rules", "pg/missing-comment"});
  EXPECT_THAT(named.out, HasSubstr("; 1 rule"));
  const Finished unknown = world().Varve({"check", "demo@1", "--rules", "pg/missing-comments"});
  EXPECT_EQ(unknown.exit, (Exit{2, 0}));
  EXPECT_THAT(unknown.err, HasSubstr("nearest is pg/missing-comment"));
}

TEST_F(MainJob, TheSchemaHasWhatTheCatalogsSay) {
  const json schema = File("first_schema.json");
  const std::string ours = " table_schema = 'public'";
  const int64_t tables =
      Ask("SELECT count(*) FROM information_schema.tables WHERE table_type IN ('BASE TABLE', "
          "'FOREIGN') AND" +
          ours);
  EXPECT_EQ(schema["tables"].size(), tables);
  int64_t columns = 0, foreign_keys = 0;
  for (const json& table : schema["tables"]) {
    columns += static_cast<int64_t>(table["columns"].size());
    foreign_keys += static_cast<int64_t>(table["foreign_keys"].size());
  }
  EXPECT_EQ(columns, Ask("SELECT count(*) FROM information_schema.columns c JOIN "
                         "information_schema.tables t USING (table_schema, table_name) WHERE "
                         "table_type IN ('BASE TABLE', 'FOREIGN') AND" +
                         ours));
  EXPECT_EQ(foreign_keys,
            Ask("SELECT count(*) FROM pg_constraint JOIN pg_class c ON c.oid = conrelid WHERE "
                "contype = 'f' AND relnamespace = 'public'::regnamespace"));
}

TEST_F(MainJob, RowCountsAreExact) {
  const json schema = File("first_schema.json");
  for (const char* const table : {"source_documents", "document_chunks", "canonical_entities"}) {
    EXPECT_EQ(schema["tables"][absl::StrCat("public.", table)]["row_count"],
              Ask(absl::StrCat("SELECT count(*) FROM public.", table)))
        << table;
  }
}

TEST_F(MainJob, KeysAreCountedAsTheServerCountsThem) {
  const json redis = File("first_redis.json");
  const auto size = world().redis().Command({"DBSIZE"});
  VARVE_ASSERT_OK(size);
  EXPECT_EQ(absl::StrCat(redis["summary"]["total_keys"].get<int64_t>()), *size);
  int64_t by_pattern = 0;
  for (const auto& [segment, keys] : redis["summary"]["key_patterns"].items()) {
    by_pattern += keys.get<int64_t>();
  }
  EXPECT_EQ(by_pattern, redis["summary"]["total_keys"]);
  EXPECT_EQ(redis["keys"].size(), redis["summary"]["total_keys"]);
}

TEST_F(MainJob, ModelsCarryTheSchemaThatPydanticPrints) {
  const auto printed = RunToEnd({World::python(),
                                 {"-c",
                                  "import json, demo_models as m; print(json.dumps({n: getattr(m, "
                                  "n).model_json_schema() for n in m.__all__}))"},
                                 {{"PYTHONPATH", World::models_path()}},
                                 {}},
                                absl::Minutes(1));
  VARVE_ASSERT_OK(printed);
  const json models = File("first_models.json")["models"];
  const json schemas = json::parse(printed->out);
  for (const auto& [name, schema] : schemas.items()) {
    ASSERT_TRUE(models.contains(name)) << name;
    // Defaults that look like secrets are masked; the names of all that is there are not.
    EXPECT_EQ(models[name]["schema"]["title"], schema["title"]) << name;
    std::set<std::string> ours, theirs;
    for (const auto& [field, facts] : models[name]["schema"]["properties"].items()) {
      ours.insert(field);
    }
    for (const auto& [field, facts] : schema["properties"].items()) theirs.insert(field);
    EXPECT_EQ(ours, theirs) << name;
    EXPECT_EQ(models[name]["field_count"], theirs.size()) << name;
  }
}

TEST_F(MainJob, SecretsOfTheDemoAreInNoFile) {
  for (const char* const name :
       {"first_schema.json", "first_redis.json", "first_models.json", "first_analysis.md"}) {
    const std::string text = Contents(world().Path(name));
    ASSERT_FALSE(text.empty()) << name;
    EXPECT_THAT(text,
                AllOf(Not(HasSubstr("demo-s3cret")), Not(HasSubstr(std::string(kRedisPassword))),
                      Not(HasSubstr(PostgresServer::password()))))
        << name;
  }
  EXPECT_THAT(Contents(world().Path("first_schema.json")), HasSubstr("‹masked›"));
}

TEST_F(MainJob, TheAnalysisHasItsSectionsAndFindings) {
  EXPECT_THAT(Contents(world().Path("first_analysis.md")),
              AllOf(HasSubstr("#### canonical_entities\n- **Columns:** 12\n"),
                    HasSubstr("### Key Distribution\n"), HasSubstr("- **doc**: "),
                    HasSubstr("### Memory Usage\n- **Total Memory Usage:** "),
                    HasSubstr("Errors and Warnings"), HasSubstr("pg/fk-without-index"),
                    HasSubstr("pg/duplicate-index"), HasSubstr("pg/table-without-primary-key")));
}

TEST_F(MainJob, TwoExportsOfOneSnapshotAreByteIdentical) {
  ASSERT_EQ(world().Varve({"export", "demo@1", "-o", "again.json", "--validate"}).exit, kDone);
  for (const char* const file : {"_schema.json", "_redis.json", "_models.json", "_analysis.md"}) {
    EXPECT_EQ(Contents(world().Path(absl::StrCat("first", file))),
              Contents(world().Path(absl::StrCat("again", file))))
        << file;
  }
}

TEST_F(MainJob, ExportedFilesAreTheStoredSnapshot) {
  const Finished diff = world().Varve({"diff", "demo@1", "file:first"});
  EXPECT_EQ(diff.exit, kDone) << diff.out << diff.err;
  EXPECT_THAT(diff.out, HasSubstr("no differences"));
}

TEST_F(MainJob, OneShotSeesWhatTheAgentSaw) {
  const Finished snapshot = world().Snapshot({"-o", "oneshot"});
  EXPECT_EQ(snapshot.exit, kDone) << snapshot.err;
  EXPECT_THAT(snapshot.out,
              AllOf(HasSubstr("oneshot_schema.json"), HasSubstr("Database Tables"),
                    HasSubstr("Total Columns"), HasSubstr("Foreign Keys"), HasSubstr("Triggers"),
                    HasSubstr("Functions"), HasSubstr("Redis Keys"), HasSubstr("Pydantic Models")));
  // Sections are compared by name; a one-shot's have the names of their kinds.
  for (const char* const part : {"columns", "constraints", "foreign_keys", "primary_key"}) {
    EXPECT_EQ(File("oneshot_schema.json")["tables"]["public.document_chunks"][part],
              File("first_schema.json")["tables"]["public.document_chunks"][part]);
  }
  EXPECT_EQ(File("oneshot_models.json")["models"], File("first_models.json")["models"]);
}

TEST_F(MainJob, AnUnchangedStructureIsNoDifference) {
  const int64_t before = TakeSnapshot(kDone);
  VARVE_ASSERT_OK(world().postgres().Run(
      "documents", "INSERT INTO processing_events VALUES (gen_random_uuid(), 'pending')"));
  VARVE_ASSERT_OK(world().redis().Command(
      {"SET", "doc:state:3f0c1c9e-7a3d-4c1e-9b52-010000000001", "{}", "EX", "100"}));
  const int64_t after = TakeSnapshot(kDone);
  EXPECT_EQ(after, before + 1);
  const Finished diff =
      world().Varve({"diff", absl::StrCat("demo@", before), absl::StrCat("demo@", after)});
  EXPECT_EQ(diff.exit, kDone) << diff.out;
}

TEST_F(MainJob, AnAlteredColumnIsTold) {
  const int64_t before = TakeSnapshot(kDone);
  VARVE_ASSERT_OK(world().postgres().Run(
      "documents", "ALTER TABLE source_documents ALTER language TYPE varchar(8)"));
  const int64_t after = TakeSnapshot(kDone);
  const Finished diff =
      world().Varve({"diff", absl::StrCat("demo@", before), absl::StrCat("demo@", after)});
  EXPECT_EQ(diff.exit, kDifferent) << diff.err;
  EXPECT_THAT(diff.out, AllOf(HasSubstr("public.source_documents"), HasSubstr("language"),
                              HasSubstr("character(2) → character varying(8)")));
}

TEST_F(MainJob, ASourceThatIsDownLeavesTheRest) {
  const int64_t before = TakeSnapshot(kDone);
  world().redis().Kill();
  const int64_t after = TakeSnapshot(kCannotSay);
  EXPECT_EQ(File("newest_schema.json")["tables"].size(),
            File("first_schema.json")["tables"].size());
  EXPECT_FALSE(File("newest_redis.json")["errors"].empty());
  EXPECT_THAT(Contents(world().Path("newest_analysis.md")), HasSubstr("Errors and Warnings"));
  const Finished diff =
      world().Varve({"diff", absl::StrCat("demo@", before), absl::StrCat("demo@", after)});
  EXPECT_EQ(diff.exit, kCannotSay) << diff.out;
  VARVE_ASSERT_OK(world().ReplaceRedis());
}

TEST_F(MainJob, WhatTheCollectorAcknowledgedOutlivesItsDeath) {
  const int64_t before = TakeSnapshot(kDone);
  VARVE_ASSERT_OK(world().StopCollector(SIGKILL));
  VARVE_ASSERT_OK(world().StartCollector());
  EXPECT_EQ(world().Varve({"export", absl::StrCat("demo@", before), "-o", "outlived"}).exit, kDone);
  EXPECT_EQ(TakeSnapshot(kDone), before + 1);
}

TEST_F(MainJob, ASnapshotThatIsNotThereIsNamedWithThoseThatAre) {
  const Finished missing = world().Varve({"export", "demo@999", "-o", "missing"});
  EXPECT_EQ(missing.exit, (Exit{2, 0}));
  EXPECT_THAT(missing.err, HasSubstr("no snapshot demo@999; it has 1 to "));
}

}  // namespace
}  // namespace varve::testing
