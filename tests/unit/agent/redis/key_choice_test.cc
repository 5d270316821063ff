#include "agent/source/redis/key_choice.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "agent/source/redis/key_hash.h"
#include "gtest/gtest.h"

namespace varve::redis {
namespace {

std::set<std::string> Chosen(KeyChoice& choice, const std::string& before, int first, int last) {
  std::set<std::string> chosen;
  for (int i = first; i < last; ++i) {
    const std::string name = absl::StrCat(before, i);
    if (choice.Chooses(name, KeyHash(0, name))) chosen.insert(name);
  }
  return chosen;
}

TEST(KeyChoice, AShareOfAllIsAll) {
  KeyChoice choice(1);
  EXPECT_EQ(Chosen(choice, "k:", 0, 1000).size(), 1000u);
}

TEST(KeyChoice, OfManyKeysItIsTheShareAndFewMore) {
  KeyChoice choice(0.05);
  const size_t chosen = Chosen(choice, "k:", 0, 100'000).size();
  EXPECT_GT(chosen, 4700u);
  EXPECT_LT(chosen, 5700u);
}

TEST(KeyChoice, OfNamesThatLookAlikeTheFirstFewAreChosen) {
  KeyChoice choice(0.0001);
  Chosen(choice, "k:", 0, 10'000);
  EXPECT_EQ(Chosen(choice, "rare:", 0, 20).size(), 20u);
}

TEST(KeyChoice, TheShareIsTheSameKeysInAnyOrder) {
  KeyChoice one(0.2);
  KeyChoice other(0.2);
  Chosen(one, "k:", 0, 2000);
  Chosen(other, "k:", 5000, 9000);
  EXPECT_EQ(Chosen(one, "k:", 2000, 4000), Chosen(other, "k:", 2000, 4000));
}

TEST(KeyChoice, HoldsOnWithMoreKindsOfNamesThanItRemembers) {
  KeyChoice choice(0.01);
  size_t chosen = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::string word;
    for (int rest = i; word.size() < 5; rest /= 26) word += static_cast<char>('a' + rest % 26);
    chosen += choice.Chooses(absl::StrCat("w", word, ":x"), KeyHash(0, word)) ? 1 : 0;
  }
  EXPECT_LT(chosen, 70'000u);
}

}  // namespace
}  // namespace varve::redis
