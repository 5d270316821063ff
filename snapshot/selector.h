// Which environments of a fleet are meant, as people type it: by name and by label.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "varve/v1/snapshot.pb.h"

namespace varve {

// An environment, as selectors look at it. Borrowed.
struct Selectable {
  absl::string_view name;
  const v1::SnapshotHeader& newest;  // its labels are the environment's
};

// Terms with commas between: `prod-*` (a name, or a glob of names), `tier=prod`, `region!=eu` (a
// label and its value, which may be a glob). An environment is taken where one of the names fits,
// or none is given; where of each label that is given by `=` one of its values fits; and where none
// that is given by `!=` does. A label that the environment does not have fits no value. Immutable.
class Selector {
 public:
  // Empty text takes all. Errors: kInvalidArgument, with what is wrong and an example.
  static absl::StatusOr<Selector> Parse(absl::string_view text);

  bool Takes(const Selectable& environment) const;
  // As it was typed.
  const std::string& text() const { return text_; }

 private:
  struct LabelTerm {
    std::string label;
    bool is_equal = true;             // `!=` otherwise
    std::vector<std::string> values;  // globs
  };
  absl::Status Add(absl::string_view term);
  absl::Status AddLabel(absl::string_view term, size_t equals);

  std::string text_;
  std::vector<std::string> names_;  // globs; none: all
  std::vector<LabelTerm> labels_;
};

// Those of `all` that the selector takes, as places in it, in order. Errors: kNotFound (it takes
// none; the message says which names or values there are).
absl::StatusOr<std::vector<size_t>> Select(const Selector& selector,
                                           absl::Span<const Selectable> all);

}  // namespace varve
