// How a snapshot is shown.
#pragma once

#include <optional>

#include "varve/v1/check.pb.h"

namespace varve {

struct RenderOptions {
  std::optional<v1::CheckResult> validation;  // of the rules, for the analysis; none: not asked for
  bool ascii = false;  // OK NO ?? in place of ✓ ✗ ? on the terminal; the files are UTF-8 either way
};

}  // namespace varve
