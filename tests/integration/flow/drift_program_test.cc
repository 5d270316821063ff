// Who differs in a fleet, with the programs as they are typed: `varve drift` and `varve envs`.
#include <nlohmann/json.hpp>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/integration/flow/fleet.h"

namespace varve::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Json = nlohmann::json;

constexpr Exit kDone{0, 0};
constexpr Exit kDifferent{1, 0};
constexpr Exit kTrouble{2, 0};
constexpr Exit kCannotSay{3, 0};

constexpr char kSchema[] =
    "create table orders(id bigint primary key, total numeric(12,2) not null, discount numeric);"
    "create index orders_total_idx on orders(total);"
    "create function refund(o bigint) returns bigint language sql as 'select o';"
    "create schema audit; create table audit.log(line text);";

// Five environments of one schema: prod-ap lacks a column, prod-old has two changes more.
class DriftProgram : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto started = FleetWorld::Start();
    ASSERT_THAT(started, IsOk());
    world_ = started->release();
    for (const char* const name : {"prod-ap", "prod-eu", "prod-old", "prod-us", "staging"}) {
      const std::string tier = absl::StartsWith(name, "prod") ? "prod" : "staging";
      ASSERT_THAT(world_->Add(name, absl::StrCat("tier: ", tier, ", region: ", name + 5)), IsOk());
      ASSERT_THAT(world_->Run(name, kSchema), IsOk());
    }
    ASSERT_THAT(world_->Run("prod-ap", "alter table orders drop column discount"), IsOk());
    ASSERT_THAT(world_->Run("prod-old",
                            "drop function refund(bigint);"
                            "create table audit.extra(a int);"
                            "alter table orders alter total type numeric(10,2);"),
                IsOk());
    for (const char* const name : {"prod-ap", "prod-eu", "prod-old", "prod-us", "staging"}) {
      const Finished agent = world_->Agent(name);
      ASSERT_EQ(agent.exit, kDone) << agent.err;
    }
  }
  static void TearDownTestSuite() {
    delete world_;
    world_ = nullptr;
  }

  static FleetWorld& world() { return *world_; }
  static Json Drift(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "drift");
    arguments.insert(arguments.end(), {"--format", "json"});
    const Finished done = world().Varve(arguments);
    Json json = Json::parse(done.out, nullptr, /*allow_exceptions=*/false);
    EXPECT_FALSE(json.is_discarded()) << done.out << done.err;
    return json;
  }

 private:
  static FleetWorld* world_;
};

FleetWorld* DriftProgram::world_ = nullptr;

TEST_F(DriftProgram, TellsClassesAndWhatOthersLackInItsFirstLines) {
  const Finished all = world().Varve({"drift", "prod-*,staging"});
  EXPECT_EQ(all.exit, kDifferent) << all.err;
  EXPECT_THAT(all.out,
              StartsWith("5 environments: 3 alike as prod-eu@1, 2 not, in 2 other classes\n\n"));
  EXPECT_THAT(all.out, HasSubstr("A      3  prod-eu prod-us staging  same\n"));
  EXPECT_THAT(all.out, HasSubstr("lacks column public.orders.discount\n"));
  EXPECT_THAT(all.out,
              HasSubstr("C: 1 added, 1 changed, 1 removed (varve diff prod-eu prod-old)\n"));
  EXPECT_THAT(all.out, HasSubstr("~ column total  type numeric(12,2) → numeric(10,2)\n"));
}

TEST_F(DriftProgram, HoldsThemAgainstAnySnapshotAndKeepsTheClasses) {
  const Finished done = world().Varve({"drift", "tier=prod", "--baseline", "prod-ap"});
  EXPECT_EQ(done.exit, kDifferent) << done.err;
  EXPECT_THAT(done.out, StartsWith("4 environments: 1 as prod-ap@1, 3 not, in 2 other classes\n"));
  EXPECT_THAT(done.out, HasSubstr("also has column public.orders.discount: numeric\n"));
  EXPECT_THAT(world().Varve({"drift", "staging", "--baseline", "prod-ap@1"}).out,
              StartsWith("2 environments: 1 as prod-ap@1, 1 not"));
  const auto classes = [](const Json& drift) {
    std::set<std::vector<std::string>> names;
    for (const Json& one : drift["units"][0]["classes"]) names.insert(one["environments"]);
    return names;
  };
  EXPECT_EQ(classes(Drift({"prod-*"})), classes(Drift({"prod-*", "--baseline", "prod-old"})));
}

TEST_F(DriftProgram, OnlyEqualOnesAreTheSame) {
  const Finished done = world().Varve({"drift", "prod-[eu][us]"});
  EXPECT_EQ(done.exit, kDone) << done.err;
  EXPECT_THAT(done.out,
              AllOf(StartsWith("2 environments: all the same in "), HasSubstr("entities\n")));
  EXPECT_EQ(world().Varve({"drift", "staging"}).out, "1 environment: nothing to compare it with\n");
}

TEST_F(DriftProgram, GroupsBySchemaAndByEntity) {
  const Finished schemas = world().Varve({"drift", "prod-*,staging", "--by", "schema"});
  EXPECT_THAT(schemas.out, HasSubstr("\nshop audit\n"));
  EXPECT_THAT(schemas.out,
              HasSubstr("B      1  prod-old                         also has table audit.extra"));
  EXPECT_THAT(schemas.out, HasSubstr("\nthe same in all: shop\n"));
  const Finished matrix = world().Varve({"drift", "prod-*,staging", "--format", "matrix"});
  EXPECT_EQ(matrix.exit, kDifferent);
  EXPECT_THAT(matrix.out, HasSubstr("environment  shop audit  shop public\n"
                                    "prod-ap      A           B\n"
                                    "prod-eu      A           A\n"
                                    "prod-old     B           C\n"));
  const Json entities = Drift({"prod-*", "--by", "entity"});
  ASSERT_EQ(entities["units"].size(), 3u);
  EXPECT_EQ(entities["units"][2]["name"], "public.orders");
  EXPECT_EQ(entities["units"][2]["classes"].size(), 3u);
  EXPECT_THAT(world().Varve({"drift", "prod-*", "--format", "markdown"}).out,
              HasSubstr("| B | 1 | prod-ap | lacks column public.orders.discount |"));
}

TEST_F(DriftProgram, AccessDiffersOnPurposeAndIsComparedWhenAsked) {
  VARVE_ASSERT_OK(world().Add("late-a", ""));
  VARVE_ASSERT_OK(world().Add("late-b", ""));
  for (const char* const name : {"late-a", "late-b"}) {
    VARVE_ASSERT_OK(world().Run(name, "create table t(a int)"));
  }
  VARVE_ASSERT_OK(world().Run("late-b", "grant select on t to public; comment on table t is 'x'"));
  for (const char* const name : {"late-a", "late-b"}) ASSERT_EQ(world().Agent(name).exit, kDone);
  EXPECT_EQ(world().Varve({"drift", "late-*"}).exit, kDone);
  const Finished all = world().Varve({"drift", "late-*", "--all"});
  EXPECT_EQ(all.exit, kDifferent);
  EXPECT_THAT(all.out, HasSubstr("~ comment                  none → x"));
}

// What one environment leaves out is compared in none, and said of that one.
TEST_F(DriftProgram, WhatOneCannotSeeIsSaidAndIsNoDifference) {
  for (const char* const name : {"blind-a", "blind-b"}) {
    VARVE_ASSERT_OK(world().Add(name, "blind: yes"));
    VARVE_ASSERT_OK(world().Run(name, kSchema));
  }
  VARVE_ASSERT_OK(world().Run("blind-b", "alter table audit.log add more int"));
  ASSERT_EQ(world().Agent("blind-a").exit, kDone);
  ASSERT_EQ(world().Agent("blind-b", ", exclude: [audit]").exit, kDone);
  const Finished done = world().Varve({"drift", "blind-*"});
  EXPECT_EQ(done.exit, kCannotSay) << done.out << done.err;
  EXPECT_THAT(done.out, StartsWith("2 environments: all the same in "));
  EXPECT_THAT(done.out, HasSubstr("\nnot compared\n"));
  EXPECT_THAT(done.out, HasSubstr("? shop: structure of table audit.log  excluded"));
  EXPECT_THAT(done.out, HasSubstr(" in blind-b\n"));
  VARVE_ASSERT_OK(world().Run("blind-b", "drop function refund(bigint)"));
  ASSERT_EQ(world().Agent("blind-b", ", exclude: [audit]").exit, kDone);
  EXPECT_EQ(world().Varve({"drift", "blind-*"}).exit, kDifferent);
}

TEST_F(DriftProgram, EnvironmentsAreListedByNameAndLabel) {
  EXPECT_EQ(world().Varve({"envs", "tier=prod,region!=eu", "--names"}).out,
            "prod-ap\nprod-old\nprod-us\n");
  EXPECT_THAT(world().Varve({"envs", "prod-eu"}).out, HasSubstr("region=eu tier=prod"));
  const Finished none = world().Varve({"envs", "tier=prd"});
  EXPECT_EQ(none.exit, kTrouble);
  EXPECT_EQ(none.err,
            "varve: no environment is selected by 'tier=prd': values of tier are prod, staging\n");
  EXPECT_THAT(world().Varve({"drift", "prod;x"}).err, HasSubstr("no environment's name has ';'"));
  EXPECT_THAT(world().Varve({"drift", "--baseline", "prod-xx"}).err,
              HasSubstr("no environment 'prod-xx'"));
}

TEST_F(DriftProgram, ATagNamesASnapshotForEveryReference) {
  EXPECT_EQ(world().Varve({"tag", "staging@1", "release-1.4"}).out, "release-1.4 is staging@1\n");
  ASSERT_EQ(world().Agent("staging").exit, kDone);
  EXPECT_EQ(world().Varve({"diff", "staging@release-1.4", "staging"}).exit, kDone);
  EXPECT_EQ(world().Varve({"drift", "staging", "--baseline", "staging@release-1.4"}).out,
            "2 environments: all the same in 7 entities\n");
  EXPECT_EQ(world().Varve({"tag", "staging", "release-1.4"}).out,
            "release-1.4 moved from staging@1 to staging@2\n");
  EXPECT_EQ(world().Varve({"tag", "staging", "release-1.4"}).out,
            "release-1.4 is staging@2, as it was\n");
  EXPECT_THAT(world().Varve({"log", "staging", "--all"}).out, HasSubstr("release-1.4"));
  const Finished gone = world().Varve({"tag", "staging", "release-1.4", "--delete"});
  EXPECT_EQ(gone.out, "release-1.4 is no tag any more; it was staging@2\n");
  const Finished again = world().Varve({"tag", "staging", "release-1.4", "--delete"});
  EXPECT_EQ(again.exit, kTrouble);
  EXPECT_THAT(again.err, HasSubstr("staging has no tag 'release-1.4'; it has none"));
  EXPECT_THAT(world().Varve({"tag", "staging", "42"}).err, HasSubstr("42"));
  EXPECT_THAT(world().Varve({"tag", "staging@1", "x", "--delete"}).err,
              HasSubstr("--delete takes the environment's name"));
  EXPECT_THAT(world().Varve({"tag", "stagin", "x"}).err, HasSubstr("no environment 'stagin'"));
}

TEST_F(DriftProgram, ShowsAnObjectAsItWas) {
  const Finished table = world().Varve({"show", "prod-old@1", "public.orders"});
  EXPECT_EQ(table.exit, kDone) << table.err;
  EXPECT_THAT(table.out, StartsWith("table public.orders in prod-old@1, shop\n\nstructure\n"));
  EXPECT_THAT(table.out, HasSubstr("  column total            numeric(10,2) not null\n"));
  EXPECT_THAT(table.out, HasSubstr("\naccess\n  owner  postgres\n"));
  EXPECT_EQ(world().Varve({"show", "prod-old", "public.orders.total"}).out,
            "column public.orders.total in prod-old@1, shop\n\n"
            "structure\n  column  numeric(10,2) not null\n");
  const Json part = Json::parse(
      world().Varve({"show", "prod-old", "public.orders.total", "--format", "json"}).out);
  EXPECT_EQ(part["facets"], (Json{{"structure", {{"text", "numeric(10,2) not null"}}}}));
  const Json whole =
      Json::parse(world().Varve({"show", "prod-old", "public.orders", "--format", "json"}).out);
  EXPECT_EQ(whole["facets"]["structure"]["columns"][1]["type"], "numeric(10,2)");
  const Finished none = world().Varve({"show", "prod-old", "public.refund"});
  EXPECT_EQ(none.exit, kTrouble);
  EXPECT_THAT(none.err, StartsWith("varve: prod-old@1: no object 'public.refund'"));
}

TEST_F(DriftProgram, ShowsHowManyOfEachKindThereAre) {
  const Finished done = world().Varve({"show", "prod-old"});
  EXPECT_THAT(done.out, StartsWith("prod-old@1: 7 entities in 1 section, "));
  EXPECT_THAT(done.out, HasSubstr("shop     complete  tables          3\n"));
  ASSERT_EQ(world().Varve({"export", "prod-old", "-o", "old"}).exit, kDone);
  const Json files = Json::parse(world().Varve({"show", "file:old", "--format", "json"}).out);
  EXPECT_EQ(files["sections"][0]["counts"]["tables"], 3);
  EXPECT_THAT(world().Varve({"show", "file:old", "public.orders", "--format", "markdown"}).out,
              HasSubstr("- column total: numeric(10,2) not null\n"));
}

// Completion as bash does it: the last word is what stands before the cursor.
TEST_F(DriftProgram, BashCompletesCommandsFlagsAndEnvironments) {
  const auto completed = [&](const std::string& words, const std::string& before = "") {
    const std::string script =
        absl::StrCat("PATH=$1:$PATH; . <(varve completion bash); ", before, " COMP_WORDS=(", words,
                     "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _varve; echo \"${COMPREPLY[@]}\"");
    const Finished done = world().Program(
        "bash",
        {"-c", script, "bash", ProgramPath("varve").substr(0, ProgramPath("varve").rfind('/'))});
    EXPECT_EQ(done.err, "");
    EXPECT_EQ(done.exit, kDone);
    return done.out;
  };
  EXPECT_EQ(completed("varve di"), "diff\n");
  EXPECT_EQ(completed("varve drift --ba"), "--baseline\n");
  EXPECT_EQ(completed("varve drift --baseline prod-e"), "prod-eu\n");
  EXPECT_EQ(completed("varve diff prod-"), "prod-ap prod-eu prod-old prod-us\n");
  EXPECT_EQ(completed("varve diff prod-eu stag"), "staging\n");
  EXPECT_EQ(completed("varve drift --by wh"), "\n");
  EXPECT_EQ(completed("varve drift --all stag"), "staging\n") << "a flag without a value";
  EXPECT_EQ(completed("varve diff prod-", "export VARVE_COLLECTOR=127.0.0.1:1;"), "\n")
      << "silent where the collector is away";
  for (const char* const shell : {"zsh", "fish"}) {
    EXPECT_THAT(world().Varve({"completion", shell}).out, HasSubstr("varve envs --names"));
  }
  EXPECT_THAT(world().Varve({"completion", "csh"}).err, HasSubstr("'csh' is none of bash"));
}

}  // namespace
}  // namespace varve::testing
