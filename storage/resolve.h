// From a reference as people type it to the snapshot that it means.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "storage/store.h"

namespace varve {

// A snapshot of a store.
struct Resolved {
  std::string environment;
  int64_t seq = 0;
};

// The snapshot that `reference` means now. Numbers count snapshots as they were taken; `~N` and
// times count those that are kept. Errors: kInvalidArgument (not a reference, or one that no store
// can answer: `file:`, `now:`), kNotFound (no such environment, number, tag or time; the message
// names what there is); those of the store.
absl::StatusOr<Resolved> Resolve(const SnapshotStore& store, absl::string_view reference);

// The same as of `now`, which says what `yesterday` is.
absl::StatusOr<Resolved> ResolveAsOf(const SnapshotStore& store, absl::string_view reference,
                                     absl::Time now);

}  // namespace varve
