// The part of a Redis URL that people write in forms no URL parser takes.
#pragma once

#include <cstddef>

#include "absl/strings/string_view.h"

namespace varve::redis {

// Where the '@' behind user and password stands in `rest`, which follows the "://" of a Redis URL;
// npos where there is none. A password may hold '/', '?' and '@' that should have been escaped, and
// a parameter of a URL without user an '@'.
size_t UserEnd(absl::string_view rest);

}  // namespace varve::redis
