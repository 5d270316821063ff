// Environment variables, as a function: a test holds them still.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace varve {

// Gives the value of an environment variable; nothing where it is not set.
using Variables = std::function<std::optional<std::string>(absl::string_view name)>;

// The variables of this process.
std::optional<std::string> ProcessVariable(absl::string_view name);

}  // namespace varve
