#include "agent/source/models/interpreter.h"

#include <unistd.h>

#include <filesystem>
#include <map>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace varve {
namespace {

bool IsProgram(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error) && access(path.c_str(), X_OK) == 0;
}

// Absolute, so that it holds in another working folder. Links stay: a virtual environment's python
// is one.
std::string Absolute(const std::string& path) {
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  return error ? path : absolute.lexically_normal().string();
}

std::optional<std::string> OnPath(absl::string_view name, const Variables& variables) {
  const std::string folders = variables("PATH").value_or("/usr/local/bin:/usr/bin:/bin");
  for (const absl::string_view folder : absl::StrSplit(folders, ':', absl::SkipEmpty())) {
    const std::string path = absl::StrCat(folder, "/", name);
    if (IsProgram(path)) return Absolute(path);
  }
  return std::nullopt;
}

absl::StatusOr<std::string> Configured(const std::string& wanted, const Variables& variables) {
  if (wanted.find('/') == std::string::npos) {
    if (std::optional<std::string> found = OnPath(wanted, variables)) return *std::move(found);
    return absl::NotFoundError(absl::StrCat("there is no program '", wanted, "' on PATH"));
  }
  if (IsProgram(wanted)) return Absolute(wanted);
  return absl::NotFoundError(absl::StrCat("there is no program ", wanted));
}

}  // namespace

absl::StatusOr<std::string> FindInterpreter(absl::string_view wanted, absl::string_view folder,
                                            const Variables& variables) {
  if (!wanted.empty()) return Configured(std::string(wanted), variables);
  std::vector<std::string> candidates;
  const std::string active = variables("VIRTUAL_ENV").value_or("");
  if (!active.empty()) candidates.push_back(absl::StrCat(active, "/bin/python"));
  for (const char* name : {".venv", "venv"}) {
    candidates.push_back(absl::StrCat(folder, "/", name, "/bin/python"));
  }
  for (const std::string& candidate : candidates) {
    if (IsProgram(candidate)) return Absolute(candidate);
  }
  return AnyInterpreter(variables);
}

absl::StatusOr<std::string> AnyInterpreter(const Variables& variables) {
  if (std::optional<std::string> found = OnPath("python3", variables)) return *std::move(found);
  if (IsProgram("/usr/bin/python3")) return std::string("/usr/bin/python3");
  return absl::NotFoundError("there is no python3 on PATH");
}

std::vector<std::string> InterpreterEnvironment(
    const Variables& variables, absl::string_view home,
    const std::vector<std::pair<std::string, std::string>>& configured) {
  std::map<std::string, std::string> values = {
      {"HOME", std::string(home)},   {"TMPDIR", std::string(home)},
      {"LANG", "C.UTF-8"},           {"LC_ALL", "C.UTF-8"},
      {"PYTHONHASHSEED", "0"},       {"PYTHONDONTWRITEBYTECODE", "1"},
      {"PYTHONIOENCODING", "utf-8"}, {"TZ", "UTC"}};
  // PYENV_ROOT: python3 on PATH may be a shim of pyenv, which looks for itself below HOME.
  for (const char* name :
       {"PATH", "VIRTUAL_ENV", "PYTHONPATH", "LD_LIBRARY_PATH", "PYENV_ROOT", "PYENV_VERSION"}) {
    if (std::optional<std::string> value = variables(name)) values[name] = *std::move(value);
  }
  for (const auto& [name, value] : configured) values[name] = value;
  std::vector<std::string> environment;
  for (const auto& [name, value] : values) environment.push_back(absl::StrCat(name, "=", value));
  return environment;
}

}  // namespace varve
