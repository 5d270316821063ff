// What the rules file declares of the keys of Redis.
#pragma once

#include "snapshot/rules/rule_run.h"

namespace varve {

// The first declaration that a pattern is of; null where none is.
const v1::DeclaredKeys* DeclarationOf(const RuleInput& input, const EntityView& pattern);

}  // namespace varve
