// How a change spreads through a fleet, with the programs as they are typed: `varve rollout`.
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "tests/integration/flow/fleet.h"

namespace varve::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using Json = nlohmann::json;

constexpr Exit kDone{0, 0};
constexpr Exit kTrouble{2, 0};

class RolloutProgram : public ::testing::Test {
 protected:
  void SetUp() override {
    auto started = FleetWorld::Start();
    ASSERT_THAT(started, IsOk());
    world_ = *std::move(started);
    for (const char* const name : {"a-first", "b-then", "c-not", "d-gone", "e-blind"}) {
      ASSERT_THAT(world_->Add(name, ""), IsOk());
      Run(name, "create table orders(id int, total int)");
    }
  }

  void Run(const std::string& environment, const std::string& sql) {
    VARVE_ASSERT_OK(world_->Run(environment, sql));
  }
  void Snapshot(const std::string& environment, const std::string& more = "") {
    const Finished agent = world_->Agent(environment, more);
    EXPECT_EQ(agent.exit, kDone) << agent.err;
  }
  // What is said of each environment: "has 2", "cannot say".
  std::map<std::string, std::string> Standings(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "rollout");
    arguments.insert(arguments.end(), {"--format", "json"});
    const Finished done = world_->Varve(arguments);
    EXPECT_EQ(done.exit, kDone) << done.err;
    std::map<std::string, std::string> standings;
    const Json answer = Json::parse(done.out);
    for (const Json& one : answer["environments"]) {
      std::string& said = standings[one["name"]] = one["standing"];
      if (!one["first"].is_null()) absl::StrAppend(&said, " ", one["first"]["number"].get<int>());
      if (one["or_before"].get<bool>()) absl::StrAppend(&said, " or before");
      if (!one["until"].is_null())
        absl::StrAppend(&said, " to ", one["until"]["number"].get<int>());
    }
    return standings;
  }

  std::unique_ptr<FleetWorld> world_;
};

TEST_F(RolloutProgram, TellsWhoHasAColumnSinceWhenAndWhoDoesNot) {
  for (const char* const name : {"a-first", "b-then", "c-not", "d-gone"}) Snapshot(name);
  Snapshot("e-blind", ", exclude: [\"table:public.*\"]");
  for (const char* const name : {"a-first", "d-gone", "b-then"}) {
    Run(name, "alter table orders add discount numeric");
    Snapshot(name);
  }
  Run("d-gone", "alter table orders drop discount");
  Snapshot("d-gone");
  Run("a-first", "comment on table orders is 'later'");
  Snapshot("a-first");

  const std::map<std::string, std::string> expected = {{"a-first", "has 2"},
                                                       {"b-then", "has 2"},
                                                       {"c-not", "lacks"},
                                                       {"d-gone", "had it 2 to 2"},
                                                       {"e-blind", "cannot say"}};
  EXPECT_EQ(Standings({"public.orders.discount"}), expected);
  const Finished text = world_->Varve({"rollout", "public.orders.discount"});
  EXPECT_THAT(text.out, StartsWith("public.orders.discount: in 2 of 5 environments, first "));
  EXPECT_THAT(text.out, HasSubstr(", gone again in 1, still missing in 1, cannot say in 1\n"));
  EXPECT_THAT(text.out, HasSubstr(" later\n"));
  EXPECT_THAT(text.out, HasSubstr("\nc-not        not yet     "));
  EXPECT_THAT(text.out, HasSubstr("cannot say        shop excluded\n"));
  EXPECT_EQ(Standings({"public.orders", "a-*,b-*"}),
            (std::map<std::string, std::string>{{"a-first", "has 1 or before"},
                                                {"b-then", "has 1 or before"}}));
}

TEST_F(RolloutProgram, FollowsAFormOfAColumn) {
  for (const char* const name : {"a-first", "b-then"}) Snapshot(name);
  Run("a-first", "alter table orders alter total type bigint");
  Snapshot("a-first");
  Run("a-first", "alter table orders alter total set not null");
  Snapshot("a-first");
  using Expected = std::map<std::string, std::string>;
  EXPECT_EQ(Standings({"public.orders.total", "--as", "bigint", "a-*,b-*"}),
            (Expected{{"a-first", "has 2"}, {"b-then", "lacks"}}));
  EXPECT_EQ(Standings({"public.orders.total", "--as", "bigint not null", "a-*,b-*"}),
            (Expected{{"a-first", "has 3"}, {"b-then", "lacks"}}));
  EXPECT_EQ(Standings({"public.orders.total", "--as", "integer", "a-*,b-*"}),
            (Expected{{"a-first", "had it 1 or before to 1"}, {"b-then", "has 1 or before"}}));
  const Finished none = world_->Varve({"rollout", "public.ordres"});
  EXPECT_EQ(none.exit, kTrouble);
  EXPECT_THAT(none.err, HasSubstr("public.orders"));
}

}  // namespace
}  // namespace varve::testing
