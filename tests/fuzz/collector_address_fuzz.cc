// Addresses of collectors: plaintext goes to this machine alone.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "base/collector_channel.h"
#include "tests/fuzz/property.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view address = varve::testing::AsText(data, size);
  if (!varve::IsLoopback(address) || absl::StartsWith(address, "unix:")) return 0;
  VARVE_HOLDS(absl::StartsWith(address, "localhost:") ||
              absl::StartsWith(address, "[localhost]:") || absl::StartsWith(address, "[::1]:") ||
              absl::StartsWith(address, "127.") || absl::StartsWith(address, "[127."));
  const absl::string_view port = address.substr(address.rfind(':') + 1);
  VARVE_HOLDS(!port.empty() && std::all_of(port.begin(), port.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  }));
  if (!absl::StartsWith(address, "127.")) return 0;
  // Four numbers, and no name that a resolver is asked for.
  VARVE_HOLDS(std::all_of(address.begin(), address.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '.' || c == ':';
  }));
  return 0;
}
