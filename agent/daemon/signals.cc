#include "agent/daemon/signals.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include "base/log.h"

namespace varve {
namespace {

constexpr char kEnd = 0;  // no signal has this number

// A handler can reach nothing but globals. Written before the handlers are installed.
std::array<int, 2> pipe_ends = {-1, -1};

void WakeUp(int why) {
  const char number = static_cast<char>(why);
  const int saved = errno;
  // A full pipe holds enough to wake up the reader; nothing else can be done in a handler.
  [[maybe_unused]] const ssize_t ignored = write(pipe_ends[1], &number, 1);
  errno = saved;
}

void Handle(int signal) { WakeUp(signal); }

void Install(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
}

int Next() {
  char why = kEnd;
  while (read(pipe_ends[0], &why, 1) < 0 && errno == EINTR) {
  }
  return why;
}

}  // namespace

StopOnSignals::StopOnSignals(StopSignal& stop) {
  if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0) {
    log::Error("no pipe for signals; SIGTERM ends the process at once", {{"errno", errno}});
    return;
  }
  Install(&Handle);
  thread_ = std::thread([&stop] {
    for (int signal = Next(); signal != kEnd; signal = Next()) {
      Install(SIG_DFL);  // for the next, should this thread be late
      if (stop.requested()) std::raise(signal);
      stop.Request();
    }
  });
}

StopOnSignals::~StopOnSignals() {
  if (!thread_.joinable()) return;
  Install(SIG_DFL);
  WakeUp(kEnd);
  thread_.join();
  for (int& end : pipe_ends) close(std::exchange(end, -1));
}

}  // namespace varve
