// The first two bytes of a few words: what tells most places of a text from all of them at once.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace varve {

class Beginnings {
 public:
  // Of words of two bytes or more each.
  constexpr explicit Beginnings(absl::Span<const absl::string_view> words) {
    for (const absl::string_view word : words) second_[Byte(word[0])] |= Bit(word[1]);
  }

  // Whether one of the words may begin with `first` and `second`. Never false where one does.
  constexpr bool Has(char first, char second) const {
    return (second_[Byte(first)] & Bit(second)) != 0;
  }

 private:
  static constexpr size_t Byte(char c) { return static_cast<unsigned char>(c); }
  static constexpr uint64_t Bit(char c) { return uint64_t{1} << (Byte(c) % 64); }

  std::array<uint64_t, 256> second_ = {};  // by first byte, the second ones
};

}  // namespace varve
