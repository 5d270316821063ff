// Frames from files and the wire: what was compressed comes back at its exact size, and no frame
// makes more than it may.
#include <string>

#include "base/zstd.h"
#include "tests/fuzz/property.h"

namespace {

constexpr size_t kMost = 64 << 10;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes = varve::testing::AsText(data, size);
  const absl::StatusOr<std::string> any = varve::Inflated(bytes, kMost);
  VARVE_HOLDS(any.ok() ? any->size() <= kMost
                       : any.status().code() == absl::StatusCode::kDataLoss ||
                             any.status().code() == absl::StatusCode::kResourceExhausted);

  const std::string frame = varve::Compressed(bytes);
  const absl::StatusOr<std::string> back = varve::Inflated(frame, size);
  VARVE_HOLDS(back.ok());
  VARVE_HOLDS(*back == bytes);
  if (size == 0) return 0;
  VARVE_HOLDS(varve::Inflated(frame, size - 1).status().code() ==
              absl::StatusCode::kResourceExhausted);
  VARVE_HOLDS(!varve::Inflated(absl::string_view(frame).substr(0, size % frame.size()), size).ok());
  return 0;
}
