// What a text is, as far as it tells by itself.
#pragma once

#include <set>
#include <string>

#include "absl/strings/string_view.h"
#include "agent/source/redis/path_node.h"

namespace varve::redis {

// Integer, number, boolean, binary (no UTF-8, or control bytes), else string. "007", "1e5" and
// numbers of more than 18 digits are strings: digests look so. `is_cut`: the text goes on.
ValueType TextType(absl::string_view text, bool is_cut);

// Of a string's value: "empty", "hyperloglog", "gzip", "zstd", "integer", "number", "text",
// "binary".
absl::string_view TextFormat(absl::string_view text, bool is_cut);

// Without what another one of them holds too: a number may be an integer, a text may be a number,
// and binary may be any of them. `is_text`: the types are of texts, not of JSON, whose strings stay
// apart.
void DropNarrowerTypes(std::set<std::string>& types, bool is_text);
void DropNarrowerFormats(std::set<std::string>& formats);

}  // namespace varve::redis
