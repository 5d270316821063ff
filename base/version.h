#pragma once

#include "absl/strings/string_view.h"

namespace varve {

// Version of this build: "0.1.0", from the project's CMakeLists.txt.
extern const absl::string_view kVersion;

}  // namespace varve
