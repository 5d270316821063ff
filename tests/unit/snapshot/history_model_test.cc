// History held against the executable data model: random lives of environments are published to
// both, and both are asked for the history of every line. A failure prints its seed.
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "snapshot/diff_shape.h"
#include "snapshot/history.h"
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

std::string StateName(const HistoryPiece& piece) {
  switch (piece.state) {
    case PieceState::kSeen:
      return "seen";
    case PieceState::kStatic:
      return "static";
    case PieceState::kAbsent:
      return "absent";
    case PieceState::kUnseen:
      return SightName(piece.why);
    case PieceState::kUnknown:
      return "unknown";
    case PieceState::kUnavailable:
      return "unavailable";
    case PieceState::kNotConfigured:
      return "not configured";
  }
  return "";
}

std::string NamesText(const std::optional<EntityKey>& key) {
  return key.has_value() ? absl::StrJoin(key->names, ".") : "taken";
}

std::string NamesText(const json& identity) {
  const auto names = identity.get<std::vector<std::string>>();
  return names.front() == std::string("\0gone", 5) ? "taken" : absl::StrJoin(names, ".");
}

// Names of changed properties: values of names are written otherwise by the two.
std::string Told(const std::set<std::string>& properties) { return absl::StrJoin(properties, ","); }

std::string OursText(const FacetHistory& history) {
  std::string text = absl::StrCat(history.versions, " versions\n");
  for (const HistoryPiece& piece : history.pieces) {
    absl::StrAppend(&text, piece.from_seq, "-", piece.to_seq, " ", StateName(piece), " ",
                    piece.version, " ", NamesText(piece.key), "\n");
  }
  for (const HistoryChange& change : history.changes) {
    std::set<std::string> properties;
    for (const v1::PropertyChange& property : change.properties) {
      const std::string name = absl::StrJoin(property.path(), "/");
      properties.insert(name == kMaskedPart ? "masked" : name);
    }
    const char* const op = change.op == v1::Difference::OP_ADDED     ? "added"
                           : change.op == v1::Difference::OP_REMOVED ? "removed"
                                                                     : "changed";
    absl::StrAppend(&text, "@", change.seq, " ", op, " ", Told(properties), " since ",
                    change.since_seq, " ", NamesText(change.key), "\n");
  }
  return text;
}

std::string ModelText(const json& answer) {
  std::string text = absl::StrCat(answer.at("versions").get<int>(), " versions\n");
  for (const json& piece : answer.at("pieces")) {
    const json& version = piece.at("version");
    absl::StrAppend(&text, piece.at("from").get<int>(), "-", piece.at("to").get<int>(), " ",
                    piece.at("state").get<std::string>(), " ",
                    version.is_null() ? 0 : version.get<int>(), " ",
                    NamesText(piece.at("identity")), "\n");
  }
  for (const json& change : answer.at("changes")) {
    std::set<std::string> properties;
    for (const json& property : change.value("properties", json::array())) {
      properties.insert(property.at(0).get<std::string>());
    }
    absl::StrAppend(&text, "@", change.at("seq").get<int>(), " ",
                    change.at("op").get<std::string>(), " ", Told(properties), " since ",
                    change.contains("between") ? change.at("between").at(0).get<int>() : 0, " ",
                    NamesText(change.at("identity")), "\n");
  }
  return text;
}

// The model writes a column with its table's name, our shapes by its own name alone: where two
// tables had one name after the other, the model tells them apart by that, and ours cannot.
bool TellsTablesApartByColumns(const json& answer) {
  for (const json& change : answer.at("changes")) {
    for (const json& property : change.value("properties", json::array())) {
      if (property.at(0) == "col") return true;
    }
  }
  return false;
}

class HistoryAgainstModel : public ::testing::Test {
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
        for (const Line& line : section.store->lines()) lines_.emplace(name, line.key);
      } else {
        publish.Unavailable(name);
      }
    }
    ASSERT_TRUE(oracle_.Ask(model).at("ok").get<bool>());
    ASSERT_THAT(store_->Commit(publish), testing::IsOk());
  }

  HistorySources Sources(const std::string& environment, const std::string& section) {
    const auto lines = [this, environment,
                        section](int64_t seq) -> absl::StatusOr<std::shared_ptr<const Section>> {
      auto read = std::make_shared<Section>();
      std::vector<ReadLine> all;
      const absl::Status status =
          store_->ReadLines(environment, seq, section, [&](const ReadLine& line) {
            all.push_back(line);
            return absl::OkStatus();
          });
      if (!status.ok()) return status;
      read->lines = std::move(all);
      return std::shared_ptr<const Section>(std::move(read));
    };
    return {shapes_.Decoder(), [this](const BlobHash& hash) { return store_->ReadBlob(hash); },
            lines};
  }

  // Compares the history of a line up to number `now`.
  void CompareHistory(const std::string& environment, const std::string& section,
                      const LineKey& key, int64_t now) {
    const auto life = store_->ReadLife(environment, section, key.entity, now);
    ASSERT_THAT(life, testing::IsOk());
    const auto ours = HistoryOf(*life, key.facet, Sources(environment, section), nullptr);
    ASSERT_THAT(ours, testing::IsOk());
    const json model = oracle_.Ask({{"cmd", "history"},
                                    {"environment", environment},
                                    {"section", section},
                                    {"kind", key.entity.kind},
                                    {"identity", key.entity.names},
                                    {"facet", FacetName(key.facet)},
                                    {"now", now}});
    ASSERT_TRUE(model.at("ok").get<bool>()) << model;
    if (TellsTablesApartByColumns(model)) return;
    ++compared_;
    changes_ += static_cast<int>(ours->changes.size());
    ASSERT_EQ(OursText(*ours), ModelText(model))
        << environment << " " << section << " " << DisplayName(key.entity) << " "
        << FacetName(key.facet) << " now " << now;
  }

  TemporaryFolder folder_;
  std::unique_ptr<SnapshotStore> store_;
  Oracle oracle_;
  ToyShapes shapes_;
  std::set<std::pair<std::string, LineKey>> lines_;
  int compared_ = 0;
  int changes_ = 0;
};

// VARVE_SEEDS=FIRST-LAST tries others.
std::pair<uint32_t, uint32_t> Seeds() {
  const char* const text = std::getenv("VARVE_SEEDS");
  uint32_t first = 0;
  uint32_t last = 4;
  if (text != nullptr && std::sscanf(text, "%u-%u", &first, &last) == 1) last = first;
  return {first, last};
}

TEST_F(HistoryAgainstModel, SaysWhatTheModelSaysOfRandomLives) {
  constexpr int kSteps = 30;
  const auto [first, last] = Seeds();
  for (uint32_t seed = first; seed <= last; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    ToyWorld world(seed, shapes_);
    const std::string environment = absl::StrCat("life-", seed);
    lines_.clear();
    for (int number = 1; number <= kSteps; ++number) {
      world.Step();
      ASSERT_NO_FATAL_FAILURE(PublishToBoth(environment, number, world.Publishable()));
    }
    for (const auto& [section, key] : lines_) {
      for (const int64_t now : {kSteps, kSteps / 2}) {
        ASSERT_NO_FATAL_FAILURE(CompareHistory(environment, section, key, now));
      }
    }
  }
  EXPECT_GT(compared_, 100);
  EXPECT_GT(changes_, 100);
}

}  // namespace
}  // namespace varve
