// Patterns of Redis keys, at a generalisation that two sections can be compared at, and without
// those that are empty.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "snapshot/section.h"

namespace varve {

// A section with its patterns merged; nothing where it is compared as it is.
struct CoarserSections {
  std::optional<Section> before;
  std::optional<Section> after;
};

// Where one side has "<any>" for the plain words of a place, the patterns that the other side has
// there are one: of the types and values of all of them, and of mixed TTL where they differ. One
// that was not seen leaves that unseen. Where only one side has "<rare>" in a place, the words that
// the other side alone has there are of it; where both have, a word that comes or goes is one that
// keys have. A pattern or a database that is known and has no key on one side is left out of both:
// what it was then, or is not, is no difference. Without measures. Errors: kDataLoss (a shape is
// missing, damaged or does not parse).
absl::StatusOr<CoarserSections> CoarsenKeyPatterns(const Section& before, const Section& after);

}  // namespace varve
