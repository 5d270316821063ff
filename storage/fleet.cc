#include "storage/fleet.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "snapshot/diff_key_patterns.h"

namespace varve {
namespace {

// What tells a section apart from that of another environment, as parts of one hash.
class Likeness {
 public:
  Likeness(const SnapshotStore& store, absl::Span<const v1::Facet> facets)
      : store_(store), facets_(facets) {}

  // Equal for sections that can be one part.
  absl::StatusOr<FingerprintHash> Of(const SnapshotRow& row,
                                     const v1::SectionHeader& header) const {
    PartsHasher hasher;
    hasher.Add(header.source_kind());
    hasher.Add(absl::StrCat(header.status() == v1::SECTION_STATUS_UNAVAILABLE, " ",
                            header.status() == v1::SECTION_STATUS_NOT_CONFIGURED, " ",
                            header.revision()));
    hasher.Add(header.coverage_hash());
    AddCause(header, hasher);
    for (const v1::FacetFingerprint& fingerprint : header.fingerprints()) {
      if (!IsCompared(fingerprint.facet())) continue;
      hasher.Add(absl::StrCat(fingerprint.facet()));
      hasher.Add(fingerprint.hash());
    }
    const std::string& environment = row.header.environment();
    VARVE_ASSIGN_OR_RETURN(const auto beside,
                           store_.BesideFingerprints(environment, row.seq, header.name()));
    for (const auto& [facet, hash] : beside) {
      if (!IsCompared(facet)) continue;
      hasher.Add(absl::StrCat("beside ", facet));
      hasher.Add(hash.bytes());
    }
    if (header.source_kind() == "redis") {
      VARVE_RETURN_IF_ERROR(AddEmpty(environment, row.seq, header, hasher));
    }
    return FingerprintHash(hasher.Finish());
  }

 private:
  bool IsCompared(v1::Facet facet) const {
    return std::find(facets_.begin(), facets_.end(), facet) != facets_.end();
  }

  static void AddCause(const v1::SectionHeader& header, PartsHasher& hasher) {
    if (header.status() != v1::SECTION_STATUS_UNAVAILABLE || header.errors().empty()) return;
    hasher.Add(header.errors(0).doing());
    hasher.Add(header.errors(0).why());
  }

  // Patterns that have no key now are compared with nothing.
  absl::Status AddEmpty(const std::string& environment, int64_t seq,
                        const v1::SectionHeader& header, PartsHasher& hasher) const {
    Section section;
    section.header = header;
    VARVE_RETURN_IF_ERROR(LoadMeasures(store_, environment, seq, section));
    for (const EntityKey& key : EntitiesWithoutKeys(section)) {
      hasher.Add(key.kind);
      for (const std::string& name : key.names) hasher.Add(name);
    }
    return absl::OkStatus();
  }

  const SnapshotStore& store_;
  absl::Span<const v1::Facet> facets_;
};

// Reads one section for all members of its part.
class PartReader {
 public:
  PartReader(const SnapshotStore& store, absl::Span<const v1::Facet> facets)
      : store_(store), facets_(facets) {}

  absl::StatusOr<Section> Read(const SnapshotRow& row, const v1::SectionHeader& header) {
    const std::string& environment = row.header.environment();
    if (header.source_kind() == "redis") {
      return LoadSection(store_, environment, row.seq, header);
    }
    Section section;
    section.header = header;
    if (!header.coverage_hash().empty()) {
      VARVE_ASSIGN_OR_RETURN(section.coverage, Coverage(header.coverage_hash()));
    }
    std::vector<ReadLine> lines;
    const auto keep = [&](const ReadLine& line) {
      lines.push_back(line);
      return absl::OkStatus();
    };
    VARVE_RETURN_IF_ERROR(store_.ReadFacets(environment, row.seq, header.name(), facets_, keep));
    section.lines = std::move(lines);
    return section;
  }

 private:
  absl::StatusOr<std::string> Coverage(const std::string& bytes) {
    VARVE_ASSIGN_OR_RETURN(const BlobHash hash, BlobHash::FromBytes(bytes));
    const auto known = coverages_.find(hash);
    if (known != coverages_.end()) return known->second;
    VARVE_ASSIGN_OR_RETURN(std::string coverage, store_.ReadBlob(hash));
    return coverages_.emplace(hash, std::move(coverage)).first->second;
  }

  const SnapshotStore& store_;
  absl::Span<const v1::Facet> facets_;
  absl::flat_hash_map<BlobHash, std::string> coverages_;
};

}  // namespace

absl::StatusOr<std::vector<SnapshotRow>> NewestOf(const SnapshotStore& store,
                                                  const Selector& selector) {
  VARVE_ASSIGN_OR_RETURN(const std::vector<std::string> names, store.Environments());
  std::vector<SnapshotRow> rows;
  for (const std::string& name : names) {
    absl::StatusOr<SnapshotRow> newest = store.NewestSnapshot(name);
    if (absl::IsNotFound(newest.status())) continue;  // an environment without snapshots
    VARVE_RETURN_IF_ERROR(newest.status());
    rows.push_back(*std::move(newest));
  }
  std::vector<Selectable> selectable;
  for (const SnapshotRow& row : rows) selectable.push_back({row.header.environment(), row.header});
  VARVE_ASSIGN_OR_RETURN(const std::vector<size_t> taken, Select(selector, selectable));
  std::vector<SnapshotRow> selected;
  for (const size_t at : taken) selected.push_back(std::move(rows[at]));
  return selected;
}

absl::StatusOr<uint32_t> PlaceOf(const SnapshotStore& store, const Resolved& snapshot,
                                 std::vector<SnapshotRow>& rows) {
  const auto name = [](absl::string_view environment, int64_t seq) {
    return std::make_pair(environment, seq);
  };
  const auto wanted = name(snapshot.environment, snapshot.seq);
  const auto at = std::lower_bound(rows.begin(), rows.end(), wanted,
                                   [&](const SnapshotRow& row, const auto& other) {
                                     return name(row.header.environment(), row.seq) < other;
                                   });
  const auto place = static_cast<uint32_t>(at - rows.begin());
  if (at != rows.end() && name(at->header.environment(), at->seq) == wanted) return place;
  VARVE_ASSIGN_OR_RETURN(SnapshotRow row, store.FindSnapshot(snapshot.environment, snapshot.seq));
  rows.insert(at, std::move(row));
  return place;
}

absl::StatusOr<Fleet> LoadFleet(const SnapshotStore& store, absl::Span<const SnapshotRow> snapshots,
                                bool all_facets) {
  const std::vector<v1::Facet> facets = DriftFacets(all_facets);
  const Likeness likeness(store, facets);
  PartReader reader(store, facets);
  Fleet fleet;
  std::map<std::string, absl::flat_hash_map<FingerprintHash, size_t>> places;  // by section
  for (size_t member = 0; member < snapshots.size(); ++member) {
    const SnapshotRow& row = snapshots[member];
    v1::DriftMember& added = fleet.members.emplace_back();
    added.set_environment(row.header.environment());
    added.set_seq(row.seq);
    for (const v1::SectionHeader& header : row.header.sections()) {
      VARVE_ASSIGN_OR_RETURN(const FingerprintHash hash, likeness.Of(row, header));
      std::vector<FleetPart>& parts = fleet.sections[header.name()];
      const auto [place, is_new] = places[header.name()].try_emplace(hash, parts.size());
      if (is_new) {
        absl::StatusOr<Section> section = reader.Read(row, header);
        if (!section.ok()) {
          return Annotate(section.status(), absl::StrCat("reading section ", header.name(), " of ",
                                                         row.header.environment(), "@", row.seq));
        }
        parts.push_back({*std::move(section), {}});
      }
      parts[place->second].members.push_back(static_cast<uint32_t>(member));
    }
  }
  return fleet;
}

ShapeSource ShapesOf(const SnapshotStore& store) {
  return [&store](const ShapeHash& hash) -> absl::StatusOr<std::string> {
    VARVE_ASSIGN_OR_RETURN(const BlobHash blob, BlobHash::FromBytes(hash.bytes()));
    absl::StatusOr<std::string> bytes = store.ReadBlob(blob);
    // A row names it, so it must be there.
    if (absl::IsNotFound(bytes.status())) return absl::DataLossError(bytes.status().message());
    return bytes;
  };
}

}  // namespace varve
