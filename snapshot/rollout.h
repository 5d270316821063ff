// Since when an environment has an object, or a form of it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "snapshot/object_life.h"
#include "varve/v1/shape.pb.h"

namespace varve {

// What is asked for.
struct RolloutObject {
  EntityKey entity;
  std::vector<std::string> element;  // a part of it, by its path; empty: the entity itself
  std::string form;                  // words that its text has in one facet; empty: any form
};

// Whether a shape of a facet has the object in the form that is asked for: its text there, as
// `varve show` prints it, has the words of the form side by side.
bool HasForm(v1::Facet facet, const v1::Shape& shape, const RolloutObject& object);

// What an environment says of the object at its newest snapshot.
enum class RolloutState {
  kHas,        // it is there
  kHadIt,      // it was there, and is not now
  kLacks,      // it was looked for and never there
  kCannotSay,  // it was never seen, and could not be looked at now
};

struct EnvironmentRollout {
  RolloutState state = RolloutState::kCannotSay;
  int64_t first_seq = 0;                  // of those that have it or had it
  bool first_is_certain = true;           // an earlier snapshot looked, and it was not there
  int64_t until_seq = 0;                  // kHadIt: the last snapshot that had it
  v1::Sight why = v1::SIGHT_UNSPECIFIED;  // kCannotSay
  int64_t since_seq = 0;  // kCannotSay: the first snapshot that says so without a gap
};

// Tells whether a version of a facet has it.
using HasIt = std::function<absl::StatusOr<bool>(v1::Facet facet, const Seen& seen)>;

// From the object's life up to the newest snapshot. `covered`: how the coverage of its section says
// that it looked for the object there; unspecified: it does not say. Errors: those of `has_it`.
absl::StatusOr<EnvironmentRollout> RolloutOf(const ObjectLife& life, const EntityKey& entity,
                                             v1::Sight covered, const HasIt& has_it);

}  // namespace varve
