#include "storage/apply.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "snapshot/coverage_index.h"
#include "snapshot/kinds.h"

namespace varve {
namespace {

bool KeyLess(const Line& line, const LineKey& key) { return line.key < key; }

bool Has(absl::Span<const Line> lines, const LineKey& key) {
  const auto at = std::lower_bound(lines.begin(), lines.end(), key, KeyLess);
  return at != lines.end() && at->key == key;
}

RenameMap Proved(absl::Span<const OpenLine> open, absl::Span<const Line> lines) {
  std::vector<Located> before;
  std::vector<Located> after;
  for (const OpenLine& row : open) {
    if (row.version.has_value() && CanProve(row.key, *row.version)) {
      before.push_back({row.key.entity, row.version->locator});
    }
  }
  for (const Line& line : lines) {
    if (line.seen.has_value() && CanProve(line.key, *line.seen)) {
      after.push_back({line.key.entity, line.seen->locator});
    }
  }
  return ProvedRenames(before, after);
}

// `state_of` gives what coverage says of an entity's facet.
template <typename StateOf>
v1::Sight WhyNotListed(const LineKey& key, bool first_is_listed, const StateOf& state_of) {
  // The entity is gone, and its other facets with it, whatever their own coverage says.
  if (!first_is_listed && state_of(FirstFacet(key.entity.kind)) == v1::SIGHT_CAPTURED) {
    return v1::SIGHT_CAPTURED;
  }
  return state_of(key.facet);
}

// What a line reads as from now on.
struct Wanted {
  bool version_ends = false;
  std::optional<Seen> new_version = {};
  std::optional<UnseenState> unseen = {};
};

Wanted WantedWithoutLine(const OpenLine& row, absl::Span<const Line> lines,
                         const CoverageIndex& coverage, const RenameMap& renames) {
  const EntityKey& entity = row.key.entity;
  const bool first_is_listed = Has(lines, {entity, FirstFacet(entity.kind)});
  const v1::Sight why = WhyNotListed(
      row.key, first_is_listed, [&](v1::Facet facet) { return coverage.StateOf(entity, facet); });
  const bool gone =
      why == v1::SIGHT_CAPTURED || renames.Forward(entity.names, entity.kind) != entity.names;
  if (gone) return {.version_ends = true};
  return {.unseen =
              UnseenState{.reason = why == v1::SIGHT_UNSPECIFIED ? v1::SIGHT_NOT_CAPTURED : why,
                          .sent = false}};
}

Wanted WantedOf(const Line& line, const std::optional<Seen>& version) {
  if (!line.seen.has_value()) return {.unseen = UnseenState{.reason = line.unseen}};
  const bool weaker =
      version.has_value() && version->way == v1::WAY_RUN && line.seen->way == v1::WAY_STATIC;
  if (weaker) return {.unseen = UnseenState{.reason = v1::SIGHT_STATIC, .weaker = line.seen}};
  if (version == line.seen) return {};
  return {.version_ends = true, .new_version = line.seen};
}

void AddChange(const OpenLine& row, Wanted wanted, std::vector<LineChange>& changes) {
  LineChange change = {.key = row.key};
  change.close_version = wanted.version_ends && row.version.has_value();
  change.open_version = std::move(wanted.new_version);
  if (row.unseen != wanted.unseen) {
    change.close_unseen = row.unseen.has_value();
    change.open_unseen = std::move(wanted.unseen);
  }
  if (change.close_version || change.open_version.has_value() || change.close_unseen ||
      change.open_unseen.has_value()) {
    changes.push_back(std::move(change));
  }
}

}  // namespace

std::vector<Line> SentLines(absl::Span<const OpenLine> open) {
  std::vector<Line> lines;
  for (const OpenLine& row : open) {
    if (!row.unseen.has_value()) {
      lines.push_back({row.key, row.version, v1::SIGHT_UNSPECIFIED});
    } else if (row.unseen->sent && row.unseen->weaker.has_value()) {
      lines.push_back({row.key, row.unseen->weaker, v1::SIGHT_UNSPECIFIED});
    } else if (row.unseen->sent) {
      lines.push_back({row.key, std::nullopt, row.unseen->reason});
    }
  }
  return lines;
}

absl::StatusOr<std::vector<Line>> ApplyDelta(std::vector<Line> base, absl::Span<const Line> set,
                                             absl::Span<const LineKey> dropped) {
  std::vector<Line> lines;
  lines.reserve(base.size() + set.size());
  auto drop = dropped.begin();
  auto next = set.begin();
  for (Line& line : base) {
    for (; next != set.end() && next->key < line.key; ++next) lines.push_back(*next);
    const bool is_dropped = drop != dropped.end() && *drop == line.key;
    if (is_dropped) ++drop;
    if (next != set.end() && next->key == line.key) {
      lines.push_back(*next++);
    } else if (!is_dropped) {
      lines.push_back(std::move(line));
    }
  }
  lines.insert(lines.end(), next, set.end());
  if (drop != dropped.end()) {
    return absl::InvalidArgumentError(absl::StrCat("the delta drops ", DisplayName(drop->entity),
                                                   " (", FacetName(drop->facet),
                                                   "), which its base does not have"));
  }
  return lines;
}

SectionChanges Decide(absl::Span<const OpenLine> open, absl::Span<const Line> lines,
                      const v1::Coverage& coverage) {
  const CoverageIndex index(coverage);
  const RenameMap renames = Proved(open, lines);
  SectionChanges changes = {.renames = renames.Renames()};
  auto line = lines.begin();
  for (const OpenLine& row : open) {
    for (; line != lines.end() && line->key < row.key; ++line) {
      AddChange({.key = line->key}, WantedOf(*line, std::nullopt), changes.lines);
    }
    if (line != lines.end() && line->key == row.key) {
      AddChange(row, WantedOf(*line, row.version), changes.lines);
      ++line;
    } else {
      AddChange(row, WantedWithoutLine(row, lines, index, renames), changes.lines);
    }
  }
  for (; line != lines.end(); ++line) {
    AddChange({.key = line->key}, WantedOf(*line, std::nullopt), changes.lines);
  }
  return changes;
}

SectionChanges CloseAll(absl::Span<const OpenLine> open) {
  SectionChanges changes;
  for (const OpenLine& row : open) AddChange(row, {.version_ends = true}, changes.lines);
  return changes;
}

v1::Sight WhyAbsent(const v1::Coverage& coverage, const LineKey& key, bool first_is_listed) {
  return WhyNotListed(key, first_is_listed, [&](v1::Facet facet) {
    return CoveredAs(coverage, key.entity.kind, facet, key.entity.names);
  });
}

}  // namespace varve
