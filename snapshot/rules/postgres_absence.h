// Whether what a section does not have may be in the database all the same. A rule that finds
// something by its absence asks here first.
#pragma once

#include "absl/strings/string_view.h"
#include "snapshot/rules/rule_run.h"

namespace varve {

// Whether the configuration leaves some of a kind out, or some of it was not seen in a facet.
bool MayLack(const RuleInput& input, absl::string_view kind, v1::Facet facet);

}  // namespace varve
