// What was seen in values: a tree of places, and how many values have which types there.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "snapshot/value_path.h"

namespace varve::redis {

enum class ValueType { kArray, kBinary, kBoolean, kInteger, kNull, kNumber, kObject, kString };
inline constexpr size_t kValueTypes = 8;
// "array".
absl::string_view ValueTypeWord(ValueType type);

// One place. Of one value all counts are 0 or 1; of several they are added. The texts of the
// children from the root down, one behind the other, are the path: "field", "$.user", ".id", "[*]".
struct PathNode {
  std::map<std::string, PathNode> children;
  std::array<uint32_t, kValueTypes> types{};  // values that have something of that type here
  uint32_t values = 0;                        // values that have something here

  void Mark(ValueType type);
  // Adds the counts of another tree.
  void Add(const PathNode& other);
  // As Add, where `other` stands for the same values: no count exceeds `most`.
  void AddUpTo(const PathNode& other, uint32_t most);
};

// A name as it stands in a path: each part that identifies one thing (key_tokens.h) is "*"; what
// has a meaning in paths stands behind a backslash. `is_field`: it is at a path's beginning, where
// a dot has none.
std::string PathName(absl::string_view name, bool is_field);

}  // namespace varve::redis
