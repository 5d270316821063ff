#include "collector/drift_since.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/algorithm/container.h"
#include "base/status.h"
#include "collector/history_sources.h"
#include "snapshot/line.h"
#include "snapshot/object_history.h"

namespace varve {
namespace {

constexpr int kMostTold = 100;

using Path = google::protobuf::RepeatedPtrField<std::string>;

// Whether one of two paths leads to the other.
bool AreOfOneThing(const Path& a, const Path& b) {
  return std::equal(a.begin(), a.begin() + std::min(a.size(), b.size()), b.begin());
}

// The changes of one class, which stand together.
struct ClassChanges {
  int begin = 0;
  int end = 0;
};

ClassChanges ChangesFrom(const v1::DriftResult& result, int begin) {
  const v1::DriftChange& first = result.changes(begin);
  int end = begin;
  while (end < result.changes_size() && result.changes(end).unit() == first.unit() &&
         result.changes(end).class_at() == first.class_at()) {
    ++end;
  }
  return {begin, end};
}

// The path of the one part in which a class differs: empty where a whole entity is missing. Nothing
// where it is more than one thing, or something that the first class does not have.
std::optional<Path> TheOnePath(const v1::DriftResult& result, const ClassChanges& changes) {
  const v1::Difference& first = result.changes(changes.begin).difference();
  std::optional<Path> path;
  for (int i = changes.begin; i < changes.end; ++i) {
    const v1::Difference& difference = result.changes(i).difference();
    if (difference.section() != first.section() || difference.op() != first.op() ||
        KeyOf(difference.identity()) != KeyOf(first.identity())) {
      return std::nullopt;
    }
    for (const v1::PropertyChange& change : difference.changes()) {
      if (!change.has_before() || (path.has_value() && !AreOfOneThing(*path, change.path()))) {
        return std::nullopt;
      }
      if (!path.has_value() || change.path_size() < path->size()) path = change.path();
    }
  }
  if (first.op() == v1::Difference::OP_REMOVED) return Path();
  return first.op() == v1::Difference::OP_CHANGED ? path : std::nullopt;
}

bool Brought(const v1::Difference& change, const Path& path) {
  if (change.op() == v1::Difference::OP_ADDED) return true;
  return !path.empty() && absl::c_any_of(change.changes(), [&](const v1::PropertyChange& property) {
    return AreOfOneThing(path, property.path());
  });
}

// When the newest change of the object that touched `path` was seen; 0: it was always so.
int64_t TimeOf(const v1::ObjectHistory& history, const Path& path) {
  int64_t time_us = 0;
  for (const v1::ObjectVersion& version : history.versions()) {
    const bool brought = absl::c_any_of(
        version.changes(), [&](const v1::Difference& change) { return Brought(change, path); });
    if (brought) time_us = version.from_time_us();
  }
  return time_us;
}

}  // namespace

absl::Status AddSince(const SnapshotStore& store, v1::DriftResult& result) {
  int told = 0;
  for (int at = 0; at < result.changes_size() && told < kMostTold;) {
    const ClassChanges changes = ChangesFrom(result, at);
    at = changes.end;
    v1::DriftChange& change = *result.mutable_changes(changes.begin);
    const std::optional<Path> path = TheOnePath(result, changes);
    if (!path.has_value()) continue;
    ++told;
    const v1::DriftUnit& unit = result.units(static_cast<int>(change.unit()));
    const uint32_t first = result.has_baseline() ? result.baseline() : unit.classes(0).members(0);
    const v1::DriftMember& member = result.members(static_cast<int>(first));
    const v1::Difference& difference = change.difference();
    VARVE_ASSIGN_OR_RETURN(const ObjectLife life,
                           store.ReadLife(member.environment(), difference.section(),
                                          KeyOf(difference.identity()), member.seq()));
    VARVE_ASSIGN_OR_RETURN(
        const v1::ObjectHistory history,
        TellHistory(life, {}, SourcesIn(store, member.environment(), difference.section())));
    change.set_since_us(TimeOf(history, *path));
  }
  return absl::OkStatus();
}

}  // namespace varve
