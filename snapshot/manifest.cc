#include "snapshot/manifest.h"

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

void FingerprintHasher::Add(const Line& line) {
  if (!line.seen.has_value()) return;
  std::unique_ptr<PartsHasher>& hasher = hashers_[line.key.facet];
  if (hasher == nullptr) hasher = std::make_unique<PartsHasher>();
  hasher->Add(line.key.entity.kind);
  hasher->Add(absl::StrCat(line.key.entity.names.size()));
  for (const std::string& name : line.key.entity.names) hasher->Add(name);
  hasher->Add(line.seen->shape.bytes());
}

std::vector<v1::FacetFingerprint> FingerprintHasher::Finish() {
  std::vector<v1::FacetFingerprint> fingerprints;
  for (auto& [facet, hasher] : hashers_) {
    v1::FacetFingerprint& fingerprint = fingerprints.emplace_back();
    fingerprint.set_facet(facet);
    fingerprint.set_hash(std::string(FingerprintHash(hasher->Finish()).bytes()));
  }
  hashers_.clear();
  return fingerprints;
}

std::vector<v1::FacetFingerprint> Fingerprints(absl::Span<const Line> lines) {
  FingerprintHasher hasher;
  for (const Line& line : lines) hasher.Add(line);
  return hasher.Finish();
}

}  // namespace varve
