#include "snapshot/manifest.h"

#include <map>
#include <memory>

#include "absl/strings/str_cat.h"

namespace varve {

ManifestHasher::ManifestHasher(uint32_t revision, const CoverageHash& coverage) {
  hasher_.Add(absl::StrCat(revision));
  hasher_.Add(coverage.bytes());
}

ManifestHash HashManifest(uint32_t revision, const CoverageHash& coverage,
                          absl::Span<const Line> lines) {
  ManifestHasher hasher(revision, coverage);
  for (const Line& line : lines) hasher.Add(LineBytes(line));
  return hasher.Finish();
}

std::vector<v1::FacetFingerprint> Fingerprints(absl::Span<const Line> lines) {
  std::map<v1::Facet, std::unique_ptr<PartsHasher>> hashers;
  for (const Line& line : lines) {
    if (!line.seen.has_value()) continue;
    std::unique_ptr<PartsHasher>& hasher = hashers[line.key.facet];
    if (hasher == nullptr) hasher = std::make_unique<PartsHasher>();
    hasher->Add(line.key.entity.kind);
    hasher->Add(absl::StrCat(line.key.entity.names.size()));
    for (const std::string& name : line.key.entity.names) hasher->Add(name);
    hasher->Add(line.seen->shape.bytes());
  }
  std::vector<v1::FacetFingerprint> fingerprints;
  for (auto& [facet, hasher] : hashers) {
    v1::FacetFingerprint& fingerprint = fingerprints.emplace_back();
    fingerprint.set_facet(facet);
    fingerprint.set_hash(std::string(FingerprintHash(hasher->Finish()).bytes()));
  }
  return fingerprints;
}

}  // namespace varve
