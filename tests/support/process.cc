#include "tests/support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <map>
#include <optional>
#include <ostream>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "base/status.h"

namespace varve::testing {
namespace {

constexpr std::array<const char*, 8> kInherited = {
    "PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"};

// A descriptor, closed when this goes.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

// The test's end of a program's stdout or stderr, and the program's.
struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

absl::StatusOr<Pipe> MakePipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return absl::ErrnoToStatus(errno, "making a pipe");
  Pipe pipe{Descriptor(ends[0]), Descriptor(ends[1])};
  // The program's end stays blocking: what it writes waits for us.
  if (fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) return absl::ErrnoToStatus(errno, "setting a pipe");
  return pipe;
}

// Strings as execve takes them: valid as long as this and unchanged.
class CStrings {
 public:
  explicit CStrings(std::vector<std::string> strings) : strings_(std::move(strings)) {
    for (std::string& string : strings_) pointers_.push_back(string.data());
    pointers_.push_back(nullptr);
  }
  CStrings(const CStrings&) = delete;
  CStrings& operator=(const CStrings&) = delete;
  char* const* get() const { return pointers_.data(); }

 private:
  std::vector<std::string> strings_;
  std::vector<char*> pointers_;
};

std::vector<std::string> ArgumentsOf(const Command& command) {
  std::vector<std::string> all = {command.program};
  all.insert(all.end(), command.arguments.begin(), command.arguments.end());
  return all;
}

std::vector<std::string> EnvironmentOf(const Command& command) {
  std::map<std::string, std::string> variables;
  for (const char* const name : kInherited) {
    if (const char* const value = std::getenv(name)) variables[name] = value;
  }
  for (const auto& [name, value] : command.environment) variables[name] = value;
  std::vector<std::string> all;
  for (const auto& [name, value] : variables) all.push_back(absl::StrCat(name, "=", value));
  return all;
}

// posix_spawn and not fork: the test's process has threads.
absl::StatusOr<pid_t> Spawn(const Command& command, int out, int err) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, err, STDERR_FILENO);
  if (!command.folder.empty()) {
    posix_spawn_file_actions_addchdir_np(&files, command.folder.c_str());
  }
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t signals;
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(&attributes, &signals);
  sigfillset(&signals);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const CStrings arguments(ArgumentsOf(command));
  const CStrings environment(EnvironmentOf(command));
  pid_t pid = 0;
  const int error = posix_spawnp(&pid, command.program.c_str(), &files, &attributes,
                                 arguments.get(), environment.get());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) return absl::ErrnoToStatus(error, absl::StrCat("running ", command.program));
  return pid;
}

// Appends what can be read without waiting; false when nothing can come any more.
bool Drain(int fd, std::string& text) {
  std::array<char, 1 << 14> buffer;
  while (true) {
    const ssize_t got = read(fd, buffer.data(), buffer.size());
    if (got > 0) {
      text.append(buffer.data(), static_cast<size_t>(got));
    } else if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
      return false;
    } else if (errno == EAGAIN) {
      return true;
    }
  }
}

}  // namespace

// The process and the thread that reads what it says, until it has ended.
class Process::Running {
 public:
  Running(pid_t pid, Descriptor pid_fd, Descriptor out, Descriptor err)
      : pid_(pid), pid_fd_(std::move(pid_fd)), fds_{std::move(out), std::move(err)} {
    thread_ = std::thread([this] { Follow(); });
  }
  ~Running() {
    Signal(SIGKILL);
    thread_.join();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  pid_t pid() const { return pid_; }
  // Never another process that got the number since: a descriptor names it.
  void Signal(int signal) { syscall(SYS_pidfd_send_signal, pid_fd_.get(), signal, nullptr, 0); }

  std::optional<Exit> AwaitExit(absl::Duration timeout) const {
    absl::MutexLock lock(&mutex_);
    const auto ended = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return exit_.has_value(); };
    mutex_.AwaitWithTimeout(absl::Condition(&ended), timeout);
    return exit_;
  }

  std::string text(size_t stream) const {
    absl::MutexLock lock(&mutex_);
    return texts_[stream];
  }

  absl::Status AwaitText(size_t stream, absl::string_view text, absl::Duration timeout) const {
    absl::MutexLock lock(&mutex_);
    const auto there = [this, stream, text]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
      return exit_.has_value() || absl::StrContains(texts_[stream], text);
    };
    const bool in_time = mutex_.AwaitWithTimeout(absl::Condition(&there), timeout);
    if (absl::StrContains(texts_[stream], text)) return absl::OkStatus();
    const std::string said = absl::StrCat("; stdout: ", texts_[kOut], "; stderr: ", texts_[kErr]);
    if (in_time) {
      return absl::FailedPreconditionError(absl::StrCat("it ended without '", text, "'", said));
    }
    return absl::DeadlineExceededError(absl::StrCat("it has not said '", text, "'", said));
  }

  static constexpr size_t kOut = 0;
  static constexpr size_t kErr = 1;

 private:
  void Follow() {
    std::array<pollfd, 3> polled = {
        {{fds_[kOut].get(), POLLIN, 0}, {fds_[kErr].get(), POLLIN, 0}, {pid_fd_.get(), POLLIN, 0}}};
    while (true) {
      while (poll(polled.data(), polled.size(), -1) < 0 && errno == EINTR) {
      }
      absl::MutexLock lock(&mutex_);
      // What it wrote before its end is in the pipes by now. Their end is not waited for: a child
      // of its own may live on and hold them.
      for (const size_t stream : {kOut, kErr}) {
        if (!Drain(fds_[stream].get(), texts_[stream])) polled[stream].fd = -1;
      }
      if (polled[2].revents == 0) continue;
      int status = 0;
      while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
      }
      exit_ = WIFSIGNALED(status) ? Exit{-1, WTERMSIG(status)} : Exit{WEXITSTATUS(status), 0};
      return;
    }
  }

  const pid_t pid_;
  const Descriptor pid_fd_;
  const std::array<Descriptor, 2> fds_;
  mutable absl::Mutex mutex_;
  std::array<std::string, 2> texts_ ABSL_GUARDED_BY(mutex_);
  std::optional<Exit> exit_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

std::string ProgramPath(absl::string_view name) {
  const char* const folder = std::getenv("VARVE_BIN_DIR");
  return absl::StrCat(folder == nullptr ? "build/release/bin" : folder, "/", name);
}

void PrintTo(const Exit& exit, std::ostream* out) {
  if (exit.signal != 0) {
    *out << "signal " << exit.signal;
  } else {
    *out << "exit " << exit.code;
  }
}

absl::StatusOr<std::unique_ptr<Process>> Process::Start(const Command& command) {
  VARVE_ASSIGN_OR_RETURN(Pipe out, MakePipe());
  VARVE_ASSIGN_OR_RETURN(Pipe err, MakePipe());
  VARVE_ASSIGN_OR_RETURN(const pid_t pid, Spawn(command, out.write_end.get(), err.write_end.get()));
  // By number: glibc 2.36 declares the functions without extern "C".
  Descriptor pid_fd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (pid_fd.get() < 0) {
    const absl::Status status = absl::ErrnoToStatus(errno, "opening a process");
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    return status;
  }
  return std::unique_ptr<Process>(new Process(std::make_unique<Running>(
      pid, std::move(pid_fd), std::move(out.read_end), std::move(err.read_end))));
}

Process::Process(std::unique_ptr<Running> running) : running_(std::move(running)) {}
Process::~Process() = default;

pid_t Process::pid() const { return running_->pid(); }
bool Process::running() const { return !running_->AwaitExit(absl::ZeroDuration()).has_value(); }
void Process::Signal(int signal) { running_->Signal(signal); }
std::string Process::out() const { return running_->text(Running::kOut); }
std::string Process::err() const { return running_->text(Running::kErr); }

absl::StatusOr<Exit> Process::Wait(absl::Duration timeout) {
  const std::optional<Exit> exit = running_->AwaitExit(timeout);
  if (exit.has_value()) return *exit;
  return absl::DeadlineExceededError(absl::StrCat("it still runs; stderr: ", err()));
}

absl::Status Process::AwaitOut(absl::string_view text, absl::Duration timeout) const {
  return running_->AwaitText(Running::kOut, text, timeout);
}

absl::Status Process::AwaitErr(absl::string_view text, absl::Duration timeout) const {
  return running_->AwaitText(Running::kErr, text, timeout);
}

absl::StatusOr<Finished> RunToEnd(const Command& command, absl::Duration timeout) {
  VARVE_ASSIGN_OR_RETURN(const std::unique_ptr<Process> process, Process::Start(command));
  VARVE_ASSIGN_OR_RETURN(const Exit exit, process->Wait(timeout));
  return Finished{exit, process->out(), process->err()};
}

}  // namespace varve::testing
