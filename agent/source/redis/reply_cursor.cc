#include "agent/source/redis/reply_cursor.h"

namespace varve::redis {
namespace {

const Value& Nothing() {
  static const Value nothing;
  return nothing;
}

}  // namespace

const Value& ReplyCursor::Next() {
  if (is_good_ && at_ < reply_.size()) return reply_[at_++];
  is_good_ = false;
  return Nothing();
}

int64_t ReplyCursor::Array() {
  const Value& value = Next();
  if (value.type != ReplyType::kArray) is_good_ = false;
  return is_good_ ? value.number : 0;
}

const Value& ReplyCursor::Text() {
  const Value& value = Next();
  const bool is_text = value.type == ReplyType::kBulk || value.type == ReplyType::kStatus ||
                       value.type == ReplyType::kNull;
  if (!is_text) is_good_ = false;
  return is_good_ ? value : Nothing();
}

int64_t ReplyCursor::Number() {
  const Value& value = Next();
  if (value.type != ReplyType::kInteger) is_good_ = false;
  return is_good_ ? value.number : 0;
}

void ReplyCursor::Skip() {
  int64_t left = 1;
  while (is_good_ && left > 0) {
    const Value& value = Next();
    --left;
    if (value.type == ReplyType::kArray) left += value.number;
  }
}

}  // namespace varve::redis
