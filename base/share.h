// A part of a whole, as people write it.
#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace varve {

// "5%", "0.5%", "100%": from above 0 to 1. Errors: kInvalidArgument, with what to write.
absl::StatusOr<double> ParseShare(absl::string_view text);

}  // namespace varve
