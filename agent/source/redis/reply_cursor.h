// Walks through a reply whose form is known.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"
#include "agent/source/redis/resp.h"

namespace varve::redis {

// Takes one value after the other. What has not the form that was asked for makes the cursor bad
// and reads as 0 or ""; it stays bad. Borrows the reply. Not thread-safe.
class ReplyCursor {
 public:
  explicit ReplyCursor(Reply reply) : reply_(reply) {}

  // How many elements the array here has; they come next.
  int64_t Array();
  // Of a bulk or a status; "" of a null.
  const Value& Text();
  int64_t Number();
  // Passes over a value, with all that is in it.
  void Skip();

  bool is_good() const { return is_good_; }
  void Fail() { is_good_ = false; }

 private:
  const Value& Next();

  Reply reply_;
  size_t at_ = 0;
  bool is_good_ = true;
};

}  // namespace varve::redis
