// The diff held against the executable data model: one random life of an environment is published
// to both, and both are asked what differs between any two of its snapshots. A failure prints its
// seed.
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "snapshot/diff.h"
#include "storage/diff_pair.h"
#include "storage/known_before.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/support/matchers.h"
#include "tests/support/oracle.h"
#include "tests/unit/snapshot/model_facts.h"
#include "tests/unit/snapshot/toy_shapes.h"
#include "tests/unit/snapshot/toy_world.h"
#include "tests/unit/storage/pending_builder.h"

namespace varve {
namespace {

using nlohmann::json;
using testing::FactsOf;
using testing::Lines;
using testing::Oracle;
using testing::Publish;
using testing::Published;
using testing::TellsTablesApartByColumns;
using testing::TemporaryFolder;
using testing::ToyMeta;
using testing::ToyShapes;
using testing::ToyWorld;

class DiffAgainstModel : public ::testing::Test {
 protected:
  void SetUp() override {
    auto store = OpenSqliteStore(folder_.Path("varve.db"));
    ASSERT_THAT(store, testing::IsOk());
    store_ = *std::move(store);
    ASSERT_TRUE(oracle_.AskInOrder({{"cmd", "meta"}, {"meta", ToyMeta()}}).at("ok").get<bool>());
  }

  void PublishToBoth(const std::string& environment, int number,
                     const std::map<std::string, Published>& sections) {
    const std::string id = absl::StrCat(environment, "-", number);
    Publish publish(environment, id);
    publish.At(number * int64_t{1'000'000}, number * int64_t{1'000'000});
    json model = {{"cmd", "publish"},   {"environment", environment}, {"id", id},
                  {"taken_at", number}, {"received_at", number},      {"sections", json::object()}};
    for (const auto& [name, section] : sections) {
      model["sections"][name] = section.model;
      if (section.store.has_value()) {
        publish.Whole(*section.store);
      } else {
        publish.Unavailable(name);
      }
    }
    const json answer = oracle_.Ask(model);
    ASSERT_TRUE(answer.at("ok").get<bool>()) << answer;
    const auto committed = store_->Commit(publish);
    ASSERT_THAT(committed, testing::IsOk());
    ASSERT_EQ(committed->seq, answer.at("seq").get<int64_t>());
  }

  // Compares what both say of two snapshots, both ways round.
  void CompareAnswers(const std::string& a, int64_t a_seq, const std::string& b, int64_t b_seq) {
    const auto pair = LoadForDiff(*store_, {a, a_seq}, {b, b_seq});
    ASSERT_THAT(pair, testing::IsOk());
    const auto ours =
        DiffDecodedBy(shapes_.Decoder(), pair->before, pair->after, KnownBeforeIn(*store_));
    ASSERT_THAT(ours, testing::IsOk());
    ASSERT_NO_FATAL_FAILURE(CompareWithAllLines({a, a_seq}, {b, b_seq}, *ours, *pair));
    const json model = oracle_.Ask(
        {{"cmd", "diff"}, {"a", absl::StrCat(a, "@", a_seq)}, {"b", absl::StrCat(b, "@", b_seq)}});
    ASSERT_TRUE(model.at("ok").get<bool>()) << model;
    if (TellsTablesApartByColumns(model)) return;
    ASSERT_EQ(Lines(FactsOf(*ours)), Lines(FactsOf(model)))
        << a << "@" << a_seq << " to " << b << "@" << b_seq;
  }

  // What is left out of a pair since it is alike changes nothing but the count.
  void CompareWithAllLines(const SnapshotAt& a, const SnapshotAt& b, v1::DiffResult ours,
                           const SnapshotPair& apart) {
    const auto all = LoadForDiff(*store_, a, b, PairLines::kAll);
    ASSERT_THAT(all, testing::IsOk());
    const auto expected =
        DiffDecodedBy(shapes_.Decoder(), all->before, all->after, KnownBeforeIn(*store_));
    ASSERT_THAT(expected, testing::IsOk());
    ours.set_entities_compared(ours.entities_compared() + apart.entities_alike);
    left_out_ += apart.entities_alike;
    ASSERT_EQ(ours.DebugString(), expected->DebugString());
  }

  TemporaryFolder folder_;
  uint64_t left_out_ = 0;
  std::unique_ptr<SnapshotStore> store_;
  Oracle oracle_;
  ToyShapes shapes_;
};

// VARVE_SEEDS=FIRST-LAST tries others.
std::pair<uint32_t, uint32_t> Seeds() {
  const char* const text = std::getenv("VARVE_SEEDS");
  uint32_t first = 0;
  uint32_t last = 4;
  if (text != nullptr && std::sscanf(text, "%u-%u", &first, &last) == 1) last = first;
  return {first, last};
}

TEST_F(DiffAgainstModel, SaysWhatTheModelSaysOfRandomLives) {
  constexpr int kSteps = 30;
  const auto [first, last] = Seeds();
  for (uint32_t seed = first; seed <= last; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    ToyWorld world(seed, shapes_);
    const std::string environment = absl::StrCat("life-", seed);
    for (int number = 1; number <= kSteps; ++number) {
      world.Step();
      ASSERT_NO_FATAL_FAILURE(PublishToBoth(environment, number, world.Publishable()));
      for (int pairs = 0; pairs < 6; ++pairs) {
        ASSERT_NO_FATAL_FAILURE(CompareAnswers(environment, 1 + world.Pick(number), environment,
                                               1 + world.Pick(number)));
      }
    }
    for (int pairs = 0; seed > first && pairs < 20;
         ++pairs) {  // locators prove nothing between environments
      ASSERT_NO_FATAL_FAILURE(CompareAnswers(absl::StrCat("life-", seed - 1),
                                             1 + world.Pick(kSteps), environment,
                                             1 + world.Pick(kSteps)));
    }
  }
  EXPECT_GT(left_out_, 100u * (last - first + 1)) << "or the pairs were all read whole";
}

}  // namespace
}  // namespace varve
