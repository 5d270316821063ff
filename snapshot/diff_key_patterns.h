// Patterns of Redis keys, at a generalisation that two sections can be compared at.
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
// that was not seen leaves that unseen. Without measures. Errors: kDataLoss (a shape is missing,
// damaged or does not parse).
absl::StatusOr<CoarserSections> CoarsenKeyPatterns(const Section& before, const Section& after);

}  // namespace varve
