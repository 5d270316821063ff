// Change rules: what a difference may do to who reads and writes there. One table decides, the
// first rule that matches; docs/changes.md prints it.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "varve/v1/diff.pb.h"

namespace varve {

// A rule, as documented to people.
struct ChangeRule {
  absl::string_view id;  // "change/column-dropped"
  v1::ChangeClass change_class = v1::CHANGE_CLASS_UNSPECIFIED;
  absl::string_view why = {};  // what it does: "who names it fails"
};

// All change rules, in the order in which they are asked; one that answers in several places is
// there once. Valid for ever.
absl::Span<const ChangeRule> ChangeRules();

// Null where this build does not know it (a newer collector's).
const ChangeRule* FindChangeRule(absl::string_view id);

// "breaking", "risky", "additive", "cosmetic"; empty where it is not classified.
absl::string_view ChangeClassName(v1::ChangeClass change_class);

// Says of each difference, and of each of its changes, what it may do. What follows from a rename
// is left as it is: the rename says it.
void Classify(v1::DiffResult& result);

}  // namespace varve
