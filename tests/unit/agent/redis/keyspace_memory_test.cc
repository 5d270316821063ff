#include "agent/source/redis/keyspace_memory.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "snapshot/section_builder.h"

namespace varve::redis {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

// What one source remembers, and the reads that it makes.
class KeyspaceMemory : public ::testing::Test {
 protected:
  // Reads database 0, which holds one key of each of these patterns; patterns that were known and
  // are empty now.
  std::vector<std::string> Read(const std::vector<std::string>& patterns, absl::Duration after,
                                ScanEnd::Kind end = ScanEnd::Kind::kWhole, bool is_capped = false) {
    KeyspaceReading reading;
    if (!patterns.empty()) {
      DatabaseReading& database = reading.databases.emplace_back();
      database.end.kind = end;
      database.end.keys = patterns.size();
      database.is_capped = is_capped;
      for (const std::string& pattern : patterns) {
        PatternCounts& counts = database.patterns.emplace_back(pattern, PatternCounts()).second;
        counts.keys = 1;
      }
    }
    TakeEmptyPatterns(config_, kStart + after, known_, reading);
    std::vector<std::string> empty;
    SectionBuilder builder("redis", "redis", 1);
    for (const std::string& pattern : patterns) Add(pattern, structure_, builder);
    for (const DatabaseReading& database : reading.databases) {
      for (const auto& [pattern, known] : database.empty) {
        empty.push_back(pattern);
        Add(pattern, known.structure, builder);
      }
    }
    builder.CoverWhole("key_pattern");
    LearnPatterns(builder.Finish(), known_);
    return empty;
  }

  static void Add(const std::string& pattern, const v1::KeyPatternStructure& structure,
                  SectionBuilder& builder) {
    v1::Shape shape;
    *shape.mutable_key_pattern() = structure;
    builder.Add({"key_pattern", {"0", pattern}}, v1::FACET_STRUCTURE, std::move(shape));
  }

  RedisConfig config_;
  v1::KeyPatternStructure structure_;
  KnownKeyspace known_;
};

TEST_F(KeyspaceMemory, WithoutMemoryNothingIsEmpty) {
  EXPECT_THAT(Read({"a", "b"}, absl::ZeroDuration()), IsEmpty());
}

TEST_F(KeyspaceMemory, AnEmptyPatternStaysForSevenDays) {
  Read({"a", "queue"}, absl::ZeroDuration());
  for (int hour = 1; hour < 168; ++hour) {
    EXPECT_THAT(Read({"a"}, absl::Hours(hour)), ElementsAre("queue")) << hour;
  }
  EXPECT_THAT(Read({"a"}, absl::Hours(168)), IsEmpty());
  EXPECT_THAT(PatternNames(known_, 0), ElementsAre("a"));
}

TEST_F(KeyspaceMemory, AKeyBeginsTheTimeAnew) {
  config_.keep_empty = absl::Hours(2);
  Read({"a", "queue"}, absl::ZeroDuration());
  EXPECT_THAT(Read({"a"}, absl::Hours(1)), ElementsAre("queue"));
  EXPECT_THAT(Read({"a", "queue"}, absl::Hours(2)), IsEmpty());
  EXPECT_THAT(Read({"a"}, absl::Hours(3)), ElementsAre("queue"));
  EXPECT_THAT(Read({"a"}, absl::Hours(4)), IsEmpty());
}

TEST_F(KeyspaceMemory, TimeInWhichNobodyLookedCountsAsADayAtMost) {
  Read({"a", "queue"}, absl::ZeroDuration());
  EXPECT_THAT(Read({"a"}, absl::Hours(24 * 30)), ElementsAre("queue"));
}

TEST_F(KeyspaceMemory, WhatWasNotReadWholeSaysNothing) {
  config_.keep_empty = absl::Hours(2);
  Read({"a", "queue"}, absl::ZeroDuration());
  EXPECT_THAT(Read({"a"}, absl::Hours(5), ScanEnd::Kind::kPastDeadline), IsEmpty());
  EXPECT_THAT(Read({"a"}, absl::Hours(5), ScanEnd::Kind::kWhole, true), IsEmpty());
  EXPECT_THAT(PatternNames(known_, 0), ElementsAre("a", "queue"));
}

TEST_F(KeyspaceMemory, ADatabaseWithoutKeysHasNoPatternsAndIsForgottenInTime) {
  Read({"a", "b"}, absl::ZeroDuration());
  EXPECT_THAT(Read({}, absl::Hours(1)), IsEmpty());
  EXPECT_THAT(Read({"a"}, absl::Hours(2)), ElementsAre("b"));
  for (int day = 1; day <= 8; ++day) Read({}, absl::Hours(24 * day + 2));
  EXPECT_THAT(PatternNames(known_, 0), IsEmpty());
}

TEST_F(KeyspaceMemory, WhatIsGeneralisedNowIsNotEmpty) {
  structure_.add_types("hash");
  Read({"t:a:x", "t:b:y"}, absl::ZeroDuration());
  EXPECT_THAT(Read({"t:<any>:x"}, absl::Hours(1)), ElementsAre("t:<any>:y"));
  EXPECT_THAT(PatternNames(known_, 0), ElementsAre("t:<any>:x", "t:<any>:y"));
}

TEST_F(KeyspaceMemory, NamesAloneAreNotKeptAsEmpty) {
  config_.depth = RedisDepth::kNames;
  Read({"a", "queue"}, absl::ZeroDuration());
  EXPECT_THAT(Read({"a"}, absl::Hours(1)), IsEmpty());
}

}  // namespace
}  // namespace varve::redis
