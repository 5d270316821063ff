// What a section lacks because its configuration leaves it out, as people are told: once for each
// kind, not for each facet and each pattern.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "varve/v1/snapshot.pb.h"

namespace varve {

struct LeftOutKind {
  const v1::CoverageEntry* entry;  // of the kind's first facet
  bool whole;                      // nothing of the kind is in the section

  // "tables: 3 left out by audit_*, 2 not included", "functions: none is read: function:*".
  std::string Text() const;
};

// Kinds of which something was left out, and those that are left out whole, in the order in
// which people read kinds. They point into the coverage.
std::vector<LeftOutKind> LeftOutKinds(const v1::Coverage& coverage);

// Whether nothing of `kind` was looked at, so that its absence says nothing.
bool IsLeftOutWhole(const v1::Coverage& coverage, absl::string_view kind);

// Whether patterns of the configuration made the entry.
inline bool IsByPatterns(const v1::CoverageEntry& entry) { return !entry.patterns().empty(); }

}  // namespace varve
