// Paths in the values of Redis, as ValuePath has them: "field", "$.user.id", "field$.items[*]".
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace varve {

inline constexpr absl::string_view kAnyElement = "[*]";

// The pieces of a path, each as long as one level: "field$.user.id[*]" is "field", "$.user", ".id",
// "[*]". Joined they are the path.
std::vector<std::string> PiecesOf(absl::string_view path);

// Whether a piece of a path stands for several names.
bool IsGeneralised(absl::string_view piece);

}  // namespace varve
