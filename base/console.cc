#include "base/console.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace varve {

absl::Status WriteData(absl::string_view text) {
  errno = 0;
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (written && std::fflush(stdout) == 0) return absl::OkStatus();
  const absl::Status failed = absl::ErrnoToStatus(errno, "writing to stdout");
  return {failed.code(), absl::StrCat(failed.message(), "; send the output elsewhere")};
}

void WriteMessage(absl::string_view program, absl::string_view message) {
  std::fprintf(stderr, "%s\n", OneLine(absl::StrCat(program, ": ", message)).c_str());
}

std::string OneLine(absl::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) c = ' ';
  }
  return line;
}

bool LocaleIsUtf8(const Variables& variables) {
  for (const absl::string_view name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string value = absl::AsciiStrToLower(variables(name).value_or(""));
    if (value.empty()) continue;
    return absl::StrContains(value, "utf-8") || absl::StrContains(value, "utf8");
  }
  return false;
}

bool MayColour(const Variables& variables) {
  if (!variables("NO_COLOR").value_or("").empty()) return false;
  const std::string terminal = variables("TERM").value_or("");
  return isatty(STDOUT_FILENO) == 1 && !terminal.empty() && terminal != "dumb";
}

Signs SignsOfLocale(const Variables& variables) {
  if (LocaleIsUtf8(variables)) return {"✓", "✗", "?"};
  return {"OK", "NO", "??"};
}

}  // namespace varve
