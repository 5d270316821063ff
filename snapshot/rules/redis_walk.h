// What rules of Redis share.
#pragma once

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "snapshot/rules/walk.h"
#include "varve/v1/redis.pb.h"

namespace varve {

// Each key pattern whose structure was seen.
void ForEachPattern(
    const RuleInput& input,
    absl::FunctionRef<void(const EntityView&, const v1::KeyPatternStructure&)> look);

// Each key pattern that is there, also where its structure was not told, as after a read of a
// sample.
void ForEachMeasuredPattern(const RuleInput& input,
                            absl::FunctionRef<void(const EntityView&)> look);

// CONFIG GET; empty where it was not read.
absl::string_view SettingOf(const RuleInput& input, absl::string_view name);

}  // namespace varve
