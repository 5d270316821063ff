#include "agent/source/models/probe_child.h"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "agent/source/models/probe_process.h"

namespace varve {
namespace {

constexpr int kTroubleDescriptor = 4;
constexpr rlim_t kOpenFiles = 256;

[[noreturn]] void Fail(ChildTrouble::Step step) {
  const ChildTrouble trouble = {step, errno};
  // Nobody reads it where the agent is gone by now.
  [[maybe_unused]] const ssize_t written = write(kTroubleDescriptor, &trouble, sizeof trouble);
  _exit(127);
}

// The interpreter starts as from a shell: it must not inherit what the agent ignores or blocks.
void ResetSignals() {
  struct sigaction standard = {};
  standard.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) sigaction(signal, &standard, nullptr);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

bool PlaceDescriptors(const ChildPlan& plan) {
  if (dup2(plan.trouble, kTroubleDescriptor) < 0) return false;
  if (fcntl(kTroubleDescriptor, F_SETFD, FD_CLOEXEC) < 0) return false;
  if (dup2(plan.script, 0) < 0 || dup2(plan.output, 2) < 0) return false;
  if (dup2(plan.answers_on_output ? plan.answers : plan.output, 1) < 0) return false;
  if (plan.answers_on_output) {
    close(kAnswerDescriptor);
  } else if (dup2(plan.answers, kAnswerDescriptor) < 0) {
    return false;
  }
  // Whatever another thread opened without O_CLOEXEC. Kernels before 5.9 lack the call; ours have
  // O_CLOEXEC.
  syscall(SYS_close_range, kTroubleDescriptor + 1, ~0U, 0);
  return true;
}

// `grace`: how much the hard limit lies beyond.
bool Limit(__rlimit_resource resource, rlim_t value, rlim_t grace = 0) {
  rlimit limit = {};
  if (getrlimit(resource, &limit) != 0) return false;
  limit.rlim_max = std::min(limit.rlim_max, value == RLIM_INFINITY ? value : value + grace);
  limit.rlim_cur = std::min(limit.rlim_max, value);
  return setrlimit(resource, &limit) == 0;
}

}  // namespace

void RunChild(const ChildPlan& plan) {
  if (!PlaceDescriptors(plan)) Fail(ChildTrouble::Step::kSetUp);
  ResetSignals();
  if (setsid() < 0) Fail(ChildTrouble::Step::kSetUp);
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) Fail(ChildTrouble::Step::kSetUp);
  if (getppid() != plan.parent) _exit(127);  // the agent went before the line above
  if (chdir(plan.folder) != 0) Fail(ChildTrouble::Step::kFolder);
  if (!Limit(RLIMIT_AS, plan.memory_bytes) || !Limit(RLIMIT_CPU, plan.cpu_seconds, 1) ||
      !Limit(RLIMIT_CORE, 0) || !Limit(RLIMIT_NOFILE, kOpenFiles) ||
      !Limit(RLIMIT_NPROC, plan.processes)) {
    Fail(ChildTrouble::Step::kLimits);
  }
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &plan.filter) != 0) {
    Fail(ChildTrouble::Step::kFilter);
  }
  execve(plan.interpreter, plan.arguments, plan.environment);
  Fail(ChildTrouble::Step::kExec);
}

}  // namespace varve
