#include "storage/resolve.h"

#include <limits>
#include <utility>
#include <variant>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "base/clock.h"
#include "base/nearest.h"
#include "base/status.h"
#include "snapshot/reference.h"

namespace varve {
namespace {

std::string NameOf(absl::string_view environment, int64_t seq) {
  return absl::StrCat(environment, "@", seq);
}

// Finds one snapshot of an environment by each of the ways in which it can be meant.
class Finder {
 public:
  Finder(const SnapshotStore& store, const std::string& environment, absl::Time now)
      : store_(store), environment_(environment), now_(now) {}

  absl::StatusOr<int64_t> operator()(const NewestBut& wanted) const {
    if (wanted.steps == 0) {
      VARVE_ASSIGN_OR_RETURN(const SnapshotRow newest, store_.NewestSnapshot(environment_));
      return newest.seq;
    }
    const bool countable = wanted.steps < std::numeric_limits<uint32_t>::max();
    const auto limit = countable ? static_cast<uint32_t>(wanted.steps + 1) : 0;
    VARVE_ASSIGN_OR_RETURN(const std::vector<SnapshotRow> rows,
                           store_.Snapshots(environment_, limit));
    const auto steps = static_cast<size_t>(wanted.steps);
    if (steps < rows.size()) return rows[steps].seq;
    if (rows.empty()) return absl::NotFoundError(absl::StrCat(environment_, " has no snapshot"));
    return absl::NotFoundError(absl::StrCat(
        "no snapshot ", environment_, "~", wanted.steps, ": it has ", rows.size(),
        rows.size() == 1 ? " snapshot" : " snapshots", "; the oldest is ", environment_, "~",
        rows.size() - 1, " (", NameOf(environment_, rows.back().seq), ")"));
  }

  absl::StatusOr<int64_t> operator()(const Numbered& wanted) const {
    VARVE_ASSIGN_OR_RETURN(const SnapshotRow row, store_.FindSnapshot(environment_, wanted.seq));
    return row.seq;
  }

  absl::StatusOr<int64_t> operator()(const AtTime& wanted) const {
    return LastBefore(wanted.time + absl::Microseconds(1), FormatSecond(wanted.time));
  }
  absl::StatusOr<int64_t> operator()(const OnDay& wanted) const {
    return LastBefore(absl::FromCivil(wanted.day + 1, absl::UTCTimeZone()),
                      absl::FormatCivilTime(wanted.day));
  }
  absl::StatusOr<int64_t> operator()(const Yesterday&) const {
    return (*this)(OnDay{absl::ToCivilDay(now_, absl::UTCTimeZone()) - 1});
  }

  absl::StatusOr<int64_t> operator()(const Tagged& wanted) const {
    VARVE_ASSIGN_OR_RETURN(const std::vector<SnapshotRow> rows, store_.Snapshots(environment_, 0));
    std::vector<std::string> tags;
    for (const SnapshotRow& row : rows) {
      if (absl::c_linear_search(row.tags, wanted.tag)) return row.seq;
      tags.insert(tags.end(), row.tags.begin(), row.tags.end());
    }
    const std::string what =
        absl::StrCat("no snapshot ", environment_, "@", wanted.tag, ": no such tag; ");
    if (tags.empty()) {
      return absl::NotFoundError(absl::StrCat(what, environment_, " has no tags, but numbers ",
                                              rows.empty() ? 0 : rows.back().seq, " to ",
                                              rows.empty() ? 0 : rows.front().seq));
    }
    return absl::NotFoundError(absl::StrCat(what, "nearest is ", NearestName(wanted.tag, tags),
                                            " (varve log ", environment_, " lists them)"));
  }

 private:
  // The last snapshot whose time is before `end`; `words` are what the user meant.
  absl::StatusOr<int64_t> LastBefore(absl::Time end, absl::string_view words) const {
    VARVE_ASSIGN_OR_RETURN(const std::vector<SnapshotRow> rows, store_.Snapshots(environment_, 0));
    for (const SnapshotRow& row : rows) {
      if (absl::FromUnixMicros(row.time_us) < end) return row.seq;
    }
    if (rows.empty()) return absl::NotFoundError(absl::StrCat(environment_, " has no snapshot"));
    const SnapshotRow& first = rows.back();
    // Up to the second, so that the time as it is printed finds the snapshot.
    const absl::Time time =
        absl::FromUnixMicros(first.time_us) + absl::Seconds(1) - absl::Microseconds(1);
    return absl::NotFoundError(
        absl::StrCat("no snapshot of ", environment_, " at or before ", words, "; the first is ",
                     NameOf(environment_, first.seq), " of ", FormatSecond(time)));
  }

  const SnapshotStore& store_;
  const std::string& environment_;
  absl::Time now_;
};

}  // namespace

absl::StatusOr<Resolved> Resolve(const SnapshotStore& store, absl::string_view reference) {
  return ResolveAsOf(store, reference, absl::Now());
}

absl::StatusOr<Resolved> ResolveAsOf(const SnapshotStore& store, absl::string_view reference,
                                     absl::Time now) {
  VARVE_ASSIGN_OR_RETURN(const Reference parsed, ParseReference(reference));
  if (std::holds_alternative<FilesReference>(parsed)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", reference, "' names files, and only the machine that has them can read them"));
  }
  if (const auto* const asked = std::get_if<NowReference>(&parsed)) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", reference, "': asking an agent is not built yet; write ",
                     asked->environment, " for its newest stored snapshot"));
  }
  const auto& stored = std::get<StoredReference>(parsed);
  VARVE_ASSIGN_OR_RETURN(const int64_t seq,
                         std::visit(Finder(store, stored.environment, now), stored.which));
  return Resolved{stored.environment, seq};
}

}  // namespace varve
