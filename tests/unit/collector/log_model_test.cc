// The log held against the executable data model: random lives of environments are published to
// both, and both are asked which snapshots changed what. A failure prints its seed.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "collector/history.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "snapshot/diff_shape.h"
#include "snapshot/kinds.h"
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

using Facts = std::multiset<std::string>;
using ByNumber = std::map<int64_t, Facts>;  // what each snapshot changed

std::string Names(const json& names) {
  return absl::StrJoin(names.get<std::vector<std::string>>(), ".");
}
std::string Names(const v1::Identity& identity) { return absl::StrJoin(identity.names(), "."); }

// Only the names of the properties: values of names are written otherwise by the two.
std::string Fact(absl::string_view op, const std::vector<std::string>& what,
                 const std::set<std::string>& properties, int64_t since) {
  return absl::StrCat(op, " ", absl::StrJoin(what, " "), " (", absl::StrJoin(properties, " "),
                      ") since ", since);
}

std::string OursFact(const v1::Difference& change) {
  std::vector<std::string> what = {change.section(), change.identity().kind(),
                                   Names(change.identity())};
  if (change.op() == v1::Difference::OP_RENAMED) {
    what.push_back(absl::StrCat("was ", Names(change.was())));
    return Fact("renamed", what, {}, 0);
  }
  what.emplace_back(FacetName(change.facet()));
  std::set<std::string> properties;
  for (const v1::PropertyChange& property : change.changes()) {
    const std::string name = absl::StrJoin(property.path(), "/");
    properties.insert(name == kMaskedPart ? "masked" : name);
  }
  const char* const op = change.op() == v1::Difference::OP_ADDED     ? "added"
                         : change.op() == v1::Difference::OP_REMOVED ? "removed"
                                                                     : "changed";
  return Fact(op, what, properties, change.between_from());
}

ByNumber OursOf(const v1::LogResult& result) {
  ByNumber facts;
  for (const v1::LogEntry& entry : result.entries()) {
    EXPECT_EQ(entry.change_count(), static_cast<uint32_t>(entry.changes_size()));
    for (const v1::Difference& change : entry.changes())
      facts[entry.seq()].insert(OursFact(change));
  }
  return facts;
}

std::string ModelFact(const json& change) {
  std::vector<std::string> what = {change.at("section"), change.at("kind")};
  if (change.at("op") == "renamed") {
    what.push_back(Names(change.at("to")));
    what.push_back(absl::StrCat("was ", Names(change.at("from"))));
    return Fact("renamed", what, {}, 0);
  }
  what.push_back(Names(change.at("identity")));
  what.push_back(change.at("facet"));
  std::set<std::string> properties;
  for (const json& property : change.value("properties", json::array())) {
    properties.insert(property.at(0).get<std::string>());
  }
  return Fact(change.at("op").get<std::string>(), what, properties,
              change.contains("between") ? change.at("between").at(0).get<int>() : 0);
}

bool ComesOrGoes(const json& change) {
  return change.at("op") == "added" || change.at("op") == "removed";
}

// The model tells of each facet that it comes and goes, we of the others than the first only where
// the first does not do so too; and it tells of the one that another took the name of, which we
// tell under no name.
ByNumber ModelOf(const json& answer) {
  using What = std::tuple<int64_t, std::string, std::string, std::string, std::string>;
  const auto what = [](const json& change) {
    return What{change.at("seq").get<int64_t>(), change.at("op"), change.at("section"),
                change.at("kind"), Names(change.at("identity"))};
  };
  std::set<What> first;
  for (const json& change : answer.at("log")) {
    if (ComesOrGoes(change) && change.at("facet") == "structure") first.insert(what(change));
  }
  ByNumber facts;
  for (const json& change : answer.at("log")) {
    const bool follows =
        ComesOrGoes(change) && change.at("facet") != "structure" && first.count(what(change)) > 0;
    const bool taken =
        change.contains("identity") && change.at("identity").at(0) == std::string("\0gone", 5);
    if (!follows && !taken) facts[change.at("seq").get<int64_t>()].insert(ModelFact(change));
  }
  return facts;
}

std::string Text(const ByNumber& facts) {
  std::string text;
  for (const auto& [seq, of_snapshot] : facts) {
    for (const std::string& fact : of_snapshot) absl::StrAppend(&text, "@", seq, " ", fact, "\n");
  }
  return text;
}

class LogAgainstModel : public ::testing::Test {
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
    ASSERT_TRUE(oracle_.Ask(model).at("ok").get<bool>());
    ASSERT_THAT(store_->Commit(publish), testing::IsOk());
  }

  absl::StatusOr<v1::LogResult> Ask(const v1::LogRequest& request) const {
    return LogDecodedBy(shapes_.Decoder(), *store_, request);
  }

  // The whole log; then of each time from one snapshot to another what of the whole lies in it.
  void CompareLog(const std::string& environment, int snapshots) {
    v1::LogRequest request;
    request.set_environment(environment);
    const auto whole = Ask(request);
    ASSERT_THAT(whole, testing::IsOk());
    const json model = oracle_.Ask({{"cmd", "log"}, {"environment", environment}});
    ASSERT_TRUE(model.at("ok").get<bool>()) << model;
    const ByNumber expected = ModelOf(model);
    ASSERT_EQ(Text(OursOf(*whole)), Text(expected));
    EXPECT_EQ(whole->changed_count(), expected.size());
    EXPECT_EQ(whole->snapshot_count(), static_cast<uint64_t>(snapshots));
    for (const auto& [seq, facts] : expected) changes_ += static_cast<int>(facts.size());
    for (int from = 1; from <= snapshots; from += 4) {
      const int to = std::min(snapshots, from + 9);
      request.set_since_us(from * int64_t{1'000'000});
      request.set_until_us(to * int64_t{1'000'000});
      const auto part = Ask(request);
      ASSERT_THAT(part, testing::IsOk());
      const ByNumber inside(expected.lower_bound(from), expected.upper_bound(to));
      ASSERT_EQ(Text(OursOf(*part)), Text(inside)) << "from " << from << " to " << to;
    }
  }

  TemporaryFolder folder_;
  std::unique_ptr<SnapshotStore> store_;
  Oracle oracle_;
  ToyShapes shapes_;
  int changes_ = 0;
};

// VARVE_SEEDS=FIRST-LAST tries others.
std::pair<uint32_t, uint32_t> Seeds() {
  const char* const text = std::getenv("VARVE_SEEDS");
  uint32_t first = 0;
  uint32_t last = 9;
  if (text != nullptr && std::sscanf(text, "%u-%u", &first, &last) == 1) last = first;
  return {first, last};
}

TEST_F(LogAgainstModel, SaysWhatTheModelSaysOfRandomLives) {
  constexpr int kSteps = 30;
  const auto [first, last] = Seeds();
  for (uint32_t seed = first; seed <= last; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    ToyWorld world(seed, shapes_);
    world.LeaveOutColumns();
    const std::string environment = absl::StrCat("life-", seed);
    for (int number = 1; number <= kSteps; ++number) {
      world.Step();
      ASSERT_NO_FATAL_FAILURE(PublishToBoth(environment, number, world.Publishable()));
    }
    ASSERT_NO_FATAL_FAILURE(CompareLog(environment, kSteps));
  }
  EXPECT_GT(changes_, 200);
}

}  // namespace
}  // namespace varve
