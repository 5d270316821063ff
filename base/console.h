// What a program writes for people: data on stdout, messages on stderr.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/variables.h"

namespace varve {

// Writes `text` to stdout, whole. Errors: kResourceExhausted (disk full), kUnavailable and others
// of the system.
absl::Status WriteData(absl::string_view text);

// Writes "PROGRAM: MESSAGE" as one line to stderr. Line breaks and control characters in it become
// spaces, so that what a server says cannot pretend to be another line.
void WriteMessage(absl::string_view program, absl::string_view message);

// `text` as one line for a terminal: control characters become spaces.
std::string OneLine(absl::string_view text);

// Yes, no, cannot say, in front of a line: "✓ ✗ ?", or "OK NO ??" where the locale is not UTF-8.
struct Signs {
  absl::string_view yes;
  absl::string_view no;
  absl::string_view cannot_say;
};

// Whether the locale that the variables name is UTF-8: LC_ALL, else LC_CTYPE, else LANG.
bool LocaleIsUtf8(const Variables& variables);

// Whether stdout may have colours: it is a terminal that knows them, and NO_COLOR is not set or
// empty (no-color.org).
bool MayColour(const Variables& variables);

// The signs of that locale.
Signs SignsOfLocale(const Variables& variables);

}  // namespace varve
