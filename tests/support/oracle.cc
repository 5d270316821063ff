#include "tests/support/oracle.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>

namespace varve::testing {
namespace {

[[noreturn]] void Die(const char* what) {
  std::perror(what);
  std::abort();
}

}  // namespace

Oracle::Oracle() {
  const char* const source = std::getenv("VARVE_SOURCE_DIR");
  const std::string model = std::string(source == nullptr ? "." : source) + "/tests/model/model.py";
  if (::access(model.c_str(), R_OK) != 0) Die(model.c_str());
  int in[2];
  int out[2];
  if (::pipe(in) != 0 || ::pipe(out) != 0) Die("pipe");
  process_ = ::fork();
  if (process_ < 0) Die("fork");
  if (process_ == 0) {
    ::dup2(in[0], STDIN_FILENO);
    ::dup2(out[1], STDOUT_FILENO);
    for (const int end : {in[0], in[1], out[0], out[1]}) ::close(end);
    ::execlp("python3", "python3", model.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(in[0]);
  ::close(out[1]);
  to_model_ = ::fdopen(in[1], "w");
  from_model_ = ::fdopen(out[0], "r");
}

Oracle::~Oracle() {
  std::fclose(to_model_);  // the model ends with its input
  std::fclose(from_model_);
  int status = 0;
  ::waitpid(process_, &status, 0);
}

nlohmann::json Oracle::Ask(const nlohmann::json& command) { return AskText(command.dump()); }

nlohmann::json Oracle::AskInOrder(const nlohmann::ordered_json& command) {
  return AskText(command.dump());
}

nlohmann::json Oracle::AskText(const std::string& command) {
  const std::string line = command + "\n";
  if (std::fwrite(line.data(), 1, line.size(), to_model_) != line.size() ||
      std::fflush(to_model_) != 0) {
    Die("writing to the model");
  }
  char* answer = nullptr;
  size_t capacity = 0;
  if (::getline(&answer, &capacity, from_model_) < 0) Die("reading from the model");
  nlohmann::json parsed = nlohmann::json::parse(answer);
  std::free(answer);
  return parsed;
}

}  // namespace varve::testing
