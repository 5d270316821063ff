// Environment variables that a test sets.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "base/variables.h"

namespace varve::testing {

// Variables of which these alone are set.
inline Variables Of(std::map<std::string, std::string> values) {
  return [values = std::move(values)](absl::string_view name) -> std::optional<std::string> {
    const auto found = values.find(std::string(name));
    if (found == values.end()) return std::nullopt;
    return found->second;
  };
}

}  // namespace varve::testing
