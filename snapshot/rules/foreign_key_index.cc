#include "snapshot/rules/foreign_key_index.h"

#include <algorithm>
#include <string>

#include "absl/algorithm/container.h"

namespace varve {

bool LeadsToKey(const v1::Index& index, const v1::Constraint& key) {
  const int width = key.columns_size();
  if (index.keys_size() < width) return false;
  const bool serves = index.method() == "btree" || (index.method() == "hash" && width == 1) ||
                      (index.method() == "gist" && key.period());
  if (!serves) return false;
  // In any order: neither has a column twice.
  const auto first = index.keys().begin();
  return absl::c_all_of(key.columns(), [&](const std::string& column) {
    return std::any_of(first, first + width,
                       [&column](const v1::IndexKey& each) { return each.column() == column; });
  });
}

}  // namespace varve
