#include "base/nearest.h"

#include <algorithm>
#include <vector>

namespace varve {

size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0]++;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

std::string NearestName(absl::string_view name, absl::Span<const std::string> names) {
  const auto nearest =
      std::min_element(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
        return EditDistance(name, a) < EditDistance(name, b);
      });
  return nearest == names.end() ? "" : *nearest;
}

std::string LikelyName(absl::string_view name, absl::Span<const std::string> names) {
  std::string nearest = NearestName(name, names);
  const size_t most = std::max<size_t>(1, std::max(name.size(), nearest.size()) / 3);
  return nearest.empty() || EditDistance(name, nearest) > most ? "" : nearest;
}

}  // namespace varve
