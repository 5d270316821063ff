#include "snapshot/diff_key_patterns.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "base/status.h"
#include "snapshot/canonical.h"
#include "snapshot/key_pattern.h"

namespace varve {
namespace {

// By number of the database, as identities have it.
using PlacesByDatabase = std::map<std::string, GeneralPlaces>;

bool IsPattern(const LineKey& key) {
  return key.entity.kind == "key_pattern" && key.entity.names.size() == 2;
}

PlacesByDatabase PlacesOf(const Section& before, const Section& after) {
  std::map<std::string, std::vector<std::string>> general;
  for (const Section* const section : {&before, &after}) {
    for (const ReadLine& line : section->lines) {
      const LineKey& key = line.line.key;
      if (!IsPattern(key) || !absl::StrContains(key.entity.names[1], kAnyWord)) continue;
      general[key.entity.names[0]].push_back(key.entity.names[1]);
    }
  }
  PlacesByDatabase places;
  for (const auto& [database, patterns] : general) places.emplace(database, patterns);
  return places;
}

LineKey GeneralKey(const LineKey& key, const PlacesByDatabase& places) {
  LineKey general = key;
  if (!IsPattern(key)) return general;
  const auto found = places.find(key.entity.names[0]);
  if (found != places.end()) {
    general.entity.names[1] = found->second.Generalise(key.entity.names[1]);
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

absl::StatusOr<std::optional<Section>> Coarsen(const Section& section,
                                               const PlacesByDatabase& places) {
  std::map<LineKey, std::vector<const ReadLine*>> general;
  bool is_coarser = false;
  for (const ReadLine& line : section.lines) {
    const LineKey key = GeneralKey(line.line.key, places);
    is_coarser |= key != line.line.key;
    general[key].push_back(&line);
  }
  if (!is_coarser) return std::nullopt;
  Section coarser;
  coarser.header = section.header;
  coarser.coverage = section.coverage;
  coarser.shapes = section.shapes;
  for (const auto& [key, lines] : general) {
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
  const PlacesByDatabase places = PlacesOf(before, after);
  CoarserSections coarser;
  if (places.empty()) return coarser;
  VARVE_ASSIGN_OR_RETURN(coarser.before, Coarsen(before, places));
  VARVE_ASSIGN_OR_RETURN(coarser.after, Coarsen(after, places));
  return coarser;
}

}  // namespace varve
