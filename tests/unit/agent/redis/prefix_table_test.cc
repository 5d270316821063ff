#include "agent/source/redis/prefix_table.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve::redis {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Pair;

std::vector<std::pair<std::string, uint64_t>> Count(const std::vector<std::string>& names) {
  PrefixTable table;
  for (const std::string& name : names) table.Add(name);
  return table.Finish();
}

TEST(PrefixTable, CountsByWhatStandsBeforeTheFirstColonMostKeysFirst) {
  EXPECT_THAT(Count({"doc:1", "cache:a:b", "doc:2", "doc:3", "session:x", "session:y"}),
              ElementsAre(Pair("doc", 3), Pair("session", 2), Pair("cache", 1)));
}

TEST(PrefixTable, EqualCountsGoBySegment) {
  EXPECT_THAT(Count({"b:1", "a:1", "c:1"}), ElementsAre(Pair("a", 1), Pair("b", 1), Pair("c", 1)));
}

TEST(PrefixTable, SlashAndBarSeparateWhereThereIsNoColon) {
  EXPECT_THAT(Count({"files/ab/x", "log|1", "mail/a:b"}),
              ElementsAre(Pair("files", 1), Pair("log", 1), Pair("mail/a", 1)));
}

TEST(PrefixTable, WhatIdentifiesOneThingIsAClass) {
  EXPECT_THAT(Count({"12:a", "13:b", "0918e177-83c9-4629-ab34-61ca12751412:x"}),
              ElementsAre(Pair("<int>", 2), Pair("<uuid>", 1)));
}

TEST(PrefixTable, ANameWithoutSeparatorIsItsOwnSegment) {
  EXPECT_THAT(Count({"config", "flags", "config:x"}),
              ElementsAre(Pair("config", 2), Pair("flags", 1)));
}

TEST(PrefixTable, AnEmptyFirstSegmentCounts) {
  EXPECT_THAT(Count({":a", ""}), ElementsAre(Pair("", 2)));
}

std::string Word(int i) {
  std::string word = "w";
  for (int rest = i;; rest /= 26) {
    word += static_cast<char>('a' + rest % 26);
    if (rest < 26) return word;
  }
}

TEST(PrefixTable, AThousandNamesWithoutSeparatorStandOneByOne) {
  std::vector<std::string> names;
  for (int i = 0; i < 1000; ++i) names.push_back(Word(i));
  EXPECT_EQ(Count(names).size(), 1000u);
}

TEST(PrefixTable, OfMoreThanAThousandNamesWithoutSeparatorAllAreOneEntry) {
  std::vector<std::string> names;
  for (int i = 0; i < 1001; ++i) names.push_back(Word(i));
  names.insert(names.end(), {"doc:1", "another"});
  EXPECT_THAT(Count(names), ElementsAre(Pair("<no separator>", 1002), Pair("doc", 1)));
}

TEST(PrefixTable, MoreSegmentsThanAnybodyReadsAreTheRest) {
  std::vector<std::string> names;
  for (int i = 0; i < 10'050; ++i) names.push_back(Word(i) + ":x");
  const auto counts = Count(names);
  EXPECT_THAT(counts, Contains(Pair("<rest>", 50)));
  uint64_t sum = 0;
  for (const auto& [segment, keys] : counts) sum += keys;
  EXPECT_EQ(sum, names.size());
}

}  // namespace
}  // namespace varve::redis
