// What a fuzz target asserts.
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

// Ends the program, with its place, where `condition` does not hold: libFuzzer and the corpus
// driver then tell the input.
#define VARVE_HOLDS(condition)                                                       \
  do {                                                                               \
    if (!(condition)) ::varve::testing::DoesNotHold(#condition, __FILE__, __LINE__); \
  } while (false)

namespace varve::testing {

[[noreturn]] void DoesNotHold(const char* condition, const char* file, int line);

// The input of a target as text.
inline absl::string_view AsText(const uint8_t* data, size_t size) {
  return absl::string_view(reinterpret_cast<const char*>(data), size);
}

// Whether `message` can be shown as one line: no byte of it ends a line or steers a terminal.
bool IsOneLine(absl::string_view message);

}  // namespace varve::testing
