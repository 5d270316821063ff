#include "tests/fuzz/property.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace varve::testing {

void DoesNotHold(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
  std::abort();
}

bool IsOneLine(absl::string_view message) {
  return std::none_of(message.begin(), message.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < ' ' || byte == 0x7f;
  });
}

}  // namespace varve::testing
