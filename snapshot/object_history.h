// The histories of an object's facets as one, for people.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "snapshot/history.h"
#include "snapshot/object_life.h"
#include "varve/v1/history.pb.h"

namespace varve {

// Versions, changes and gaps of the object of `life`, or of its part `element`, which is called so
// in the last snapshot. Of a part only what touches it counts: its properties, its comment, its
// privileges. A model's JSON schema is left out, for it follows from the rest. Environment, section
// and name are the caller's. Errors: kDataLoss (a shape or a coverage is damaged), those of
// `sources`.
absl::StatusOr<v1::ObjectHistory> TellHistory(const ObjectLife& life,
                                              const std::vector<std::string>& element,
                                              const HistorySources& sources);

// Each part of the object as it is in the last snapshot, with the snapshot that brought it in that
// form. Only what a part is counts, not its comment or privileges. Errors: as TellHistory.
absl::StatusOr<v1::BlameResult> TellBlame(const ObjectLife& life, const HistorySources& sources);

}  // namespace varve
