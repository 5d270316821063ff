// What differs between two shapes of one facet, field by field and element by element, whatever
// their messages are.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "snapshot/diff_renames.h"
#include "snapshot/line.h"
#include "varve/v1/diff.pb.h"

namespace varve {

// What a change reads that this build cannot look into.
inline constexpr absl::string_view kMadeByNewer = "made by a newer version";

// The path of a change that only a digest shows: what is masked in the shape.
inline constexpr absl::string_view kMaskedPart = "masked part";

// A shape, and what is to be known of it. Borrowed.
struct ShapeSide {
  const google::protobuf::Message& shape;
  const EntityKey& entity;  // as this side calls it
  uint32_t revision;        // of the capture that made it
  v1::Way way;
};

// A property that cannot be compared, and why: "revision" or "way".
struct NotComparable {
  std::vector<std::string> path;
  std::string why;
};

struct ShapeDifference {
  std::vector<v1::PropertyChange> changed;
  std::vector<NotComparable> not_comparable;
  bool follows = false;  // something is written otherwise only because what it names was renamed
};

// Compares two shapes. Named elements are matched by their names (option `element`), renamed ones
// under their new name; lists are compared whole, those without meaningful order as sets. Fields
// newer than the lower revision or mended between the two, what a side says that it could not tell,
// and between a run and a static read what only a run can know, are not comparable where they
// differ. Fields that this build does not know differ as a whole. Values are told as each side
// wrote them.
ShapeDifference CompareShapes(const ShapeSide& before, const ShapeSide& after,
                              const Renames& renames);

}  // namespace varve
