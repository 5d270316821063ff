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
  std::vector<std::string> names = Names("tenant:", 200, ":orders:1");
  for (const char* const more : {"2", "3"}) {
    for (const std::string& tenant : Names("tenant:", 200, ":orders:"))
      names.push_back(tenant + more);
  }
  EXPECT_EQ(KeysByPattern(names).size(), 200u);
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
  const std::vector<std::string> rare = Names("r:", 130, ":s:1");
  names.insert(names.end(), rare.begin(), rare.end());
  names.insert(names.end(), {"config", "x:one", "t:one", "k:wa:deeper", "", "r:wb:q", "r:wb:s:2"});
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

std::vector<std::string> Together(std::vector<std::string> names,
                                  const std::vector<std::string>& more) {
  names.insert(names.end(), more.begin(), more.end());
  return names;
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

TEST(PatternTable, NamesThatComeAgainAreCountedWhereTheyWere) {
  Counts expected = KeysByPattern(MixedNames());
  std::vector<std::string> known;
  for (auto& [pattern, keys] : expected) {
    known.push_back(pattern);
    keys *= 3;
  }
  std::vector<std::string> names;
  for (const std::string& name : MixedNames()) names.insert(names.end(), 2, name);
  EXPECT_EQ(KeysByPatternKnowing(known, Together(names, MixedNames())), expected);
}

// Names of `count` keys of one word.
std::vector<std::string> Keys(const std::string& word, int count) {
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) names.push_back(absl::StrCat(word, i));
  return names;
}

TEST(PatternTable, RareWordsAreOneWhereMoreThanAHundredStand) {
  EXPECT_EQ(KeysByPattern(Names("tmp:", 100, "")).size(), 100u);
  EXPECT_THAT(KeysByPattern(Names("tmp:", 101, "")), ElementsAre(Pair("tmp:<rare>", 101)));
  EXPECT_THAT(KeysByPattern(Names("tmp:", 101, ":owner:7")),
              ElementsAre(Pair("tmp:<rare>:owner:<int>", 101)));
}

TEST(PatternTable, AWordOfThreeKeysIsNotRare) {
  const std::vector<std::string> names =
      Together(Together(Names("t:", 101, ":1"), Keys("t:three:", 3)), Keys("t:two:", 2));
  EXPECT_THAT(KeysByPattern(names),
              ElementsAre(Pair("t:<rare>:<int>", 103), Pair("t:three:<int>", 3)));
}

TEST(PatternTable, RareNamesLeaveWhatGoesOnInTheSamePlace) {
  const std::vector<std::string> names = Together(Names("", 150, ""), {"doc:1", "session:7"});
  EXPECT_THAT(KeysByPattern(names),
              ElementsAre(Pair("<rare>", 150), Pair("doc:<int>", 1), Pair("session:<int>", 1)));
}

TEST(PatternTable, RareWordsBelowRareWordsAreOneToo) {
  std::vector<std::string> names;
  for (const std::string& outer : Names("t:", 101, ":")) {
    names.push_back(outer + "x" + outer.substr(2, outer.size() - 3));
  }
  EXPECT_THAT(KeysByPattern(names), ElementsAre(Pair("t:<rare>:<rare>", 101)));
}

TEST(PatternTable, TellsWhatItFolded) {
  PatternTable table;
  const std::vector<std::string> names = Names("t:", 101, ":x:1");
  for (const std::string& name : Together(names, {"t:wb:y", "config", "t:<rare>"})) {
    table.Add(name, {});
  }
  EXPECT_THAT(KeysByPattern(table),
              UnorderedElementsAre(Pair("t:<rare>:x:<int>", 101), Pair("t:<rare>:y", 1),
                                   Pair("config", 1), Pair("t:\\<rare>", 1)));
  EXPECT_EQ(table.folded().patterns, 102u);
  EXPECT_EQ(table.folded().keys, 102u);
}

TEST(PatternTable, WhatStoodByItselfStaysSo) {
  const std::vector<std::string> known = Names("tmp:", 90, "");
  const Counts counts =
      KeysByPatternKnowing(known, Together(Names("tmp:", 95, ""), Names("tmp:new", 50, "")));
  EXPECT_EQ(counts.at("tmp:<rare>"), 55u);
  EXPECT_EQ(counts.size(), 91u);
}

TEST(PatternTable, WhereWordsComeAndGoNewOnesAreRare) {
  const std::vector<std::string> known = Names("tmp:", 30, "");
  const std::vector<std::string> still(known.begin(), known.begin() + 10);
  const std::vector<std::string> most(known.begin(), known.begin() + 9);
  EXPECT_EQ(KeysByPatternKnowing(known, Together(still, {"tmp:new"})).at("tmp:new"), 1u);
  EXPECT_EQ(KeysByPatternKnowing(known, Together(most, {"tmp:new"})).at("tmp:<rare>"), 1u);
}

TEST(PatternTable, APlaceThatHadRareWordsHasNewOnesFromTenKeysOn) {
  const std::vector<std::string> known = {"t:<rare>:<int>", "t:old:<int>"};
  const std::vector<std::string> names = Together(Together(Keys("t:ten:", 10), Keys("t:nine:", 9)),
                                                  Together(Keys("t:old:", 1), {"t:end"}));
  EXPECT_THAT(KeysByPatternKnowing(known, names),
              UnorderedElementsAre(Pair("t:ten:<int>", 10), Pair("t:<rare>:<int>", 9),
                                   Pair("t:old:<int>", 1), Pair("t:end", 1)));
}

TEST(PatternTable, ManyRareWordsAreAnyWord) {
  EXPECT_THAT(KeysByPatternKnowing({"t:<rare>"}, Names("t:", 201, "")),
              ElementsAre(Pair("t:<any>", 201)));
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
