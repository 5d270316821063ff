// Finds the key `varve` in the text of an exported file, without building the rest of it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace varve {

// What is read of the key: the rest of it is for people.
struct VarveKey {
  std::string snapshot;  // base64
  std::vector<std::pair<std::string, std::string>>
      data;  // section name, base64; in the file's order
};

// Errors: kInvalidArgument (not JSON, or without the key), kFailedPrecondition (a newer format),
// kDataLoss (the key has not the form of its format).
absl::StatusOr<VarveKey> ReadVarveKey(absl::string_view json);

}  // namespace varve
