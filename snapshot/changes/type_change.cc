#include "snapshot/changes/type_change.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace varve {
namespace {

// "timestamp(3) with time zone" is the base "timestamp with time zone" with the modifier {3}.
struct TypeParts {
  std::string base;
  std::vector<int> modifiers;  // empty: none
  bool array = false;
};

TypeParts PartsOf(absl::string_view text) {
  TypeParts parts;
  parts.array = absl::ConsumeSuffix(&text, "[]");
  const size_t open = text.find('(');
  const size_t close = text.find(')', open == text.npos ? 0 : open);
  if (open == text.npos || close == text.npos || absl::StrContains(text, '"')) {
    parts.base = std::string(text);
    return parts;
  }
  for (const absl::string_view item :
       absl::StrSplit(text.substr(open + 1, close - open - 1), ',')) {
    int number = 0;
    if (!absl::SimpleAtoi(item, &number)) return {std::string(text), {}, parts.array};
    parts.modifiers.push_back(number);
  }
  parts.base = std::string(text.substr(0, open)) + std::string(text.substr(close + 1));
  return parts;
}

// Types of one kind of value, each holding all of those before it.
constexpr const char* kLadders[][3] = {
    {"smallint", "integer", "bigint"},
    {"real", "double precision", ""},
};

std::optional<bool> IsUpTheLadder(absl::string_view before, absl::string_view after) {
  for (const auto& ladder : kLadders) {
    const auto* const from = absl::c_find(ladder, before);
    const auto* const to = absl::c_find(ladder, after);
    if (from != std::end(ladder) && to != std::end(ladder)) return from < to;
  }
  return std::nullopt;
}

// Lengths and precisions: none is the widest. A numeric's scale must not shrink, nor the digits
// before its point.
bool HoldsModifiers(const TypeParts& before, const TypeParts& after) {
  if (after.modifiers.empty()) return true;
  if (before.modifiers.empty()) return false;
  if (before.base != "numeric") return before.modifiers[0] <= after.modifiers[0];
  const auto scale = [](const TypeParts& parts) {
    return parts.modifiers.size() > 1 ? parts.modifiers[1] : 0;
  };
  return scale(before) <= scale(after) &&
         before.modifiers[0] - scale(before) <= after.modifiers[0] - scale(after);
}

// The most digits that an integer type has; 0 of another type.
int DigitsOf(absl::string_view base) {
  if (base == "smallint") return 5;
  if (base == "integer") return 10;
  return base == "bigint" ? 19 : 0;
}

bool IsText(absl::string_view base) { return base == "text" || base == "character varying"; }

bool FitsOtherKind(const TypeParts& before, const TypeParts& after) {
  // The blanks that fill a value up are gone, or are part of it.
  if (before.base == "character" && IsText(after.base)) return HoldsModifiers(before, after);
  const int digits = DigitsOf(before.base);
  if (digits > 0 && after.base == "numeric") {
    const int scale = after.modifiers.size() > 1 ? after.modifiers[1] : 0;
    return after.modifiers.empty() || after.modifiers[0] - scale >= digits;
  }
  if (before.base == "smallint" || before.base == "integer") {
    return after.base == "double precision" || (before.base == "smallint" && after.base == "real");
  }
  if (before.base == "json" && after.base == "jsonb") return true;
  return before.base == "date" && absl::StartsWith(after.base, "timestamp");
}

}  // namespace

TypeChange TypeChangeOf(absl::string_view before, absl::string_view after) {
  const TypeParts a = PartsOf(before);
  const TypeParts b = PartsOf(after);
  if (a.array != b.array) return TypeChange::kNarrows;
  if (a.base == b.base || (IsText(a.base) && IsText(b.base))) {
    // A blank-padded value of another length is another value.
    if (a.base == "character" || a.base == "bit") return TypeChange::kNarrows;
    return HoldsModifiers(a, b) ? TypeChange::kWidens : TypeChange::kNarrows;
  }
  if (IsUpTheLadder(a.base, b.base).value_or(false)) return TypeChange::kWidens;
  return FitsOtherKind(a, b) ? TypeChange::kFits : TypeChange::kNarrows;
}

}  // namespace varve
