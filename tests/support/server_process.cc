#include "tests/support/server_process.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace varve::testing {
namespace {

constexpr const char* kServerUser = "postgres";

absl::Status SystemError(const std::string& doing) {
  return absl::UnavailableError(absl::StrCat(doing, ": ", std::strerror(errno)));
}

// In the child, between fork and exec: only calls that are safe there.
[[noreturn]] void Become(const passwd* user, int log, char* const* arguments) {
  if (user != nullptr && (setgroups(0, nullptr) != 0 || setgid(user->pw_gid) != 0 ||
                          setuid(user->pw_uid) != 0 || chdir("/") != 0)) {
    _exit(126);
  }
  prctl(PR_SET_PDEATHSIG, SIGQUIT);
  const int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, STDIN_FILENO);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  execv(arguments[0], arguments);
  _exit(127);
}

}  // namespace

absl::Status GiveToServerUser(const std::string& folder) {
  if (geteuid() != 0) return absl::OkStatus();
  const passwd* const user = getpwnam(kServerUser);
  if (user == nullptr) return absl::NotFoundError("there is no user postgres on this machine");
  if (chown(folder.c_str(), user->pw_uid, user->pw_gid) != 0) return SystemError("chown " + folder);
  return absl::OkStatus();
}

absl::StatusOr<pid_t> StartProcess(const std::vector<std::string>& command,
                                   const std::string& log) {
  const passwd* const user = geteuid() == 0 ? getpwnam(kServerUser) : nullptr;
  if (geteuid() == 0 && user == nullptr) {
    return absl::NotFoundError("there is no user postgres on this machine");
  }
  const int log_file = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (log_file < 0) return SystemError("opening " + log);
  std::vector<std::string> copy = command;
  std::vector<char*> arguments;
  for (std::string& argument : copy) arguments.push_back(argument.data());
  arguments.push_back(nullptr);
  setenv("LC_ALL", "C", 1);
  const pid_t process = fork();
  if (process == 0) Become(user, log_file, arguments.data());
  close(log_file);
  if (process < 0) return SystemError("starting " + command.front());
  return process;
}

int WaitForProcess(pid_t process) {
  int status = 0;
  while (waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

bool IsRunning(pid_t process) {
  siginfo_t ended{};
  return waitid(P_PID, static_cast<id_t>(process), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         ended.si_pid == 0;
}

}  // namespace varve::testing
