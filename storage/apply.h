// Which rows a publish closes and opens: docs/data-model.md as pure functions. A store reads its
// open rows, asks here, and writes the answer; it decides nothing itself.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "snapshot/line.h"
#include "snapshot/rename_map.h"
#include "varve/v1/snapshot.pb.h"

namespace varve {

// What an unseen row holds beside its numbers.
struct UnseenState {
  v1::Sight reason = v1::SIGHT_UNSPECIFIED;
  bool sent = true;  // false: the collector wrote it for a line that the agent did not list
  std::optional<Seen> weaker = {};  // what a static read saw where a run has spoken

  friend auto operator<=>(const UnseenState&, const UnseenState&) = default;
};

// The rows of one line that have no end yet: a version, an unseen row, or both.
struct OpenLine {
  LineKey key;
  std::optional<Seen> version = {};
  std::optional<UnseenState> unseen = {};
};

// What to do with the rows of one line. Rows close at the number before the snapshot's, open at the
// snapshot's.
struct LineChange {
  LineKey key;
  bool close_version = false;
  std::optional<Seen> open_version = {};
  bool close_unseen = false;
  std::optional<UnseenState> open_unseen = {};
};

// All that one section's publish changes. Empty: the snapshot costs no rows.
struct SectionChanges {
  std::vector<LineChange> lines = {};  // by key; only lines with something to do
  std::vector<Renamed> renames = {};   // proved by locators
};

// The manifest as the agent sent it last: what a delta changes. `open` by key.
std::vector<Line> SentLines(absl::Span<const OpenLine> open);

// `base` without `dropped` and with `set`. All by key; the result too.
// Errors: kInvalidArgument (it drops a line that the base does not have).
absl::StatusOr<std::vector<Line>> ApplyDelta(std::vector<Line> base, absl::Span<const Line> set,
                                             absl::Span<const LineKey> dropped);

// Makes a section whose open rows are `open` read as `lines` from the next number on. Both by key.
//  - A line that is not listed is removed where `coverage` says that its kind, facet and scope were
//  looked at whole,
//    where its entity's first facet is removed so, or where the entity is proved to be here under
//    another name; else it is unseen from now on.
//  - A static read where a run has spoken stays beside the version, as unseen.
SectionChanges Decide(absl::Span<const OpenLine> open, absl::Span<const Line> lines,
                      const v1::Coverage& coverage);

// Closes all open rows: the section was taken out of the configuration.
SectionChanges CloseAll(absl::Span<const OpenLine> open);

// Why a line that is not listed is not: captured (it is not there), another reason, or unspecified
// (coverage does not name its kind and facet). `first_is_listed`: the line of the entity's first
// facet is there.
v1::Sight WhyAbsent(const v1::Coverage& coverage, const LineKey& key, bool first_is_listed);

}  // namespace varve
