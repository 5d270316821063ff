#include "snapshot/environment_name.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace varve {
namespace {

constexpr size_t kLongest = 63;

bool IsNameByte(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '-';
}

}  // namespace

absl::Status CheckEnvironmentName(absl::string_view name) {
  const bool good = !name.empty() && name.size() <= kLongest &&
                    absl::ascii_isalnum(static_cast<unsigned char>(name.front())) &&
                    std::all_of(name.begin(), name.end(), IsNameByte);
  if (good) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "environment name '", absl::Utf8SafeCEscape(name.substr(0, 2 * kLongest)),
      "': a name has 1 to 63 letters, digits, '.', '_' or '-' and begins with a letter or digit; ",
      "write for example prod-eu"));
}

}  // namespace varve
