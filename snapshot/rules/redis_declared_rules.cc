// Rules that hold the keys of a Redis server against what the rules file declares.
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "snapshot/kinds.h"
#include "snapshot/rules/redis_declarations.h"
#include "snapshot/rules/redis_declared_values.h"
#include "snapshot/rules/redis_walk.h"

namespace varve {
namespace {

void UndeclaredKeys(const RuleInput& input, RuleOutput& output) {
  if (input.file.redis_keys().empty()) return;
  for (const EntityView& entity : input.section.OfKind("key_pattern")) {
    if (!entity.IsThere() || DeclarationOf(input, entity) != nullptr) continue;
    const int64_t keys = entity.Number("keys").value_or(0);
    if (keys == 0) continue;  // it had some in the last days
    output.Find(DisplayName(entity.key()),
                absl::StrCat("its ", keys, " keys are of no pattern that is declared"));
  }
}

absl::string_view TtlWord(v1::TtlClass ttl) {
  switch (ttl) {
    case v1::TTL_CLASS_ALWAYS:
      return "always";
    case v1::TTL_CLASS_NEVER:
      return "never";
    case v1::TTL_CLASS_MIXED:
      return "mixed";
    default:
      return "";
  }
}

void CompareValues(const EntityView& entity, const v1::KeyPatternStructure& pattern,
                   const v1::DeclaredKeys& declared, RuleOutput& output) {
  if (!DeclaresValues(declared)) return;
  const std::string object = DisplayName(entity.key());
  const bool may_have_keys = entity.Number("keys").value_or(1) > 0;
  if (pattern.values().empty() && may_have_keys) {
    return output.CannotSay(object, "its values were not looked at");
  }
  for (const v1::ValueShape& value : pattern.values()) {
    for (std::string& told : NotAsDeclared(declared, value)) output.Find(object, std::move(told));
  }
}

void KeysNotAsDeclared(const RuleInput& input, RuleOutput& output) {
  ForEachPattern(input, [&](const EntityView& entity, const v1::KeyPatternStructure& pattern) {
    const v1::DeclaredKeys* const declared = DeclarationOf(input, entity);
    if (declared == nullptr) return;
    const bool is_of_type = declared->type().empty() ||
                            (pattern.types_size() == 1 && pattern.types(0) == declared->type());
    if (!is_of_type) {
      output.Find(DisplayName(entity.key()),
                  absl::StrCat("its keys are ", absl::StrJoin(pattern.types(), ", "),
                               ", declared is ", declared->type()));
    }
    CompareValues(entity, pattern, *declared, output);
    const absl::string_view ttl = TtlWord(pattern.ttl());
    if (declared->ttl().empty() || ttl.empty() || ttl == declared->ttl()) return;
    output.Find(DisplayName(entity.key()),
                absl::StrCat("its keys expire ", ttl == "mixed" ? "in part" : ttl, ", declared is ",
                             declared->ttl()));
  });
}

constexpr Need kPatterns[] = {{"key_pattern", v1::FACET_STRUCTURE}};

constexpr RuleRun kRuns[] = {
    {{"redis/not-as-declared", Severity::kError, "correctness", kPatterns,
      "Who relies on what the rules file declares of these keys meets other ones.",
      "Mend what writes them, or the declaration (redis_keys in the rules file)."},
     "redis",
     KeysNotAsDeclared},
    {{"redis/undeclared-keys", Severity::kWarning, "correctness", kPatterns,
      "Keys that nobody declared have no owner, and nobody bounds them.",
      "Declare them (redis_keys in the rules file), or mend what writes them."},
     "redis",
     UndeclaredKeys},
};

}  // namespace

absl::Span<const RuleRun> RedisDeclaredRules() { return kRuns; }

}  // namespace varve
