#include "base/glob.h"

#include <cstddef>
#include <cstdint>

namespace varve {
namespace {

constexpr size_t kNone = absl::string_view::npos;

uint8_t Byte(char c) { return static_cast<uint8_t>(c); }

// One byte's worth of a pattern: how long it is in the pattern, and whether it takes `c`.
struct Step {
  size_t size;
  bool fits;
};

// A class that begins at `at`, which is '['. One that never ends goes to the pattern's end, as in
// Redis.
Step ClassStep(absl::string_view pattern, size_t at, char c) {
  size_t i = at + 1;
  const bool is_negated = i < pattern.size() && pattern[i] == '^';
  if (is_negated) ++i;
  bool holds = false;
  while (i < pattern.size() && pattern[i] != ']') {
    if (pattern[i] == '\\' && i + 1 < pattern.size()) {
      holds |= pattern[i + 1] == c;
      i += 2;
    } else if (i + 2 < pattern.size() && pattern[i + 1] == '-') {
      const uint8_t low = Byte(pattern[i]);
      const uint8_t high = Byte(pattern[i + 2]);
      holds |= low <= high ? low <= Byte(c) && Byte(c) <= high : high <= Byte(c) && Byte(c) <= low;
      i += 3;
    } else {
      holds |= pattern[i] == c;
      ++i;
    }
  }
  const size_t end = i < pattern.size() ? i + 1 : i;
  return {end - at, holds != is_negated};
}

Step StepAt(absl::string_view pattern, size_t at, char c) {
  switch (pattern[at]) {
    case '?':
      return {1, true};
    case '[':
      return ClassStep(pattern, at, c);
    case '\\':
      if (at + 1 < pattern.size()) return {2, pattern[at + 1] == c};
      return {1, c == '\\'};
    default:
      return {1, pattern[at] == c};
  }
}

}  // namespace

// Only the last '*' is ever tried again: what an earlier one took can stay as it is.
bool GlobMatches(absl::string_view pattern, absl::string_view text) {
  size_t p = 0;
  size_t t = 0;
  size_t star = kNone;   // after the last '*'
  size_t star_text = 0;  // where the text goes on behind what it takes
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      star_text = t;
      continue;
    }
    const Step step = p < pattern.size() ? StepAt(pattern, p, text[t]) : Step{0, false};
    if (step.fits) {
      p += step.size;
      ++t;
    } else if (star != kNone) {
      p = star;
      t = ++star_text;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace varve
