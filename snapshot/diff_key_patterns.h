// Patterns of Redis keys, at a generalisation that sections can be compared at, and without those
// that are empty.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "snapshot/section.h"

namespace varve {

// Patterns and databases of a section of Redis that are known and have no key now.
std::set<EntityKey> EntitiesWithoutKeys(const Section& section);

// Of each of `sections` it with its patterns merged; nothing where it is compared as it is.
//
// Where one section has "<any>" for the plain words of a place, the patterns that another has there
// are one: of the types and values of all of them, and of mixed TTL where they differ. One that was
// not seen leaves that unseen. Where a section has "<rare>" in a place, a word that it lacks there
// and a section without "<rare>" has is of it, in all; where all have "<rare>", a word that comes
// or goes is one that keys have. A pattern or a database that is known and has no key in one
// section is left out of all: what it was then, or is not, is no difference. Without measures.
// Errors: kDataLoss (a shape is missing, damaged or does not parse).
absl::StatusOr<std::vector<std::optional<Section>>> CoarsenKeyPatterns(
    absl::Span<const Section* const> sections);

}  // namespace varve
