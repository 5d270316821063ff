#include "storage/diff_pair.h"

#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "base/status.h"
#include "snapshot/diff_needs.h"
#include "snapshot/diff_renames.h"
#include "storage/load.h"

namespace varve {
namespace {

bool IsAvailable(const Section& section) {
  return section.header.status() != v1::SECTION_STATUS_UNAVAILABLE &&
         section.header.status() != v1::SECTION_STATUS_NOT_CONFIGURED;
}

// Whether each line of it is compared for itself. Key patterns are compared merged; a cluster's
// databases say which sections are gone.
bool ComparesLineByLine(const Section& before, const Section& after) {
  return IsAvailable(before) && IsAvailable(after) &&
         before.header.source_kind() == after.header.source_kind() &&
         after.header.source_kind() != "redis" && !absl::EndsWith(after.header.name(), "/");
}

std::vector<LineKey> UnseenKeys(const Section& section) {
  std::vector<LineKey> keys;
  for (const ReadLine& line : section.lines) {
    if (line.Current() == nullptr) keys.push_back(line.line.key);
  }
  return keys;
}

Section* FindSection(Snapshot& snapshot, absl::string_view name) {
  const auto found = absl::c_find_if(
      snapshot.sections, [&](const Section& section) { return section.header.name() == name; });
  return found == snapshot.sections.end() ? nullptr : &*found;
}

class PairReader {
 public:
  PairReader(const SnapshotStore& store, const SnapshotAt& before, const SnapshotAt& after,
             PairLines lines)
      : store_(store), before_(before), after_(after), lines_(lines) {}

  absl::StatusOr<SnapshotPair> Read() && {
    VARVE_ASSIGN_OR_RETURN(pair_.before, LoadHeads(store_, before_.environment, before_.seq));
    VARVE_ASSIGN_OR_RETURN(pair_.after, LoadHeads(store_, after_.environment, after_.seq));
    for (Section& a : pair_.before.sections) {
      if (Section* const b = FindSection(pair_.after, a.header.name())) {
        VARVE_RETURN_IF_ERROR(ReadBoth(a, *b));
      } else {
        VARVE_RETURN_IF_ERROR(InBefore(a, ReadLines(before_, a)));
      }
    }
    for (Section& b : pair_.after.sections) {
      if (FindSection(pair_.before, b.header.name()) != nullptr) continue;
      VARVE_RETURN_IF_ERROR(InAfter(b, ReadLines(after_, b)));
    }
    return std::move(pair_);
  }

 private:
  bool one_environment() const { return before_.environment == after_.environment; }
  absl::Status InBefore(const Section& section, const absl::Status& status) const {
    return InSection(status, pair_.before, section.header);
  }
  absl::Status InAfter(const Section& section, const absl::Status& status) const {
    return InSection(status, pair_.after, section.header);
  }

  absl::Status ReadBoth(Section& a, Section& b) {
    VARVE_ASSIGN_OR_RETURN(const bool enough, ReadApart(a, b));
    if (!enough) {
      VARVE_RETURN_IF_ERROR(InBefore(a, ReadLines(before_, a)));
      VARVE_RETURN_IF_ERROR(InAfter(b, ReadLines(after_, b)));
    }
    const ShapesNeeded needed = ShapesForDiff(a, b, one_environment());
    VARVE_RETURN_IF_ERROR(InBefore(a, LoadShapes(store_, needed.before, a)));
    return InAfter(b, LoadShapes(store_, needed.after, b));
  }

  // Reads what the two do not have alike; false: that is not enough for the diff.
  absl::StatusOr<bool> ReadApart(Section& a, Section& b) {
    if (lines_ == PairLines::kAll || !ComparesLineByLine(a, b)) return false;
    absl::StatusOr<LinesApart> apart = store_.ReadLinesApart(before_, after_, b.header.name());
    VARVE_RETURN_IF_ERROR(InAfter(b, apart.status()));
    a.lines = std::move(apart->before);
    b.lines = std::move(apart->after);
    if (NeedsAlikeOnes(a, b)) return false;
    pair_.entities_alike += apart->entities_alike;
    return true;
  }

  // A name in a line that is alike may mean another object where something was renamed: between the
  // two, or since a side that could not look at all that the other saw was last known.
  bool NeedsAlikeOnes(const Section& a, const Section& b) const {
    const auto sights_differ = [&] {
      return a.header.coverage_hash() != b.header.coverage_hash() || UnseenKeys(a) != UnseenKeys(b);
    };
    return one_environment() && (sights_differ() || !RenamesBetween(a, b).names.empty());
  }

  // The lines, and what a diff reads of measures: whether a pattern has keys. Those of a database
  // are many, and none is compared.
  absl::Status ReadLines(const SnapshotAt& at, Section& section) const {
    VARVE_RETURN_IF_ERROR(LoadLines(store_, at.environment, at.seq, section));
    if (section.header.source_kind() != "redis") return absl::OkStatus();
    return LoadMeasures(store_, at.environment, at.seq, section);
  }

  const SnapshotStore& store_;
  const SnapshotAt& before_;
  const SnapshotAt& after_;
  const PairLines lines_;
  SnapshotPair pair_;
};

}  // namespace

absl::StatusOr<SnapshotPair> LoadForDiff(const SnapshotStore& store, const SnapshotAt& before,
                                         const SnapshotAt& after, PairLines lines) {
  return PairReader(store, before, after, lines).Read();
}

}  // namespace varve
