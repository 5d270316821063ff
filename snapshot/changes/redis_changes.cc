// What changes of a keyspace and of a Redis server do.
#include "snapshot/changes/change_case.h"

namespace varve {
namespace {

using v1::Difference;

constexpr v1::ChangeClass kBreaking = v1::CHANGE_CLASS_BREAKING;
constexpr v1::ChangeClass kRisky = v1::CHANGE_CLASS_RISKY;
constexpr v1::ChangeClass kAdditive = v1::CHANGE_CLASS_ADDITIVE;
constexpr v1::ChangeClass kCosmetic = v1::CHANGE_CLASS_COSMETIC;

bool Expires(const Change& change) { return change.after == "always" || change.after == "mixed"; }

constexpr ChangeCase kCases[] = {
    {{"change/keys-gone", kRisky, "readers find nothing there"},
     "key_pattern",
     v1::FACET_STRUCTURE,
     Difference::OP_REMOVED,
     ""},
    {{"change/key-type-gained", kRisky, "commands of one type meet keys of another"},
     "key_pattern",
     v1::FACET_STRUCTURE,
     Difference::OP_UNSPECIFIED,
     "types",
     OnlyGainedItems},
    {{"change/key-type", kBreaking, "commands of the old type fail"},
     "key_pattern",
     v1::FACET_STRUCTURE,
     Difference::OP_UNSPECIFIED,
     "types"},
    {{"change/key-ttl-set", kRisky, "keys go by themselves"},
     "key_pattern",
     v1::FACET_STRUCTURE,
     Difference::OP_UNSPECIFIED,
     "ttl",
     Expires},
    {{"change/key-ttl-dropped", kRisky, "keys stay, and memory grows"},
     "key_pattern",
     v1::FACET_STRUCTURE,
     Difference::OP_UNSPECIFIED,
     "ttl"},
    {{"change/value-path-added", kAdditive, "nobody relied on it"},
     "key_pattern",
     v1::FACET_STRUCTURE,
     Difference::OP_ADDED,
     "values/*/paths/*"},
    {{"change/value-path-dropped", kBreaking, "who reads it finds nothing"},
     "key_pattern",
     v1::FACET_STRUCTURE,
     Difference::OP_REMOVED,
     "values/*/paths/*"},
    {{"change/value-type-gained", kRisky, "readers may meet another type"},
     "key_pattern",
     v1::FACET_STRUCTURE,
     Difference::OP_UNSPECIFIED,
     "values/*/paths/*/types",
     OnlyGainedItems},
    {{"change/value-type", kBreaking, "readers meet another type"},
     "key_pattern",
     v1::FACET_STRUCTURE,
     Difference::OP_UNSPECIFIED,
     "values/*/paths/*/types"},
    {{"change/value-of-type", kCosmetic, "the types of the keys say so too"},
     "key_pattern",
     v1::FACET_STRUCTURE,
     Difference::OP_ADDED,
     "values/*"},
    {{"change/value-of-type", kCosmetic, "the types of the keys say so too"},
     "key_pattern",
     v1::FACET_STRUCTURE,
     Difference::OP_REMOVED,
     "values/*"},
    {{"change/consumer-group-dropped", kBreaking, "its consumers fail"},
     "key_pattern",
     v1::FACET_STRUCTURE,
     Difference::OP_UNSPECIFIED,
     "values/*/groups",
     LostItems},
    {{"change/consumer-group-added", kAdditive, "nobody relied on it"},
     "key_pattern",
     v1::FACET_STRUCTURE,
     Difference::OP_UNSPECIFIED,
     "values/*/groups"},
    {{"change/redis-version", kRisky, "commands may do something else"},
     "redis_server",
     v1::FACET_STRUCTURE,
     Difference::OP_UNSPECIFIED,
     "**"},
    {{"change/redis-user-dropped", kBreaking, "who logs in as it is refused"},
     "redis_user",
     v1::FACET_ACCESS,
     Difference::OP_REMOVED,
     ""},
    {{"change/redis-user-rights", kRisky, "it may do something else"},
     "redis_user",
     v1::FACET_ACCESS,
     Difference::OP_UNSPECIFIED,
     "*/**"},
};

}  // namespace

absl::Span<const ChangeCase> RedisChangeCases() { return kCases; }

}  // namespace varve
