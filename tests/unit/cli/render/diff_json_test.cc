#include <nlohmann/json.hpp>

#include "cli/render/diff_table.h"
#include "gtest/gtest.h"
#include "tests/support/sample_snapshot.h"

namespace varve {
namespace {

using Json = nlohmann::ordered_json;

Json Written(const v1::DiffResult& result) { return Json::parse(DiffJson(result)); }

TEST(DiffJson, OfNothingHasEveryKey) {
  v1::DiffResult result;
  result.set_before("a@1");
  result.set_after("file:b");
  result.set_verdict(v1::VERDICT_SAME);
  result.set_entities_compared(3);
  EXPECT_EQ(Written(result), Json::parse(R"({
    "format": "varve.diff.v1", "before": "a@1", "after": "file:b", "verdict": "same",
    "entities_compared": 3, "differences": [], "follows": [], "cannot_say": [], "neither": [],
    "not_comparable": [], "not_configured": [], "growth": []})"));
}

TEST(DiffJson, AnAbsentValueIsNullAndAnEmptyOneIsNot) {
  v1::DiffResult result;
  v1::Difference& difference = *result.add_differences();
  difference.set_op(v1::Difference::OP_CHANGED);
  difference.set_section("postgres");
  difference.set_facet(v1::FACET_STRUCTURE);
  *difference.mutable_identity() = IdentityOf(testing::Table("public", "orders"));
  v1::PropertyChange& change = *difference.add_changes();
  change.add_path("columns");
  change.add_path("coupon");
  change.set_after("");
  EXPECT_EQ(Written(result)["differences"][0], Json::parse(R"({
    "op": "changed", "section": "postgres", "kind": "table", "name": "public.orders",
    "names": ["public", "orders"], "facet": "structure",
    "class": null, "rule": null,
    "changes": [{"path": ["columns", "coupon"], "before": null, "after": "",
                 "class": null, "rule": null}]})"));
}

TEST(DiffJson, ARenameSaysWhatItWasAndHowThatIsKnown) {
  v1::DiffResult result;
  v1::Difference& difference = *result.add_differences();
  difference.set_op(v1::Difference::OP_RENAMED);
  *difference.mutable_identity() = IdentityOf(testing::Table("public", "new"));
  *difference.mutable_was() = IdentityOf(testing::Table("public", "old"));
  difference.set_proven(true);
  difference.set_between_from(2);
  difference.set_between_to(5);
  const Json json = Written(result)["differences"][0];
  EXPECT_EQ(json["op"], "renamed");
  EXPECT_EQ(json["was"], "public.old");
  EXPECT_EQ(json["proven"], true);
  EXPECT_EQ(json["between_from"], 2);
  EXPECT_EQ(json["between_to"], 5);
  EXPECT_TRUE(json["facet"].is_null());
}

TEST(DiffJson, WhatWasNotComparedHasBothSightsAndTheRemedy) {
  v1::DiffResult result;
  result.set_verdict(v1::VERDICT_CANNOT_SAY);
  v1::NotCompared& item = *result.add_cannot_say();
  item.set_section("redis");
  item.set_before(v1::SIGHT_CAPTURED);
  item.set_after(v1::SIGHT_UNAVAILABLE);
  item.set_reason("refused");
  EXPECT_EQ(Written(result)["cannot_say"][0], Json::parse(R"({
    "section": "redis", "before": "captured", "after": "unavailable", "why": null,
    "reason": "refused", "remedy": null})"));
  EXPECT_EQ(Written(result)["verdict"], "cannot say");
}

TEST(DiffJson, AValueOfANewerCollectorIsAnAnswer) {
  v1::DiffResult result;
  result.set_verdict(static_cast<v1::Verdict>(9));
  result.add_differences()->set_op(static_cast<v1::Difference::Op>(9));
  EXPECT_EQ(Written(result)["verdict"], "value 9");
  EXPECT_EQ(Written(result)["differences"][0]["op"], "value 9");
}

}  // namespace
}  // namespace varve
