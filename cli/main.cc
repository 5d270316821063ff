// varve: snapshots, their files and what differs between them.
#include <csignal>
#include <cstdlib>
#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "cli/argument_secrets.h"
#include "cli/command_line.h"
#include "cli/program.h"

namespace varve {
namespace {

int Fail(const absl::Status& status) {
  Tell(status.message());
  return static_cast<int>(ExitCode::kTrouble);
}

int Main(int argc, char** argv) {
  // A limit on the size of files is an error of the write, not a signal that leaves a part behind.
  std::signal(SIGXFSZ, SIG_IGN);
  const Arguments arguments = TakeArguments(argc, argv);
  for (const std::string& warning : arguments.warnings) Tell(warning);
  const auto parsed = ParseCommandLine(arguments.all);
  if (!parsed.ok()) return Fail(parsed.status());
  if (const auto* const answer = std::get_if<TextAnswer>(&*parsed)) {
    const absl::Status written = WriteData(answer->text);
    return written.ok() ? EXIT_SUCCESS : Fail(written);
  }
  const absl::StatusOr<ExitCode> done = std::get<Invocation>(*parsed).run();
  return done.ok() ? static_cast<int>(*done) : Fail(done.status());
}

}  // namespace
}  // namespace varve

int main(int argc, char** argv) { return varve::Main(argc, argv); }
