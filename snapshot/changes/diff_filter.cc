#include "snapshot/changes/diff_filter.h"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "base/glob.h"
#include "base/nearest.h"
#include "snapshot/diff.h"
#include "snapshot/kinds.h"
#include "snapshot/line.h"
#include "snapshot/rename_map.h"
#include "snapshot/section_name.h"

namespace varve {
namespace {

constexpr absl::string_view kRelations[] = {"table", "view", "materialized_view", "composite_type"};

class Taker {
 public:
  explicit Taker(const v1::DiffFilter& filter) : filter_(filter) {}

  bool TakesSection(const std::string& section) const {
    return filter_.sources().empty() ||
           absl::c_any_of(filter_.sources(), [&](const std::string& source) {
             return source == section || source == SourceOf(section);
           });
  }

  bool TakesEntity(const EntityKey& entity) const {
    if (!filter_.kinds().empty() && !absl::c_linear_search(filter_.kinds(), entity.kind)) {
      return false;
    }
    if (filter_.names().empty()) return true;
    const std::string name = DisplayName(entity);
    return absl::c_any_of(filter_.names(),
                          [&](const std::string& glob) { return GlobMatches(glob, name); });
  }

  // A renamed column is taken as the relation is that it stands in, whose kind is not said.
  bool TakesIdentity(const v1::Identity& identity) const {
    EntityKey entity = KeyOf(identity);
    if (entity.kind != kColumn) return TakesEntity(entity);
    entity.names.pop_back();
    return absl::c_any_of(kRelations, [&](absl::string_view kind) {
      entity.kind = std::string(kind);
      return TakesEntity(entity);
    });
  }

  bool Takes(const v1::Difference& difference) const {
    if (!TakesSection(difference.section())) return false;
    if (!difference.has_identity() || TakesIdentity(difference.identity())) return true;
    return difference.has_was() && TakesIdentity(difference.was());
  }

  bool Takes(const v1::Growth& growth) const {
    return TakesSection(growth.section()) && TakesEntity(KeyOf(growth.identity()));
  }

  // What could not be looked at as a whole may have hidden what is asked for.
  bool Takes(const v1::NotCompared& item) const {
    return TakesSection(item.section()) &&
           (!item.has_identity() || TakesEntity(KeyOf(item.identity())));
  }

 private:
  const v1::DiffFilter& filter_;
};

template <typename List>
void Keep(const Taker& taker, List& list) {
  list.erase(std::remove_if(list.begin(), list.end(),
                            [&](const auto& item) { return !taker.Takes(item); }),
             list.end());
}

uint64_t EntitiesOf(const Taker& taker, const Snapshot& before, const Snapshot& after) {
  std::set<std::tuple<std::string, EntityKey>> entities;
  for (const Snapshot* const side : {&before, &after}) {
    for (const Section& section : side->sections) {
      if (!taker.TakesSection(section.header.name())) continue;
      for (const ReadLine& line : section.lines) {
        const EntityKey& entity = line.line.key.entity;
        if (taker.TakesEntity(entity)) entities.emplace(section.header.name(), entity);
      }
    }
  }
  return entities.size();
}

// Objects that both sides have under two names.
uint64_t RenamedIn(const v1::DiffResult& result) {
  return absl::c_count_if(result.differences(), [](const v1::Difference& difference) {
    return difference.op() == v1::Difference::OP_RENAMED && difference.identity().kind() != kColumn;
  });
}

}  // namespace

absl::Status CheckDiffFilter(const v1::DiffFilter& filter) {
  for (const std::string& kind : filter.kinds()) {
    if (FindKind(kind) != nullptr) continue;
    std::vector<std::string> known;
    for (const Kind& each : Kinds()) known.emplace_back(each.name);
    return absl::InvalidArgumentError(absl::StrCat(
        "kind '", kind, "': there is none of that name; nearest is ", NearestName(kind, known)));
  }
  return absl::OkStatus();
}

bool HasFilter(const v1::DiffFilter& filter) {
  return !filter.sources().empty() || !filter.kinds().empty() || !filter.names().empty();
}

void FilterDiff(const v1::DiffFilter& filter, const Snapshot& before, const Snapshot& after,
                v1::DiffResult& result) {
  if (!HasFilter(filter)) return;
  const Taker taker(filter);
  Keep(taker, *result.mutable_differences());
  Keep(taker, *result.mutable_follows());
  Keep(taker, *result.mutable_cannot_say());
  Keep(taker, *result.mutable_neither());
  Keep(taker, *result.mutable_not_comparable());
  Keep(taker, *result.mutable_growth());
  auto& sections = *result.mutable_not_configured();
  sections.erase(std::remove_if(sections.begin(), sections.end(),
                                [&](const std::string& each) { return !taker.TakesSection(each); }),
                 sections.end());
  result.set_entities_compared(EntitiesOf(taker, before, after) - RenamedIn(result));
  result.set_verdict(VerdictOf(result));
}

}  // namespace varve
