#include "agent/daemon/self_check.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "snapshot/section_builder.h"
#include "snapshot/selection.h"

namespace varve {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;
using Result = CheckItem::Result;

constexpr Signs kSigns = {"✓", "✗", "?"};

void AddTable(SectionBuilder& builder, const std::string& name) {
  v1::Shape shape;
  shape.mutable_table()->add_columns()->set_name("id");
  builder.Add({"table", {"public", name}}, v1::FACET_STRUCTURE, std::move(shape));
}

TEST(CheckSection, ACompleteOneSaysWhatAnsweredAndHowMuchWasThere) {
  SectionBuilder builder("orders", "postgres", 1);
  builder.SetServer("PostgreSQL 15.18");
  builder.SetAddress("db.internal:5432");
  builder.CoverWhole("table");
  AddTable(builder, "a");
  AddTable(builder, "b");
  const CheckItem item = CheckSection(builder.Finish());
  EXPECT_EQ(item.result, Result::kGood);
  EXPECT_EQ(item.subject, "postgres orders");
  EXPECT_EQ(item.text, "PostgreSQL 15.18 on db.internal:5432; 2 entities of 1 kind");
  EXPECT_THAT(item.missing, IsEmpty());
}

TEST(CheckSection, OneThatDidNotAnswerSaysWhyAndWhatToDo) {
  const CheckItem item = CheckSection(SectionBuilder::Unavailable(
      "redis", "redis", "cache:6379", "connecting", "connection refused", "start the server"));
  EXPECT_EQ(item.result, Result::kBad);
  EXPECT_EQ(item.subject, "redis");
  EXPECT_EQ(item.text, "connecting: connection refused; start the server");
}

TEST(CheckSection, WhatCannotBeSeenIsSaidOnceForEachReason) {
  SectionBuilder builder("redis", "redis", 1);
  builder.SetServer("Redis 7.0.15");
  builder.Cover("key_pattern", v1::FACET_STRUCTURE, v1::SIGHT_NOT_PERMITTED, "no permission",
                "ACL SETUSER varve +type");
  builder.Cover("key_pattern", v1::FACET_DOCS, v1::SIGHT_NOT_PERMITTED, "no permission",
                "ACL SETUSER varve +type");
  builder.Cover("table", v1::FACET_STRUCTURE, v1::SIGHT_EXCLUDED, "left out by the configuration");
  builder.Error("asking for MEMORY USAGE", "no such command", "rename it back");
  const CheckItem item = CheckSection(builder.Finish());
  EXPECT_EQ(item.result, Result::kPartly);
  EXPECT_THAT(item.missing, ElementsAre("asking for MEMORY USAGE: no such command; rename it back",
                                        "key_pattern docs, key_pattern structure: no permission; "
                                        "ACL SETUSER varve +type"));
}

TEST(CheckSection, AReasonThatAnErrorGivesIsNotSaidTwice) {
  SectionBuilder builder("redis", "redis", 1);
  builder.Error("scanning", "timed out after 2s", "give it more time");
  builder.Cover("key_pattern", v1::FACET_STRUCTURE, v1::SIGHT_FAILED, "timed out after 2s");
  EXPECT_THAT(CheckSection(builder.Finish()).missing,
              ElementsAre("scanning: timed out after 2s; give it more time"));
}

TEST(CheckSection, ARedisThatRefusesSomethingGetsOneLineForItsVersion) {
  SectionBuilder builder("cache", "redis", 1);
  builder.SetServer("Redis 7.0.15");
  builder.Error("asking TYPE of keys", "the ACL does not permit it (NOPERM)",
                "ACL SETUSER varve +type");
  builder.Error("looking at 1 keys of database 0", "the ACL does not permit them (NOPERM)",
                "ACL SETUSER varve ~*");
  const CheckItem item = CheckSection(builder.Finish());
  EXPECT_THAT(item.notes, ElementsAre(AllOf(HasSubstr("as ACL user varve; "),
                                            HasSubstr("ACL SETUSER varve %R~* +scan +type"),
                                            Not(HasSubstr("no-touch")))));
}

TEST(CheckSection, WhatTheConfigurationLeavesOutIsANoteWithItsCount) {
  SectionBuilder builder("postgres", "postgres", 1);
  const auto selection = Selection::Of({}, {"audit_*", "function:*"});
  ASSERT_TRUE(selection.ok());
  builder.CoverWhole("table");
  builder.CoverLeftOut(selection->Coverage("table", {12, 0}, 0));
  builder.CoverLeftOut(selection->Coverage("function", {0, 3}, 0));
  const CheckItem item = CheckSection(builder.Finish());
  EXPECT_EQ(item.result, Result::kGood);
  EXPECT_THAT(item.missing, IsEmpty());
  EXPECT_THAT(item.notes,
              UnorderedElementsAre("excluded: functions: none is read: 3 left out by function:*",
                                   "excluded: tables: 12 left out by audit_*"));
}

TEST(CheckSection, AWarningIsANoteAndNothingMissing) {
  SectionBuilder builder("redis", "redis", 1);
  builder.Warning("reading the address", "parameter 'pool' left out");
  const CheckItem item = CheckSection(builder.Finish());
  EXPECT_EQ(item.result, Result::kGood);
  EXPECT_THAT(item.missing, IsEmpty());
  EXPECT_THAT(item.notes, ElementsAre("reading the address: parameter 'pool' left out"));
}

TEST(CheckReport, WhatAServerSaysCannotBreakTheLines) {
  const CheckItem item{Result::kGood, "redis", "Redis\n  \x1b[2Jpretending", {}, {}};
  EXPECT_EQ(CheckReport("prod", {item}, kSigns),
            "prod: ready\n  ✓ redis   Redis    [2Jpretending\n");
}

TEST(CheckReport, TheFirstLineIsTheAnswer) {
  const CheckItem good{Result::kGood, "state", "/var/lib/varve-agent", {}, {}};
  const CheckItem partly{Result::kPartly, "postgres orders", "PostgreSQL 15.18", {"a", "b"}, {"n"}};
  const CheckItem bad{Result::kBad, "collector", "away", {}, {}};
  EXPECT_THAT(CheckReport("prod", {good}, kSigns), HasSubstr("prod: ready\n"));
  EXPECT_EQ(CheckReport("prod", {partly, good}, kSigns),
            "prod: ready, with 2 things it cannot see\n"
            "  ✓ postgres orders   PostgreSQL 15.18\n"
            "    ? a\n"
            "    ? b\n"
            "    note: n\n"
            "  ✓ state             /var/lib/varve-agent\n");
  EXPECT_EQ(CheckReport("prod", {bad, good}, kSigns),
            "prod: not ready: collector\n"
            "  ✗ collector   away\n"
            "  ✓ state       /var/lib/varve-agent\n");
}

TEST(CheckReport, ALongListIsCutAndCounted) {
  CheckItem item{Result::kPartly, "redis", "Redis", {}, {}};
  item.missing.assign(25, "something");
  EXPECT_THAT(CheckReport("prod", {item}, kSigns), HasSubstr("    ? and 5 more\n"));
}

}  // namespace
}  // namespace varve
