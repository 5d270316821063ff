// Which objects of a source are in its section: the lists `include` and `exclude` of its
// configuration, and the same lists as coverage carries them to whoever reads the section.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "snapshot/line.h"
#include "snapshot/object_pattern.h"
#include "varve/v1/snapshot.pb.h"

namespace varve {

// Immutable once made.
class Selection {
 public:
  // What left an object out: a place in the list `exclude`; nothing where no pattern of `include`
  // takes it.
  struct LeftOut {
    std::optional<size_t> pattern;
  };

  // All objects.
  Selection() = default;
  // Errors: kInvalidArgument (a pattern that is none; a list that begins by taking back).
  static absl::StatusOr<Selection> Of(absl::Span<const std::string> include,
                                      absl::Span<const std::string> exclude);
  // What the patterns of a coverage entry leave out. One that this build cannot read leaves out
  // all: what is excluded closes nothing.
  static Selection FromCoverage(const v1::CoverageEntry& entry);

  bool TakesAll() const { return include_.empty() && exclude_.empty() && !unreadable_; }
  // Nothing where the object is in.
  std::optional<LeftOut> Why(const EntityKey& entity) const;
  bool LeavesOut(const EntityKey& entity) const { return Why(entity).has_value(); }
  // Whether no object of `kind` is in, whatever it is called; whether some may be left out.
  bool LeavesOutAll(absl::string_view kind) const;
  bool MayLeaveOut(absl::string_view kind) const;

  // The coverage of what is left out of `kind`: state excluded, reason, patterns. Facet, scope and
  // counts are the caller's: `counts` of the list `exclude` by place.
  v1::CoverageEntry Coverage(absl::string_view kind, absl::Span<const uint64_t> counts,
                             uint64_t not_included) const;

 private:
  using Patterns = std::vector<ObjectPattern>;
  bool IncludesNone(absl::string_view kind) const;

  Patterns include_;
  Patterns exclude_;
  bool unreadable_ = false;
};

}  // namespace varve
