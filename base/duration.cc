#include "base/duration.h"

#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace varve {
namespace {

struct Unit {
  absl::string_view name;
  absl::Duration length;
};

constexpr int kHoursPerDay = 24;
constexpr size_t kMostQuoted = 60;  // bytes of what was written, in a message

// Two letters before one: "ms" is not "m".
const Unit kUnits[] = {{"ms", absl::Milliseconds(1)},
                       {"s", absl::Seconds(1)},
                       {"m", absl::Minutes(1)},
                       {"h", absl::Hours(1)},
                       {"d", absl::Hours(kHoursPerDay)},
                       {"w", absl::Hours(kHoursPerDay * 7)},
                       {"y", absl::Hours(kHoursPerDay * 365)}};

absl::Status NotADuration(absl::string_view text) {
  return absl::InvalidArgumentError(
      absl::StrCat("'", absl::CHexEscape(text.substr(0, kMostQuoted)),
                   "' is not a duration; write for example 90s, 15m, 1h or 7d"));
}

const Unit* FindUnit(absl::string_view word) {
  for (const Unit& unit : kUnits) {
    if (unit.name == word) return &unit;
  }
  return nullptr;
}

absl::string_view TakeWhile(absl::string_view& rest, bool (*holds)(unsigned char)) {
  size_t length = 0;
  while (length < rest.size() && holds(rest[length])) ++length;
  const absl::string_view taken = rest.substr(0, length);
  rest.remove_prefix(length);
  return taken;
}

}  // namespace

absl::StatusOr<absl::Duration> ParseDuration(absl::string_view text) {
  absl::Duration sum;
  for (absl::string_view rest = text; !rest.empty();) {
    uint32_t number = 0;  // 32 bits of years are within a Duration
    const bool counted = absl::SimpleAtoi(TakeWhile(rest, absl::ascii_isdigit), &number);
    const Unit* unit = FindUnit(TakeWhile(rest, absl::ascii_isalpha));
    if (!counted || unit == nullptr) return NotADuration(text);
    sum += number * unit->length;
  }
  if (sum <= absl::ZeroDuration() || sum == absl::InfiniteDuration()) return NotADuration(text);
  return sum;
}

std::string FormatDurationShort(absl::Duration duration) {
  if (duration < absl::Minutes(1)) return absl::StrCat(absl::ToInt64Seconds(duration), " s");
  if (duration < absl::Hours(1)) return absl::StrCat(absl::ToInt64Minutes(duration), " min");
  const int64_t hours = absl::ToInt64Hours(duration);
  if (hours < 2 * kHoursPerDay) return absl::StrCat(hours, " h");
  return absl::StrCat(hours / kHoursPerDay, " d");
}

}  // namespace varve
