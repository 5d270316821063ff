#include "cli/argument_secrets.h"

#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace varve {
namespace {

// A flag whose value is an address that may hold a password, and where to put it instead.
struct UrlFlag {
  absl::string_view name;
  absl::string_view better;
};

constexpr UrlFlag kUrlFlags[] = {
    {"--database-url", "set DATABASE_URL in the environment, or keep the password in ~/.pgpass"},
    {"--redis-url", "set REDIS_URL or REDIS_PASSWORD in the environment"},
};

// A password stands between ':' and '@' before the host, or as a parameter. In doubt it is one.
bool HoldsPassword(absl::string_view value) {
  const std::string lower = absl::AsciiStrToLower(value);
  if (absl::StrContains(lower, "password") || absl::StrContains(lower, "passwd")) return true;
  const size_t scheme = value.find("://");
  const absl::string_view rest =
      scheme == absl::string_view::npos ? value : value.substr(scheme + 3);
  const size_t at = rest.rfind('@');
  return at != absl::string_view::npos && absl::StrContains(rest.substr(0, at), ":");
}

void Wipe(char* value) { std::memset(value, '*', std::strlen(value)); }

}  // namespace

Arguments TakeArguments(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) arguments.all.emplace_back(argv[i]);
  for (int i = 1; i < argc; ++i) {
    for (const UrlFlag& flag : kUrlFlags) {
      const absl::string_view argument = argv[i];
      if (!absl::StartsWith(argument, flag.name)) continue;
      char* value = nullptr;
      if (argument == flag.name && i + 1 < argc) value = argv[i + 1];
      if (argument.size() > flag.name.size() && argument[flag.name.size()] == '=') {
        value = argv[i] + flag.name.size() + 1;
      }
      if (value == nullptr || !HoldsPassword(value)) continue;
      Wipe(value);
      arguments.warnings.push_back(absl::StrCat(
          "warning: the password in ", flag.name,
          " could be read by every user of this machine, and may be in your shell's history; ",
          flag.better));
    }
  }
  return arguments;
}

}  // namespace varve
