#include "base/variables.h"

#include <cstdlib>

namespace varve {

std::optional<std::string> ProcessVariable(absl::string_view name) {
  const char* const value = std::getenv(std::string(name).c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

}  // namespace varve
