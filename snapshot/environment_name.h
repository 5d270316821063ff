#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace varve {

// Whether `name` can name an environment: `[A-Za-z0-9][A-Za-z0-9._-]{0,62}`. Errors:
// kInvalidArgument, with what is wrong and what a name looks like.
absl::Status CheckEnvironmentName(absl::string_view name);

}  // namespace varve
