// The life of one environment with real servers, and what the programs tell of it afterwards:
// `varve history`, `varve blame`, `varve log`. The answers are written by hand.
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "absl/strings/str_cat.h"
#include "tests/integration/flow/fleet.h"
#include "tests/support/redis_server.h"

namespace varve::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using Json = nlohmann::json;
using Texts = std::vector<std::string>;

constexpr Exit kDone{0, 0};
constexpr Exit kTrouble{2, 0};
constexpr Exit kCannotSay{3, 0};

// An interpreter with Pydantic 2.
std::string Python() {
  const char* const named = std::getenv("VARVE_TEST_PYTHON_V2");
  return named == nullptr || *named == '\0' ? "python3" : named;
}

// One life for all tests of the suite, which only ask.
//   @1  tables, a function, sessions in Redis, a model
//   @2  a migration: orders.total becomes numeric, an index comes
//   @3  nothing
//   @4  the function changes; Redis is down
//   @5  Redis and PostgreSQL are down
//   @6  orders is sales and its note a remark, renamed while nobody looked; carts are in Redis, and
//       the model's total is a Decimal
class HistoryProgram : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto started = FleetWorld::Start();
    VARVE_ASSERT_OK(started);
    world_ = started->release();
    auto redis = RedisServer::Start();
    VARVE_ASSERT_OK(redis);
    redis_ = redis->release();
    ASSERT_NO_FATAL_FAILURE(Begin());
    ASSERT_NO_FATAL_FAILURE(GoOn());
  }
  static void TearDownTestSuite() {
    delete redis_;
    delete world_;
  }

  static void Begin() {
    VARVE_ASSERT_OK(world_->Add("shop", ""));
    world_->AddSource("shop", absl::StrCat("redis: {name: cache, url: \"", redis_->url(), "/0\"}"));
    ASSERT_EQ(mkdir(world_->Path("models").c_str(), 0755), 0);
    world_->AddSource("shop",
                      absl::StrCat("models: {name: app, python: \"", Python(), "\", path: [\"",
                                   world_->Path("models"), "\"], modules: [shop_models]}"));
    Run("create table orders(id bigint primary key, total integer, note text);"
        "create table kept(id int);"
        "create function vat(int) returns int language sql as 'select $1'");
    FillRedis({"session:"});
    WriteModel("int");
    Snapshot(kDone);  // @1
    Run("alter table orders alter total type numeric(12,2);"
        "create index orders_note_idx on orders(note)");
    Snapshot(kDone);  // @2
    Snapshot(kDone);  // @3
  }

  static void GoOn() {
    redis_->Kill();
    Run("create or replace function vat(int) returns int language sql as 'select $1 * 19 / 100'");
    Snapshot(kCannotSay);  // @4
    Run("alter table orders rename to sales; alter table sales rename note to remark");
    Run("checkpoint");  // the server is stopped at once, and these do not wait for the disk
    world_->postgres().Stop();
    Snapshot(kCannotSay);  // @5
    VARVE_ASSERT_OK(world_->postgres().Restart());
    VARVE_ASSERT_OK(redis_->Restart());
    FillRedis({"session:", "cart:"});
    WriteModel("Decimal");
    Snapshot(kDone);  // @6
  }

  static void Run(const std::string& sql) { VARVE_ASSERT_OK(world_->Run("shop", sql)); }
  static void FillRedis(const Texts& prefixes) {
    for (const std::string& prefix : prefixes) {
      for (int key = 1; key <= 30; ++key) {
        VARVE_ASSERT_OK(redis_->Command({"SET", absl::StrCat(prefix, key), "1", "EX", "3000"}));
      }
    }
  }
  static void WriteModel(const std::string& type) {
    std::ofstream(world_->Path("models/shop_models.py"), std::ios::trunc)
        << "from decimal import Decimal\nfrom pydantic import BaseModel\n\n"
        << "class Sale(BaseModel):\n    id: int\n    total: " << type << "\n";
  }
  static void Snapshot(const Exit& expected) {
    const Finished agent = world_->Agent("shop");
    ASSERT_EQ(agent.exit, expected) << agent.err;
  }

  static Json Ask(Texts arguments) {
    arguments.insert(arguments.end(), {"--format", "json"});
    const Finished done = world_->Varve(arguments);
    EXPECT_EQ(done.exit, kDone) << done.err;
    return done.exit == kDone ? Json::parse(done.out) : Json();
  }

  // "2-4 numeric(12,2), changed": a line a version, then "gap 4-5 WHY".
  static Texts History(const std::string& object, const std::string& reference = "shop") {
    Texts told;
    const Json history = Ask({"history", reference, object});
    for (const Json& version : history["versions"]) {
      std::string& line = told.emplace_back(absl::StrCat(
          version["from_seq"].get<int>(), "-", version["to_seq"].get<int>(), " ",
          version["words"].is_null() ? "not there" : version["words"].get<std::string>()));
      for (const Json& change : version["changes"]) {
        absl::StrAppend(&line, ", ", change["op"].get<std::string>());
        if (change.contains("was")) absl::StrAppend(&line, " ", change["was"].get<std::string>());
      }
      if (!version["since_seq"].is_null()) {
        absl::StrAppend(&line, ", since ", version["since_seq"].get<int>());
      }
    }
    for (const Json& gap : history["gaps"]) {
      const std::string why = gap["why"];
      told.push_back(absl::StrCat("gap ", gap["from_seq"].get<int>(), "-", gap["to_seq"].get<int>(),
                                  " ", why.substr(0, why.find(':'))));
    }
    return told;
  }

  static FleetWorld* world_;
  static RedisServer* redis_;
};
FleetWorld* HistoryProgram::world_ = nullptr;
RedisServer* HistoryProgram::redis_ = nullptr;

TEST_F(HistoryProgram, AColumnIsFollowedThroughTypeGapAndRename) {
  EXPECT_THAT(
      History("public.sales.total"),
      ElementsAre("1-1 integer", "2-5 numeric(12,2), changed",
                  "6-6 numeric(12,2), renamed public.orders, since 4", "gap 5-5 unavailable"));
  EXPECT_THAT(History("public.sales.remark"),
              ElementsAre("1-5 text", "6-6 text, renamed public.orders, renamed, since 4",
                          "gap 5-5 unavailable"));
  EXPECT_THAT(History("public.orders.total", "shop@3"),
              ElementsAre("1-1 integer", "2-3 numeric(12,2), changed"));
}

TEST_F(HistoryProgram, ATableAndItsIndexAreFollowedIntoTheOldName) {
  EXPECT_THAT(History("public.sales"),
              ElementsAre("1-1 3 columns, 1 constraint, 1 index",
                          "2-5 3 columns, 1 constraint, 2 indexes, changed, changed",
                          "6-6 3 columns, 1 constraint, 2 indexes, renamed public.orders, since 4",
                          "gap 5-5 unavailable"));
  // That its key is called remark follows from the column's rename.
  EXPECT_THAT(
      History("public.sales.orders_note_idx"),
      ElementsAre("2-5 btree (note), changed, changed",
                  "6-6 btree (remark), renamed public.orders, since 4", "gap 5-5 unavailable"));
  EXPECT_THAT(History("public.kept"), ElementsAre("1-6 1 column", "gap 5-5 unavailable"));
}

TEST_F(HistoryProgram, AFunctionAKeyPatternAndAModelAreFollowed) {
  EXPECT_THAT(
      History("public.vat"),
      ElementsAre(AllOf(StartsWith("1-3 "), Not(HasSubstr("not there"))),
                  AllOf(StartsWith("4-6 "), HasSubstr(", changed")), "gap 5-5 unavailable"));
  EXPECT_THAT(History("redis:session:<int>"), ElementsAre("1-6 1 value", "gap 4-5 unavailable"));
  EXPECT_THAT(History("redis:cart:<int>"), ElementsAre("6-6 1 value, added, since 3"));
  EXPECT_THAT(History("model:shop_models.Sale"),
              ElementsAre("1-5 2 fields", "6-6 2 fields, changed"));
  EXPECT_THAT(History("model:shop_models.Sale.total"),
              ElementsAre(StartsWith("1-5 int "),
                          AllOf(StartsWith("6-6 Decimal "), HasSubstr(", changed"))));
}

TEST_F(HistoryProgram, BlameNamesTheSnapshotOfEachPart) {
  const auto blame = [](const std::string& reference, const std::string& object) {
    Texts told;
    const Json answer = Ask({"blame", reference, object});
    for (const Json& part : answer["parts"]) {
      told.push_back(absl::StrCat(part["element"].back().get<std::string>(), " @",
                                  part["seq"].get<int>(),
                                  part["since_first_seen"].get<bool>() ? " or before" : ""));
    }
    return told;
  };
  EXPECT_THAT(blame("shop", "public.sales"),
              ElementsAre("id @1 or before", "total @2", "remark @6", "orders_pkey @1 or before",
                          "orders_note_idx @2"));
  EXPECT_THAT(blame("shop@1", "public.orders"),
              ElementsAre("id @1 or before", "total @1 or before", "note @1 or before",
                          "orders_pkey @1 or before"));
  EXPECT_THAT(blame("shop", "model:shop_models.Sale"), ElementsAre("id @1 or before", "total @6"));
}

TEST_F(HistoryProgram, LogHasTheSnapshotsThatChangedSomething) {
  const Json log = Ask({"log", "shop"});
  EXPECT_EQ(log["snapshots"], 6);
  std::map<int, std::set<std::string>> told;
  for (const Json& entry : log["entries"]) {
    for (const Json& change : entry["changes"]) {
      const bool dated = change.contains("between_from");
      told[entry["seq"]].insert(
          absl::StrCat(change["op"].get<std::string>(), " ", change["name"].get<std::string>(),
                       dated ? absl::StrCat(" since ", change["between_from"].get<int>()) : ""));
    }
  }
  const std::map<int, std::set<std::string>> expected = {
      {2, {"changed public.orders"}},
      {4, {"changed public.vat(integer)"}},
      {6,
       {"renamed public.sales since 4", "renamed public.sales.remark since 4",
        "added cart:<int> since 3", "changed shop_models.Sale"}}};
  EXPECT_EQ(told, expected);
}

TEST_F(HistoryProgram, TextsSayTheSameInWords) {
  const Finished history = world_->Varve({"history", "shop", "public.sales.total"});
  EXPECT_THAT(history.out, StartsWith("public.sales.total in shop, shop: 3 versions\n"));
  EXPECT_THAT(history.out, HasSubstr("not seen @5: unavailable: connecting: "));
  const Finished log = world_->Varve({"log", "shop"});
  EXPECT_THAT(log.out, HasSubstr("select $1 → select $1 * 19 / 100"));
  EXPECT_THAT(log.out, HasSubstr("type integer → numeric(12,2)"));
  EXPECT_THAT(log.out, HasSubstr("\n3 of 6 snapshots changed something since "));
}

TEST_F(HistoryProgram, WhatIsNotThereIsNamedWithWhatIsNear) {
  const Finished gone = world_->Varve({"history", "shop", "public.orders"});
  EXPECT_EQ(gone.exit, kTrouble);
  EXPECT_THAT(gone.err, HasSubstr("no object 'public.orders'; nearest is public.sales"));
}

}  // namespace
}  // namespace varve::testing
