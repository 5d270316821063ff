#include "agent/source/known_databases.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(KnownDatabases, ASourceThatNeverAnsweredHasNone) {
  EXPECT_THAT(KnownDatabases().Of("orders"), IsEmpty());
}

TEST(KnownDatabases, WhatWasThereLastIsKnownBySource) {
  KnownDatabases known(KnownDatabases::BySource{{"orders", {"shop"}}});
  known.Set("stock", {"a", "b"});
  EXPECT_THAT(known.Of("orders"), ElementsAre("shop"));
  EXPECT_THAT(known.Of("stock"), ElementsAre("a", "b"));
}

TEST(KnownDatabases, OnlyAChangeIsSaved) {
  std::vector<KnownDatabases::BySource> saved;
  KnownDatabases known(KnownDatabases::BySource{{"orders", {"shop"}}},
                       [&](const KnownDatabases::BySource& now) { saved.push_back(now); });
  known.Set("orders", {"shop"});
  EXPECT_THAT(saved, IsEmpty());
  known.Set("orders", {"shop", "stock"});
  EXPECT_THAT(saved, ElementsAre(KnownDatabases::BySource{{"orders", {"shop", "stock"}}}));
}

}  // namespace
}  // namespace varve
