// Words for what is not there: they name what is.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace varve {

// "no environment prdo; the nearest is prod". `names`: all that the store has.
absl::Status NoEnvironment(absl::string_view name, absl::Span<const std::string> names);

// "no snapshot prod@9; it has 1 to 4". `kept` and `thinned`: numbers, ascending.
absl::Status NoSnapshot(absl::string_view environment, int64_t seq, absl::Span<const int64_t> kept,
                        absl::Span<const int64_t> thinned);

// "prod@4 has no section redis; it has models and postgres".
absl::Status NoSection(absl::string_view environment, int64_t seq, absl::string_view section,
                       const std::vector<std::string>& sections);

}  // namespace varve
