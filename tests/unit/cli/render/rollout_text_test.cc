#include "cli/render/rollout_text.h"

#include <nlohmann/json.hpp>

#include "gmock/gmock.h"

namespace varve {
namespace {

using Json = nlohmann::json;

constexpr int64_t kHourUs = int64_t{3'600'000'000};

v1::RolloutPoint Point(int64_t seq, int64_t hour) {
  v1::RolloutPoint point;
  point.set_seq(seq);
  point.set_time_us(hour * kHourUs);
  return point;
}

// Two have it, an hour apart, one had it, one lacks it, and one could not look.
v1::RolloutResult Sample() {
  v1::RolloutResult result;
  result.set_object("public.orders.total");
  result.set_section("shop");
  const auto add = [&](const char* name, v1::RolloutStanding standing) {
    v1::RolloutEntry& entry = *result.add_entries();
    entry.set_environment(name);
    entry.set_standing(standing);
    *entry.mutable_newest() = Point(9, 40);
    return &entry;
  };
  v1::RolloutEntry* entry = add("dev", v1::ROLLOUT_STANDING_HAS);
  *entry->mutable_first() = Point(1, 1);
  entry->set_or_before(true);
  *add("prod", v1::ROLLOUT_STANDING_HAS)->mutable_first() = Point(3, 2);
  entry = add("old", v1::ROLLOUT_STANDING_HAD_IT);
  *entry->mutable_first() = Point(2, 2);
  entry->mutable_until()->set_seq(4);  // thinned: its time is not kept
  add("new", v1::ROLLOUT_STANDING_LACKS);
  entry = add("dark", v1::ROLLOUT_STANDING_CANNOT_SAY);
  entry->set_why(v1::SIGHT_UNAVAILABLE);
  *entry->mutable_since() = Point(5, 3);
  return result;
}

TEST(RolloutText, TheTableHasALineForEachEnvironment) {
  EXPECT_EQ(RolloutTable(Sample(), absl::FromUnixMicros(42 * kHourUs)),
            "public.orders.total: in 2 of 5 environments, first 1970-01-01 01:00, gone again in 1, "
            "still missing in 1, cannot say in 1\n"
            "\n"
            "ENVIRONMENT  SINCE\n"
            "dev          1970-01-01 01:00 or before\n"
            "prod         1970-01-01 02:00            1 h later\n"
            "old          gone again                  from 1970-01-01 02:00 to @4\n"
            "new          not yet                     seen 2 h ago\n"
            "dark         cannot say                  shop unavailable since 1970-01-01 03:00\n");
}

TEST(RolloutText, AFormIsPartOfTheQuestionAndMarkdownIsEscaped) {
  v1::RolloutResult result = Sample();
  result.set_object("public.a|b");
  result.set_form("numeric");
  EXPECT_THAT(RolloutMarkdown(result, absl::FromUnixMicros(0)),
              ::testing::StartsWith("## public.a\\|b as numeric: in 2 of 5 environments"));
}

TEST(RolloutText, JsonHasWhatIsKnownAndNullForTheRest) {
  const Json json = Json::parse(RolloutJson(Sample()));
  EXPECT_EQ(json["format"], "varve.rollout.v1");
  EXPECT_EQ(json["form"], Json());
  const Json& old = json["environments"][2];
  EXPECT_EQ(old["standing"], "had it");
  EXPECT_EQ(old["first"], Json({{"number", 2}, {"time", "1970-01-01T02:00:00.000000Z"}}));
  EXPECT_EQ(old["until"], Json({{"number", 4}, {"time", nullptr}}));
  EXPECT_EQ(old["why"], Json());
  EXPECT_EQ(json["environments"][4]["why"], "unavailable");
  EXPECT_EQ(json["environments"][4]["first"], Json());
}

}  // namespace
}  // namespace varve
