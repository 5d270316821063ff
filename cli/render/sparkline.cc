#include "cli/render/sparkline.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace varve {
namespace {

constexpr absl::string_view kBars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr absl::string_view kDigits[] = {"1", "2", "3", "4", "5", "6", "7", "8"};
constexpr size_t kMiddle = 3;

// Which bar stands for a number between two others. Two numbers of 64 bits can be further apart
// than one of them holds.
size_t BarOf(int64_t number, int64_t least, int64_t most) {
  if (least == most) return kMiddle;
  const double way = static_cast<double>(most) - static_cast<double>(least);
  const double gone = static_cast<double>(number) - static_cast<double>(least);
  const auto bar = static_cast<size_t>(gone / way * std::size(kBars));
  return std::min(bar, std::size(kBars) - 1);
}

}  // namespace

std::string Sparkline(absl::Span<const std::optional<int64_t>> values, size_t most, bool utf8) {
  std::optional<int64_t> least;
  std::optional<int64_t> greatest;
  for (const std::optional<int64_t>& value : values) {
    if (!value.has_value()) continue;
    least = std::min(*value, least.value_or(*value));
    greatest = std::max(*value, greatest.value_or(*value));
  }
  const size_t bars = std::min(most, values.size());
  std::string line;
  for (size_t bar = 0; bar < bars; ++bar) {
    std::optional<int64_t> shown;
    for (size_t at = bar * values.size() / bars; at < (bar + 1) * values.size() / bars; ++at) {
      if (values[at].has_value()) shown = values[at];
    }
    if (!shown.has_value()) {
      absl::StrAppend(&line, utf8 ? "·" : ".");
      continue;
    }
    absl::StrAppend(&line, (utf8 ? kBars : kDigits)[BarOf(*shown, *least, *greatest)]);
  }
  return line;
}

}  // namespace varve
