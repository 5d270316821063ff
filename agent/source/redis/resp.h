// RESP2, as a Redis server answers, with limits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace varve::redis {

enum class ReplyType { kStatus, kError, kInteger, kBulk, kNull, kArray };

// One value of a reply. An array's elements follow it in the reply's list, each with what it holds
// in turn.
struct Value {
  ReplyType type = ReplyType::kNull;
  absl::string_view text;  // of a status, an error, a bulk; valid until the reader is asked again
  int64_t number =
      0;  // of an integer; of an array how many elements; of a bulk how many bytes it has
  bool is_cut = false;  // a bulk that is longer than the reader keeps: `text` is its beginning
};

// A whole reply, outermost value first, in order of reading. Never empty.
using Reply = absl::Span<const Value>;

struct RespLimits {
  size_t kept_bulk_bytes = 1 << 20;         // of a longer bulk only the beginning is kept
  int64_t bulk_bytes = int64_t{512} << 20;  // a longer one is refused: Redis has none
  int64_t elements = 1 << 20;               // of a whole reply, arrays within arrays together
  size_t depth = 8;                         // of arrays within arrays
  size_t line_bytes = 64 << 10;             // of a status, an error, a number
  size_t reply_bytes = size_t{64} << 20;    // kept of a whole reply
};

// Takes bytes as they come, gives whole replies. Not thread-safe. Memory stays within what the
// limits let one reply have, plus what was fed and not asked for.
class RespReader {
 public:
  explicit RespReader(RespLimits limits = {}) : limits_(limits) {}

  // Adds bytes. What the last reply pointed to is gone.
  void Feed(absl::string_view bytes);

  // The next whole reply; nothing while bytes are missing. What the last one pointed to is gone.
  // Errors: kDataLoss (not RESP2, or beyond a limit; the message says which). The reader is then
  // unusable.
  absl::StatusOr<std::optional<Reply>> Next();

  // Bytes that were fed and belong to no reply yet.
  size_t pending_bytes() const { return buffer_.size() - at_; }

 private:
  // A value whose text is still a place in the buffer: the buffer moves as it grows.
  struct Place {
    ReplyType type;
    size_t begin = 0;
    size_t size = 0;
    int64_t number = 0;
    bool is_cut = false;
  };
  enum class Step { kDone, kMore };

  absl::StatusOr<Step> ReadValue();
  absl::StatusOr<Step> ReadHeader(absl::string_view line, char kind, size_t line_begin);
  absl::StatusOr<Step> ReadNumbered(char kind, int64_t number);
  absl::StatusOr<Step> ReadBulk();
  absl::Status CountElement();
  absl::Status Open(int64_t elements);
  void Close();
  absl::Status Spend(size_t bytes);
  void DropFinished();
  Reply Finished();

  RespLimits limits_;
  std::string buffer_;
  size_t at_ = 0;              // next byte to read
  size_t line_searched_ = 0;   // no line ends before that
  std::vector<Place> places_;  // of the reply that is being read
  std::vector<int64_t> open_;  // elements that are missing, by open array
  int64_t elements_ = 0;       // of it so far
  size_t reply_bytes_ = 0;     // kept of it so far
  bool in_bulk_ = false;       // the last of `places_` is a bulk whose bytes are being read
  int64_t bulk_left_ = 0;      // of that bulk, bytes that were not seen
  bool is_whole_ = false;      // `places_` is a whole reply, given out
  std::vector<Value> values_;
};

}  // namespace varve::redis
