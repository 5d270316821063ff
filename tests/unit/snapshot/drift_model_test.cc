// Drift held against the executable data model: random lives are published to both, and both are
// asked which of some snapshots of them are alike. A failure prints its seed.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "snapshot/diff_shape.h"
#include "snapshot/drift.h"
#include "snapshot/kinds.h"
#include "storage/fleet.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/support/matchers.h"
#include "tests/support/oracle.h"
#include "tests/unit/snapshot/toy_shapes.h"
#include "tests/unit/snapshot/toy_world.h"
#include "tests/unit/storage/pending_builder.h"

namespace varve {
namespace {

using nlohmann::json;
using testing::Oracle;
using testing::Publish;
using testing::Published;
using testing::TemporaryFolder;
using testing::ToyMeta;
using testing::ToyShapes;
using testing::ToyWorld;

using Names = std::vector<std::string>;
using Facts = std::set<std::string>;

std::string NameOf(const v1::DriftMember& member) {
  return absl::StrCat(member.environment(), "@", member.seq());
}

// Classes as the model has them: names in order, classes in order.
std::vector<Names> ClassesOf(const v1::DriftResult& result) {
  std::vector<Names> classes;
  for (const v1::DriftClass& one : result.units(0).classes()) {
    Names& names = classes.emplace_back();
    for (const uint32_t member : one.members()) {
      names.push_back(NameOf(result.members(static_cast<int>(member))));
    }
    std::sort(names.begin(), names.end());
  }
  std::sort(classes.begin(), classes.end());
  return classes;
}

// What could not be said of whom, a fact each.
Facts FactsOf(const v1::DriftResult& result) {
  Facts facts;
  for (const v1::DriftUnsaid& unsaid : result.unsaid()) {
    std::string property = absl::StrJoin(unsaid.path(), "/");
    if (property == kMaskedPart) property = "masked";
    for (const uint32_t member : unsaid.members()) {
      const std::string name = NameOf(result.members(static_cast<int>(member)));
      if (unsaid.kind().empty()) facts.insert(absl::StrCat(name, " ", unsaid.section()));
      for (const v1::Identity& identity : unsaid.identities()) {
        facts.insert(absl::StrCat(name, " ", unsaid.section(), " ", unsaid.kind(), " ",
                                  absl::StrJoin(identity.names(), "."), " ",
                                  FacetName(unsaid.facet()), " ", property));
      }
    }
  }
  return facts;
}

std::string KeyText(const json& key) {
  return absl::StrCat(key.at(0).get<std::string>(), " ", absl::StrJoin(key.at(1).get<Names>(), "."),
                      " ", key.at(2).get<std::string>());
}

Facts FactsOf(const json& answer) {
  Facts facts;
  for (const json& item : answer.at("cannot_say")) {
    std::string fact = absl::StrCat(item.at("environment").get<std::string>(), " ",
                                    item.at("section").get<std::string>());
    if (item.contains("key")) {
      absl::StrAppend(&fact, " ", KeyText(item.at("key")), " ", item.value("property", ""));
    }
    facts.insert(fact);
  }
  return facts;
}

class DriftAgainstModel : public ::testing::Test {
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
    ASSERT_THAT(store_->Commit(publish), testing::IsOk());
  }

  std::vector<SnapshotRow> RowsOf(const std::set<std::pair<std::string, int64_t>>& references) {
    std::vector<SnapshotRow> rows;
    for (const auto& [environment, seq] : references) {
      auto row = store_->FindSnapshot(environment, seq);
      VARVE_EXPECT_OK(row);
      rows.push_back(*std::move(row));
    }
    return rows;
  }

  v1::DriftResult Asked(const Fleet& fleet, const DriftQuestion& question) {
    auto result = DriftDecodedBy(shapes_.Decoder(), fleet, question, ShapesOf(*store_));
    VARVE_EXPECT_OK(result);
    return result.ok() ? *result : v1::DriftResult();
  }

  void CompareAnswers(const std::set<std::pair<std::string, int64_t>>& references, bool all) {
    json refs = json::array();
    for (const auto& [environment, seq] : references) {
      refs.push_back(absl::StrCat(environment, "@", seq));
    }
    const json model = oracle_.Ask({{"cmd", "drift"}, {"refs", refs}, {"all", all}});
    ASSERT_TRUE(model.at("ok").get<bool>()) << model;
    const std::vector<SnapshotRow> rows = RowsOf(references);
    const auto fleet = LoadFleet(*store_, rows, all);
    ASSERT_THAT(fleet, testing::IsOk());
    const v1::DriftResult ours = Asked(*fleet, {all, v1::DRIFT_GROUPING_WHOLE, std::nullopt});
    auto classes = model.at("classes").get<std::vector<Names>>();
    for (Names& names : classes) std::sort(names.begin(), names.end());
    std::sort(classes.begin(), classes.end());
    ASSERT_EQ(ClassesOf(ours), classes) << refs;
    CompareUnsaid(FactsOf(ours), FactsOf(model));
    for (uint32_t baseline = 0; baseline < rows.size(); ++baseline) {
      const v1::DriftResult held = Asked(*fleet, {all, v1::DRIFT_GROUPING_WHOLE, baseline});
      ASSERT_EQ(ClassesOf(held), classes) << "with baseline " << baseline;
      ASSERT_EQ(held.verdict(), ours.verdict());
      ASSERT_NO_FATAL_FAILURE(ChangesAreWhereClassesDiffer(held));
    }
  }

  // The model names each property that could not be compared, we those in which somebody differs.
  static void CompareUnsaid(const Facts& ours, const Facts& model) {
    for (const std::string& fact : ours) ASSERT_TRUE(model.count(fact) > 0) << fact;
    for (const std::string& fact : model) {
      const bool of_property = std::count(fact.begin(), fact.end(), ' ') == 5 && fact.back() != ' ';
      ASSERT_TRUE(of_property || ours.count(fact) > 0) << fact;
    }
  }

  // A class that differs says in what, and one that does not has nothing to say.
  static void ChangesAreWhereClassesDiffer(const v1::DriftResult& result) {
    std::set<uint32_t> with_changes;
    for (const v1::DriftChange& change : result.changes()) {
      with_changes.insert(change.class_at());
      const v1::Difference& difference = change.difference();
      ASSERT_EQ(difference.changes_size() > 0, difference.op() == v1::Difference::OP_CHANGED);
    }
    for (int i = 0; i < result.units(0).classes_size(); ++i) {
      ASSERT_EQ(with_changes.count(static_cast<uint32_t>(i)) > 0,
                result.units(0).classes(i).differs());
    }
  }

  TemporaryFolder folder_;
  std::unique_ptr<SnapshotStore> store_;
  Oracle oracle_;
  ToyShapes shapes_;
};

// VARVE_SEEDS=FIRST-LAST tries others.
std::pair<uint32_t, uint32_t> Seeds() {
  const char* const text = std::getenv("VARVE_SEEDS");
  uint32_t first = 0;
  uint32_t last = 11;
  if (text != nullptr && std::sscanf(text, "%u-%u", &first, &last) == 1) last = first;
  return {first, last};
}

TEST_F(DriftAgainstModel, SaysWhatTheModelSaysOfRandomFleets) {
  constexpr int kSteps = 24;
  const auto [first, last] = Seeds();
  for (uint32_t seed = first; seed <= last; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    ToyWorld world(seed, shapes_);
    const std::string environment = absl::StrCat("life-", seed);
    for (int number = 1; number <= kSteps; ++number) {
      world.Step();
      ASSERT_NO_FATAL_FAILURE(PublishToBoth(environment, number, world.Publishable()));
    }
    // Snapshots of one life are as alike as environments of a fleet; those of others are not.
    for (int fleets = 0; fleets < 40; ++fleets) {
      std::set<std::pair<std::string, int64_t>> members;
      const int around = 1 + world.Pick(kSteps);
      for (int n = 2 + world.Pick(5); n > 0; --n) {
        members.emplace(environment, std::min(kSteps, around + world.Pick(4)));
      }
      if (world.Chance(0.5)) members.emplace(environment, 1 + world.Pick(kSteps));
      if (seed > first && world.Chance(0.2)) {
        members.emplace(absl::StrCat("life-", seed - 1), 1 + world.Pick(kSteps));
      }
      ASSERT_NO_FATAL_FAILURE(CompareAnswers(members, world.Chance(0.4)));
    }
  }
}

}  // namespace
}  // namespace varve
