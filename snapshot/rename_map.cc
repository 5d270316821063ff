#include "snapshot/rename_map.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "absl/container/flat_hash_map.h"
#include "snapshot/kinds.h"

namespace varve {
namespace {

// Kinds whose names begin the names of others.
constexpr absl::string_view kHolders[] = {"schema", "table", "view", "materialized_view",
                                          "composite_type"};

// Kinds of several names of which the first is no holder's: a role's, a type's as it is printed.
constexpr absl::string_view kWithoutHolder[] = {"user_mapping", "default_privileges", "cast",
                                                "transform"};

bool HasHolder(absl::string_view kind) {
  return std::find(std::begin(kWithoutHolder), std::end(kWithoutHolder), kind) ==
         std::end(kWithoutHolder);
}

v1::Locator Parsed(absl::string_view bytes) {
  v1::Locator locator;
  // Bytes that are no locator prove nothing.
  if (!locator.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) locator.Clear();
  return locator;
}

// The columns that both locators have, under their two names.
void AddColumns(const Renamed& relation, const v1::Locator& before, const v1::Locator& after,
                std::vector<Renamed>& pairs) {
  absl::flat_hash_map<int64_t, std::string> names_after;
  for (const v1::Locator::Part& part : after.parts()) names_after[part.number()] = part.name();
  for (const v1::Locator::Part& part : before.parts()) {
    const auto other = names_after.find(part.number());
    if (other == names_after.end() || other->second == part.name()) continue;
    Renamed& column = pairs.emplace_back(Renamed{std::string(kColumn), relation.from, relation.to});
    column.from.push_back(part.name());
    column.to.push_back(other->second);
  }
}

}  // namespace

RenameMap::RenameMap(std::vector<Renamed> pairs) {
  // Shorter names first, so that what follows from a holder's rename is known by then.
  std::sort(pairs.begin(), pairs.end(), [](const Renamed& a, const Renamed& b) {
    return std::make_tuple(a.from.size(), std::cref(a)) <
           std::make_tuple(b.from.size(), std::cref(b));
  });
  for (const Renamed& pair : pairs) {
    if (Follow(forward_, pair.from, pair.kind) == pair.to) continue;
    forward_[{pair.kind, pair.from}] = pair.to;
    back_[{pair.kind, pair.to}] = pair.from;
  }
}

std::vector<Renamed> RenameMap::Renames() const {
  std::vector<Renamed> renames;
  for (const auto& [from, to] : forward_) renames.push_back({from.first, from.second, to});
  return renames;
}

RenameMap::Names RenameMap::Follow(const Map& map, const Names& names, absl::string_view kind) {
  if (map.empty() || names.empty()) return names;
  const auto renamed = [&](absl::string_view holder, size_t length) -> std::optional<Names> {
    const Names beginning(names.begin(), names.begin() + length);
    const auto found = map.find({std::string(holder), beginning});
    if (found == map.end()) return std::nullopt;
    Names whole = found->second;
    whole.insert(whole.end(), names.begin() + length, names.end());
    return whole;
  };
  if (!kind.empty()) {
    if (std::optional<Names> whole = renamed(kind, names.size())) return *whole;
  }
  if (!HasHolder(kind)) return names;
  // A name of unknown kind may be a holder's itself; one of known kind can have a holder only as
  // its beginning.
  for (size_t length = kind.empty() ? names.size() : names.size() - 1; length > 0; --length) {
    // A relation holds columns alone: public.f(integer) begins with the name of a table public.f
    // and has nothing of it.
    if (length > 1 && !kind.empty() && kind != kColumn) continue;
    for (const absl::string_view holder : kHolders) {
      if (std::optional<Names> whole = renamed(holder, length)) return *whole;
    }
    if (kind.empty() && length == names.size()) {
      if (std::optional<Names> whole = renamed(kColumn, length)) return *whole;
    }
  }
  return names;
}

RenameMap::Names RenameMap::Forward(const Names& names, absl::string_view kind) const {
  return Follow(forward_, names, kind);
}

RenameMap::Names RenameMap::Back(const Names& names, absl::string_view kind) const {
  return Follow(back_, names, kind);
}

std::optional<RenameMap::Names> RenameMap::CommonOfA(const Names& names,
                                                     absl::string_view kind) const {
  Names there = Forward(names, kind);
  if (Back(there, kind) != names) return std::nullopt;
  return there;
}

std::optional<RenameMap::Names> RenameMap::CommonOfB(const Names& names,
                                                     absl::string_view kind) const {
  if (Forward(Back(names, kind), kind) != names) return std::nullopt;
  return names;
}

bool CanProve(const LineKey& key, const Seen& seen) {
  return !seen.locator.empty() && key.facet == FirstFacet(key.entity.kind);
}

RenameMap ProvedRenames(absl::Span<const Located> before, absl::Span<const Located> after) {
  struct There {
    const EntityKey* entity;
    v1::Locator locator;
  };
  absl::flat_hash_map<std::pair<absl::string_view, std::string>, There> there;
  for (const Located& located : after) {
    v1::Locator locator = Parsed(located.locator);
    if (locator.id().empty()) continue;
    const std::pair<absl::string_view, std::string> id = {located.entity.kind, locator.id()};
    there[id] = {&located.entity, std::move(locator)};
  }
  std::vector<Renamed> pairs;
  for (const Located& located : before) {
    const v1::Locator locator = Parsed(located.locator);
    const auto other = there.find({located.entity.kind, locator.id()});
    if (locator.id().empty() || other == there.end()) continue;
    const Renamed pair = {located.entity.kind, located.entity.names, other->second.entity->names};
    AddColumns(pair, locator, other->second.locator, pairs);
    pairs.push_back(pair);
  }
  return RenameMap(std::move(pairs));
}

}  // namespace varve
