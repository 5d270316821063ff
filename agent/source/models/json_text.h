// JSON from outside, without exceptions.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"

namespace varve {

using Json = nlohmann::json;

// The value of `text`. Errors: kInvalidArgument (no JSON, not UTF-8, or nested deeper than 200:
// walking it is recursive).
absl::StatusOr<Json> ParseJson(absl::string_view text);

// The text of `value`: keys sorted, no spaces. What ParseJson gave always has one.
std::string JsonText(const Json& value);

}  // namespace varve
