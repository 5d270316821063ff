#include "cli/render/files.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "snapshot/selection.h"
#include "tests/support/sample_snapshot.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::vector<WrittenFile> Written(v1::SectionStatus redis = v1::SECTION_STATUS_COMPLETE) {
  return {{"audit_schema.json", 1536, v1::SECTION_STATUS_PARTIAL},
          {"audit_redis.json", 120, redis},
          {"audit_models.json", 2048, v1::SECTION_STATUS_NOT_CONFIGURED},
          {"audit_analysis.md", 1048576, v1::SECTION_STATUS_COMPLETE}};
}

Section DownRedis() {
  return SectionBuilder::Unavailable("redis", "redis", "h:6379", "connecting to\nredis", "refused",
                                     "start it");
}

TEST(Summary, IsTheAnswerThenFilesThenCountsThenWhatWasNotSeen) {
  EXPECT_EQ(Summary(testing::SampleSnapshot(), Written(), {}),
            "prod-eu@42 of 2025-06-08 04:24 UTC: 4 files, 1.0 MiB\n"
            "  ? audit_schema.json    1.5 KiB  partial\n"
            "  ✓ audit_redis.json       120 B\n"
            "  – audit_models.json    2.0 KiB  not configured\n"
            "  ✓ audit_analysis.md    1.0 MiB\n"
            "\n"
            "  Database Tables:         3\n"
            "  Total Columns:          15\n"
            "  Foreign Keys:            1\n"
            "  Triggers:                1\n"
            "  Functions:               2\n"
            "  Redis Keys:            150\n"
            "  Pydantic Models:         3\n"
            "\n"
            "not seen\n"
            "  ? postgres: deparsing app.mentions: lock timeout (55P03); read again when it is "
            "free\n"
            "  ? postgres: sequence access: not permitted: permission denied for table pg_authid "
            "(42501); GRANT pg_read_all_settings TO varve\n");
}

TEST(Summary, WhatWasLeftOutIsExcludedAndNotZero) {
  SectionBuilder builder("postgres", "postgres", 1);
  const Selection selection = *Selection::Of({}, {"audit", "function:*"});
  builder.CoverWhole("table");
  builder.CoverLeftOut(selection.Coverage("table", {4, 0}, 0));
  builder.CoverLeftOut(selection.Coverage("function", {0, 1234}, 0));
  const std::string text = Summary(testing::Assemble({builder.Finish()}), Written(), {});
  EXPECT_THAT(text, HasSubstr("  Functions:        excluded\n"));
  EXPECT_THAT(text, HasSubstr("  Database Tables:         0\n"));
  EXPECT_THAT(text,
              HasSubstr("\nexcluded\n"
                        "  postgres: tables: 4 left out by audit\n"
                        "  postgres: functions: none is read: 1234 left out by function:*\n"));
  EXPECT_THAT(text, Not(HasSubstr("not seen")));
}

TEST(Summary, HasOnlyAsciiSignsWhereTheLocaleHasNoOthers) {
  RenderOptions options;
  options.ascii = true;
  const std::string text = Summary(testing::Assemble({testing::SamplePostgres(), DownRedis()}),
                                   Written(v1::SECTION_STATUS_UNAVAILABLE), options);
  EXPECT_THAT(text, HasSubstr("  ?? audit_schema.json "));
  EXPECT_THAT(text, HasSubstr("  NO audit_redis.json "));
  EXPECT_THAT(text, HasSubstr("  -- audit_models.json "));
  EXPECT_THAT(text, HasSubstr("  OK audit_analysis.md "));
  for (const char c : text) EXPECT_LT(static_cast<unsigned char>(c), 0x80);
}

TEST(Summary, WhatCouldNotBeReadIsUnknownAndNotZero) {
  const std::string text = Summary(testing::Assemble({testing::SamplePostgres(), DownRedis()}),
                                   Written(v1::SECTION_STATUS_UNAVAILABLE), {});
  EXPECT_THAT(text, HasSubstr("  Redis Keys:        unknown\n"));
  EXPECT_THAT(text, HasSubstr("  Pydantic Models:         0\n"));
  EXPECT_THAT(text, HasSubstr("  ✗ audit_redis.json       120 B  unavailable\n"));
}

TEST(Summary, NoServersTextCanEndALine) {
  const std::string text = Summary(testing::Assemble({DownRedis()}), Written(), {});
  EXPECT_THAT(text, HasSubstr("  ? redis: connecting to redis: refused; start it\n"));
}

TEST(Summary, SaysNothingOfWhatWasSeenWhole) {
  EXPECT_THAT(Summary(testing::Assemble({testing::SampleRedis()}), Written(), {}),
              Not(HasSubstr("not seen")));
}

TEST(Summary, CutsALongListAndSaysWhereItIsWhole) {
  SectionBuilder builder("redis", "redis", 1);
  for (int at = 0; at < 20; ++at) builder.Error("reading", std::to_string(at));
  EXPECT_THAT(Summary(testing::Assemble({builder.Finish()}), Written(), {}),
              HasSubstr("  and 8 more: see Errors and Warnings in the analysis\n"));
}

}  // namespace
}  // namespace varve
