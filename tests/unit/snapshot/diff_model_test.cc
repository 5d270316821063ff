// The diff held against the executable data model: one random life of an environment is published
// to both, and both are asked what differs between any two of its snapshots. A failure prints its
// seed.
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "snapshot/diff.h"
#include "snapshot/diff_line.h"
#include "snapshot/kinds.h"
#include "storage/known_before.h"
#include "storage/sqlite/sqlite_store.h"
#include "tests/support/matchers.h"
#include "tests/support/oracle.h"
#include "tests/unit/snapshot/toy_shapes.h"
#include "tests/unit/storage/pending_builder.h"

namespace varve {
namespace {

using nlohmann::json;
using testing::LocatorOf;
using testing::Oracle;
using testing::Publish;
using testing::SeenFacts;
using testing::TemporaryFolder;
using testing::TestSection;
using testing::ToyShape;
using testing::ToyShapes;

constexpr v1::Facet kTableFacets[] = {v1::FACET_STRUCTURE, v1::FACET_EXPRESSIONS, v1::FACET_ACCESS};

json Meta() {
  return {{"schema", {{"structure", json::object()}}},
          {"database", {{"structure", json::object()}}},
          {"table",
           {{"structure",
             {{"new", {{"since", 2}}},
              {"mended", {{"mended", {2, 3}}}},
              {"computed", {{"static", false}}}}},
            {"expressions", {{"new", {{"since", 3}}}, {"mended", {{"mended", {3}}}}}},
            {"access", json::object()}}}};
}

// A section to both: to the model as JSON, to the store as lines.
struct Published {
  json model;
  std::optional<TestSection> store;  // nothing: unavailable
};

struct ToyTable {
  int oid = 0;
  bool ran = true;
  int secret = 0;
  std::string column = "c";
  std::map<std::string, int> properties;
};

// The truth of one environment, and what an agent of some revision and role sees of it.
class World {
 public:
  World(uint32_t seed, const ToyShapes& shapes) : random_(seed), shapes_(shapes) {
    for (const char* const schema : {"x", "y"}) schemas_[schema] = ++oid_;
  }

  void Step() {
    for (int n = Pick(4) - 1; n > 0; --n) ChangeTable();
    if (Chance(0.08)) RenameSchema();
    if (Chance(0.06)) revision_ = 1 + static_cast<uint32_t>(Pick(3));
    if (Chance(0.05)) key_ = Chance(0.5) ? "k1" : "k2";
    for (const v1::Facet facet : kTableFacets) {
      for (const char* const scope : {"", "x", "y"}) ChangeCoverage(facet, scope);
    }
    if (Chance(0.1)) databases_ = Pick(4);
  }

  // The sections of one snapshot, by name. Sections that are missing are not configured.
  std::map<std::string, Published> Publishable() {
    std::map<std::string, Published> sections;
    if (!Chance(0.08)) sections["pg"] = Chance(0.12) ? Unavailable() : Tables();
    if (Chance(0.8)) {
      sections["c/"] = Chance(0.1) ? Unavailable() : Cluster();
      for (const int database : {1, 2}) {
        if ((databases_ & database) == 0) continue;
        const std::string name = absl::StrCat("c/d", database);
        sections[name] = Chance(0.2) ? Unavailable() : Schemas(name);
      }
    }
    return sections;
  }

  int Pick(int n) { return static_cast<int>(random_() % static_cast<uint32_t>(n)); }
  bool Chance(double p) { return random_() < p * 4294967296.0; }

 private:
  using Name = std::pair<std::string, std::string>;

  Name SomeName() {
    auto schema = schemas_.begin();
    std::advance(schema, Pick(static_cast<int>(schemas_.size())));
    return {schema->first, std::string(1, "pqrs"[Pick(4)])};
  }

  void ChangeTable() {
    const Name name = SomeName();
    const Name other = SomeName();
    const bool there = tables_.count(name) > 0;
    const int what = Pick(10);
    if (!there || what < 2) {
      ToyTable& table = tables_[name] = {};
      table.oid = ++oid_;
      for (const char* const property : {"a", "b", "new", "mended", "computed"}) {
        table.properties[property] = Pick(2);
      }
    } else if (what == 2) {
      tables_.erase(name);
    } else if (what == 3 && tables_.count(other) == 0) {
      tables_[other] = tables_[name];
      tables_.erase(name);
    } else if (what == 4 && tables_.count(other) > 0) {
      std::swap(tables_[name], tables_[other]);
    } else if (what == 5) {
      tables_[name].secret = Pick(2);
    } else if (what == 6) {
      tables_[name].ran = Chance(0.5);
    } else if (what == 7) {
      tables_[name].column = Chance(0.5) ? "c" : "d";
    } else {
      constexpr const char* kProperties[] = {"a", "b", "new", "mended", "computed"};
      tables_[name].properties[kProperties[Pick(5)]] = Pick(2);
    }
  }

  void RenameSchema() {
    const std::string from = SomeName().first;
    const std::string to(1, "xyz"[Pick(3)]);
    if (schemas_.count(to) > 0) return;
    schemas_[to] = schemas_[from];
    schemas_.erase(from);
    std::map<Name, ToyTable> moved;
    for (auto& [name, table] : tables_) {
      moved[{name.first == from ? to : name.first, name.second}] = table;
    }
    tables_ = std::move(moved);
  }

  void ChangeCoverage(v1::Facet facet, const std::string& scope) {
    constexpr v1::Sight kStates[] = {v1::SIGHT_CAPTURED, v1::SIGHT_CAPTURED,
                                     v1::SIGHT_EXCLUDED, v1::SIGHT_NOT_PERMITTED,
                                     v1::SIGHT_CAPPED,   v1::SIGHT_UNSPECIFIED};
    if (Chance(0.08)) {
      coverage_[{facet, scope}] = kStates[Pick(6)];
    } else if (Chance(0.3)) {
      coverage_.erase({facet, scope});
    }
  }

  static Published Unavailable() { return {{{"status", "unavailable"}}, std::nullopt}; }

  Published Section(const std::string& name) {
    Published section;
    section.model = {
        {"revision", revision_}, {"coverage", json::array()}, {"lines", json::array()}};
    section.store.emplace(name, revision_);
    return section;
  }

  static void Cover(Published& section, const std::string& kind, v1::Facet facet, v1::Sight state,
                    const std::vector<std::string>& scope) {
    section.model["coverage"].push_back({{"kind", kind},
                                         {"facet", FacetName(facet)},
                                         {"scope", scope},
                                         {"state", SightName(state)}});
    section.store->Cover(kind, facet, state, scope);
  }

  void See(Published& section, const LineKey& key, const json& shape, const ToyShape& ours,
           const SeenFacts& facts) {
    json line = {{"kind", key.entity.kind},
                 {"identity", key.entity.names},
                 {"facet", FacetName(key.facet)},
                 {"shape", shape},
                 {"way", facts.way == v1::WAY_RUN ? "run" : "static"}};
    if (!facts.digest.empty()) {
      line["digest"] = facts.digest;
      line["key"] = facts.key_id;
    }
    if (!facts.locator.id().empty()) {
      line["locator"] = {{"id", facts.locator.id()}, {"parts", json::object()}};
      for (const v1::Locator::Part& part : facts.locator.parts()) {
        line["locator"]["parts"][absl::StrCat(part.number())] = part.name();
      }
    }
    section.model["lines"].push_back(line);
    section.store->See(key, shapes_.Bytes(key.facet, ours), facts);
  }

  Published Schemas(const std::string& name) {
    Published section = Section(name);
    AddSchemas(section);
    return section;
  }

  void AddSchemas(Published& section) {
    Cover(section, "schema", v1::FACET_STRUCTURE, v1::SIGHT_CAPTURED, {});
    for (const auto& [name, oid] : schemas_) {
      SeenFacts facts;
      facts.locator = LocatorOf(absl::StrCat("s", oid));
      See(section, {{"schema", {name}}, v1::FACET_STRUCTURE}, json::object(), {}, facts);
    }
  }

  Published Cluster() {
    Published section = Section("c/");
    Cover(section, "database", v1::FACET_STRUCTURE,
          Chance(0.9) ? v1::SIGHT_CAPTURED : v1::SIGHT_NOT_PERMITTED, {});
    for (const int database : {1, 2}) {
      if ((databases_ & database) == 0) continue;
      See(section, {{"database", {absl::StrCat("d", database)}}, v1::FACET_STRUCTURE},
          json::object(), {}, {});
    }
    return section;
  }

  v1::Sight CoveredAs(v1::Facet facet, const std::string& schema) const {
    for (const std::string& scope : {schema, std::string()}) {
      const auto found = coverage_.find({facet, scope});
      if (found != coverage_.end() && found->second != v1::SIGHT_UNSPECIFIED) return found->second;
      if (found != coverage_.end() && scope.empty()) return v1::SIGHT_UNSPECIFIED;
    }
    return v1::SIGHT_CAPTURED;
  }

  Published Tables() {
    Published section = Section("pg");
    AddSchemas(section);
    for (const v1::Facet facet : kTableFacets) {
      if (coverage_.count({facet, ""}) == 0) {
        Cover(section, "table", facet, v1::SIGHT_CAPTURED, {});
      }
    }
    for (const auto& [what, state] : coverage_) {
      if (state == v1::SIGHT_UNSPECIFIED) continue;
      std::vector<std::string> scope;
      if (!what.second.empty()) scope.push_back(what.second);
      Cover(section, "table", what.first, state, scope);
    }
    for (const auto& [name, table] : tables_) {
      for (const v1::Facet facet : kTableFacets) AddTable(section, name, table, facet);
    }
    return section;
  }

  void AddTable(Published& section, const Name& name, const ToyTable& table, v1::Facet facet) {
    if (CoveredAs(facet, name.first) != v1::SIGHT_CAPTURED) return;
    const LineKey key = {{"table", {name.first, name.second}}, facet};
    if (facet == v1::FACET_EXPRESSIONS && Chance(0.15)) {
      const v1::Sight why = Chance(0.5) ? v1::SIGHT_LOCKED : v1::SIGHT_FAILED;
      section.model["lines"].push_back({{"kind", "table"},
                                        {"identity", key.entity.names},
                                        {"facet", FacetName(facet)},
                                        {"unseen", SightName(why)}});
      section.store->Unsee(key, why);
      return;
    }
    json shape = json::object();
    ToyShape ours;
    for (const auto& [property, value] : table.properties) {
      if (!IsCaptured(facet, property, table.ran)) continue;
      const int meaning = property == "mended" ? Meaning(facet) : 0;
      shape[property] = meaning == 0 ? json(value) : json({meaning, value});
      ours[property] = shape[property].dump();
    }
    if (facet == v1::FACET_STRUCTURE) {
      shape["me"] = {{"ref", key.entity.names}};
      ours["me"] = absl::StrJoin(key.entity.names, ".");
    }
    if (facet != v1::FACET_ACCESS) {
      shape["col"] = {{"ref", {name.first, name.second, table.column}}};
      ours["col"] = table.column;
    }
    SeenFacts facts;
    facts.way = table.ran ? v1::WAY_RUN : v1::WAY_STATIC;
    facts.digest = absl::StrCat(key_, ":", table.secret);
    facts.key_id = key_;
    if (facet == v1::FACET_STRUCTURE) {
      facts.locator = LocatorOf(absl::StrCat("t", table.oid), {{1, table.column}});
    }
    See(section, key, shape, ours, facts);
  }

  // Whether an agent of this revision captures the property, reading the table that way.
  bool IsCaptured(v1::Facet facet, const std::string& property, bool ran) const {
    if (property == "new" && facet == v1::FACET_STRUCTURE) return revision_ >= 2;
    if (property == "new" && facet == v1::FACET_EXPRESSIONS) return revision_ >= 3;
    if (property == "computed" && facet == v1::FACET_STRUCTURE) return ran;
    return true;
  }
  int Meaning(v1::Facet facet) const {
    if (facet == v1::FACET_STRUCTURE) return static_cast<int>(revision_) - 1;
    return facet == v1::FACET_EXPRESSIONS && revision_ >= 3 ? 1 : 0;
  }

  std::mt19937 random_;
  const ToyShapes& shapes_;
  int oid_ = 0;
  uint32_t revision_ = 1;
  std::string key_ = "k1";
  int databases_ = 3;  // bits: which of two there are
  std::map<std::string, int> schemas_;
  std::map<Name, ToyTable> tables_;
  std::map<std::pair<v1::Facet, std::string>, v1::Sight> coverage_;
};

// An answer of either side as lines of text that are equal where the answers are.
using Facts = std::multiset<std::string>;

std::string Join(const std::vector<std::string>& parts) { return absl::StrJoin(parts, " | "); }

std::string Names(const json& names) {
  return absl::StrJoin(names.get<std::vector<std::string>>(), ".");
}

std::string What(const json& item) {
  if (!item.contains("kind")) return item.at("section");
  return Join({item.at("section"), item.at("kind"), Names(item.at("identity")), item.at("facet")});
}

// Values of names are written otherwise by the two; that they changed is compared, not how they
// read.
bool IsName(const std::string& property) {
  return property == "me" || property == "col" || property == "masked";
}

std::string ModelChange(const json& change) {
  const std::string property = change.at(0);
  if (IsName(property)) return property;
  const auto text = [](const json& value) { return value.is_null() ? "none" : value.dump(); };
  return absl::StrCat(property, " ", text(change.at(1)), " ", text(change.at(2)));
}

Facts FactsOf(const json& answer) {
  Facts facts;
  for (const json& item : answer.at("differences")) {
    if (item.at("op") == "renamed") {
      facts.insert(Join({"renamed", item.at("section"), item.at("kind"), Names(item.at("from")),
                         Names(item.at("to"))}));
      continue;
    }
    std::set<std::string> changes;
    if (item.contains("properties")) {
      for (const json& change : item.at("properties")) changes.insert(ModelChange(change));
    }
    const std::string between =
        item.contains("between")
            ? absl::StrCat(item["between"][0].get<int>(), "-", item["between"][1].get<int>())
            : "";
    facts.insert(Join({item.at("op"), What(item), between, absl::StrJoin(changes, ", ")}));
  }
  for (const json& item : answer.at("cannot_say")) {
    facts.insert(Join({"cannot say", What(item), item.value("reason", "")}));
  }
  for (const json& item : answer.at("neither")) facts.insert(Join({"neither", What(item)}));
  for (const json& item : answer.at("not_comparable")) {
    facts.insert(Join({"not comparable", What(item), item.value("property", ""), item.at("why")}));
  }
  for (const json& item : answer.at("not_configured")) {
    facts.insert(Join({"not configured", What(item)}));
  }
  for (const json& item : answer.at("follows")) facts.insert(Join({"follows", What(item)}));
  facts.insert(absl::StrCat("exit ", answer.at("exit").get<int>()));
  return facts;
}

template <typename Item>
std::string What(const Item& item) {
  if (!item.has_identity()) return item.section();
  return Join({item.section(), item.identity().kind(), absl::StrJoin(item.identity().names(), "."),
               FacetName(item.facet())});
}

std::string PropertyOf(const google::protobuf::RepeatedPtrField<std::string>& path) {
  const std::string property = absl::StrJoin(path, "/");
  return property == kMaskedPart ? "masked" : property;
}

std::string ChangeText(const v1::PropertyChange& change) {
  const std::string property = PropertyOf(change.path());
  if (IsName(property)) return property;
  return absl::StrCat(property, " ", change.has_before() ? change.before() : "none", " ",
                      change.has_after() ? change.after() : "none");
}

std::string OpText(v1::Difference::Op op) {
  return op == v1::Difference::OP_ADDED     ? "added"
         : op == v1::Difference::OP_REMOVED ? "removed"
                                            : "changed";
}

Facts FactsOf(const v1::DiffResult& answer) {
  Facts facts;
  for (const v1::Difference& item : answer.differences()) {
    if (item.op() == v1::Difference::OP_RENAMED) {
      facts.insert(Join({"renamed", item.section(), item.identity().kind(),
                         absl::StrJoin(item.was().names(), "."),
                         absl::StrJoin(item.identity().names(), ".")}));
      continue;
    }
    std::set<std::string> changes;
    for (const v1::PropertyChange& change : item.changes()) changes.insert(ChangeText(change));
    const std::string between =
        item.between_to() == 0 ? "" : absl::StrCat(item.between_from(), "-", item.between_to());
    facts.insert(Join({OpText(item.op()), What(item), between, absl::StrJoin(changes, ", ")}));
  }
  for (const v1::NotCompared& item : answer.cannot_say()) {
    const v1::Sight why = item.before() == v1::SIGHT_CAPTURED ? item.after() : item.before();
    facts.insert(Join({"cannot say", What(item), item.has_identity() ? SightName(why) : ""}));
  }
  for (const v1::NotCompared& item : answer.neither()) facts.insert(Join({"neither", What(item)}));
  for (const v1::NotCompared& item : answer.not_comparable()) {
    facts.insert(Join({"not comparable", What(item), PropertyOf(item.path()), item.why()}));
  }
  for (const std::string& name : answer.not_configured()) {
    facts.insert(Join({"not configured", name}));
  }
  for (const v1::Difference& item : answer.follows()) facts.insert(Join({"follows", What(item)}));
  const bool different = answer.verdict() == v1::VERDICT_DIFFERENT;
  const bool same = answer.verdict() == v1::VERDICT_SAME;
  facts.insert(absl::StrCat("exit ", different ? 1 : same ? 0 : 3));
  return facts;
}

std::string Lines(const Facts& facts) { return absl::StrJoin(facts, "\n"); }

class DiffAgainstModel : public ::testing::Test {
 protected:
  void SetUp() override {
    auto store = OpenSqliteStore(folder_.Path("varve.db"));
    ASSERT_THAT(store, testing::IsOk());
    store_ = *std::move(store);
    ASSERT_TRUE(oracle_.Ask({{"cmd", "meta"}, {"meta", Meta()}}).at("ok").get<bool>());
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
    const auto before = LoadSnapshot(*store_, a, a_seq);
    const auto after = LoadSnapshot(*store_, b, b_seq);
    ASSERT_THAT(before, testing::IsOk());
    ASSERT_THAT(after, testing::IsOk());
    const auto ours = DiffDecodedBy(shapes_.Decoder(), *before, *after, KnownBeforeIn(*store_));
    ASSERT_THAT(ours, testing::IsOk());
    const json model = oracle_.Ask(
        {{"cmd", "diff"}, {"a", absl::StrCat(a, "@", a_seq)}, {"b", absl::StrCat(b, "@", b_seq)}});
    ASSERT_TRUE(model.at("ok").get<bool>()) << model;
    ASSERT_EQ(Lines(FactsOf(*ours)), Lines(FactsOf(model)))
        << a << "@" << a_seq << " to " << b << "@" << b_seq;
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
  uint32_t last = 4;
  if (text != nullptr && std::sscanf(text, "%u-%u", &first, &last) == 1) last = first;
  return {first, last};
}

TEST_F(DiffAgainstModel, SaysWhatTheModelSaysOfRandomLives) {
  constexpr int kSteps = 30;
  const auto [first, last] = Seeds();
  for (uint32_t seed = first; seed <= last; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    World world(seed, shapes_);
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
}

}  // namespace
}  // namespace varve
