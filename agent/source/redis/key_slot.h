// Which of a cluster's slots a key lies in.
#pragma once

#include "absl/strings/string_view.h"

namespace varve::redis {

inline constexpr int kSlots = 16384;

// From 0 to kSlots - 1. Of a name with a hash tag ("user:{42}:cart") the tag alone counts.
int SlotOf(absl::string_view name);

}  // namespace varve::redis
