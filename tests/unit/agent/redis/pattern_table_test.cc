#include "agent/source/redis/pattern_table.h"

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve::redis {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

using Counts = std::map<std::string, uint64_t>;

Counts KeysByPattern(PatternTable& table) {
  Counts counts;
  table.Finish([&](const std::string& pattern, const PatternCounts& found) {
    counts[pattern] += found.keys;
  });
  return counts;
}

Counts KeysByPattern(const std::vector<std::string>& names, PatternLimits limits = {}) {
  PatternTable table(limits);
  for (const std::string& name : names) table.Add(name, {});
  return KeysByPattern(table);
}

uint64_t Sum(const Counts& counts) {
  uint64_t sum = 0;
  for (const auto& [pattern, keys] : counts) sum += keys;
  return sum;
}

std::vector<std::string> Names(const std::string& before, size_t count, const std::string& after) {
  std::vector<std::string> names;
  // Words, not numbers: numbers are a class of their own.
  for (size_t i = 0; i < count; ++i) {
    std::string word = "w";
    for (size_t rest = i;; rest /= 26) {
      word += static_cast<char>('a' + rest % 26);
      if (rest < 26) break;
    }
    names.push_back(absl::StrCat(before, word, after));
  }
  return names;
}

TEST(PatternTable, CountsNamesThatDifferByClassesTogether) {
  EXPECT_THAT(
      KeysByPattern({"doc:1", "doc:2", "user:{7}:cart", "user:{8}:cart", "config", "doc:1"}),
      ElementsAre(Pair("config", 1), Pair("doc:<int>", 3), Pair("user:{<int>}:cart", 2)));
}

TEST(PatternTable, ANameMayBeTheBeginningOfAnother) {
  EXPECT_THAT(KeysByPattern({"a", "a:b", "a:", ""}),
              ElementsAre(Pair("", 1), Pair("a", 1), Pair("a:", 1), Pair("a:b", 1)));
}

TEST(PatternTable, EscapesWhatWouldReadAsAClass) {
  EXPECT_THAT(KeysByPattern({"a:<int>", "a:1", "b\\c"}),
              UnorderedElementsAre(Pair("a:\\<int>", 1), Pair("a:<int>", 1), Pair("b\\\\c", 1)));
}

TEST(PatternTable, ManySiblingsBecomeOne) {
  EXPECT_THAT(KeysByPattern(Names("tenant:", 201, ":orders")),
              ElementsAre(Pair("tenant:<any>:orders", 201)));
  EXPECT_EQ(KeysByPattern(Names("tenant:", 200, ":orders")).size(), 200u);
}

TEST(PatternTable, ManySingleNamesLeaveOthersAsTheyAre) {
  std::vector<std::string> names = Names("", 500, "");
  names.insert(names.end(), {"doc:1", "session:2"});
  EXPECT_THAT(KeysByPattern(names),
              ElementsAre(Pair("<any>", 500), Pair("doc:<int>", 1), Pair("session:<int>", 1)));
}

std::vector<std::string> MixedNames() {
  std::vector<std::string> names = Names("t:", 450, ":order:1");
  const std::vector<std::string> ends = Names("k:", 2500, "");
  names.insert(names.end(), ends.begin(), ends.end());
  const std::vector<std::string> both = Names("x:", 2300, ":y:z");
  names.insert(names.end(), both.begin(), both.end());
  for (int i = 0; i < 300; ++i) {
    names.push_back(absl::StrCat("doc:", i));
    names.push_back(absl::StrCat("f/", absl::Hex(i % 256, absl::kZeroPad2), "/", i));
  }
  names.insert(names.end(), {"config", "x:one", "t:one", "k:wa:deeper", ""});
  return names;
}

Counts KeysByPatternKnowing(const std::vector<std::string>& known,
                            const std::vector<std::string>& names) {
  PatternTable table({}, known);
  for (const std::string& name : names) table.Add(name, {});
  return KeysByPattern(table);
}

TEST(PatternTable, RandomLettersStayApartFromWords) {
  std::vector<std::string> names = Names("k:", 201, "");
  names.emplace_back("k:qzxwvkjhgfdp");
  EXPECT_THAT(KeysByPattern(names), ElementsAre(Pair("k:<any>", 201), Pair("k:<str>", 1)));
}

struct KnownCase {
  std::string name;
  std::vector<std::string> known;
  std::vector<std::string> names;
  Counts expected;
};

TEST(PatternTable, WhatWasGeneralisedStaysSo) {
  const KnownCase cases[] = {
      {"Parent",
       {"t:<any>:orders"},
       {"t:a:orders", "t:b:cart"},
       {{"t:<any>:orders", 1}, {"t:<any>:cart", 1}}},
      {"EndAlone", {"t:<any>"}, {"t:a", "t:b:cart"}, {{"t:<any>", 1}, {"t:b:cart", 1}}},
      {"First", {"<any>"}, {"a", "b", "c:d"}, {{"<any>", 2}, {"c:d", 1}}},
      {"ElsewhereNot", {"t:<any>"}, {"u:a", "a"}, {{"u:a", 1}, {"a", 1}}},
      {"ClassesStay", {"t:<any>"}, {"t:a", "t:7"}, {{"t:<any>", 1}, {"t:<int>", 1}}},
      {"BelowAnother", {"t:<any>:<any>", "t:x:y"}, {"t:x:y", "t:a:b"}, {{"t:<any>:<any>", 2}}},
      {"KnownApart", {"t:<any>:a", "t:x:<any>"}, {"t:x:y"}, {{"t:<any>:<any>", 1}}},
      {"BesideAnUnderscore", {"<any>_<int>"}, {"user_7", "cart_9"}, {{"<any>_<int>", 2}}},
      {"Escaped", {"t:\\<any>"}, {"t:a"}, {{"t:a", 1}}},
      {"NoNames", {"t:<any>"}, {}, {}},
  };
  for (const KnownCase& known : cases) {
    EXPECT_EQ(KeysByPatternKnowing(known.known, known.names), known.expected) << known.name;
  }
}

TEST(PatternTable, KnowingItsOwnPatternsChangesNothing) {
  const Counts expected = KeysByPattern(MixedNames());
  std::vector<std::string> known;
  for (const auto& [pattern, keys] : expected) known.push_back(pattern);
  EXPECT_EQ(KeysByPatternKnowing(known, MixedNames()), expected);
}

TEST(PatternTable, FirstDigitsOfADigestAreHexadecimal) {
  std::vector<std::string> names;
  for (int i = 0; i < 256; ++i) {
    names.push_back(absl::StrCat("files/", absl::Hex(i, absl::kZeroPad2), "/meta"));
  }
  EXPECT_THAT(KeysByPattern(names), ElementsAre(Pair("files/<hex>/meta", 256)));
}

TEST(PatternTable, TheOrderOfNamesChangesNothing) {
  std::vector<std::string> names = MixedNames();
  const Counts expected = KeysByPattern(names);
  std::mt19937 random(7);
  for (int round = 0; round < 5; ++round) {
    std::shuffle(names.begin(), names.end(), random);
    EXPECT_EQ(KeysByPattern(names), expected) << "round " << round;
  }
}

TEST(PatternTable, FoldingLosesNoKey) {
  const std::vector<std::string> names = MixedNames();
  EXPECT_EQ(Sum(KeysByPattern(names)), names.size());
}

// Merging the parents brings their ends together, more than may stay; the next name goes on below
// one of them.
TEST(PatternTable, ANameMayGoOnBelowAnEndThatIsFoldedMeanwhile) {
  PatternLimits limits;
  limits.siblings_at_once = 4;
  PatternTable table(limits);
  std::vector<std::string> names;
  for (const char* parent : {"wa", "wb", "wc", "wd", "we"}) {
    for (const char* end : {"ea", "eb"}) names.push_back(absl::StrCat(parent, ":", end, parent));
  }
  names.emplace_back("wf:eawa:z");
  for (const std::string& name : names) table.Add(name, {});
  EXPECT_THAT(KeysByPattern(table),
              UnorderedElementsAre(Pair("<any>:<any>", 10), Pair("<any>:eawa:z", 1)));
}

TEST(PatternTable, MorePatternsThanTheLimitAreTheRest) {
  PatternLimits limits;
  limits.patterns = 2;
  PatternTable table(limits);
  for (const char* name : {"a:1", "a:2", "a:3", "b:1", "b:2", "c:1", "d:1"}) table.Add(name, {});
  EXPECT_THAT(KeysByPattern(table),
              UnorderedElementsAre(Pair("a:<int>", 3), Pair("b:<int>", 2), Pair("<rest>", 2)));
  EXPECT_TRUE(table.is_capped());
}

TEST(PatternTable, MoreNodesThanTheLimitAreTheRest) {
  PatternLimits limits;
  limits.nodes = 50;
  PatternTable table(limits);
  const std::vector<std::string> names = Names("a:", 100, "");
  for (const std::string& name : names) table.Add(name, {});
  const Counts counts = KeysByPattern(table);
  EXPECT_EQ(Sum(counts), names.size());
  EXPECT_GT(counts.at("<rest>"), 0u);
  EXPECT_TRUE(table.is_capped());
}

TEST(PatternTable, IsNotCappedWithinItsLimits) {
  PatternTable table;
  table.Add("a:1", {});
  KeysByPattern(table);
  EXPECT_FALSE(table.is_capped());
}

KeyFacts Fact(absl::string_view type, int64_t ttl_ms, uint64_t bytes, absl::string_view encoding) {
  KeyFacts facts;
  facts.type = type;
  facts.ttl_ms = ttl_ms;
  facts.size_bytes = bytes;
  facts.encoding = encoding;
  return facts;
}

TEST(PatternCounts, AddsUpWhatTheProbesSaid) {
  PatternCounts counts;
  counts.Add(Fact("string", -1, 50, "embstr"));
  counts.Add(Fact("string", 3000, 70, "raw"));
  counts.Add(Fact("hash", 900, 10, "listpack"));
  KeyFacts denied;
  denied.not_permitted = true;
  counts.Add(denied);
  EXPECT_EQ(counts.keys, 4u);
  EXPECT_EQ(counts.not_permitted, 1u);
  EXPECT_EQ(counts.with_ttl, 2u);
  EXPECT_EQ(counts.without_ttl, 1u);
  EXPECT_EQ(counts.longest_ttl_ms, 3000);
  EXPECT_EQ(counts.sized, 3u);
  EXPECT_EQ(counts.bytes, 130u);
  EXPECT_EQ(counts.largest_bytes, 70u);
  EXPECT_THAT(counts.types.Sorted(), ElementsAre(Pair("hash", 1), Pair("string", 2)));
  EXPECT_THAT(counts.encodings.Sorted(),
              ElementsAre(Pair("embstr", 1), Pair("listpack", 1), Pair("raw", 1)));
}

TEST(PatternCounts, AddingTwoIsAddingTheirKeys) {
  PatternCounts one;
  one.Add(Fact("string", -1, 50, "embstr"));
  PatternCounts two;
  two.Add(Fact("hash", 10, 7, "listpack"));
  one.Add(two);
  EXPECT_EQ(one.keys, 2u);
  EXPECT_EQ(one.with_ttl, 1u);
  EXPECT_EQ(one.longest_ttl_ms, 10);
  EXPECT_EQ(one.bytes, 57u);
  EXPECT_THAT(one.types.Sorted(), ElementsAre(Pair("hash", 1), Pair("string", 1)));
}

TEST(WordCounts, MoreWordsThan32AreOther) {
  WordCounts counts;
  for (int i = 0; i < 40; ++i) counts.Add(absl::StrCat("type", i));
  uint64_t sum = 0;
  uint64_t other = 0;
  for (const auto& [word, count] : counts.Sorted()) {
    sum += count;
    if (word == "other") other = count;
  }
  EXPECT_EQ(sum, 40u);
  EXPECT_EQ(other, 8u);
}

}  // namespace
}  // namespace varve::redis
