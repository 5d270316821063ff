// What stands in a shape in place of what was secret.
#pragma once

#include "absl/strings/string_view.h"

namespace varve {

inline constexpr absl::string_view kMasked = "‹masked›";

}  // namespace varve
