// How long reading an application's models takes, its processor time and its peak memory: from its
// source, without running it, and by running it, beside python3 that only parses the same files
// (ast.parse), and that compiles them (compileall), in the same run, turn by turn. Prints a table
// with the ratios; no assertion on time.
//
//   build/release/bench/read_models_bench                   200 files of make_models.py
//   build/release/bench/read_models_bench 1000              as many as that
//   build/release/bench/read_models_bench 200 5 PYTHON      by an interpreter of yours; where it
//   has
//                                                           Pydantic 2 and SQLAlchemy 2, by
//                                                           running, too
// The second argument is the number of turns (5).
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "agent/source/models/models_source.h"
#include "tests/bench/contest.h"
#include "tests/support/matchers.h"

namespace varve::testing {
namespace {

Section Read(const std::string& python, const std::string& folder, bool is_static) {
  ModelsConfig config;
  config.python = python;
  config.path = {folder};
  config.modules = {"shop"};
  config.static_only = is_static;
  const auto redactor = std::make_shared<const Redactor>(MaskKey{"bench", std::string(32, 'k')});
  return MakeModelsSource(std::move(config), redactor)->Gather(GatherLimits()).front();
}

int ReadOnce(const std::string& python, const std::string& folder, bool is_static) {
  const Section section = Read(python, folder, is_static);
  return section.header.status() == v1::SECTION_STATUS_COMPLETE ? 0 : 1;
}

// What there is to read.
int Describe(const std::string& python, const std::string& folder) {
  const Section section = Read(python, folder, true);
  std::printf("%s: %zu lines, measures of %.1f MiB\n", section.header.server().c_str(),
              section.lines.size(),
              static_cast<double>(section.measures->ByteSizeLong()) / 1048576);
  for (const auto& error : section.header.errors()) {
    std::printf("  %s: %s; %s\n", error.doing().c_str(), error.why().c_str(),
                error.remedy().c_str());
  }
  std::fflush(stdout);
  return section.header.status() == v1::SECTION_STATUS_COMPLETE ? 0 : 1;
}

bool CanRun(const std::string& python) {
  const std::string command =
      absl::StrCat("'", python, "' -c 'import sys, pydantic, sqlalchemy as s; sys.exit(",
                   "pydantic.VERSION < \"2\" or s.__version__ < \"2\")' >/dev/null 2>&1");
  return std::system(command.c_str()) == 0;
}

int Main(int files, int turns, const std::string& python) {
  TemporaryFolder folder;
  const std::string& path = folder.path();
  const std::string make = absl::StrCat("/usr/bin/python3 '", VARVE_BENCH_FOLDER,
                                        "/make_models.py' '", path, "' ", files);
  if (std::system(make.c_str()) != 0) return 1;
  if (!Measure([&] { return Describe(python, path); }).ok) return 1;
  const std::string parse = absl::StrCat(
      "import ast, glob\nfor file in glob.glob('", path,
      "/shop/*.py'):\n    with open(file, 'rb') as source:\n        ast.parse(source.read())");
  const auto script = [&python](const std::string& text) {
    return [&python, text] { return Become({python, "-I", "-B", "-c", text}); };
  };
  std::vector<Contender> contenders = {
      {"idle process", [] { return 0; }},
      {"python3, nothing", script("")},
      {"python3, ast.parse", script(parse), "ast.parse"},
      {"python3 -m compileall",
       [&] {
         // -f: anew in each turn
         return Become({python, "-I", "-m", "compileall", "-q", "-f", path});
       },
       "compileall"},
      {"read, from source", [&] { return ReadOnce(python, path, true); }}};
  if (CanRun(python)) {
    contenders.push_back({"read, by running", [&] { return ReadOnce(python, path, false); }});
  }
  return Compare(contenders, turns);
}

}  // namespace
}  // namespace varve::testing

int main(int argc, char** argv) {
  int files = 200, turns = 5;
  if (argc > 4 || (argc > 1 && (!absl::SimpleAtoi(argv[1], &files) || files < 1)) ||
      (argc > 2 && (!absl::SimpleAtoi(argv[2], &turns) || turns < 1))) {
    std::fprintf(stderr, "usage: read_models_bench [FILES [TURNS [PYTHON]]]\n");
    return 2;
  }
  return varve::testing::Main(files, turns, argc > 3 ? argv[3] : "/usr/bin/python3");
}
