#include "snapshot/rollout.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "google/protobuf/descriptor.h"
#include "snapshot/diff_text.h"
#include "snapshot/kinds.h"
#include "snapshot/shape_elements.h"

namespace varve {
namespace {

constexpr int64_t kForEver = std::numeric_limits<int64_t>::max();

struct Interval {
  int64_t from = 0;
  int64_t to = kForEver;
};

bool HasWords(absl::string_view text, absl::string_view words) {
  return absl::StrContains(absl::StrCat(" ", text, " "), absl::StrCat(" ", words, " "));
}

bool IsReadable(const SectionRun& run) {
  return run.header.has_value() && run.header->status() != v1::SECTION_STATUS_UNAVAILABLE &&
         run.header->status() != v1::SECTION_STATUS_NOT_CONFIGURED;
}

bool IsConfigured(const SectionRun& run) {
  return run.header.has_value() && run.header->status() != v1::SECTION_STATUS_NOT_CONFIGURED;
}

// The rows of each name count while the object had that name.
absl::StatusOr<std::vector<Interval>> IntervalsOf(const ObjectLife& life, const HasIt& has_it) {
  std::vector<Interval> intervals;
  int64_t end = kForEver;
  for (const NameLife& name : life.names) {
    const Interval window = {name.from_seq, end};
    end = name.from_seq - 1;
    const auto add = [&](v1::Facet facet, int64_t from, std::optional<int64_t> to,
                         const Seen& seen) -> absl::Status {
      const Interval clipped = {std::max(from, window.from),
                                std::min(to.value_or(kForEver), window.to)};
      if (clipped.from > clipped.to) return absl::OkStatus();
      VARVE_ASSIGN_OR_RETURN(const bool has, has_it(facet, seen));
      if (has) intervals.push_back(clipped);
      return absl::OkStatus();
    };
    if (!name.key.has_value()) continue;
    for (const auto& [facet, rows] : name.facets) {
      for (const LifeVersion& row : rows.versions) {
        VARVE_RETURN_IF_ERROR(add(facet, row.from_seq, row.to_seq, row.seen));
      }
      for (const LifeUnseen& row : rows.unseen) {
        if (!row.weaker.has_value()) continue;
        VARVE_RETURN_IF_ERROR(add(facet, row.from_seq, row.to_seq, *row.weaker));
      }
    }
  }
  return intervals;
}

// The first of the neighbouring runs up to the newest that fit.
template <typename Fits>
int64_t SinceWhen(const ObjectLife& life, const Fits& fits) {
  int64_t since = 0;
  for (auto run = life.runs.rbegin(); run != life.runs.rend() && fits(*run); ++run) {
    since = run->from_seq;
  }
  return since;
}

// Why nothing can be said of what was never seen; nothing where it can: it is not there.
std::optional<EnvironmentRollout> Blindness(const ObjectLife& life, const EntityKey& entity,
                                            v1::Sight covered) {
  EnvironmentRollout blind;
  blind.why = v1::SIGHT_NOT_CAPTURED;
  if (life.runs.empty() || !IsConfigured(life.runs.back())) {
    blind.since_seq = SinceWhen(life, [](const SectionRun& run) { return !IsConfigured(run); });
    return blind;
  }
  if (!IsReadable(life.runs.back())) {
    blind.why = v1::SIGHT_UNAVAILABLE;
    blind.since_seq = SinceWhen(life, [](const SectionRun& run) { return !IsReadable(run); });
    return blind;
  }
  const auto first = life.names.front().facets.find(FirstFacet(entity.kind));
  if (first != life.names.front().facets.end()) {
    for (const LifeUnseen& row : first->second.unseen) {
      if (row.to_seq.has_value() && *row.to_seq < life.numbers.back()) continue;
      blind.why = row.reason;
      blind.since_seq = row.from_seq;
      return blind;
    }
  }
  if (covered == v1::SIGHT_CAPTURED) return std::nullopt;
  if (covered != v1::SIGHT_UNSPECIFIED) blind.why = covered;
  return blind;
}

}  // namespace

bool HasForm(v1::Facet facet, const v1::Shape& shape, const RolloutObject& object) {
  if (object.element.empty() && object.form.empty()) {
    return facet == FirstFacet(object.entity.kind);
  }
  if (object.element.empty()) return HasWords(MessageText(shape), object.form);
  bool has = false;
  VisitElements(shape, [&](const ElementPath& at, const google::protobuf::Message& message) {
    if (at.path != object.element) return;
    has |= object.form.empty() || HasWords(MessageText(message), object.form);
  });
  return has;
}

absl::StatusOr<EnvironmentRollout> RolloutOf(const ObjectLife& life, const EntityKey& entity,
                                             v1::Sight covered, const HasIt& has_it) {
  VARVE_ASSIGN_OR_RETURN(const std::vector<Interval> intervals, IntervalsOf(life, has_it));
  EnvironmentRollout rollout;
  if (intervals.empty()) {
    if (std::optional<EnvironmentRollout> blind = Blindness(life, entity, covered)) {
      return *std::move(blind);
    }
    rollout.state = RolloutState::kLacks;
    return rollout;
  }
  rollout.first_seq = kForEver;
  int64_t until = 0;
  for (const Interval& interval : intervals) {
    rollout.first_seq = std::min(rollout.first_seq, interval.from);
    until = std::max(until, interval.to);
  }
  rollout.first_is_certain = std::any_of(
      life.runs.begin(), life.runs.end(),
      [&](const SectionRun& run) { return IsReadable(run) && run.from_seq < rollout.first_seq; });
  // Where the section is not configured any more, what it had last holds.
  int64_t last = life.numbers.empty() ? 0 : life.numbers.back();
  for (auto run = life.runs.rbegin(); run != life.runs.rend() && !IsConfigured(*run); ++run) {
    last = run->from_seq - 1;
  }
  const auto last_there = std::upper_bound(life.numbers.begin(), life.numbers.end(), last);
  if (last_there != life.numbers.begin()) last = *(last_there - 1);
  rollout.state = until >= last ? RolloutState::kHas : RolloutState::kHadIt;
  if (rollout.state == RolloutState::kHadIt) rollout.until_seq = until;
  return rollout;
}

}  // namespace varve
