#include "snapshot/diff_key_patterns.h"

#include <algorithm>
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

// Sections that have "<rare>" in the same places, and the patterns that they have.
struct RareAlike {
  PlacesByDatabase places;
  std::map<EntityKey, size_t> patterns;  // and how many of the sections have each
  size_t sections = 0;
};

std::vector<RareAlike> GroupByRare(absl::Span<const Section* const> sections,
                                   const PlacesByDatabase& any) {
  std::map<EntityKeys, RareAlike> groups;  // by the patterns with such a place
  for (const Section* const section : sections) {
    EntityKeys with_rare;
    EntityKeys patterns;
    for (const ReadLine& line : section->lines) {
      const EntityKey& key = line.line.key.entity;
      if (!IsPattern(key)) continue;
      if (HasPlaceOf(kRareWord, key.names[1])) with_rare.insert(key);
      patterns.insert(Generalised(key, any));
    }
    RareAlike& group = groups[with_rare];
    if (group.sections++ == 0) group.places = PlacesOf(kRareWord, {section});
    for (const EntityKey& key : patterns) ++group.patterns[key];
  }
  std::vector<RareAlike> all;
  for (auto& [unused, group] : groups) all.push_back(std::move(group));
  return all;
}

// How the sections are to be compared.
struct Generalisation {
  PlacesByDatabase any;                 // of all
  std::map<EntityKey, EntityKey> rare;  // patterns that are of another one's "<rare>"

  EntityKey KeyOf(const EntityKey& key) const {
    EntityKey general = Generalised(key, any);
    const auto found = rare.find(general);
    return found == rare.end() ? general : found->second;
  }
};

Generalisation GeneralisationOf(absl::Span<const Section* const> sections) {
  Generalisation general;
  general.any = PlacesOf(kAnyWord, sections);
  if (PlacesOf(kRareWord, sections).empty()) return general;
  const std::vector<RareAlike> groups = GroupByRare(sections, general.any);
  for (const RareAlike& has : groups) {
    for (const RareAlike& lacks : groups) {
      const PlacesByDatabase rare = Without(lacks.places, has.places);
      if (rare.empty()) continue;
      for (const auto& [key, unused] : has.patterns) {
        const auto there = lacks.patterns.find(key);
        if (there != lacks.patterns.end() && there->second == lacks.sections) continue;
        const auto before = general.rare.find(key);
        EntityKey coarser = Generalised(before == general.rare.end() ? key : before->second, rare);
        if (coarser != key) general.rare[key] = std::move(coarser);
      }
    }
  }
  return general;
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
Grouped GroupedLines(const Section& section, const Generalisation& generalisation) {
  Grouped grouped;
  const EntityKeys without_keys = EntitiesWithoutKeys(section);
  LinesByKey empty;
  for (const ReadLine& line : section.lines) {
    const LineKey& key = line.line.key;
    const LineKey general = {generalisation.KeyOf(key.entity), key.facet};
    grouped.is_coarser |= general != key;
    (without_keys.count(key.entity) > 0 ? empty : grouped.lines)[general].push_back(&line);
  }
  for (auto& [key, lines] : empty) {
    if (!grouped.lines.emplace(key, std::move(lines)).second) continue;
    grouped.empty.insert(key);
  }
  return grouped;
}

// The section as it is compared: without what has no key here or in another.
absl::StatusOr<std::optional<Section>> Compared(const Section& section, const Grouped& grouped,
                                                const std::set<LineKey>& empty) {
  if (!grouped.is_coarser && empty.empty()) return std::nullopt;
  Section coarser;
  coarser.header = section.header;
  coarser.coverage = section.coverage;
  coarser.shapes = section.shapes;
  for (const auto& [key, lines] : grouped.lines) {
    if (empty.count(key) > 0) continue;
    ReadLine line = *lines.front();
    if (lines.size() > 1) {
      VARVE_ASSIGN_OR_RETURN(line, MergedLine(lines, section, coarser.shapes.Edit()));
    }
    line.line.key = key;
    coarser.lines.Edit().push_back(std::move(line));
  }
  return coarser;
}

bool HasPatterns(const Section& section) {
  return std::any_of(section.lines.begin(), section.lines.end(),
                     [](const ReadLine& line) { return IsPattern(line.line.key.entity); });
}

}  // namespace

std::set<EntityKey> EntitiesWithoutKeys(const Section& section) {
  std::set<EntityKey> empty;
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

absl::StatusOr<std::vector<std::optional<Section>>> CoarsenKeyPatterns(
    absl::Span<const Section* const> sections) {
  std::vector<std::optional<Section>> coarser(sections.size());
  const bool concerned = std::any_of(sections.begin(), sections.end(), [](const Section* section) {
    return section->measures->has_redis() || HasPatterns(*section);
  });
  if (!concerned) return coarser;
  const Generalisation generalisation = GeneralisationOf(sections);
  std::vector<Grouped> grouped;
  std::set<LineKey> empty;
  for (const Section* const section : sections) {
    grouped.push_back(GroupedLines(*section, generalisation));
    empty.insert(grouped.back().empty.begin(), grouped.back().empty.end());
  }
  for (size_t i = 0; i < sections.size(); ++i) {
    VARVE_ASSIGN_OR_RETURN(coarser[i], Compared(*sections[i], grouped[i], empty));
  }
  return coarser;
}

}  // namespace varve
