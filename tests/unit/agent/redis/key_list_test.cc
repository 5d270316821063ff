#include "agent/source/redis/key_list.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/source/redis/key_hash.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve::redis {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

std::vector<std::string> Names(const std::vector<ListedKey>& keys) {
  std::vector<std::string> names;
  for (const ListedKey& key : keys) names.push_back(absl::StrCat(key.database, "/", key.name));
  return names;
}

void Offer(KeyList& list, int database, absl::string_view name, const KeyFacts& facts) {
  list.Offer(KeyHash(database, name), database, name, facts);
}

TEST(KeyList, ListsAllUpToTheCapByDatabaseAndName) {
  KeyList list(10);
  Offer(list, 1, "a", {});
  Offer(list, 0, "b", {});
  Offer(list, 0, "a", {});
  Offer(list, 10, "a", {});
  Offer(list, 2, "a", {});
  EXPECT_EQ(list.offered(), 5u);
  EXPECT_THAT(Names(list.Finish()), ElementsAre("0/a", "0/b", "1/a", "2/a", "10/a"));
}

TEST(KeyList, ListsAKeyOnceThatIsOfferedTwice) {
  KeyList list(10);
  Offer(list, 0, "a", {});
  Offer(list, 0, "a", {});
  EXPECT_THAT(Names(list.Finish()), ElementsAre("0/a"));
}

TEST(KeyList, BeyondTheCapTheChoiceDependsOnNamesAlone) {
  KeyList forwards(20);
  KeyList backwards(20);
  for (int i = 0; i < 1000; ++i) Offer(forwards, 0, absl::StrCat("k", i), {});
  for (int i = 999; i >= 0; --i) Offer(backwards, 0, absl::StrCat("k", i), {});
  const std::vector<std::string> names = Names(forwards.Finish());
  EXPECT_EQ(names.size(), 20u);
  EXPECT_EQ(Names(backwards.Finish()), names);
}

TEST(KeyList, WhatIsListedStaysListedWhenOthersGo) {
  KeyList all(20);
  KeyList half(20);
  for (int i = 0; i < 1000; ++i) Offer(all, 0, absl::StrCat("k", i), {});
  std::set<std::string> there;
  for (int i = 0; i < 1000; i += 2) {
    Offer(half, 0, absl::StrCat("k", i), {});
    there.insert(absl::StrCat("0/k", i));
  }
  std::vector<std::string> still_there;
  for (const std::string& name : Names(all.Finish())) {
    if (there.contains(name)) still_there.push_back(name);
  }
  EXPECT_THAT(Names(half.Finish()), IsSupersetOf(still_there));
}

// Which keys are listed is part of every stored snapshot: another hash would change them all.
TEST(KeyList, TheHashIsTheSameForEver) {
  KeyList list(10);
  Offer(list, 0, "doc:1", {});
  Offer(list, 3, "doc:1", {});
  const std::vector<ListedKey> keys = list.Finish();
  EXPECT_EQ(absl::StrCat(absl::Hex(keys[0].hash)), "57d1cd05a07add2c");
  EXPECT_EQ(absl::StrCat(absl::Hex(keys[1].hash)), "aadad3557a05861");
}

TEST(KeyList, ACapOfZeroListsNoneAndCounts) {
  KeyList list(0);
  Offer(list, 0, "a", {});
  EXPECT_EQ(list.offered(), 1u);
  EXPECT_THAT(Names(list.Finish()), IsEmpty());
}

TEST(KeyList, KeepsTheBeginningOfALongNameAndSaysSo) {
  KeyList list(2);
  Offer(list, 0, std::string(3000, 'x'), {});
  Offer(list, 0, std::string(2048, 'y'), {});
  const std::vector<ListedKey> keys = list.Finish();
  EXPECT_EQ(keys[0].name.size(), 2048u);
  EXPECT_FALSE(keys[0].is_name_whole);
  EXPECT_TRUE(keys[1].is_name_whole);
}

TEST(KeyList, KeepsWhatTheProbesSaid) {
  KeyFacts facts;
  facts.type = "hash";
  facts.ttl_ms = 5;
  facts.size_bytes = 7;
  facts.encoding = "listpack";
  KeyList list(1);
  Offer(list, 0, "a", facts);
  const ListedKey key = list.Finish().at(0);
  EXPECT_EQ(key.type, "hash");
  EXPECT_EQ(key.ttl_ms, 5);
  EXPECT_EQ(key.size_bytes, 7u);
  EXPECT_EQ(key.encoding, "listpack");
  EXPECT_FALSE(key.not_permitted);
}

}  // namespace
}  // namespace varve::redis
