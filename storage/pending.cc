#include "storage/pending.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "base/zstd.h"
#include "snapshot/environment_name.h"
#include "snapshot/kinds.h"
#include "snapshot/manifest.h"
#include "varve/v1/measures.pb.h"

namespace varve {
namespace {

absl::Status Wrong(absl::string_view what) { return absl::InvalidArgumentError(what); }

// "table public.orders, expressions"
std::string Named(const LineKey& key) {
  return absl::StrCat(key.entity.kind, " ", DisplayName(key.entity), ", ", FacetName(key.facet));
}

const LineKey& KeyIn(const Line& line) { return line.key; }
const LineKey& KeyIn(const LineKey& key) { return key; }

template <typename Keyed>
absl::Status CheckKeys(const std::vector<Keyed>& keyed) {
  const LineKey* before = nullptr;
  for (const Keyed& each : keyed) {
    const LineKey& key = KeyIn(each);
    if (key.entity.kind.empty() || key.entity.names.empty()) return Wrong("a line has no identity");
    if (before != nullptr && *before == key)
      return Wrong(absl::StrCat(Named(key), " is there twice"));
    if (before != nullptr && key < *before) {
      return Wrong(absl::StrCat(Named(key), " is out of order: lines come by kind, names, facet"));
    }
    before = &key;
  }
  return absl::OkStatus();
}

absl::Status CheckUnavailable(const PendingSection& section) {
  const v1::SectionHeader& header = section.header;
  if (header.status() != v1::SECTION_STATUS_UNAVAILABLE) {
    return Wrong("it has no manifest, but its status is not unavailable");
  }
  if (!section.set.empty() || !section.dropped.empty() || !header.manifest_hash().empty() ||
      !header.coverage_hash().empty() || header.fingerprints_size() > 0) {
    return Wrong("it is unavailable, but has a manifest");
  }
  return absl::OkStatus();
}

// What is kept must be readable: one bad frame would spoil every later read of the snapshot.
absl::Status CheckMeasures(const std::string& frame) {
  if (frame.empty()) return absl::OkStatus();
  const absl::StatusOr<std::string> bytes = Inflated(frame, kMaxMeasuresBytes);
  if (!bytes.ok()) return Wrong(absl::StrCat("its measures: ", bytes.status().message()));
  if (v1::Measures().ParseFromString(*bytes)) return absl::OkStatus();
  return Wrong("its measures do not parse");
}

absl::Status CheckSection(const PendingSection& section) {
  const v1::SectionHeader& header = section.header;
  if (header.name().empty()) return Wrong("it has no name");
  VARVE_RETURN_IF_ERROR(CheckMeasures(section.measures));
  if (section.form == PendingSection::Form::kUnavailable) return CheckUnavailable(section);
  if (header.status() == v1::SECTION_STATUS_UNAVAILABLE ||
      header.status() == v1::SECTION_STATUS_NOT_CONFIGURED) {
    return Wrong("it has a manifest, but its status says that it was not read");
  }
  VARVE_RETURN_IF_ERROR(ManifestHash::FromBytes(header.manifest_hash()).status());
  VARVE_RETURN_IF_ERROR(CoverageHash::FromBytes(header.coverage_hash()).status());
  VARVE_RETURN_IF_ERROR(CheckKeys(section.set));
  VARVE_RETURN_IF_ERROR(CheckKeys(section.dropped));
  if (section.form != PendingSection::Form::kDelta && !section.dropped.empty()) {
    return Wrong("it drops lines, but is no delta");
  }
  if (section.form == PendingSection::Form::kSame && !section.set.empty()) {
    return Wrong("it is the same as its head, but has lines");
  }
  if (section.form == PendingSection::Form::kWhole) return CheckManifest(header, section.set);
  return absl::OkStatus();
}

absl::Status CheckBlobs(const PendingSnapshot& snapshot) {
  for (const auto& [hash, bytes] : snapshot.blobs) {
    if (bytes.size() > kMaxBlobBytes) {
      return Wrong(absl::StrCat("blob ", hash.Short(), " has ", bytes.size(), " bytes; at most ",
                                kMaxBlobBytes, " are kept"));
    }
    if (HashOf<BlobHash>(bytes) != hash) {
      return Wrong(absl::StrCat("blob ", hash.Short(), " does not hash to its name"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckPending(const PendingSnapshot& snapshot) {
  VARVE_RETURN_IF_ERROR(CheckEnvironmentName(snapshot.header.environment()));
  if (snapshot.header.snapshot_id().empty()) return Wrong("the snapshot has no id");
  const int64_t acknowledged = snapshot.header.acknowledged().seq();
  if (acknowledged < 0 || acknowledged > kMaxAcknowledged) {
    return Wrong(absl::StrCat("the acknowledged number ", acknowledged, " is none of a snapshot"));
  }
  const auto same_name = [](const v1::SectionHeader& header, const PendingSection& section) {
    return header.name() == section.header.name();
  };
  if (!std::equal(snapshot.header.sections().begin(), snapshot.header.sections().end(),
                  snapshot.sections.begin(), snapshot.sections.end(), same_name)) {
    return Wrong("the header's sections are not those that came");
  }
  absl::flat_hash_set<absl::string_view> names;
  for (const PendingSection& section : snapshot.sections) {
    const std::string doing = absl::StrCat("section ", section.header.name());
    VARVE_RETURN_IF_ERROR(Annotate(CheckSection(section), doing));
    if (!names.insert(section.header.name()).second) return Wrong(doing + " is there twice");
  }
  return CheckBlobs(snapshot);
}

absl::Status CheckManifest(const v1::SectionHeader& header, absl::Span<const Line> lines) {
  VARVE_ASSIGN_OR_RETURN(const CoverageHash coverage,
                         CoverageHash::FromBytes(header.coverage_hash()));
  VARVE_ASSIGN_OR_RETURN(const ManifestHash said, ManifestHash::FromBytes(header.manifest_hash()));
  const ManifestHash is = HashManifest(header.revision(), coverage, lines);
  if (is != said) {
    return Wrong(
        absl::StrCat("its lines hash to ", is.Short(), ", its header says ", said.Short()));
  }
  const std::vector<v1::FacetFingerprint> fingerprints = Fingerprints(lines);
  const auto equal = [](const v1::FacetFingerprint& a, const v1::FacetFingerprint& b) {
    return a.facet() == b.facet() && a.hash() == b.hash();
  };
  if (!std::equal(fingerprints.begin(), fingerprints.end(), header.fingerprints().begin(),
                  header.fingerprints().end(), equal)) {
    return Wrong("its fingerprints are not those of its lines");
  }
  return absl::OkStatus();
}

}  // namespace varve
