// Programs that a test runs: started with arguments and an environment of their own, their output
// kept, ended by their own process id.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace varve::testing {

// What is to be run.
struct Command {
  std::string program;  // a path; without a slash it is looked for on PATH
  std::vector<std::string> arguments;
  // Variables beside the few that every program needs (PATH, HOME, TMPDIR, LANG, the sanitizers'):
  // nothing else of the test's own environment reaches the program. The last of a name wins.
  std::vector<std::pair<std::string, std::string>> environment;
  std::string folder;  // that it runs in; empty: the test's own
};

// The path of one of our programs ("varve-agent"), as ctest names their folder in VARVE_BIN_DIR.
std::string ProgramPath(absl::string_view name);

// How a process ended.
struct Exit {
  int code = -1;   // that it gave; -1 where a signal ended it
  int signal = 0;  // that ended it; 0 where it ended by itself
  bool operator==(const Exit&) const = default;
};

// Prints for GoogleTest: "exit 2", "signal 9".
void PrintTo(const Exit& exit, std::ostream* out);

// One running program. Its stdin is empty. Thread-safe.
class Process {
 public:
  // Errors: kNotFound, kPermissionDenied (the program cannot be run), kUnavailable.
  static absl::StatusOr<std::unique_ptr<Process>> Start(const Command& command);
  // Kills it where it still runs, and waits for its end.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const;
  bool running() const;
  // Sends a signal; nothing where it has ended.
  void Signal(int signal);

  // Waits for its end. Errors: kDeadlineExceeded (it still runs; with what it has said on stderr).
  absl::StatusOr<Exit> Wait(absl::Duration timeout);

  // What it has written so far; after its end all of it.
  std::string out() const;
  std::string err() const;
  // Waits until its output holds `text`. Errors: kDeadlineExceeded, kFailedPrecondition (it ended
  // without); both with what it did write.
  absl::Status AwaitOut(absl::string_view text, absl::Duration timeout) const;
  absl::Status AwaitErr(absl::string_view text, absl::Duration timeout) const;

 private:
  class Running;
  explicit Process(std::unique_ptr<Running> running);
  const std::unique_ptr<Running> running_;
};

// A program that has ended, and all it wrote.
struct Finished {
  Exit exit;
  std::string out;
  std::string err;
};

// Runs a program to its end. Errors: those of Start, and kDeadlineExceeded (it was killed then).
absl::StatusOr<Finished> RunToEnd(const Command& command, absl::Duration timeout);

}  // namespace varve::testing
