// Durations as people write them in configuration files and flags.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace varve {

// "90s", "1h", "1h30m", "7d", "2w", "1y" (365 days), "500ms". Whole numbers, each with its unit,
// more than zero in all. Errors: kInvalidArgument, with what was written and an example.
absl::StatusOr<absl::Duration> ParseDuration(absl::string_view text);

// "2 min", "3 h": one unit, rounded down; what people read.
std::string FormatDurationShort(absl::Duration duration);

}  // namespace varve
