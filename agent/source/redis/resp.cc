#include "agent/source/redis/resp.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace varve::redis {
namespace {

absl::Status NotResp(absl::string_view what) {
  return absl::DataLossError(absl::StrCat("the server's answer is not Redis protocol: ", what));
}

absl::Status Beyond(absl::string_view what) {
  return absl::DataLossError(absl::StrCat("the server's answer is refused: ", what));
}

// A decimal number, with nothing around it: "+1" and " 1" are none.
bool ReadNumber(absl::string_view text, int64_t& number) {
  const bool has_form = !text.empty() && (text[0] == '-' || (text[0] >= '0' && text[0] <= '9'));
  return has_form && text.back() >= '0' && text.back() <= '9' && absl::SimpleAtoi(text, &number);
}

// The number between the kind of a head and its end, "$17\r\n" at the start of `bytes`, as nearly
// every head has one: no search for its end. Returns how many bytes the head has; 0 where it is not
// whole, or of another form.
size_t ReadShortHead(absl::string_view bytes, int64_t& number) {
  constexpr size_t kMostDigits = 18;  // any such number fits
  const bool is_negative = bytes.size() > 1 && bytes[1] == '-';
  const size_t begin = is_negative ? 2 : 1;
  size_t at = begin;
  number = 0;
  for (; at < bytes.size() && bytes[at] >= '0' && bytes[at] <= '9'; ++at) {
    if (at - begin >= kMostDigits) return 0;
    number = number * 10 + (bytes[at] - '0');
  }
  if (at == begin || at + 1 >= bytes.size() || bytes[at] != '\r' || bytes[at + 1] != '\n') return 0;
  if (is_negative) number = -number;
  return at + 2;
}

bool HasNumber(char kind) { return kind == '$' || kind == ':' || kind == '*'; }

}  // namespace

void RespReader::Feed(absl::string_view bytes) {
  DropFinished();
  if (at_ > 0 && places_.empty()) {
    buffer_.erase(0, at_);
    line_searched_ = 0;
    at_ = 0;
  }
  buffer_.append(bytes.data(), bytes.size());
}

absl::StatusOr<std::optional<Reply>> RespReader::Next() {
  DropFinished();
  while (true) {
    VARVE_ASSIGN_OR_RETURN(const Step step, in_bulk_ ? ReadBulk() : ReadValue());
    if (step == Step::kMore) return std::optional<Reply>();
    if (open_.empty()) return std::optional<Reply>(Finished());
  }
}

// Reads one value, or the head of one that has content.
absl::StatusOr<RespReader::Step> RespReader::ReadValue() {
  if (at_ < buffer_.size() && HasNumber(buffer_[at_])) {
    int64_t number = 0;
    const absl::string_view rest(buffer_.data() + at_, buffer_.size() - at_);
    const size_t size = ReadShortHead(rest, number);
    if (size > 0 && size <= limits_.line_bytes) {
      const char kind = rest[0];
      at_ += size;
      VARVE_RETURN_IF_ERROR(CountElement());
      return ReadNumbered(kind, number);
    }
  }
  const size_t end = buffer_.find("\r\n", std::max(at_, line_searched_));
  if (end == std::string::npos) {
    // A '\r' at the end may be that of the line's end: it is no part of a line of the longest size.
    const size_t begun = buffer_.size() - at_;
    const size_t ending = begun > 0 && buffer_.back() == '\r' ? 1 : 0;
    if (begun - ending > limits_.line_bytes) {
      return Beyond(absl::StrCat("a line of more than ", limits_.line_bytes, " bytes"));
    }
    // The '\r' may be here, and its '\n' still under way.
    line_searched_ = std::max(at_, buffer_.empty() ? 0 : buffer_.size() - 1);
    return Step::kMore;
  }
  if (end - at_ > limits_.line_bytes) {
    return Beyond(absl::StrCat("a line of more than ", limits_.line_bytes, " bytes"));
  }
  if (end == at_) return NotResp("an empty line");
  const absl::string_view line(buffer_.data() + at_ + 1, end - at_ - 1);
  const char kind = buffer_[at_];
  const size_t begin = at_ + 1;
  at_ = end + 2;
  VARVE_RETURN_IF_ERROR(CountElement());
  return ReadHeader(line, kind, begin);
}

absl::Status RespReader::CountElement() {
  if (++elements_ <= limits_.elements) return absl::OkStatus();
  return Beyond(absl::StrCat("more than ", limits_.elements, " elements in one"));
}

absl::StatusOr<RespReader::Step> RespReader::ReadHeader(absl::string_view line, char kind,
                                                        size_t line_begin) {
  int64_t number = 0;
  switch (kind) {
    case '+':
    case '-':
      VARVE_RETURN_IF_ERROR(Spend(line.size()));
      places_.push_back({kind == '+' ? ReplyType::kStatus : ReplyType::kError, line_begin,
                         line.size(), 0, false});
      Close();
      return Step::kDone;
    case ':':
      if (!ReadNumber(line, number)) return NotResp("an integer that is none");
      return ReadNumbered(kind, number);
    case '$':
    case '*':
      if (!ReadNumber(line, number)) return NotResp("a length that is none");
      return ReadNumbered(kind, number);
    default:
      return NotResp("an unknown kind of value");
  }
}

// Takes an integer, or the head of a bulk or an array.
absl::StatusOr<RespReader::Step> RespReader::ReadNumbered(char kind, int64_t number) {
  if (kind == ':') {
    places_.push_back({ReplyType::kInteger, 0, 0, number, false});
    Close();
    return Step::kDone;
  }
  if (number < -1) return NotResp("a length that is none");
  if (number == -1) {
    places_.push_back({ReplyType::kNull, 0, 0, 0, false});
    Close();
    return Step::kDone;
  }
  if (kind == '*') {
    places_.push_back({ReplyType::kArray, 0, 0, number, false});
    VARVE_RETURN_IF_ERROR(Open(number));
    return Step::kDone;
  }
  if (number > limits_.bulk_bytes) return Beyond(absl::StrCat("a text of ", number, " bytes"));
  places_.push_back({ReplyType::kBulk, at_, 0, number, false});
  in_bulk_ = true;
  bulk_left_ = number;
  return ReadBulk();
}

// Takes of the bulk what is there; what is beyond the kept size is dropped from the buffer at once.
absl::StatusOr<RespReader::Step> RespReader::ReadBulk() {
  Place& bulk = places_.back();
  const auto available = static_cast<int64_t>(buffer_.size() - at_);
  const int64_t taken = std::min(bulk_left_, available);
  const size_t room = limits_.kept_bulk_bytes - std::min(bulk.size, limits_.kept_bulk_bytes);
  const size_t kept = std::min(static_cast<size_t>(taken), room);
  VARVE_RETURN_IF_ERROR(Spend(kept));
  bulk.size += kept;
  bulk_left_ -= taken;
  at_ += kept;
  if (static_cast<size_t>(taken) > kept) {
    bulk.is_cut = true;
    buffer_.erase(at_, static_cast<size_t>(taken) - kept);
  }
  if (bulk_left_ > 0 || buffer_.size() - at_ < 2) return Step::kMore;
  if (buffer_[at_] != '\r' || buffer_[at_ + 1] != '\n')
    return NotResp("a text that is longer than it says");
  at_ += 2;
  in_bulk_ = false;
  Close();
  return Step::kDone;
}

absl::Status RespReader::Open(int64_t elements) {
  if (elements > limits_.elements) return Beyond(absl::StrCat("an array of ", elements));
  if (elements == 0) {
    Close();
    return absl::OkStatus();
  }
  if (open_.size() >= limits_.depth) {
    return Beyond(absl::StrCat("arrays more than ", limits_.depth, " deep"));
  }
  open_.push_back(elements);
  return absl::OkStatus();
}

// A value is complete: so may be the arrays that it ends.
void RespReader::Close() {
  while (!open_.empty() && --open_.back() == 0) open_.pop_back();
}

absl::Status RespReader::Spend(size_t bytes) {
  reply_bytes_ += bytes;
  if (reply_bytes_ <= limits_.reply_bytes) return absl::OkStatus();
  return Beyond(absl::StrCat("more than ", limits_.reply_bytes, " bytes in one"));
}

void RespReader::DropFinished() {
  if (!is_whole_) return;
  is_whole_ = false;
  places_.clear();
  values_.clear();
  elements_ = 0;
  reply_bytes_ = 0;
}

Reply RespReader::Finished() {
  is_whole_ = true;
  values_.reserve(places_.size());
  for (const Place& place : places_) {
    values_.push_back({place.type, absl::string_view(buffer_.data() + place.begin, place.size),
                       place.number, place.is_cut});
  }
  return values_;
}

}  // namespace varve::redis
