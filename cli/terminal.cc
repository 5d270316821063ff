#include "cli/terminal.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace varve {

std::optional<std::string> VariableOfProcess(absl::string_view name) {
  const char* const value = std::getenv(std::string(name).c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

bool LocaleIsUtf8(const EnvironmentVariables& variables) {
  for (const absl::string_view name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string value = variables(name).value_or("");
    if (value.empty()) continue;
    const std::string lower = absl::AsciiStrToLower(value);
    return absl::StrContains(lower, "utf-8") || absl::StrContains(lower, "utf8");
  }
  return false;
}

absl::Status WriteToStdout(absl::string_view text) {
  errno = 0;
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (written && std::fflush(stdout) == 0) return absl::OkStatus();
  const int error = errno;
  return absl::Status(
      absl::ErrnoToStatusCode(error),
      absl::StrCat("writing to stdout: ", std::strerror(error), "; send the output elsewhere"));
}

void WriteMessage(absl::string_view message) {
  std::string line = absl::StrCat("varve: ", message);
  for (char& c : line) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) c = ' ';
  }
  std::fprintf(stderr, "%s\n", line.c_str());
}

}  // namespace varve
