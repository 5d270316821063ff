// Hashes over a section's lines: the manifest's says "same as my head", the fingerprints compare
// environments.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "snapshot/hash.h"
#include "snapshot/line.h"

namespace varve {

// SHA-256 over the revision, the coverage's hash and the canonical bytes of each line, in the order
// of their keys. Lines that the collector wrote for the agent are not in it. docs/formats.md has a
// worked example.
class ManifestHasher {
 public:
  ManifestHasher(uint32_t revision, const CoverageHash& coverage);
  // Lines come in the order of their keys. `line_bytes` as received, never serialized again.
  void Add(absl::string_view line_bytes) { hasher_.Add(line_bytes); }
  ManifestHash Finish() { return ManifestHash(hasher_.Finish()); }

 private:
  PartsHasher hasher_;
};

// The hash of a whole manifest. `lines` are sorted by key.
ManifestHash HashManifest(uint32_t revision, const CoverageHash& coverage,
                          absl::Span<const Line> lines);

// Per facet that has a seen line, by facet: SHA-256 over the sorted (kind, names, shape hash) of
// its seen lines.
class FingerprintHasher {
 public:
  // Lines come in the order of their keys.
  void Add(const Line& line);
  std::vector<v1::FacetFingerprint> Finish();

 private:
  std::map<v1::Facet, std::unique_ptr<PartsHasher>> hashers_;
};

// The fingerprints of a whole manifest. `lines` are sorted by key.
std::vector<v1::FacetFingerprint> Fingerprints(absl::Span<const Line> lines);

}  // namespace varve
