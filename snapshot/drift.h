// Which of many environments are equal, and in what the others differ. DATA.md, "Answers", is its
// contract; docs/formats.md carries it on.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "snapshot/diff.h"
#include "snapshot/line.h"
#include "snapshot/section.h"
#include "varve/v1/drift.pb.h"

namespace varve {

// Facets that drift compares: structure, expressions and behaviour; `all`: every one but
// representation.
std::vector<v1::Facet> DriftFacets(bool all);

// A section as some environments have it: equal for them in all that drift compares, so that one
// is read for all.
struct FleetPart {
  Section section;  // its shapes may be left out, but of Redis; its measures, but of Redis
  std::vector<uint32_t> members;  // their places in the fleet, ascending
};

// Several environments, each at one snapshot.
struct Fleet {
  std::vector<v1::DriftMember> members;
  // By the section's name. A section that could not be read is a part too; who does not have it is
  // in none.
  std::map<std::string, std::vector<FleetPart>> sections;
};

// What is asked of a fleet.
struct DriftQuestion {
  bool all_facets = false;
  v1::DriftGrouping grouping = v1::DRIFT_GROUPING_WHOLE;
  std::optional<uint32_t> baseline;  // place of a member
};

// Finds a shape by its hash: its canonical bytes.
using ShapeSource = std::function<absl::StatusOr<std::string>(const ShapeHash& hash)>;

// Puts the fleet into classes, at the lowest revision, the coarsest generalisation and the common
// sight of those that read a section, so that classes do not depend on the baseline. What that
// leaves out is in `unsaid`. Shapes are asked for only where they differ. Errors: kDataLoss (a
// shape or a coverage is damaged or does not parse); those of `shapes`.
absl::StatusOr<v1::DriftResult> Drift(const Fleet& fleet, const DriftQuestion& question,
                                      const ShapeSource& shapes);

// The same over shapes of any messages: what holds Drift against the executable model.
absl::StatusOr<v1::DriftResult> DriftDecodedBy(const ShapeDecoder& decode, const Fleet& fleet,
                                               const DriftQuestion& question,
                                               const ShapeSource& shapes);

}  // namespace varve
