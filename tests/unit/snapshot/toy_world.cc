#include "tests/unit/snapshot/toy_world.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "snapshot/kinds.h"

namespace varve::testing {
namespace {

using nlohmann::json;

constexpr v1::Facet kTableFacets[] = {v1::FACET_STRUCTURE, v1::FACET_EXPRESSIONS, v1::FACET_ACCESS};

}  // namespace

nlohmann::ordered_json ToyMeta() {
  return nlohmann::ordered_json::parse(R"({
    "schema": {"structure": {}},
    "database": {"structure": {}},
    "table": {
      "structure": {
        "new": {"since": 2}, "mended": {"mended": [2, 3]}, "computed": {"static": false}},
      "expressions": {"new": {"since": 3}, "mended": {"mended": [3]}},
      "access": {}}})");
}

ToyWorld::ToyWorld(uint32_t seed, const ToyShapes& shapes) : random_(seed), shapes_(shapes) {
  for (const char* const schema : {"x", "y"}) schemas_[schema] = ++oid_;
}

void ToyWorld::Step() {
  for (int n = Pick(4) - 1; n > 0; --n) ChangeTable();
  if (Chance(0.08)) RenameSchema();
  if (Chance(0.06)) revision_ = 1 + static_cast<uint32_t>(Pick(3));
  if (Chance(0.05)) key_ = Chance(0.5) ? "k1" : "k2";
  for (const v1::Facet facet : kTableFacets) {
    for (const char* const scope : {"", "x", "y"}) ChangeCoverage(facet, scope);
  }
  if (Chance(0.1)) databases_ = Pick(4);
}

std::map<std::string, Published> ToyWorld::Publishable() {
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

ToyWorld::Name ToyWorld::SomeName() {
  auto schema = schemas_.begin();
  std::advance(schema, Pick(static_cast<int>(schemas_.size())));
  return {schema->first, std::string(1, "pqrs"[Pick(4)])};
}

void ToyWorld::ChangeTable() {
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
    constexpr const char* kUnknown[] = {"", "a", "b"};
    tables_[name].ran = Chance(0.5);
    tables_[name].unknown = kUnknown[Pick(3)];
  } else if (what == 7) {
    tables_[name].column = Chance(0.5) ? "c" : "d";
  } else {
    constexpr const char* kProperties[] = {"a", "b", "new", "mended", "computed"};
    tables_[name].properties[kProperties[Pick(5)]] = Pick(2);
  }
}

void ToyWorld::RenameSchema() {
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

void ToyWorld::ChangeCoverage(v1::Facet facet, const std::string& scope) {
  constexpr v1::Sight kStates[] = {v1::SIGHT_CAPTURED, v1::SIGHT_CAPTURED,
                                   v1::SIGHT_EXCLUDED, v1::SIGHT_NOT_PERMITTED,
                                   v1::SIGHT_CAPPED,   v1::SIGHT_UNSPECIFIED};
  if (Chance(0.08)) {
    coverage_[{facet, scope}] = kStates[Pick(6)];
  } else if (Chance(0.3)) {
    coverage_.erase({facet, scope});
  }
}

Published ToyWorld::Unavailable() { return {{{"status", "unavailable"}}, std::nullopt}; }

Published ToyWorld::Section(const std::string& name) {
  Published section;
  section.model = {{"revision", revision_}, {"coverage", json::array()}, {"lines", json::array()}};
  section.store.emplace(name, revision_);
  return section;
}

void ToyWorld::Cover(Published& section, const std::string& kind, v1::Facet facet, v1::Sight state,
                     const std::vector<std::string>& scope) {
  json& coverage = section.model["coverage"];
  coverage.push_back(
      {{"kind", kind}, {"facet", FacetName(facet)}, {"scope", scope}, {"state", SightName(state)}});
  std::sort(coverage.begin(), coverage.end());  // the model hashes it as it comes
  section.store->Cover(kind, facet, state, scope);
}

void ToyWorld::See(Published& section, const LineKey& key, const json& shape, const ToyShape& ours,
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
  const std::string bytes = shapes_.Bytes(key.facet, ours);
  section.store->See(key, bytes, facts);
  section.shapes[{key, ShapeOf(bytes)}] = shape;
}

Published ToyWorld::Schemas(const std::string& name) {
  Published section = Section(name);
  AddSchemas(section);
  return section;
}

void ToyWorld::AddSchemas(Published& section) {
  Cover(section, "schema", v1::FACET_STRUCTURE, v1::SIGHT_CAPTURED, {});
  for (const auto& [name, oid] : schemas_) {
    SeenFacts facts;
    facts.locator = LocatorOf(absl::StrCat("s", oid));
    See(section, {{"schema", {name}}, v1::FACET_STRUCTURE}, json::object(), {}, facts);
  }
}

Published ToyWorld::Cluster() {
  Published section = Section("c/");
  Cover(section, "database", v1::FACET_STRUCTURE,
        Chance(0.9) ? v1::SIGHT_CAPTURED : v1::SIGHT_NOT_PERMITTED, {});
  for (const int database : {1, 2}) {
    if ((databases_ & database) == 0) continue;
    See(section, {{"database", {absl::StrCat("d", database)}}, v1::FACET_STRUCTURE}, json::object(),
        {}, {});
  }
  return section;
}

v1::Sight ToyWorld::CoveredAs(v1::Facet facet, const std::string& schema) const {
  for (const std::string& scope : {schema, std::string()}) {
    const auto found = coverage_.find({facet, scope});
    if (found != coverage_.end() && found->second != v1::SIGHT_UNSPECIFIED) return found->second;
    if (found != coverage_.end() && scope.empty()) return v1::SIGHT_UNSPECIFIED;
  }
  return v1::SIGHT_CAPTURED;
}

Published ToyWorld::Tables() {
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

void ToyWorld::AddTable(Published& section, const Name& name, const ToyTable& table,
                        v1::Facet facet) {
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
  if (facet == v1::FACET_STRUCTURE && !table.ran && !table.unknown.empty()) {
    if (table.unknown == "a") {  // of "b" some is known
      shape.erase("a");
      ours.erase("a");
    }
    shape["unknown"] = json::array({table.unknown});
    ours["unknown"] = table.unknown;
  }
  if (facet == v1::FACET_STRUCTURE) {
    shape["me"] = {{"ref", key.entity.names}};
    ours["me"] = absl::StrJoin(key.entity.names, ".");
  }
  if (facet != v1::FACET_ACCESS && names_columns_) {
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
bool ToyWorld::IsCaptured(v1::Facet facet, const std::string& property, bool ran) const {
  if (property == "new" && facet == v1::FACET_STRUCTURE) return revision_ >= 2;
  if (property == "new" && facet == v1::FACET_EXPRESSIONS) return revision_ >= 3;
  if (property == "computed" && facet == v1::FACET_STRUCTURE) return ran;
  return true;
}
int ToyWorld::Meaning(v1::Facet facet) const {
  if (facet == v1::FACET_STRUCTURE) return static_cast<int>(revision_) - 1;
  return facet == v1::FACET_EXPRESSIONS && revision_ >= 3 ? 1 : 0;
}

}  // namespace varve::testing
