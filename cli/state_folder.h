// Where `varve` keeps what it must remember between runs, for one user.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "base/variables.h"

namespace varve {

// $XDG_STATE_HOME/varve, else $HOME/.local/state/varve; made where it is not there, for its owner
// only. Errors: kFailedPrecondition (neither variable is set), kPermissionDenied and others where
// it cannot be made.
absl::StatusOr<std::string> StateFolder(const Variables& variables);

}  // namespace varve
