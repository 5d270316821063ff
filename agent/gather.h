// Gathering: all sources of an environment, side by side, as one snapshot.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "agent/source/source.h"
#include "base/clock.h"
#include "snapshot/section.h"

namespace varve {

// The header of a snapshot is one message of at most 1 MiB, and errors are the part of it that has
// no bound by itself: so many a section, so many bytes all sections together, so many bytes a text.
constexpr int kMostErrors = 200;
constexpr size_t kMostErrorBytes = 512 << 10;
constexpr size_t kMostErrorTextBytes = 2000;

// What a snapshot says of itself beside its sections.
struct GatherOptions {
  std::string environment;
  std::vector<v1::Label> labels;  // any order
  v1::Occasion occasion = v1::OCCASION_UNSPECIFIED;
  // What a source has not read by then is missing, and said to be.
  absl::Time deadline = absl::InfiniteFuture();
  Clock clock = absl::Now;
};

// Reads each of `sources` on a thread of its own and returns when all are done or given up: a
// snapshot with a new id, and the sections in the order of `sources`. The sections of a source that
// throws are unavailable; so are those of one that overruns the deadline, if it is Isolated
// (agent/source/isolated.h; MakeSources makes them so).
// What goes beyond the bounds above is cut, and one error more says how many there were.
Snapshot GatherSnapshot(absl::Span<const std::unique_ptr<Source>> sources,
                        const GatherOptions& options);

// Whether something that was asked for is missing: a source that did not answer, or a part of one.
bool SomethingFailed(const v1::SnapshotHeader& header);

// A new random UUID (version 4) in its text form: "3f0c1c9e-…", lower case.
std::string NewSnapshotId();

// The name of this host, as snapshots carry it; "unknown" where the system has none.
std::string HostName();

}  // namespace varve
