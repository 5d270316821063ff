#include "agent/source/redis/pattern_counts.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "agent/source/redis/key_hash.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve::redis {
namespace {

using ::testing::SizeIs;

class PatternCountsTest : public ::testing::Test {
 protected:
  void AddKey(PatternCounts& counts, const std::string& name, const std::string& type,
              uint64_t size_bytes, int64_t ttl_ms = -1) {
    KeyFacts facts;
    facts.type = type;
    facts.size_bytes = size_bytes;
    facts.ttl_ms = ttl_ms;
    facts.name = name;
    facts.hash = KeyHash(0, name);
    facts.budget = &budget_;
    counts.Add(facts);
  }

  static std::vector<std::string> SampleNames(const PatternCounts& counts) {
    std::vector<std::string> names;
    for (const SampleKey& key : counts.samples->Sorted()) names.push_back(key.name);
    return names;
  }

  std::shared_ptr<SampleBudget> budget_ = std::make_shared<SampleBudget>();
};

TEST_F(PatternCountsTest, WhatIsMergedIsAsIfCountedTogether) {
  PatternCounts all;
  PatternCounts halves[2];
  for (int i = 0; i < 1000; ++i) {
    const std::string name = absl::StrCat("k:", i);
    const std::string type = i % 5 == 0 ? "hash" : "string";
    const int64_t ttl_ms = i % 3 == 0 ? -1 : i * 400'000;
    const auto size = static_cast<uint64_t>(50 + i * 13 % 5000);
    AddKey(all, name, type, size, ttl_ms);
    AddKey(halves[i % 2], name, type, size, ttl_ms);
  }
  halves[0].Add(halves[1]);
  EXPECT_EQ(halves[0].keys, all.keys);
  EXPECT_EQ(halves[0].bytes, all.bytes);
  EXPECT_EQ(*halves[0].ttls, *all.ttls);
  EXPECT_EQ(halves[0].sizes.Below(1024), all.sizes.Below(1024));
  EXPECT_EQ(SampleNames(halves[0]), SampleNames(all));
  EXPECT_EQ(halves[0].samples->biggest()->name, all.samples->biggest()->name);
}

TEST_F(PatternCountsTest, OfEachTypeThoseOfTheSmallestHashAreChosen) {
  PatternCounts counts;
  for (int i = 0; i < 500; ++i) AddKey(counts, absl::StrCat("k:", i), "string", 50);
  AddKey(counts, "k:other", "hash", 50);
  EXPECT_THAT(SampleNames(counts), SizeIs(KeySamples::kMostOfType + 1));
  const std::vector<std::string> before = SampleNames(counts);
  AddKey(counts, before.front(), "string", 50);
  EXPECT_EQ(SampleNames(counts), before) << "given twice, chosen once";
}

TEST_F(PatternCountsTest, TimesToLiveAreCountedByClass) {
  PatternCounts counts;
  for (const int64_t ttl_ms :
       {int64_t{0}, int64_t{60'000}, int64_t{60'001}, int64_t{3'600'001}, INT64_MAX, int64_t{-1}}) {
    AddKey(counts, absl::StrCat("k:", ttl_ms), "string", 50, ttl_ms);
  }
  EXPECT_THAT(*counts.ttls, ::testing::ElementsAre(2, 1, 1, 0, 0, 0, 1));
  EXPECT_EQ(counts.with_ttl, 5u);
}

TEST_F(PatternCountsTest, ManyPatternsShareOneBudget) {
  std::vector<PatternCounts> patterns(20'000);
  for (int i = 0; i < 400'000; ++i) {
    const std::string name = absl::StrCat("pattern", i % 20'000, ":", i);
    AddKey(patterns[static_cast<size_t>(i) % patterns.size()], name, "string", 50);
  }
  // One key that takes the place of another may have a longer name.
  EXPECT_LE(budget_->used_bytes, budget_->all_bytes + budget_->all_bytes / 20);
  patterns.clear();
  EXPECT_EQ(budget_->used_bytes, 0u);
}

TEST_F(PatternCountsTest, ACopyHasSamplesOfItsOwn) {
  auto counts = std::make_unique<PatternCounts>();
  AddKey(*counts, "k:1", "string", 50);
  const PatternCounts copy = *counts;
  counts.reset();
  budget_.reset();
  EXPECT_EQ(SampleNames(copy), std::vector<std::string>{"k:1"});
}

}  // namespace
}  // namespace varve::redis
