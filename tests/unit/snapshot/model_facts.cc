#include "tests/unit/snapshot/model_facts.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "snapshot/diff_line.h"
#include "snapshot/kinds.h"

namespace varve::testing {
namespace {

using nlohmann::json;

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

// What changed in one line, without the columns where only the model's differ
// (TellsTablesApartByColumns): where the table's own name does, and across a gap.
std::string ChangesText(std::set<std::string> changes, const std::string& between) {
  if (changes.count("me") > 0 || !between.empty()) changes.erase("col");
  return absl::StrJoin(changes, ", ");
}

std::string ModelChange(const json& change) {
  std::string property = change.at(0);
  if (IsName(property)) return property;
  const auto text = [](const json& value) { return value.is_null() ? "none" : value.dump(); };
  return absl::StrCat(property, " ", text(change.at(1)), " ", text(change.at(2)));
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
  std::string property = PropertyOf(change.path());
  if (IsName(property)) return property;
  return absl::StrCat(property, " ", change.has_before() ? change.before() : "none", " ",
                      change.has_after() ? change.after() : "none");
}

std::string OpText(v1::Difference::Op op) {
  return op == v1::Difference::OP_ADDED     ? "added"
         : op == v1::Difference::OP_REMOVED ? "removed"
                                            : "changed";
}

}  // namespace

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
    facts.insert(Join({item.at("op"), What(item), between, ChangesText(changes, between)}));
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

bool TellsTablesApartByColumns(const json& answer) {
  const json& differences = answer.at("differences");
  return std::any_of(differences.begin(), differences.end(), [](const json& item) {
    return item.contains("between") && item.contains("properties") &&
           item.at("properties").size() == 1 && item.at("properties").at(0).at(0) == "col";
  });
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
    facts.insert(Join({OpText(item.op()), What(item), between, ChangesText(changes, between)}));
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

}  // namespace varve::testing
