// Processes of servers that tests start: as an unprivileged user, and never longer than the test.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace varve::testing {

// Makes `folder` one that the unprivileged user may write to: where the test is root, it becomes
// that of user `postgres`.
absl::Status GiveToServerUser(const std::string& folder);

// Starts `command` (a program's path and its arguments), with stdout and stderr appended to `log`
// and LC_ALL=C; as user `postgres` where the test is root. The system stops it (SIGQUIT) when the
// thread that called this ends.
absl::StatusOr<pid_t> StartProcess(const std::vector<std::string>& command, const std::string& log);

// Waits until the process ended; its exit status, or 128 and the signal that ended it.
int WaitForProcess(pid_t process);

// Whether it still runs. One that ended is not waited for yet.
bool IsRunning(pid_t process);

}  // namespace varve::testing
