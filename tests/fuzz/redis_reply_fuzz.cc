// Replies of a Redis server: the same ones however their bytes come, nothing beyond the limits, and
// an array that is printed as the server prints it comes back.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "agent/source/redis/resp.h"
#include "tests/fuzz/property.h"

namespace {

using varve::redis::Reply;
using varve::redis::ReplyType;
using varve::redis::RespLimits;
using varve::redis::RespReader;
using varve::redis::Value;

constexpr RespLimits kTight = {.kept_bulk_bytes = 16,
                               .bulk_bytes = 4096,
                               .elements = 64,
                               .depth = 4,
                               .line_bytes = 64,
                               .reply_bytes = 512};

std::string Told(const Value& value) {
  return absl::StrCat(static_cast<int>(value.type), " ", value.number, " ", value.is_cut, " ",
                      value.text);
}

// Each reply as one text, and last the error that ended them.
std::vector<std::string> RepliesOf(absl::string_view bytes, size_t step) {
  RespReader reader(kTight);
  std::vector<std::string> replies;
  while (!bytes.empty()) {
    reader.Feed(bytes.substr(0, step));
    bytes.remove_prefix(std::min(step, bytes.size()));
    while (true) {
      const absl::StatusOr<std::optional<Reply>> next = reader.Next();
      if (!next.ok()) {
        VARVE_HOLDS(next.status().code() == absl::StatusCode::kDataLoss);
        replies.emplace_back(next.status().message());
        return replies;
      }
      if (!next->has_value()) break;
      std::string reply;
      size_t kept = 0;
      for (const Value& value : **next) {
        kept += value.text.size();
        VARVE_HOLDS(value.type != ReplyType::kBulk || value.text.size() <= kTight.kept_bulk_bytes);
        absl::StrAppend(&reply, Told(value), "\n");
      }
      VARVE_HOLDS(kept <= kTight.reply_bytes);
      VARVE_HOLDS((*next)->size() <= static_cast<size_t>(kTight.elements) + 1);
      replies.push_back(std::move(reply));
    }
  }
  return replies;
}

void CheckRoundTrip(const std::vector<std::string>& pieces) {
  std::string bytes = absl::StrCat("*", pieces.size(), "\r\n");
  for (const std::string& piece : pieces) {
    absl::StrAppend(&bytes, "$", piece.size(), "\r\n", piece, "\r\n");
  }
  RespReader reader;
  reader.Feed(bytes);
  const absl::StatusOr<std::optional<Reply>> reply = reader.Next();
  VARVE_HOLDS(reply.ok() && reply->has_value());
  VARVE_HOLDS((*reply)->size() == pieces.size() + 1);
  for (size_t i = 0; i < pieces.size(); ++i) {
    VARVE_HOLDS((**reply)[i + 1].type == ReplyType::kBulk);
    VARVE_HOLDS((**reply)[i + 1].text == pieces[i]);
  }
  VARVE_HOLDS(reader.pending_bytes() == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes = varve::testing::AsText(data, size);
  const std::vector<std::string> whole = RepliesOf(bytes, std::max<size_t>(size, 1));
  for (const size_t step : {1, 2, 7}) VARVE_HOLDS(RepliesOf(bytes, step) == whole);
  CheckRoundTrip(absl::StrSplit(bytes, '\0'));
  return 0;
}
