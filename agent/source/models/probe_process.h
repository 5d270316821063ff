// One run of an interpreter, fenced in: its own process group, limits, no network, two watches.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace varve {

// The descriptor on which the script answers.
inline constexpr int kAnswerDescriptor = 3;

// What to run.
struct ProbeCommand {
  std::string interpreter;                       // path of the program
  std::vector<std::string> arguments;            // after the program's name
  std::vector<std::string> environment;          // "NAME=value"; there is nothing else
  std::string folder;                            // where it runs
  bool answers_on_output = false;                // it answers on its standard output instead
  std::string script;                            // its standard input
  int64_t memory_limit_bytes = 0;                // RLIMIT_AS; 0: none
  absl::Duration cpu_limit = absl::Seconds(30);  // in whole seconds, rounded up
  bool allow_network = false;
  absl::Time deadline = absl::InfiniteFuture();
  absl::Duration stall_limit = absl::InfiniteDuration();  // between two lines
};

// How it ended.
struct ProbeExit {
  enum class How {
    kExited,         // by itself; `code` is its exit code
    kSignalled,      // by a signal that was not ours; `code` is its number
    kStalled,        // killed: no line for `stall_limit`
    kDeadline,       // killed: past the deadline
    kTooMuchOutput,  // killed: a line over 16 MiB, or over 64 MiB in all
    kCpuLimit,       // killed by the kernel: `cpu_limit` was used up
  };
  How how = How::kExited;
  int code = 0;
  int64_t max_rss_bytes = 0;
  absl::Duration took;
  absl::Duration cpu;      // processor time, that of processes it waited for included
  std::string last_words;  // end of what it printed, at most 4 KiB; not redacted
};

// Runs `command` and calls `on_line` with each line that is not empty, as it comes, on this thread.
// When it returns, nothing of the process group is left. Errors: kNotFound (the interpreter cannot
// be started), kFailedPrecondition (the kernel refuses the filter), kResourceExhausted (no process
// or descriptor to be had).
absl::StatusOr<ProbeExit> RunProbe(const ProbeCommand& command,
                                   absl::FunctionRef<void(absl::string_view)> on_line);

}  // namespace varve
