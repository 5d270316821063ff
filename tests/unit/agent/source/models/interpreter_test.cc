#include "agent/source/models/interpreter.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "tests/support/matchers.h"
#include "tests/support/variables.h"

namespace varve {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Of;
using ::testing::StartsWith;
using testing::StatusIs;
using testing::TemporaryFolder;

using Values = std::map<std::string, std::string>;

class Interpreter : public ::testing::Test {
 protected:
  // Makes a program there; its path.
  std::string Program(const std::string& name, mode_t mode = 0755) const {
    const std::filesystem::path path = folder_.Path(name);
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << "#!/bin/sh\n";
    EXPECT_EQ(chmod(path.c_str(), mode), 0);
    return path;
  }
  absl::StatusOr<std::string> Find(absl::string_view wanted, Values values = {}) const {
    values.try_emplace("PATH", folder_.Path("path"));
    return FindInterpreter(wanted, folder_.Path("app"), Of(values));
  }
  TemporaryFolder folder_;
};

TEST_F(Interpreter, ThatIsConfiguredIsTakenBeforeAllOthers) {
  const std::string wanted = Program("srv/bin/python");
  Program("app/.venv/bin/python");
  EXPECT_EQ(*Find(wanted), wanted);
}

TEST_F(Interpreter, ANameIsLookedForOnPath) {
  const std::string python = Program("path/python3.9");
  EXPECT_EQ(*Find("python3.9"), python);
}

TEST_F(Interpreter, FoldersOfPathAreTakenInTheirOrder) {
  Program("second/python3");
  const std::string first = Program("first/python3");
  EXPECT_EQ(*Find("python3", {{"PATH", folder_.Path("none") + "::" + folder_.Path("first") + ":" +
                                           folder_.Path("second")}}),
            first);
}

TEST_F(Interpreter, ThatIsConfiguredAndNotThereIsAnErrorAndNoOtherIsTaken) {
  Program("path/python3");
  EXPECT_THAT(Find(folder_.Path("none/python")),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("there is no program")));
  EXPECT_THAT(Find("python2"), StatusIs(absl::StatusCode::kNotFound, HasSubstr("on PATH")));
}

TEST_F(Interpreter, WhatCannotBeRunIsNone) {
  const std::string plain = Program("app/.venv/bin/python", 0644);
  const std::string python = Program("path/python3");
  EXPECT_THAT(Find(plain), StatusIs(absl::StatusCode::kNotFound, HasSubstr(plain)));
  EXPECT_EQ(*Find(""), python);
  EXPECT_THAT(Find(folder_.path()), StatusIs(absl::StatusCode::kNotFound, HasSubstr("program")));
}

TEST_F(Interpreter, OfTheActiveEnvironmentComesBeforeThatOfTheProject) {
  const std::string active = Program("active/bin/python");
  const std::string project = Program("app/.venv/bin/python");
  Program("app/venv/bin/python");
  Program("path/python3");
  EXPECT_EQ(*Find("", {{"VIRTUAL_ENV", folder_.Path("active")}}), active);
  EXPECT_EQ(*Find(""), project);
}

// Else /bin/python would be taken, whatever that is.
TEST_F(Interpreter, AnActiveEnvironmentThatIsSetToNothingIsNone) {
  const std::string project = Program("app/venv/bin/python");
  EXPECT_EQ(*Find("", {{"VIRTUAL_ENV", ""}}), project);
}

TEST_F(Interpreter, ALinkStaysALink) {
  Program("real/python3");
  std::filesystem::create_directories(folder_.Path("app/.venv/bin"));
  std::filesystem::create_symlink(folder_.Path("real/python3"),
                                  folder_.Path("app/.venv/bin/python"));
  EXPECT_EQ(*Find(""), folder_.Path("app/.venv/bin/python"));
}

TEST(InterpreterEnvironment, ShowsLittleOfTheAgents) {
  const std::vector<std::string> environment =
      InterpreterEnvironment(Of({{"PATH", "/bin"},
                                 {"HOME", "/home/agent"},
                                 {"DATABASE_URL", "postgresql://app:hunter2@db"},
                                 {"LD_PRELOAD", "/evil.so"}}),
                             "/tmp/home", {});
  EXPECT_THAT(environment, Contains("PATH=/bin"));
  EXPECT_THAT(environment, Contains("HOME=/tmp/home"));
  EXPECT_THAT(environment, Contains("TMPDIR=/tmp/home"));
  EXPECT_THAT(environment, Contains("PYTHONHASHSEED=0"));
  EXPECT_THAT(environment, Not(Contains(HasSubstr("hunter2"))));
  EXPECT_THAT(environment, Not(Contains(StartsWith("LD_PRELOAD"))));
}

TEST(InterpreterEnvironment, WhatIsConfiguredWins) {
  const std::vector<std::string> environment = InterpreterEnvironment(
      Of({{"PATH", "/bin"}}), "/tmp/home", {{"PATH", "/own"}, {"SHOP_URL", "a=b"}});
  EXPECT_THAT(environment, AllOf(Contains("PATH=/own"), Contains("SHOP_URL=a=b")));
  EXPECT_THAT(environment, Not(Contains("PATH=/bin")));
  EXPECT_TRUE(std::is_sorted(environment.begin(), environment.end()));
}

}  // namespace
}  // namespace varve
