// Arrays and vectors as PostgreSQL prints them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace varve::postgres {

// OID of a catalog row.
using Oid = uint32_t;

// The items of a one-dimensional array: `{a,"b c",NULL}`. NULL is an empty item. Text that is no
// array gives none.
std::vector<std::string> ArrayItems(absl::string_view text);

// The numbers of an array `{1,2}` or a vector `1 2` (int2vector, oidvector). What is no number ends
// the list.
std::vector<int64_t> ArrayNumbers(absl::string_view text);

// The bytes of a bytea in hex format: `\x6100`. Text that is not in that format gives none.
std::string ByteaBytes(absl::string_view text);

}  // namespace varve::postgres
