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
// Gather never fails: what could not be read becomes errors and coverage of the sections it returns
// (what failed, on what, why, what to grant or set), and everything else is delivered. What leaves
// it is redacted.
class Source {
 public:
  virtual ~Source() = default;

  // The configured name, by default the kind's: that of its section, or what its sections' names
  // begin with ("orders", "orders/shop", "orders/").
  virtual absl::string_view name() const = 0;
  // "postgres", "redis" or "models".
  virtual absl::string_view kind() const = 0;
  // Names of the sections that a read gives, as far as that is known now: those that are
  // unavailable when it does not come back. Never empty. May be called while it is read.
  virtual std::vector<std::string> SectionNames() const { return {std::string(name())}; }
  // Reads it: at least one section, no name twice. A source that did not answer gives each of its
  // sections as unavailable: a section that is absent was taken out of the configuration, or
  // dropped. Blocks until done or past the deadline by little.
  virtual std::vector<Section> Gather(const GatherLimits& limits) = 0;
};

// The sections of a source that has one.
std::vector<Section> OneSection(Section section);

// Each section of `source` as unavailable, for one reason.
std::vector<Section> UnavailableSections(const Source& source, absl::string_view address,
                                         absl::string_view doing, absl::string_view why,
                                         absl::string_view remedy);

}  // namespace varve
