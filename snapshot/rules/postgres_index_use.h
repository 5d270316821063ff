// Whether PostgreSQL uses its indexes, by the scans that it counted.
#pragma once

#include "snapshot/rules/rule_run.h"

namespace varve {

// pg/unused-index. A figure is compared with when it was read, which may be before the snapshot.
void UnusedIndex(const RuleInput& input, RuleOutput& output);

}  // namespace varve
