// How much a user runs.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace varve {

// Threads of all processes of `user` that /proc shows; what ends meanwhile may or may not be
// counted.
uint64_t TasksOfUser(uid_t user);

}  // namespace varve
