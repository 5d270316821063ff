// Files that hold a secret, and nothing else: a token, a password.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace varve {

// The content of a small file, whole. `what` names it in messages ("password_file"); what it holds
// is never in one. Errors: kNotFound (not there, no file, or empty), kPermissionDenied (this user
// may not read it), kUnavailable (reading it failed).
absl::StatusOr<std::string> ReadSmallFile(absl::string_view what, const std::string& path);

// Whether nobody but its owner may use the file. Errors: kFailedPrecondition, with the command that
// mends it; those of a file that is not there, as above.
absl::Status CheckOnlyOwnerMayUse(absl::string_view what, const std::string& path);

}  // namespace varve
