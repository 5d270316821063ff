// What rules of all sources share.
#pragma once

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "snapshot/rules/rule_run.h"

namespace varve {

// `by_default` of a rule about taste or policy.
inline constexpr bool kOnlyIfNamed = false;

// Each entity of a kind whose first facet was seen.
void ForEachOf(const RuleInput& input, absl::string_view kind,
               absl::FunctionRef<void(const EntityView&)> look);

}  // namespace varve
