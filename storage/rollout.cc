#include "storage/rollout.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "snapshot/coverage_index.h"
#include "snapshot/kinds.h"
#include "snapshot/rollout.h"
#include "storage/fleet.h"
#include "storage/load.h"

namespace varve {
namespace {

absl::StatusOr<v1::Shape> ReadShape(const SnapshotStore& store, const ShapeHash& hash) {
  VARVE_ASSIGN_OR_RETURN(const std::string bytes, ShapesOf(store)(hash));
  v1::Shape shape;
  if (shape.ParseFromString(bytes)) return shape;
  return absl::DataLossError(absl::StrCat("shape ", hash.Short(), " does not parse"));
}

// What snapshots have alike whose lines are the same.
std::vector<std::string> ManifestsOf(const SnapshotRow& row) {
  std::vector<std::string> manifests;
  for (const v1::SectionHeader& header : row.header.sections()) {
    // What was known last of an unavailable section is its environment's own.
    manifests.push_back(absl::StrCat(
        header.name(), " ",
        header.manifest_hash().empty() ? row.header.environment() : header.manifest_hash()));
  }
  return manifests;
}

absl::StatusOr<std::vector<Section>> LinesOf(const SnapshotStore& store, const SnapshotRow& row) {
  std::vector<Section> sections;
  for (const v1::SectionHeader& header : row.header.sections()) {
    Section& section = sections.emplace_back();
    section.header = header;
    VARVE_RETURN_IF_ERROR(LoadLines(store, row.header.environment(), row.seq, section));
  }
  return sections;
}

// Looks in one environment after the other, equal ones once, until one has it.
absl::StatusOr<ObjectFound> FindAnywhere(const SnapshotStore& store,
                                         absl::Span<const SnapshotRow> snapshots,
                                         const ObjectName& object) {
  const auto shape_of = [&store](const Section&, const Seen& seen) {
    return ReadShape(store, seen.shape);
  };
  absl::Status none = absl::NotFoundError("there is no snapshot to look in");
  std::set<std::vector<std::string>> tried;
  for (const SnapshotRow& row : snapshots) {
    if (!tried.insert(ManifestsOf(row)).second) continue;
    VARVE_ASSIGN_OR_RETURN(const std::vector<Section> sections, LinesOf(store, row));
    absl::StatusOr<ObjectFound> found = FindObject(object, sections, shape_of);
    if (!absl::IsNotFound(found.status())) return found;
    if (tried.size() == 1) none = found.status();
  }
  return none;
}

class RolloutReader {
 public:
  RolloutReader(const SnapshotStore& store, const ObjectFound& found, const std::string& form)
      : store_(store), found_(found), object_{found.entity, found.element, form} {}

  absl::StatusOr<v1::RolloutEntry> Read(const SnapshotRow& row) {
    const std::string& environment = row.header.environment();
    VARVE_ASSIGN_OR_RETURN(const ObjectLife life,
                           store_.ReadLife(environment, found_.section, found_.entity, row.seq));
    VARVE_ASSIGN_OR_RETURN(const v1::Sight covered, Covered(row));
    VARVE_ASSIGN_OR_RETURN(
        const EnvironmentRollout rollout,
        RolloutOf(life, found_.entity, covered,
                  [this](v1::Facet facet, const Seen& seen) { return HasIt(facet, seen); }));
    v1::RolloutEntry entry;
    entry.set_environment(environment);
    entry.set_standing(static_cast<v1::RolloutStanding>(static_cast<int>(rollout.state) + 1));
    entry.set_or_before(!rollout.first_is_certain);
    entry.set_why(rollout.why);
    entry.mutable_newest()->set_seq(row.seq);
    entry.mutable_newest()->set_time_us(row.time_us);
    VARVE_RETURN_IF_ERROR(Point(environment, rollout.first_seq, *entry.mutable_first()));
    VARVE_RETURN_IF_ERROR(Point(environment, rollout.until_seq, *entry.mutable_until()));
    VARVE_RETURN_IF_ERROR(Point(environment, rollout.since_seq, *entry.mutable_since()));
    return entry;
  }

 private:
  absl::Status Point(const std::string& environment, int64_t seq, v1::RolloutPoint& point) const {
    if (seq == 0) return absl::OkStatus();
    point.set_seq(seq);
    const absl::StatusOr<SnapshotRow> row = store_.FindSnapshot(environment, seq);
    if (absl::IsNotFound(row.status())) return absl::OkStatus();  // thinned: its number alone
    VARVE_RETURN_IF_ERROR(row.status());
    point.set_time_us(row->time_us);
    return absl::OkStatus();
  }

  absl::StatusOr<bool> HasIt(v1::Facet facet, const Seen& seen) {
    const auto known = known_.find({seen.shape, facet});
    if (known != known_.end()) return known->second;
    VARVE_ASSIGN_OR_RETURN(const v1::Shape shape, ReadShape(store_, seen.shape));
    return known_[{seen.shape, facet}] = HasForm(facet, shape, object_);
  }

  absl::StatusOr<v1::Sight> Covered(const SnapshotRow& row) {
    for (const v1::SectionHeader& header : row.header.sections()) {
      if (header.name() != found_.section || header.coverage_hash().empty()) continue;
      const auto known = covered_.find(header.coverage_hash());
      if (known != covered_.end()) return known->second;
      VARVE_ASSIGN_OR_RETURN(const BlobHash hash, BlobHash::FromBytes(header.coverage_hash()));
      VARVE_ASSIGN_OR_RETURN(const std::string bytes, store_.ReadBlob(hash));
      v1::Coverage coverage;
      if (!coverage.ParseFromString(bytes)) {
        return absl::DataLossError(absl::StrCat("the coverage of ", found_.section, " of ",
                                                row.header.environment(), "@", row.seq,
                                                " does not parse"));
      }
      const std::string& kind = found_.entity.kind;
      return covered_[header.coverage_hash()] =
                 CoveredAs(coverage, kind, FirstFacet(kind), found_.entity.names);
    }
    return v1::SIGHT_UNSPECIFIED;
  }

  const SnapshotStore& store_;
  const ObjectFound& found_;
  const RolloutObject object_;
  absl::flat_hash_map<std::pair<ShapeHash, v1::Facet>, bool> known_;
  absl::flat_hash_map<std::string, v1::Sight> covered_;
};

}  // namespace

absl::StatusOr<v1::RolloutResult> Rollout(const SnapshotStore& store,
                                          absl::Span<const SnapshotRow> snapshots,
                                          const ObjectName& object, const std::string& form) {
  VARVE_ASSIGN_OR_RETURN(const ObjectFound found, FindAnywhere(store, snapshots, object));
  v1::RolloutResult result;
  result.set_object(found.name);
  result.set_section(found.section);
  result.set_form(form);
  RolloutReader reader(store, found, form);
  for (const SnapshotRow& row : snapshots) {
    VARVE_ASSIGN_OR_RETURN(*result.add_entries(), reader.Read(row));
  }
  std::stable_sort(result.mutable_entries()->begin(), result.mutable_entries()->end(),
                   [](const v1::RolloutEntry& a, const v1::RolloutEntry& b) {
                     const auto order = [](const v1::RolloutEntry& entry) {
                       const bool has = entry.standing() == v1::ROLLOUT_STANDING_HAS;
                       return std::make_tuple(entry.standing(), has ? entry.first().time_us() : 0);
                     };
                     return order(a) < order(b);
                   });
  return result;
}

}  // namespace varve
