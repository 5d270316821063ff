#include "base/log.h"

#include <atomic>
#include <cstdio>

#include "absl/strings/escaping.h"
#include "base/utf8.h"

namespace varve::log {
namespace {

std::atomic<Level> least{Level::kInfo};

absl::string_view Word(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarning:
      return "warning";
    case Level::kError:
      return "error";
  }
  return "error";
}

bool IsPlain(absl::string_view value) {
  if (value.empty()) return false;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= ' ' || byte == '"' || byte == '\\' || byte == 0x7f) return false;
  }
  return true;
}

// Whether characters beyond ASCII can be printed as they are: valid UTF-8, and none that a terminal
// or a reader of lines takes for an order: U+0080 to U+009F (C1 controls), U+2028 and U+2029 (line
// and paragraph separator), U+202A to U+202E and U+2066 to U+2069 (which turn text around).
bool IsHarmless(absl::string_view value) {
  if (!IsUtf8(value)) return false;
  for (size_t i = 0; i + 1 < value.size(); ++i) {
    const auto byte = [&](size_t at) { return static_cast<unsigned char>(value[at]); };
    if (byte(i) == 0xC2 && byte(i + 1) < 0xA0) return false;
    if (byte(i) != 0xE2) continue;
    const bool turns_or_ends = byte(i + 1) == 0x80 && byte(i + 2) >= 0xA8 && byte(i + 2) <= 0xAE;
    const bool isolates = byte(i + 1) == 0x81 && byte(i + 2) >= 0xA6 && byte(i + 2) <= 0xA9;
    if (turns_or_ends || isolates) return false;
  }
  return true;
}

// stderr is locked for a whole line, so lines of threads do not mix.
void Write(Level level, absl::string_view event, Facts facts) {
  if (level < least.load(std::memory_order_relaxed)) return;
  const std::string line = absl::StrCat(Line(level, event, facts), "\n");
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace

void SetLevel(Level level) { least.store(level, std::memory_order_relaxed); }
void Debug(absl::string_view event, Facts facts) { Write(Level::kDebug, event, facts); }
void Info(absl::string_view event, Facts facts) { Write(Level::kInfo, event, facts); }
void Warning(absl::string_view event, Facts facts) { Write(Level::kWarning, event, facts); }
void Error(absl::string_view event, Facts facts) { Write(Level::kError, event, facts); }

std::string Line(Level level, absl::string_view event, Facts facts) {
  std::string line = absl::StrCat("[", Word(level), "] ", event);
  for (const Fact& fact : facts) {
    absl::StrAppend(&line, " ", fact.name, "=");
    if (!IsHarmless(fact.value)) {
      absl::StrAppend(&line, "\"", absl::CHexEscape(fact.value), "\"");
    } else if (IsPlain(fact.value)) {
      absl::StrAppend(&line, fact.value);
    } else {
      absl::StrAppend(&line, "\"", absl::Utf8SafeCEscape(fact.value), "\"");
    }
  }
  return line;
}

}  // namespace varve::log
