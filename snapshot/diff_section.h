// What differs in one section, line by line.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "snapshot/diff.h"
#include "snapshot/line_state.h"
#include "varve/v1/diff.pb.h"

namespace varve {

// One section of one of two snapshots that are compared. Borrowed.
struct SectionSide {
  const LineStates& states;
  const std::string& environment;
  int64_t seq;
};

// Compares a section that both sides have, one of them perhaps unavailable, and adds what it finds
// to `result`. Errors: as Diff.
absl::Status DiffSection(const SectionSide& before, const SectionSide& after,
                         const ShapeDecoder& decode, const KnownBefore& known_before,
                         v1::DiffResult& result);

}  // namespace varve
