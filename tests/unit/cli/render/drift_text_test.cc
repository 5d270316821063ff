#include "cli/render/drift_text.h"

#include <nlohmann/json.hpp>

#include "gmock/gmock.h"

namespace varve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

// Two are alike, a third lacks a table, and a fourth could not be read.
v1::DriftResult Sample() {
  v1::DriftResult result;
  for (const char* const name : {"dark", "eu", "old", "us"}) {
    v1::DriftMember& member = *result.add_members();
    member.set_environment(name);
    member.set_seq(7);
  }
  result.set_grouping(v1::DRIFT_GROUPING_SECTION);
  result.set_verdict(v1::VERDICT_DIFFERENT);
  result.set_entities_compared(12);
  v1::DriftUnit& unit = *result.add_units();
  unit.set_section("shop");
  v1::DriftClass& most = *unit.add_classes();
  most.add_members(1);
  most.add_members(3);
  v1::DriftClass& lacks = *unit.add_classes();
  lacks.add_members(2);
  lacks.set_differs(true);
  lacks.set_removed(1);
  v1::DriftClass& dark = *unit.add_classes();
  dark.add_members(0);
  v1::DriftAway& away = *dark.add_away();
  away.set_section("shop");
  away.set_standing(v1::DRIFT_STANDING_UNAVAILABLE);
  v1::DriftChange& change = *result.add_changes();
  change.set_class_at(1);
  v1::Difference& gone = *change.mutable_difference();
  gone.set_op(v1::Difference::OP_REMOVED);
  gone.set_section("shop");
  gone.set_facet(v1::FACET_STRUCTURE);
  gone.mutable_identity()->set_kind("table");
  gone.mutable_identity()->add_names("public");
  gone.mutable_identity()->add_names("orders");
  v1::DriftUnit& same = *result.add_units();
  same.set_section("cache");
  v1::DriftClass& all = *same.add_classes();
  for (const uint32_t member : {0u, 1u, 2u, 3u}) all.add_members(member);
  return result;
}

TEST(DriftText, TheTableNamesClassesMembersAndWhatAnOutlierLacks) {
  EXPECT_THAT(DriftTable(Sample(), true),
              AllOf(HasSubstr("\nshop\nclass     environments  from the largest class\n"),
                    HasSubstr("\nA      2  eu us"), HasSubstr("\nB      1  old"),
                    HasSubstr("lacks table public.orders\n"), HasSubstr("\nC      1  dark"),
                    HasSubstr("shop unavailable"), HasSubstr("\nthe same in all: cache\n")));
}

TEST(DriftText, TheMatrixHasALetterForEachClassAndASignForWhoIsAway) {
  EXPECT_THAT(DriftMatrix(Sample(), true), HasSubstr("\nenvironment  shop\n"
                                                     "dark         ?\n"
                                                     "eu           A\n"
                                                     "old          B\n"
                                                     "us           A\n"));
  EXPECT_THAT(DriftMatrix(Sample(), false), HasSubstr("\ndark         ??\n"));
}

TEST(DriftText, WhatOtherProgramsReadHasTheSameClasses) {
  EXPECT_THAT(
      DriftMarkdown(Sample()),
      AllOf(HasSubstr("\n### shop\n"), HasSubstr("| B | 1 | old | "), Not(HasSubstr("### cache"))));
  const Json json = Json::parse(DriftJson(Sample()));
  EXPECT_EQ(json["format"], "varve.drift.v1");
  EXPECT_THAT(json.dump(), AllOf(HasSubstr("orders"), HasSubstr("unavailable")));
}

}  // namespace
}  // namespace varve
