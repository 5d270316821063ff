// A source: one thing observed in an environment.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "snapshot/section.h"

namespace varve {

// What holds for every read of a source.
struct GatherLimits {
  absl::Time deadline =
      absl::InfiniteFuture();  // what is not read by then is missing, and said to be
};

// Reads one configured source. Sources run side by side, each on a thread of its own; one read at a
// time of each.
//
// Gather never fails: what could not be read becomes errors and coverage of the section it returns
// (what failed, on what, why, what to grant or set), and everything else is delivered. What leaves
// it is redacted.
class Source {
 public:
  virtual ~Source() = default;

  // Name of its section: the configured name, by default the kind's.
  virtual absl::string_view name() const = 0;
  // "postgres", "redis" or "models".
  virtual absl::string_view kind() const = 0;
  // Reads it. Blocks until done or past the deadline by little.
  virtual Section Gather(const GatherLimits& limits) = 0;
};

}  // namespace varve
