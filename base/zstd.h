// Bytes made smaller, and back.
#pragma once

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace varve {

// `bytes` as one zstd frame. Equal bytes give equal frames from one build. Thread-safe.
std::string Compressed(absl::string_view bytes);

// What `frame` holds. Memory grows with what is really in it, never with what it claims, and not
// beyond `most_bytes` by more than 8 MiB. Errors: kDataLoss (not zstd, or cut short),
// kResourceExhausted (more than `most_bytes`, or a window that Compressed never asks for).
// Thread-safe.
absl::StatusOr<std::string> Inflated(absl::string_view frame, size_t most_bytes);

}  // namespace varve
