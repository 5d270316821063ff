#include "snapshot/changes/diff_filter.h"

#include <gmock/gmock.h>

#include "snapshot/line.h"
#include "tests/support/matchers.h"
#include "tests/support/sample_snapshot.h"

namespace varve {
namespace {

using ::testing::HasSubstr;

void Add(v1::DiffResult& result, const std::string& section, const EntityKey& entity) {
  v1::Difference& difference = *result.add_differences();
  difference.set_op(v1::Difference::OP_CHANGED);
  difference.set_section(section);
  *difference.mutable_identity() = IdentityOf(entity);
}

v1::DiffResult Answer() {
  v1::DiffResult result;
  Add(result, "pg/shop", {"table", {"public", "orders"}});
  Add(result, "pg/shop", {"view", {"public", "open"}});
  Add(result, "redis", {"key_pattern", {"0", "session:<uuid>"}});
  v1::Difference& renamed = *result.add_differences();
  renamed.set_op(v1::Difference::OP_RENAMED);
  renamed.set_section("pg/shop");
  *renamed.mutable_identity() = IdentityOf({"column", {"public", "items", "amount"}});
  *renamed.mutable_was() = IdentityOf({"column", {"public", "items", "total"}});
  v1::NotCompared& away = *result.add_cannot_say();
  away.set_section("redis");
  result.add_not_configured("app");
  result.set_verdict(v1::VERDICT_DIFFERENT);
  return result;
}

v1::DiffResult Filtered(const v1::DiffFilter& filter) {
  v1::DiffResult result = Answer();
  FilterDiff(filter, Snapshot(), Snapshot(), result);
  return result;
}

TEST(DiffFilter, WithoutOneAllIsLeft) {
  EXPECT_EQ(Filtered({}).SerializeAsString(), Answer().SerializeAsString());
}

TEST(DiffFilter, ASourceTakesItsSections) {
  v1::DiffFilter filter;
  filter.add_sources("pg");
  const v1::DiffResult result = Filtered(filter);
  EXPECT_EQ(result.differences_size(), 3);
  EXPECT_EQ(result.cannot_say_size(), 0);
  EXPECT_EQ(result.not_configured_size(), 0);
}

TEST(DiffFilter, AKindTakesTheColumnsOfItsRelations) {
  v1::DiffFilter filter;
  filter.add_kinds("table");
  EXPECT_EQ(Filtered(filter).differences_size(), 2);
}

TEST(DiffFilter, ANameMayBeTheOldOne) {
  v1::DiffFilter filter;
  filter.add_names("public.items");
  const v1::DiffResult result = Filtered(filter);
  ASSERT_EQ(result.differences_size(), 1);
  EXPECT_EQ(result.differences(0).op(), v1::Difference::OP_RENAMED);
}

TEST(DiffFilter, WhatCouldNotBeSeenAsAWholeStaysAndDecides) {
  v1::DiffFilter filter;
  filter.add_names("no.such");
  const v1::DiffResult result = Filtered(filter);
  EXPECT_EQ(result.differences_size(), 0);
  EXPECT_EQ(result.verdict(), v1::VERDICT_CANNOT_SAY);
}

TEST(DiffFilter, CountsTheEntitiesThatItTakes) {
  const Snapshot sample = testing::SampleSnapshot();
  v1::DiffFilter filter;
  filter.add_kinds("model");
  v1::DiffResult result;
  FilterDiff(filter, sample, sample, result);
  EXPECT_GT(result.entities_compared(), 0u);
  EXPECT_EQ(result.verdict(), v1::VERDICT_SAME);
}

TEST(DiffFilter, AKindThatIsNoneIsNamedWithTheNearest) {
  v1::DiffFilter filter;
  filter.add_kinds("tabel");
  EXPECT_THAT(std::string(CheckDiffFilter(filter).message()), HasSubstr("nearest is table"));
}

}  // namespace
}  // namespace varve
