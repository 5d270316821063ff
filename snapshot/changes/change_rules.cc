#include "snapshot/changes/change_rules.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "snapshot/changes/change_case.h"
#include "snapshot/kinds.h"
#include "snapshot/line.h"

namespace varve {
namespace {

using v1::Difference;

constexpr std::array kTables = {SectionChangeCases,        PostgresRelationChangeCases,
                                PostgresObjectChangeCases, RedisChangeCases,
                                ModelChangeCases,          OtherChangeCases};

bool Lists(absl::string_view words, absl::string_view word) {
  for (const absl::string_view each : absl::StrSplit(words, ' ')) {
    if (each == word) return true;
  }
  return false;
}

bool MatchesPath(absl::string_view pattern, absl::Span<const std::string* const> path) {
  if (pattern.empty()) return path.empty();
  const bool any_rest = absl::ConsumeSuffix(&pattern, "**");
  absl::ConsumeSuffix(&pattern, "/");
  size_t at = 0;
  if (!pattern.empty()) {
    for (const absl::string_view step : absl::StrSplit(pattern, '/')) {
      if (at == path.size() || (step != "*" && step != *path[at])) return false;
      ++at;
    }
  }
  return any_rest || at == path.size();
}

bool Matches(const ChangeCase& each, const Change& change) {
  if (!each.kinds.empty() && !Lists(each.kinds, change.kind)) return false;
  if (each.facet != v1::FACET_UNSPECIFIED && each.facet != change.facet) return false;
  if (each.op != Difference::OP_UNSPECIFIED && each.op != change.op) return false;
  return MatchesPath(each.path, change.path) && (each.applies == nullptr || each.applies(change));
}

// The last table answers for everything.
const ChangeRule& RuleOf(const Change& change) {
  for (const auto& table : kTables) {
    for (const ChangeCase& each : table()) {
      if (Matches(each, change)) return each.rule;
    }
  }
  return OtherChangeCases().back().rule;
}

Difference::Op OpOf(const v1::PropertyChange& change) {
  if (change.has_before() == change.has_after()) return Difference::OP_CHANGED;
  return change.has_before() ? Difference::OP_REMOVED : Difference::OP_ADDED;
}

void ClassifyProperties(Difference& difference) {
  const ChangeRule* heaviest = nullptr;
  for (v1::PropertyChange& property : *difference.mutable_changes()) {
    const std::vector<const std::string*> path(property.path().pointer_begin(),
                                               property.path().pointer_end());
    const ChangeRule& rule = RuleOf({difference.identity().kind(), difference.facet(),
                                     OpOf(property), path, property.before(), property.after()});
    property.set_change_class(rule.change_class);
    property.set_rule(std::string(rule.id));
    if (heaviest == nullptr || heaviest->change_class < rule.change_class) heaviest = &rule;
  }
  if (heaviest == nullptr) return;
  difference.set_change_class(heaviest->change_class);
  difference.set_rule(std::string(heaviest->id));
}

// The entity that a difference tells of.
using EntityPlace = std::tuple<std::string, EntityKey>;

EntityPlace PlaceOf(const Difference& difference) {
  return {difference.section(), KeyOf(difference.identity())};
}

bool CameOrWent(const Difference& difference) {
  return difference.op() == Difference::OP_ADDED || difference.op() == Difference::OP_REMOVED;
}

bool IsOfEntity(const Difference& difference) {
  return !difference.has_identity() || difference.op() == Difference::OP_RENAMED ||
         difference.facet() == FirstFacet(difference.identity().kind());
}

void ClassifyWhole(Difference& difference) {
  const ChangeRule& rule =
      RuleOf({difference.identity().kind(), difference.facet(), difference.op(), {}, "", ""});
  difference.set_change_class(rule.change_class);
  difference.set_rule(std::string(rule.id));
}

}  // namespace

absl::Span<const ChangeRule> ChangeRules() {
  static const auto* const kRules = [] {
    auto* const rules = new std::vector<ChangeRule>();
    std::set<absl::string_view> known;
    for (const auto& table : kTables) {
      for (const ChangeCase& each : table()) {
        if (known.insert(each.rule.id).second) rules->push_back(each.rule);
      }
    }
    return rules;
  }();
  return *kRules;
}

const ChangeRule* FindChangeRule(absl::string_view id) {
  static const auto* const kById = [] {
    auto* const by_id = new absl::flat_hash_map<absl::string_view, const ChangeRule*>();
    for (const ChangeRule& rule : ChangeRules()) by_id->emplace(rule.id, &rule);
    return by_id;
  }();
  const auto found = kById->find(id);
  return found == kById->end() ? nullptr : found->second;
}

absl::string_view ChangeClassName(v1::ChangeClass change_class) {
  switch (change_class) {
    case v1::CHANGE_CLASS_BREAKING:
      return "breaking";
    case v1::CHANGE_CLASS_RISKY:
      return "risky";
    case v1::CHANGE_CLASS_ADDITIVE:
      return "additive";
    case v1::CHANGE_CLASS_COSMETIC:
      return "cosmetic";
    default:
      return "";
  }
}

void Classify(v1::DiffResult& result) {
  // The facets of an entity that came or went are judged as the entity is.
  std::map<EntityPlace, const Difference*> whole;
  for (Difference& difference : *result.mutable_differences()) {
    // A history tells the new name of a column as a change of its table.
    const bool is_renamed = difference.op() == Difference::OP_RENAMED;
    if (difference.changes_size() > 0 && !is_renamed) {
      ClassifyProperties(difference);
      continue;
    }
    ClassifyWhole(difference);
    if (CameOrWent(difference) && IsOfEntity(difference)) whole[PlaceOf(difference)] = &difference;
  }
  for (Difference& difference : *result.mutable_differences()) {
    if (!CameOrWent(difference) || IsOfEntity(difference)) continue;
    const auto entity = whole.find(PlaceOf(difference));
    if (entity == whole.end() || entity->second->op() != difference.op()) continue;
    difference.set_change_class(entity->second->change_class());
    difference.set_rule(entity->second->rule());
  }
}

}  // namespace varve
