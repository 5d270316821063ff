#include "storage/not_found.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/nearest.h"

namespace varve {
namespace {

// "a", "a and b", "a, b and c".
std::string Listed(absl::Span<const std::string> names) {
  if (names.empty()) return "none";
  if (names.size() == 1) return names[0];
  return absl::StrCat(absl::StrJoin(names.first(names.size() - 1), ", "), " and ", names.back());
}

// "1 to 4", "1 to 4, 7 and 9 to 12".
std::string Ranges(absl::Span<const int64_t> numbers) {
  std::vector<std::string> ranges;
  for (size_t first = 0; first < numbers.size();) {
    size_t last = first;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    ranges.push_back(first == last ? absl::StrCat(numbers[first])
                                   : absl::StrCat(numbers[first], " to ", numbers[last]));
    first = last + 1;
  }
  return Listed(ranges);
}

}  // namespace

absl::Status NoEnvironment(absl::string_view name, absl::Span<const std::string> names) {
  constexpr size_t kMost = 5;
  const std::string what = absl::StrCat("no environment '", name, "'");
  if (names.empty()) {
    return absl::NotFoundError(
        absl::StrCat(what, "; the store is empty: no agent has published yet"));
  }
  std::vector<std::string> nearest(names.begin(), names.end());
  std::stable_sort(nearest.begin(), nearest.end(), [&](const std::string& a, const std::string& b) {
    return EditDistance(name, a) < EditDistance(name, b);
  });
  const bool all = nearest.size() <= kMost;
  if (!all) nearest.resize(kMost);
  std::sort(nearest.begin(), nearest.end());
  return absl::NotFoundError(
      absl::StrCat(what, all ? "; there is " : "; the nearest are ", Listed(nearest)));
}

absl::Status NoSnapshot(absl::string_view environment, int64_t seq, absl::Span<const int64_t> kept,
                        absl::Span<const int64_t> thinned) {
  const std::string snapshot = absl::StrCat(environment, "@", seq);
  const auto after = std::lower_bound(kept.begin(), kept.end(), seq);
  std::vector<std::string> neighbours;
  if (after != kept.begin()) neighbours.push_back(absl::StrCat(environment, "@", *(after - 1)));
  if (after != kept.end()) neighbours.push_back(absl::StrCat(environment, "@", *after));
  if (std::binary_search(thinned.begin(), thinned.end(), seq)) {
    return absl::NotFoundError(
        absl::StrCat(snapshot, " was thinned by retention; nearest are ", Listed(neighbours)));
  }
  constexpr size_t kMostRanges = 6;
  size_t ranges = kept.empty() ? 0 : 1;
  for (size_t i = 1; i < kept.size(); ++i) ranges += kept[i] == kept[i - 1] + 1 ? 0 : 1;
  if (ranges <= kMostRanges) {
    return absl::NotFoundError(absl::StrCat("no snapshot ", snapshot, "; it has ", Ranges(kept)));
  }
  return absl::NotFoundError(
      absl::StrCat("no snapshot ", snapshot, "; nearest are ", Listed(neighbours)));
}

absl::Status NoSection(absl::string_view environment, int64_t seq, absl::string_view section,
                       const std::vector<std::string>& sections) {
  return absl::NotFoundError(absl::StrCat(environment, "@", seq, " has no section '", section,
                                          "'; it has ", Listed(sections)));
}

}  // namespace varve
