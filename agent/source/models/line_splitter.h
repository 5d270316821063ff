// Lines out of a stream of bytes, within limits.
#pragma once

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace varve {

// Takes bytes as they come and gives whole lines. Keeps no more than one line.
class LineSplitter {
 public:
  LineSplitter(size_t longest_line_bytes, size_t most_bytes)
      : longest_line_(longest_line_bytes), most_(most_bytes) {}

  // Calls `visit` with each line that `bytes` ends, without its newline; empty lines are left out.
  // False once a limit is passed: nothing more is taken then.
  bool Take(absl::string_view bytes, absl::FunctionRef<void(absl::string_view)> visit);

 private:
  const size_t longest_line_;
  const size_t most_;
  size_t taken_ = 0;
  std::string begun_;
};

}  // namespace varve
