// The child's side of a run, between fork and exec: system calls alone, since another thread of the
// parent may hold any lock.
#pragma once

#include <linux/filter.h>
#include <sys/resource.h>
#include <sys/types.h>

#include <vector>

namespace varve {

// Everything the child needs, made before the fork. Descriptors are above 4.
struct ChildPlan {
  const char* interpreter = nullptr;
  char* const* arguments = nullptr;    // ends with null
  char* const* environment = nullptr;  // ends with null
  const char* folder = nullptr;
  int script = -1;                 // becomes 0
  int output = -1;                 // becomes 1 and 2
  int answers = -1;                // becomes kAnswerDescriptor
  bool answers_on_output = false;  // `answers` becomes 1, and nothing kAnswerDescriptor
  int trouble = -1;  // closed by exec; a ChildTrouble is written to it where something fails before
  pid_t parent = 0;
  rlim_t memory_bytes = RLIM_INFINITY;
  rlim_t cpu_seconds = RLIM_INFINITY;
  rlim_t processes = RLIM_INFINITY;  // of the user, in all
  sock_fprog filter = {0, nullptr};
};

// What failed before the interpreter ran.
struct ChildTrouble {
  enum class Step : int { kSetUp, kFolder, kLimits, kFilter, kExec };
  Step step = Step::kSetUp;
  int error = 0;  // errno
};

// Becomes the interpreter; writes what failed and ends where it cannot.
[[noreturn]] void RunChild(const ChildPlan& plan);

}  // namespace varve
