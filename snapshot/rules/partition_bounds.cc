#include "snapshot/rules/partition_bounds.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace varve {
namespace {

constexpr absl::string_view kLowest = "MINVALUE";

struct Range {
  int64_t number = 0;  // of `from`; 0 of times
  std::string from;
  std::string to;
};

// Bounds of one column are constants, quoted or not.
std::string Unquoted(absl::string_view value) {
  absl::ConsumePrefix(&value, "'");
  absl::ConsumeSuffix(&value, "'");
  return std::string(value);
}

bool IsTime(absl::string_view text) {
  constexpr size_t kDate = 10;  // 2024-01-31
  if (text.size() < kDate || absl::EndsWith(text, "BC")) return false;
  return text[4] == '-' && std::all_of(text.begin(), text.begin() + 4, absl::ascii_isdigit);
}

// Puts the range in its place; false where its beginning cannot be compared.
bool PutInOrder(Range& range, KeyOrder order) {
  if (range.from == kLowest || range.from == "-infinity") {
    range.number = std::numeric_limits<int64_t>::min();
    return true;
  }
  if (order == KeyOrder::kNumbers) return absl::SimpleAtoi(range.from, &range.number);
  return order == KeyOrder::kTimes && IsTime(range.from);
}

std::optional<Range> RangeOf(absl::string_view bound, KeyOrder order) {
  if (!absl::ConsumePrefix(&bound, "FOR VALUES FROM (") || !absl::ConsumeSuffix(&bound, ")")) {
    return std::nullopt;
  }
  const std::vector<absl::string_view> ends = absl::StrSplit(bound, ") TO (");
  if (ends.size() != 2) return std::nullopt;
  Range range{0, Unquoted(ends[0]), Unquoted(ends[1])};
  if (!PutInOrder(range, order)) return std::nullopt;
  return range;
}

struct Share {
  int64_t modulus = 0;
  int64_t remainder = 0;
};

std::optional<Share> ShareOf(absl::string_view bound) {
  if (!absl::ConsumePrefix(&bound, "FOR VALUES WITH (modulus ") ||
      !absl::ConsumeSuffix(&bound, ")")) {
    return std::nullopt;
  }
  const std::vector<absl::string_view> parts = absl::StrSplit(bound, ", remainder ");
  Share share;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &share.modulus) ||
      !absl::SimpleAtoi(parts[1], &share.remainder) || share.modulus <= 0) {
    return std::nullopt;
  }
  return share;
}

}  // namespace

std::string RangeGap(absl::Span<const std::string> bounds, KeyOrder order) {
  std::vector<Range> ranges;
  std::set<std::string> beginnings;
  for (const std::string& bound : bounds) {
    const std::optional<Range> range = RangeOf(bound, order);
    if (!range.has_value()) return "";
    ranges.push_back(*range);
    beginnings.insert(range->from);
  }
  std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) {
    return std::tie(a.number, a.from) < std::tie(b.number, b.from);
  });
  for (size_t at = 0; at + 1 < ranges.size(); ++at) {
    if (beginnings.count(ranges[at].to) > 0) continue;
    return absl::StrCat("from ", ranges[at].to, " up to ", ranges[at + 1].from);
  }
  return "";
}

// Each modulus divides the next larger one: the largest counts in its own remainders.
std::string HashGap(absl::Span<const std::string> bounds) {
  std::vector<Share> shares;
  int64_t largest = 0;
  for (const std::string& bound : bounds) {
    const std::optional<Share> share = ShareOf(bound);
    if (!share.has_value()) return "";
    shares.push_back(*share);
    largest = std::max(largest, share->modulus);
  }
  int64_t taken = 0;
  for (const Share& share : shares) taken += largest / share.modulus;
  if (taken >= largest) return "";
  return absl::StrCat(largest - taken, " of ", largest, " remainders");
}

}  // namespace varve
