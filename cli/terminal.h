// What the program's output goes to, and how it is written there.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace varve {

// Gives the value of an environment variable; nothing where it is not set.
using EnvironmentVariables = std::function<std::optional<std::string>(absl::string_view name)>;

// The variables of this process.
std::optional<std::string> VariableOfProcess(absl::string_view name);

// Whether the locale that the variables name is UTF-8: LC_ALL, else LC_CTYPE, else LANG.
bool LocaleIsUtf8(const EnvironmentVariables& variables);

// Writes data to stdout. Errors: kResourceExhausted, kUnavailable (it could not be written, whole).
absl::Status WriteToStdout(absl::string_view text);

// Writes one message line to stderr, behind the program's name. Line breaks and control characters
// in it become spaces, so that what a server says cannot pretend to be another line.
void WriteMessage(absl::string_view message);

}  // namespace varve
