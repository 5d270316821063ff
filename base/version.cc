#include "base/version.h"

namespace varve {

const absl::string_view kVersion = VARVE_VERSION;

}  // namespace varve
