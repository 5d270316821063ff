// What an interpreter that imports other people's code may not do. Linux: seccomp.
#pragma once

#include <linux/filter.h>

#include <vector>

#include "absl/status/statusor.h"

namespace varve {

// A seccomp program, ready for prctl(PR_SET_SECCOMP): made before fork, since making it allocates.
//
// The calls it refuses answer an error and end nothing (libraries that try a socket at import
// survive that): leaving the process group, tracing other processes, io_uring (it would pass by the
// filter); and, unless `allow_network`, sockets other than AF_UNIX, connect and bind. Errors:
// kInternal (libseccomp refused; never seen).
absl::StatusOr<std::vector<sock_filter>> SandboxFilter(bool allow_network);

}  // namespace varve
