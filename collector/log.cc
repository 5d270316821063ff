// LogOf: the snapshots that changed something, from the histories of the objects that changed.
#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/status.h"
#include "collector/history.h"
#include "collector/history_sources.h"
#include "snapshot/changes/change_rules.h"
#include "snapshot/history.h"
#include "snapshot/kinds.h"

namespace varve {
namespace {

constexpr int kMostChanges = 20;
constexpr int64_t kNewest = std::numeric_limits<int64_t>::max();

// By section, object and facet, as a diff is sorted; each told once.
using ChangeKey = std::tuple<std::string, EntityKey, int, std::string>;
using Changes = std::map<ChangeKey, v1::Difference>;

// What each change of one version, or of one snapshot, may do.
void ClassifyEach(google::protobuf::RepeatedPtrField<v1::Difference>& changes) {
  v1::DiffResult together;
  together.mutable_differences()->Swap(&changes);
  Classify(together);
  together.mutable_differences()->Swap(&changes);
}

class Log {
 public:
  Log(const ShapeDecoder& decode, const SnapshotStore& store, const v1::LogRequest& request)
      : decode_(decode), store_(store), request_(request) {}

  absl::StatusOr<v1::LogResult> Make() {
    // Of no object: the numbers and times of all snapshots.
    VARVE_ASSIGN_OR_RETURN(const ObjectLife all,
                           store_.ReadLife(request_.environment(), "", {"", {""}}, kNewest));
    v1::LogResult result;
    result.set_environment(request_.environment());
    FindRange(all);
    result.set_snapshot_count(last_ - first_);
    result.set_kept_count(all.numbers.size());
    if (!all.times_us.empty()) {
      result.set_kept_from_us(all.times_us.front());
      result.set_kept_to_us(all.times_us.back());
    }
    if (first_ == last_) return result;
    result.set_first_time_us(all.times_us[first_]);
    from_ = all.numbers[first_];
    to_ = all.numbers[last_ - 1];
    VARVE_ASSIGN_OR_RETURN(const std::vector<TouchedObject> touched,
                           store_.TouchedObjects(request_.environment(), from_, to_));
    for (const TouchedObject& object : touched) VARVE_RETURN_IF_ERROR(TakeObject(object));
    result.set_changed_count(by_number_.size());
    for (auto each = by_number_.rbegin(); each != by_number_.rend(); ++each) {
      if (request_.limit() != 0 && result.entries_size() == static_cast<int>(request_.limit()))
        break;
      VARVE_RETURN_IF_ERROR(AddEntry(all, each->first, each->second, result));
    }
    return result;
  }

 private:
  // Places of the snapshots of the time that is asked for; times never go back.
  void FindRange(const ObjectLife& all) {
    const auto& times = all.times_us;
    first_ = static_cast<size_t>(std::lower_bound(times.begin(), times.end(), request_.since_us()) -
                                 times.begin());
    last_ = request_.until_us() == 0
                ? times.size()
                : static_cast<size_t>(
                      std::upper_bound(times.begin(), times.end(), request_.until_us()) -
                      times.begin());
    last_ = std::max(first_, last_);
  }

  // The lives of all objects that ever had the name, and of those that it became: one that went
  // away in the snapshot that renamed it has no row under its new name.
  absl::Status TakeObject(const TouchedObject& object) {
    if (!taken_.insert(object).second) return absl::OkStatus();
    HistorySources sources = SourcesIn(store_, request_.environment(), object.section);
    sources.decode = decode_;
    int64_t until = to_;
    while (until >= from_) {
      VARVE_ASSIGN_OR_RETURN(
          const ObjectLife life,
          store_.ReadLife(request_.environment(), object.section, object.entity, until));
      VARVE_RETURN_IF_ERROR(TakeLife(object.section, life, sources));
      if (until == to_) VARVE_RETURN_IF_ERROR(TakeNewNames(object, life));
      until = life.names.front().from_seq - 1;
    }
    return absl::OkStatus();
  }

  absl::Status TakeNewNames(const TouchedObject& object, const ObjectLife& life) {
    for (auto step = life.renames.lower_bound(from_); step != life.renames.end(); ++step) {
      TouchedObject renamed = object;
      renamed.entity.names = step->second.Back(object.entity.names, object.entity.kind);
      if (renamed != object) VARVE_RETURN_IF_ERROR(TakeObject(renamed));
    }
    return absl::OkStatus();
  }

  absl::Status TakeLife(const std::string& section, const ObjectLife& life,
                        const HistorySources& sources) {
    std::set<v1::Facet> facets;
    for (const NameLife& name : life.names) {
      for (const auto& [facet, rows] : name.facets) facets.insert(facet);
    }
    for (const v1::Facet facet : facets) {
      // A model's JSON schema follows from the rest.
      if (facet == v1::FACET_REPRESENTATION) continue;
      VARVE_ASSIGN_OR_RETURN(const FacetHistory history, HistoryOf(life, facet, sources, nullptr));
      for (const HistoryChange& change : history.changes) TakeChange(section, facet, change);
    }
    for (const auto& [seq, renames] : life.renames) TakeRenames(section, life, seq, renames);
    return absl::OkStatus();
  }

  void TakeChange(const std::string& section, v1::Facet facet, const HistoryChange& change) {
    if (change.seq < from_ || change.seq > to_ || !change.key.has_value()) return;
    v1::Difference told;
    told.set_op(change.op);
    told.set_section(section);
    told.set_facet(facet);
    *told.mutable_identity() = IdentityOf(*change.key);
    for (const v1::PropertyChange& property : change.properties) *told.add_changes() = property;
    if (change.since_seq != 0) {
      told.set_between_from(change.since_seq);
      told.set_between_to(change.seq);
    }
    Add(change.seq, std::move(told));
  }

  void TakeRenames(const std::string& section, const ObjectLife& life, int64_t seq,
                   const RenameMap& renames) {
    if (seq < from_ || seq > to_) return;
    const int64_t since = GapBefore(life, seq);
    for (const Renamed& renamed : renames.Renames()) {
      v1::Difference told;
      told.set_op(v1::Difference::OP_RENAMED);
      told.set_section(section);
      told.set_facet(FirstFacet(renamed.kind));
      told.set_proven(true);
      *told.mutable_identity() = IdentityOf({renamed.kind, renamed.from});
      *told.mutable_was() = IdentityOf({renamed.kind, renamed.to});
      if (since != 0) {
        told.set_between_from(since);
        told.set_between_to(seq);
      }
      Add(seq, std::move(told));
    }
  }

  void Add(int64_t seq, v1::Difference told) {
    ChangeKey key = {told.section(), KeyOf(told.identity()), told.facet(),
                     told.SerializeAsString()};
    by_number_[seq].emplace(std::move(key), std::move(told));
  }

  // The other facets of an object come and go with its first.
  static bool IsTold(const v1::Difference& change, const Changes& all) {
    const bool comes_or_goes =
        change.op() == v1::Difference::OP_ADDED || change.op() == v1::Difference::OP_REMOVED;
    const v1::Facet first = FirstFacet(change.identity().kind());
    if (!comes_or_goes || change.facet() == first) return true;
    const auto with =
        all.lower_bound({change.section(), KeyOf(change.identity()), first, std::string()});
    return with == all.end() || with->second.op() != change.op() ||
           KeyOf(with->second.identity()) != KeyOf(change.identity()) ||
           with->second.facet() != first;
  }

  absl::Status AddEntry(const ObjectLife& all, int64_t seq, const Changes& changes,
                        v1::LogResult& result) const {
    v1::LogEntry& entry = *result.add_entries();
    const auto place = static_cast<size_t>(
        std::lower_bound(all.numbers.begin(), all.numbers.end(), seq) - all.numbers.begin());
    entry.set_seq(seq);
    entry.set_time_us(all.times_us[place]);
    entry.set_previous_seq(place == 0 ? 0 : all.numbers[place - 1]);
    VARVE_ASSIGN_OR_RETURN(const SnapshotRow row, store_.FindSnapshot(request_.environment(), seq));
    for (const std::string& tag : row.tags) entry.add_tags(tag);
    std::set<std::pair<std::string, EntityKey>> changed;
    for (const auto& [key, change] : changes) {
      if (!IsTold(change, changes)) continue;
      if (change.op() == v1::Difference::OP_ADDED) entry.set_added(entry.added() + 1);
      if (change.op() == v1::Difference::OP_REMOVED) entry.set_removed(entry.removed() + 1);
      if (change.op() == v1::Difference::OP_RENAMED) entry.set_renamed(entry.renamed() + 1);
      if (change.op() == v1::Difference::OP_CHANGED) {
        changed.emplace(change.section(), KeyOf(change.identity()));
      }
      entry.set_change_count(entry.change_count() + 1);
      if (entry.changes_size() < kMostChanges) *entry.add_changes() = change;
    }
    ClassifyEach(*entry.mutable_changes());
    entry.set_changed(static_cast<uint32_t>(changed.size()));
    return absl::OkStatus();
  }

  const ShapeDecoder& decode_;
  const SnapshotStore& store_;
  const v1::LogRequest& request_;
  size_t first_ = 0;  // places of snapshots: from this one on
  size_t last_ = 0;   // up to the one before this
  int64_t from_ = 0;
  int64_t to_ = 0;
  std::set<TouchedObject> taken_;
  std::map<int64_t, Changes> by_number_;
};

}  // namespace

absl::StatusOr<v1::LogResult> LogOf(const SnapshotStore& store, const v1::LogRequest& request) {
  return LogDecodedBy(DecodeEnvelope, store, request);
}

absl::StatusOr<v1::LogResult> LogDecodedBy(const ShapeDecoder& decode, const SnapshotStore& store,
                                           const v1::LogRequest& request) {
  return Log(decode, store, request).Make();
}

}  // namespace varve
