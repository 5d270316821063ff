// What a section says of a line, whether it lists it or not: the three answers that every
// comparison rests on.
#pragma once

#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "snapshot/coverage_index.h"
#include "snapshot/line.h"
#include "snapshot/section.h"

namespace varve {

// What a section says of a line.
enum class Presence {
  kSeen,     // it was seen
  kAbsent,   // it was looked for, and is not there
  kUnseen,   // it could not be looked at
  kUnknown,  // the section does not know the kind or the facet at all
};

// A section's answer about one line.
struct LineState {
  Presence presence = Presence::kUnknown;
  const ReadLine* line = nullptr;               // null where the section does not list it
  v1::Sight why = v1::SIGHT_UNSPECIFIED;        // of one that is unseen
  const v1::CoverageEntry* coverage = nullptr;  // what coverage says of it, where it says anything

  // What was seen; null where nothing was.
  const Seen* seen() const { return presence == Presence::kSeen ? line->Current() : nullptr; }
};

// Answers for the lines of one section. Borrows the section, which must outlive it. Immutable once
// made.
class LineStates {
 public:
  // Errors: kDataLoss (the coverage does not parse).
  static absl::StatusOr<LineStates> Of(const Section& section);

  const Section& section() const { return *section_; }
  bool unavailable() const { return section_->header.status() == v1::SECTION_STATUS_UNAVAILABLE; }
  uint32_t revision() const { return section_->header.revision(); }

  LineState StateOf(const LineKey& key) const;

 private:
  explicit LineStates(const Section& section) : section_(&section) {}

  const Section* section_;
  std::unique_ptr<const v1::Coverage> coverage_;  // stays where it is: the index points into it
  std::optional<CoverageIndex> index_;
};

}  // namespace varve
