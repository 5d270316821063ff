// Text that lives as long as its arena: millions of short catalog strings without an allocation
// each.
#pragma once

#include <cstring>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"

namespace varve::postgres {

// Not thread-safe. Views that Keep returned are valid until the arena goes; it never moves what it
// holds.
class Arena {
 public:
  // A copy of `text` that stays. Never a null view: empty text is an empty view with an address.
  absl::string_view Keep(absl::string_view text) {
    if (text.empty()) return absl::string_view("", 0);
    if (text.size() > left_) Grow(text.size());
    char* const at = next_;
    std::memcpy(at, text.data(), text.size());
    next_ += text.size();
    left_ -= text.size();
    return {at, text.size()};
  }

 private:
  static constexpr size_t kBlockBytes = 256 * 1024;

  void Grow(size_t needed) {
    const size_t size = needed > kBlockBytes / 4 ? needed : kBlockBytes;
    blocks_.push_back(std::make_unique<char[]>(size));
    next_ = blocks_.back().get();
    left_ = size;
  }

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;
  size_t left_ = 0;
};

}  // namespace varve::postgres
