#include "agent/source/models/probe_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/source/models/descriptor.h"
#include "agent/source/models/line_splitter.h"
#include "agent/source/models/probe_child.h"
#include "agent/source/models/sandbox.h"
#include "agent/source/models/tasks_of_user.h"
#include "base/status.h"

namespace varve {
namespace {

constexpr size_t kLongestLine = size_t{16} << 20;
constexpr size_t kMostOutput = size_t{64} << 20;
constexpr size_t kLastWords = 4096;
constexpr int kAboveOurs = 10;  // descriptors that the child moves to 0..4 are above those

absl::Status NoneToBeHad(absl::string_view what) {
  return absl::ResourceExhaustedError(absl::StrCat(what, ": ", std::strerror(errno)));
}

absl::StatusOr<Descriptor> Lifted(Descriptor low) {
  Descriptor high(fcntl(low.get(), F_DUPFD_CLOEXEC, kAboveOurs));
  if (!high.valid()) return NoneToBeHad("opening a descriptor");
  return high;
}

// A pipe: what the child writes to, what we read from without waiting.
struct Pipe {
  Descriptor read, write;
};

absl::StatusOr<Pipe> MakePipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return NoneToBeHad("opening a pipe");
  Descriptor read(ends[0]), write(ends[1]);
  Pipe pipe;
  VARVE_ASSIGN_OR_RETURN(pipe.read, Lifted(std::move(read)));
  VARVE_ASSIGN_OR_RETURN(pipe.write, Lifted(std::move(write)));
  if (fcntl(pipe.read.get(), F_SETFL, O_NONBLOCK) != 0) return NoneToBeHad("opening a pipe");
  return pipe;
}

absl::StatusOr<Descriptor> ScriptFile(absl::string_view script) {
  Descriptor low(memfd_create("probe", MFD_CLOEXEC));
  if (!low.valid()) return NoneToBeHad("making a file in memory");
  VARVE_ASSIGN_OR_RETURN(Descriptor file, Lifted(std::move(low)));
  while (!script.empty()) {
    const ssize_t written = write(file.get(), script.data(), script.size());
    if (written <= 0) return NoneToBeHad("writing a file in memory");
    script.remove_prefix(static_cast<size_t>(written));
  }
  lseek(file.get(), 0, SEEK_SET);
  return file;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

absl::Status ToStatus(const ChildTrouble& trouble, const ProbeCommand& command) {
  const std::string why = std::strerror(trouble.error);
  switch (trouble.step) {
    case ChildTrouble::Step::kExec:
      return absl::NotFoundError(absl::StrCat("starting ", command.interpreter, ": ", why));
    case ChildTrouble::Step::kFolder:
      return absl::NotFoundError(absl::StrCat("entering folder ", command.folder, ": ", why));
    case ChildTrouble::Step::kFilter:
      return absl::FailedPreconditionError(absl::StrCat("putting a seccomp filter on it: ", why));
    case ChildTrouble::Step::kLimits:
      return absl::FailedPreconditionError(absl::StrCat("limiting it: ", why));
    case ChildTrouble::Step::kSetUp:
      break;
  }
  return absl::ResourceExhaustedError(absl::StrCat("setting up its process: ", why));
}

// The running interpreter. Ends and reaps its whole group when it goes.
class Running {
 public:
  Running(pid_t pid, Descriptor answers, Descriptor output)
      : pid_(pid),
        gone_(static_cast<int>(syscall(SYS_pidfd_open, pid, 0))),
        answers_(std::move(answers)),
        output_(std::move(output)) {}
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() {
    if (pid_ > 0) Reap();
  }

  ProbeExit Watch(const ProbeCommand& command, absl::FunctionRef<void(absl::string_view)> on_line);

 private:
  struct End {
    int status = 0;  // of waitpid
    int64_t max_rss_bytes = 0;
    absl::Duration cpu;
  };

  bool HasGone() const;
  bool WaitForNews(absl::Time until);
  bool TakeAnswers(absl::FunctionRef<void(absl::string_view)> on_line);
  void TakeOutput();
  End Reap();

  pid_t pid_;
  const Descriptor gone_;  // readable once the process ended; kernels before 5.3 have none
  Descriptor answers_;
  Descriptor output_;
  LineSplitter lines_{kLongestLine, kMostOutput};
  std::string last_words_;
  bool progress_ = false;
};

bool Running::HasGone() const {
  siginfo_t info = {};
  // WNOWAIT: the process stays a zombie, so that its number, which is its group's, is nobody
  // else's.
  return waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == pid_;
}

// Waits until there is something to read or the process ended; false when `until` came first.
bool Running::WaitForNews(absl::Time until) {
  std::array<pollfd, 3> on = {
      {{answers_.get(), POLLIN, 0}, {output_.get(), POLLIN, 0}, {gone_.get(), POLLIN, 0}}};
  while (true) {
    absl::Duration left = until - absl::Now();
    if (left <= absl::ZeroDuration()) return false;
    left = std::min(left, gone_.valid() ? absl::Seconds(60) : absl::Milliseconds(50));
    const int ready =
        poll(on.data(), on.size(), static_cast<int>(absl::ToInt64Milliseconds(left)) + 1);
    if (ready > 0 || HasGone()) return true;
  }
}

bool Running::TakeAnswers(absl::FunctionRef<void(absl::string_view)> on_line) {
  std::array<char, 65536> buffer;
  while (answers_.valid()) {
    const ssize_t size = read(answers_.get(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return true;
    if (size == 0) {
      answers_.Reset();
      return true;
    }
    const bool within =
        lines_.Take({buffer.data(), static_cast<size_t>(size)}, [&](absl::string_view line) {
          progress_ = true;
          on_line(line);
        });
    if (!within) return false;
  }
  return true;
}

void Running::TakeOutput() {
  std::array<char, 8192> buffer;
  while (output_.valid()) {
    const ssize_t size = read(output_.get(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return;
    if (size == 0) return output_.Reset();
    last_words_.append(buffer.data(), static_cast<size_t>(size));
    if (last_words_.size() > 2 * kLastWords) last_words_.erase(0, last_words_.size() - kLastWords);
  }
}

// Ends what is left of the group, then takes the process's status.
Running::End Running::Reap() {
  kill(-pid_, SIGKILL);
  End end;
  rusage usage = {};
  while (wait4(pid_, &end.status, 0, &usage) < 0 && errno == EINTR) {
  }
  end.max_rss_bytes = static_cast<int64_t>(usage.ru_maxrss) * 1024;
  end.cpu = absl::DurationFromTimeval(usage.ru_utime) + absl::DurationFromTimeval(usage.ru_stime);
  pid_ = 0;
  return end;
}

absl::Duration WholeSeconds(absl::Duration cpu_limit) {
  return std::max(absl::Seconds(1), absl::Ceil(cpu_limit, absl::Seconds(1)));
}

// SIGXCPU comes at the limit. Of a program that does not heed it the kernel makes an end a second
// later: only the time that was used tells that from another's SIGKILL, the one for want of memory
// above all.
ProbeExit::How HowSignalled(int signal, absl::Duration cpu, const ProbeCommand& command) {
  constexpr absl::Duration kSlack = absl::Milliseconds(100);  // usage is counted in ticks
  const bool used_up = cpu + kSlack >= WholeSeconds(command.cpu_limit);
  return signal == SIGXCPU || (signal == SIGKILL && used_up) ? ProbeExit::How::kCpuLimit
                                                             : ProbeExit::How::kSignalled;
}

ProbeExit Running::Watch(const ProbeCommand& command,
                         absl::FunctionRef<void(absl::string_view)> on_line) {
  ProbeExit exit;
  const absl::Time start = absl::Now();
  absl::Time last_progress = start;
  std::optional<ProbeExit::How> killed_for;
  while (!HasGone() && !killed_for.has_value()) {
    const absl::Time stalled_at = last_progress + command.stall_limit;
    if (!WaitForNews(std::min(command.deadline, stalled_at))) {
      killed_for =
          command.deadline <= stalled_at ? ProbeExit::How::kDeadline : ProbeExit::How::kStalled;
    }
    TakeOutput();
    if (!TakeAnswers(on_line)) killed_for = ProbeExit::How::kTooMuchOutput;
    if (std::exchange(progress_, false)) last_progress = absl::Now();
    if (absl::Now() > command.deadline) killed_for = ProbeExit::How::kDeadline;
  }
  const End end = Reap();
  if (killed_for != ProbeExit::How::kTooMuchOutput && !TakeAnswers(on_line)) {
    killed_for = ProbeExit::How::kTooMuchOutput;
  }
  TakeOutput();
  const bool by_signal = WIFSIGNALED(end.status);
  exit.how = killed_for.value_or(by_signal ? HowSignalled(WTERMSIG(end.status), end.cpu, command)
                                           : ProbeExit::How::kExited);
  exit.code = by_signal ? WTERMSIG(end.status) : WEXITSTATUS(end.status);
  exit.max_rss_bytes = end.max_rss_bytes;
  exit.cpu = end.cpu;
  exit.took = absl::Now() - start;
  exit.last_words = last_words_.size() > kLastWords
                        ? last_words_.substr(last_words_.size() - kLastWords)
                        : std::move(last_words_);
  return exit;
}

// Threads and processes that the agent's user may have while the interpreter runs, so that one that
// forks without end cannot take all there are. Root is nobody to whom the kernel applies it.
rlim_t ProcessLimit() {
  constexpr rlim_t kMore = 512;
  return geteuid() == 0 ? RLIM_INFINITY : TasksOfUser(geteuid()) + kMore;
}

int MillisecondsUntil(absl::Time time) {
  const absl::Duration left = std::min(time - absl::Now(), absl::Minutes(1));
  return static_cast<int>(std::max<int64_t>(0, absl::ToInt64Milliseconds(left)));
}

// What the child says before exec; nothing: the interpreter runs. A folder on a server that does
// not answer can hold it there.
absl::Status AwaitExec(int trouble_descriptor, pid_t pid, const ProbeCommand& command) {
  absl::Status status;
  ChildTrouble trouble;
  while (true) {
    const ssize_t size = read(trouble_descriptor, &trouble, sizeof trouble);
    if (size == 0) return absl::OkStatus();
    if (size == static_cast<ssize_t>(sizeof trouble)) {
      status = ToStatus(trouble, command);
      break;
    }
    if (absl::Now() > command.deadline) {
      kill(pid, SIGKILL);
      status = absl::DeadlineExceededError(absl::StrCat("starting ", command.interpreter));
      break;
    }
    pollfd on = {trouble_descriptor, POLLIN, 0};
    poll(&on, 1, MillisecondsUntil(command.deadline) + 1);
  }
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return status;
}

// Forks with all signals blocked, so that no handler of ours runs in the child.
pid_t Fork(const ChildPlan& plan) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = fork();
  if (pid == 0) RunChild(plan);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return pid;
}

}  // namespace

absl::StatusOr<ProbeExit> RunProbe(const ProbeCommand& command,
                                   absl::FunctionRef<void(absl::string_view)> on_line) {
  VARVE_ASSIGN_OR_RETURN(std::vector<sock_filter> filter, SandboxFilter(command.allow_network));
  VARVE_ASSIGN_OR_RETURN(const Descriptor script, ScriptFile(command.script));
  VARVE_ASSIGN_OR_RETURN(Pipe answers, MakePipe());
  VARVE_ASSIGN_OR_RETURN(Pipe output, MakePipe());
  VARVE_ASSIGN_OR_RETURN(Pipe trouble, MakePipe());
  std::vector<std::string> arguments = {command.interpreter};
  arguments.insert(arguments.end(), command.arguments.begin(), command.arguments.end());
  std::vector<std::string> environment = command.environment;
  const std::vector<char*> argument_pointers = Pointers(arguments);
  const std::vector<char*> environment_pointers = Pointers(environment);

  ChildPlan plan;
  plan.interpreter = command.interpreter.c_str();
  plan.arguments = argument_pointers.data();
  plan.environment = environment_pointers.data();
  plan.folder = command.folder.c_str();
  plan.script = script.get();
  plan.output = output.write.get();
  plan.answers = answers.write.get();
  plan.answers_on_output = command.answers_on_output;
  plan.trouble = trouble.write.get();
  plan.parent = getpid();
  if (command.memory_limit_bytes > 0)
    plan.memory_bytes = static_cast<rlim_t>(command.memory_limit_bytes);
  plan.cpu_seconds = static_cast<rlim_t>(absl::ToInt64Seconds(WholeSeconds(command.cpu_limit)));
  plan.processes = ProcessLimit();
  plan.filter = {static_cast<unsigned short>(filter.size()), filter.data()};

  const pid_t pid = Fork(plan);
  if (pid < 0) return NoneToBeHad("starting a process");
  for (Pipe* pipe : {&answers, &output, &trouble}) pipe->write.Reset();
  VARVE_RETURN_IF_ERROR(AwaitExec(trouble.read.get(), pid, command));
  return Running(pid, std::move(answers.read), std::move(output.read)).Watch(command, on_line);
}

}  // namespace varve
