// What a JSON document looks like, never what it says.
#pragma once

#include <cstddef>
#include <optional>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "agent/source/redis/path_node.h"

namespace varve::redis {

// What is not within the limits is not in the tree.
struct JsonLimits {
  size_t depth = 8;     // of objects and arrays within one another
  size_t places = 500;  // of one document
};

// How a key of an object stands in a path.
using NameOfKey = absl::FunctionRef<std::string(absl::string_view key)>;

// The places of an object or an array, each below the one that holds it: ".user", then ".id"; an
// array's elements are one place "[*]". Of a text that is cut (`is_cut`), as far as it goes.
// Nothing for what is no JSON, or no object and no array. A pure function, whose cost grows with
// the text and whose memory does not.
std::optional<PathNode> ShapeOfJson(absl::string_view text, bool is_cut, NameOfKey name_of_key,
                                    const JsonLimits& limits = {});

}  // namespace varve::redis
