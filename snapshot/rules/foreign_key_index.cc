#include "snapshot/rules/foreign_key_index.h"

#include <set>
#include <string>

namespace varve {

bool LeadsToKey(const v1::Index& index, const v1::Constraint& key) {
  const int width = key.columns_size();
  if (index.keys_size() < width) return false;
  const bool serves = index.method() == "btree" || (index.method() == "hash" && width == 1) ||
                      (index.method() == "gist" && key.period());
  if (!serves) return false;
  std::set<std::string> keys;
  for (int at = 0; at < width; ++at) keys.insert(index.keys(at).column());
  return keys == std::set<std::string>(key.columns().begin(), key.columns().end());
}

}  // namespace varve
