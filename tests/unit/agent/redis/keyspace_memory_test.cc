#include "agent/source/redis/keyspace_memory.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
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
    return Take(std::move(reading), after);
  }

  // Reads database 0, which has these keys of pattern "a"; what is said of the pattern.
  std::string Traits(const std::vector<KeyFacts>& keys, absl::Duration after) {
    KeyspaceReading reading;
    DatabaseReading& database = reading.databases.emplace_back();
    database.end.keys = keys.size();
    PatternCounts& counts = database.patterns.emplace_back("a", PatternCounts()).second;
    for (const KeyFacts& key : keys) counts.Add(key);
    Take(std::move(reading), after);
    return absl::StrCat(absl::StrJoin(structure_.types(), " "), ", ",
                        v1::TtlClass_Name(structure_.ttl()));
  }

  std::vector<std::string> Take(KeyspaceReading reading, absl::Duration after) {
    TakeWhatIsKnown(config_, kStart + after, known_, reading);
    kept_databases_ = 0;
    std::vector<std::string> empty;
    SectionBuilder builder("redis", "redis", 1);
    for (const DatabaseReading& database : reading.databases) {
      kept_databases_ += database.is_kept ? 1 : 0;
      for (const auto& [pattern, counts] : database.patterns) {
        const KeyTraits traits = database.TraitsOf(pattern, counts);
        if (!traits.types.empty()) {
          structure_.mutable_types()->Assign(traits.types.begin(), traits.types.end());
          structure_.set_ttl(traits.ttl);
        }
        Add(pattern, structure_, builder);
      }
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
  int kept_databases_ = 0;  // without any key, in the last read
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

TEST_F(KeyspaceMemory, ADatabaseWithoutKeysStaysWithItsPatternsAndIsForgottenInTime) {
  Read({"a", "b"}, absl::ZeroDuration());
  EXPECT_THAT(Read({}, absl::Hours(1)), ElementsAre("a", "b"));
  EXPECT_EQ(kept_databases_, 1);
  EXPECT_THAT(Read({"a"}, absl::Hours(2)), ElementsAre("b"));
  EXPECT_EQ(kept_databases_, 0);
  for (int day = 1; day <= 6; ++day) {
    EXPECT_THAT(Read({}, absl::Hours(24 * day + 2)), ElementsAre("a", "b")) << day;
    EXPECT_EQ(kept_databases_, 1);
  }
  EXPECT_THAT(Read({}, absl::Hours(24 * 7 + 2)), IsEmpty());
  EXPECT_EQ(kept_databases_, 0);
  EXPECT_THAT(known_, IsEmpty());
}

TEST_F(KeyspaceMemory, ADatabaseThatNeverHadKeysIsNotKept) {
  KeyspaceReading reading;
  reading.databases.emplace_back();  // INFO said that it had, and all expired
  Take(std::move(reading), absl::ZeroDuration());
  EXPECT_EQ(kept_databases_, 0);
  EXPECT_THAT(known_, IsEmpty());
}

TEST_F(KeyspaceMemory, WhereDatabasesMayBeUnreadNoneIsTakenForEmpty) {
  Read({"a"}, absl::ZeroDuration());
  KeyspaceReading reading;
  reading.more_databases = "NOPERM";
  EXPECT_THAT(Take(std::move(reading), absl::Hours(1)), IsEmpty());
  EXPECT_EQ(kept_databases_, 0);
  EXPECT_THAT(PatternNames(known_, 0), ElementsAre("a"));
}

KeyFacts Key(absl::string_view type, int64_t ttl_ms) {
  KeyFacts facts;
  facts.type = type;
  facts.ttl_ms = ttl_ms;
  return facts;
}

TEST_F(KeyspaceMemory, AMixedPatternStaysMixedForSevenDays) {
  EXPECT_EQ(Traits({Key("hash", 5), Key("set", -1)}, absl::ZeroDuration()),
            "hash set, TTL_CLASS_MIXED");
  for (int day = 1; day < 7; ++day) {
    EXPECT_EQ(Traits({Key("hash", 5)}, absl::Hours(24 * day)), "hash set, TTL_CLASS_MIXED") << day;
  }
  EXPECT_EQ(Traits({Key("hash", 5)}, absl::Hours(24 * 7)), "hash, TTL_CLASS_ALWAYS");
}

TEST_F(KeyspaceMemory, KeysThatWereReplacedAreSeenAtOnce) {
  Traits({Key("hash", 5)}, absl::ZeroDuration());
  EXPECT_EQ(Traits({Key("set", -1)}, absl::Hours(1)), "set, TTL_CLASS_NEVER");
  EXPECT_EQ(Traits({Key("hash", 5)}, absl::Hours(2)), "hash set, TTL_CLASS_MIXED");
}

TEST_F(KeyspaceMemory, TimeInWhichAPatternIsEmptyDoesNotUnmixIt) {
  Traits({Key("hash", 5), Key("set", -1)}, absl::ZeroDuration());
  for (int day = 1; day < 7; ++day) Read({"b"}, absl::Hours(24 * day));
  EXPECT_EQ(Traits({Key("hash", 5)}, absl::Hours(24 * 7 - 1)), "hash set, TTL_CLASS_MIXED");
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
