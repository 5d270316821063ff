#include "snapshot/diff_key_patterns.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "base/status.h"
#include "snapshot/canonical.h"
#include "snapshot/key_pattern.h"

namespace varve {
namespace {

using EntityKeys = std::set<EntityKey>;
// By number of the database, as identities have it.
using PlacesByDatabase = std::map<std::string, GeneralPlaces>;
using LinesByKey = std::map<LineKey, std::vector<const ReadLine*>>;

bool IsPattern(const EntityKey& key) { return key.kind == "key_pattern" && key.names.size() == 2; }

// Those where one of the sections has `word`.
PlacesByDatabase PlacesOf(absl::string_view word, absl::Span<const Section* const> sections) {
  std::map<std::string, std::vector<std::string>> general;
  for (const Section* const section : sections) {
    for (const ReadLine& line : section->lines) {
      const EntityKey& key = line.line.key.entity;
      if (!IsPattern(key) || !HasPlaceOf(word, key.names[1])) continue;
      general[key.names[0]].push_back(key.names[1]);
    }
  }
  PlacesByDatabase places;
  for (const auto& [database, patterns] : general) {
    places.emplace(database, GeneralPlaces(patterns, word));
  }
  return places;
}

PlacesByDatabase Without(const PlacesByDatabase& places, const PlacesByDatabase& other) {
  PlacesByDatabase left;
  for (const auto& [database, of_it] : places) {
    const auto found = other.find(database);
    GeneralPlaces rest = found == other.end() ? of_it : of_it.Without(found->second);
    if (!rest.empty()) left.emplace(database, std::move(rest));
  }
  return left;
}

EntityKey Generalised(EntityKey key, const PlacesByDatabase& places) {
  if (!IsPattern(key)) return key;
  const auto found = places.find(key.names[0]);
  if (found != places.end()) key.names[1] = found->second.Generalise(key.names[1]);
  return key;
}

// Patterns and databases that are known and have no key now.
EntityKeys EmptyOf(const Section& section) {
  EntityKeys empty;
  if (!section.measures->has_redis()) return empty;
  for (const v1::EntityMeasures& entity : section.measures->entities()) {
    const std::string& kind = entity.identity().kind();
    if (kind != "key_pattern" && kind != "redis_database") continue;
    for (const v1::Measure& measure : entity.measures()) {
      const bool is_empty =
          measure.name() == "keys" && measure.element().empty() && measure.number() == 0;
      if (is_empty) empty.insert(KeyOf(entity.identity()));
    }
  }
  return empty;
}

// One of two sections, and how it is to be compared.
struct Side {
  const Section& section;
  const PlacesByDatabase& any;  // of both
  PlacesByDatabase rare;        // of the other section alone
  EntityKeys others;            // patterns that the other one has, where it has such places
  EntityKeys empty;

  EntityKey KeyOf(const EntityKey& key) const {
    EntityKey general = Generalised(key, any);
    return others.count(general) > 0 ? general : Generalised(std::move(general), rare);
  }
};

Side SideOf(const Section& section, const Section& other, const PlacesByDatabase& any) {
  Side side = {section,
               any,
               Without(PlacesOf(kRareWord, {&other}), PlacesOf(kRareWord, {&section})),
               {},
               EmptyOf(section)};
  if (side.rare.empty()) return side;
  for (const ReadLine& line : other.lines) {
    const EntityKey& key = line.line.key.entity;
    if (IsPattern(key)) side.others.insert(Generalised(key, any));
  }
  return side;
}

// What several lines say together.
absl::StatusOr<ReadLine> MergedLine(const std::vector<const ReadLine*>& lines,
                                    const Section& section, ShapeMap& shapes) {
  v1::Shape merged;
  Seen seen;
  for (const ReadLine* const line : lines) {
    if (line->Current() == nullptr) return *line;
    VARVE_ASSIGN_OR_RETURN(v1::Shape shape, DecodeShape(section, line->Current()->shape));
    if (line == lines.front()) {
      merged = std::move(shape);
    } else {
      MergeStructure(shape.key_pattern(), *merged.mutable_key_pattern());
    }
    if (line->Current()->way == v1::WAY_STATIC) seen.way = v1::WAY_STATIC;
  }
  std::string bytes = CanonicalBytes(merged);
  seen.shape = HashOf<ShapeHash>(bytes);
  shapes[seen.shape] = std::move(bytes);
  ReadLine line;
  line.line.seen = std::move(seen);
  return line;
}

// The lines of a side by the key that they are compared under.
struct Grouped {
  LinesByKey lines;
  std::set<LineKey> empty;  // those of which no line has keys
  bool is_coarser = false;
};

// What has no key tells nothing beside what has some.
Grouped GroupedLines(const Side& side) {
  Grouped grouped;
  LinesByKey empty;
  for (const ReadLine& line : side.section.lines) {
    const LineKey& key = line.line.key;
    const LineKey general = {side.KeyOf(key.entity), key.facet};
    grouped.is_coarser |= general != key;
    (side.empty.count(key.entity) > 0 ? empty : grouped.lines)[general].push_back(&line);
  }
  for (auto& [key, lines] : empty) {
    if (!grouped.lines.emplace(key, std::move(lines)).second) continue;
    grouped.empty.insert(key);
  }
  return grouped;
}

// The section as it is compared: without what has no key here or there.
absl::StatusOr<std::optional<Section>> Compared(const Section& section, const Grouped& grouped,
                                                const Grouped& other) {
  if (!grouped.is_coarser && grouped.empty.empty() && other.empty.empty()) return std::nullopt;
  Section coarser;
  coarser.header = section.header;
  coarser.coverage = section.coverage;
  coarser.shapes = section.shapes;
  for (const auto& [key, lines] : grouped.lines) {
    if (grouped.empty.count(key) > 0 || other.empty.count(key) > 0) continue;
    ReadLine line = *lines.front();
    if (lines.size() > 1) {
      VARVE_ASSIGN_OR_RETURN(line, MergedLine(lines, section, coarser.shapes.Edit()));
    }
    line.line.key = key;
    coarser.lines.Edit().push_back(std::move(line));
  }
  return coarser;
}

}  // namespace

absl::StatusOr<CoarserSections> CoarsenKeyPatterns(const Section& before, const Section& after) {
  const PlacesByDatabase any = PlacesOf(kAnyWord, {&before, &after});
  const Side a = SideOf(before, after, any);
  const Side b = SideOf(after, before, any);
  CoarserSections coarser;
  if (any.empty() && a.rare.empty() && b.rare.empty() && a.empty.empty() && b.empty.empty()) {
    return coarser;
  }
  const Grouped lines_before = GroupedLines(a);
  const Grouped lines_after = GroupedLines(b);
  VARVE_ASSIGN_OR_RETURN(coarser.before, Compared(before, lines_before, lines_after));
  VARVE_ASSIGN_OR_RETURN(coarser.after, Compared(after, lines_after, lines_before));
  return coarser;
}

}  // namespace varve
