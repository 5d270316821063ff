// Rules about the keys of a Redis server, by pattern.
#include <cstdint>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "snapshot/kinds.h"
#include "snapshot/rules/redis_walk.h"

namespace varve {
namespace {

constexpr int64_t kMiB = int64_t{1} << 20;

// A pattern in which what is left of others was gathered: its keys need have nothing in common.
bool IsRest(absl::string_view pattern) {
  return pattern == "<rest>" || absl::StrContains(pattern, "<rare>") ||
         absl::StrContains(pattern, "<any>");
}

// Few keys show no habit, and one key in ten without a time to live is a habit of its own.
void KeysWithoutTtl(const RuleInput& input, RuleOutput& output) {
  constexpr int64_t kFewest = 20, kUsual = 10;
  ForEachPattern(input, [&output](const EntityView& entity, const v1::KeyPatternStructure&) {
    if (IsRest(entity.key().names[1])) return;
    const int64_t keys = entity.Number("keys").value_or(0);
    const std::optional<int64_t> with_ttl = entity.Number("keys_with_ttl");
    if (!with_ttl.has_value() || entity.Number("keys_probed").has_value()) return;
    const int64_t without = keys - *with_ttl;
    if (keys < kFewest || without <= 0 || without * kUsual > keys) return;
    output.Find(DisplayName(entity.key()),
                absl::StrCat(without, " of its ", keys, " keys never expire, the others do"));
  });
}

void SeveralTypes(const RuleInput& input, RuleOutput& output) {
  ForEachPattern(input,
                 [&output](const EntityView& entity, const v1::KeyPatternStructure& pattern) {
                   if (IsRest(entity.key().names[1]) || pattern.types_size() < 2) return;
                   output.Find(DisplayName(entity.key()),
                               absl::StrCat("its keys are ", absl::StrJoin(pattern.types(), ", ")));
                 });
}

void BigKey(const RuleInput& input, RuleOutput& output) {
  constexpr int64_t kMost = 16 * kMiB;
  ForEachMeasuredPattern(input, [&output](const EntityView& entity) {
    const int64_t bytes = entity.Number("largest_key_bytes").value_or(0);
    if (bytes < kMost) return;
    const absl::string_view name = entity.Text("largest_key");
    output.Find(DisplayName(entity.key()),
                absl::StrCat("its biggest key", name.empty() ? "" : ", ", name,
                             name.empty() ? "" : ",", " takes ", bytes / kMiB, " MiB"));
  });
}

void MemoryShare(const RuleInput& input, RuleOutput& output) {
  constexpr int64_t kFewest = 64 * kMiB;
  int64_t all = 0;
  ForEachOf(input, "key_pattern",
            [&all](const EntityView& entity) { all += entity.Number("memory_bytes").value_or(0); });
  if (all < kFewest) return;
  ForEachMeasuredPattern(input, [&](const EntityView& entity) {
    const int64_t bytes = entity.Number("memory_bytes").value_or(0);
    if (bytes * 2 <= all) return;
    output.Find(DisplayName(entity.key()),
                absl::StrCat("takes ", bytes * 100 / all, " % of the memory of all keys"));
  });
}

constexpr Need kPatterns[] = {{"key_pattern", v1::FACET_STRUCTURE}};
constexpr Need kTtls[] = {{"key_pattern", v1::FACET_STRUCTURE},
                          {"key_pattern", v1::FACET_UNSPECIFIED, "keys_with_ttl"}};
constexpr Need kSizes[] = {{"key_pattern", v1::FACET_UNSPECIFIED, "largest_key_bytes"}};
constexpr Need kMemory[] = {{"key_pattern", v1::FACET_UNSPECIFIED, "memory_bytes"}};

constexpr RuleRun kRuns[] = {
    {{"redis/big-key", Severity::kWarning, "performance", kSizes,
      "A command on a very big key keeps all other clients waiting, and so does deleting it.",
      "Spread it over several keys, or bound its length; delete it with UNLINK."},
     "redis",
     BigKey},
    {{"redis/keys-without-ttl", Severity::kWarning, "correctness", kTtls,
      "Keys that were meant to expire, as others of their pattern do, stay for ever.",
      "Set the time to live together with the value (SET … EX), and EXPIRE those that lack one."},
     "redis",
     KeysWithoutTtl},
    {{"redis/memory-share", Severity::kInfo, "policy", kMemory,
      "One pattern that takes most of the memory decides when the server is full.",
      "See whether its keys must be so many, so big, or live so long.", kOnlyIfNamed},
     "redis",
     MemoryShare},
    {{"redis/several-types", Severity::kWarning, "correctness", kPatterns,
      "A command for one type fails with WRONGTYPE on a key of another.",
      "Give each type names of its own."},
     "redis",
     SeveralTypes},
};

}  // namespace

absl::Span<const RuleRun> RedisPatternRules() { return kRuns; }

}  // namespace varve
