// Time as an argument, so that a test can hold it still, and the one text form of it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace varve {

// Gives the time now. absl::Now is one.
using Clock = std::function<absl::Time()>;

// "2026-03-04T09:12:33.000001Z": UTC, microseconds; what files and messages carry.
std::string FormatUtc(absl::Time time);

// "2026-03-04T09:12:33Z": UTC, to the second that has begun.
std::string FormatSecond(absl::Time time);

// "2026-03-04 09:12": UTC, to the minute; what people read.
std::string FormatMinute(absl::Time time);

}  // namespace varve
