// An interpreter that a command runs elsewhere: script on standard input, answers from standard
// output. It fences itself in, since the agent cannot.
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "tests/integration/models/models_project.h"

namespace varve::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Elsewhere : public ::testing::Test {
 protected:
  // env -i: what a container gives, nothing of the agent's variables.
  Section GatherModule(const std::string& text) {
    project_.Write(
        "m.py", "from pydantic import BaseModel\n" + text + "\nclass A(BaseModel):\n    x: int\n");
    return Gather(config_);
  }
  void SetUp() override {
    config_ = project_.Config("", {"m"});
    config_.command = {"env", "-i", PythonWithPydantic2(), "-"};
  }
  ModelsProject project_;
  ModelsConfig config_;
};

TEST_F(Elsewhere, ModelsAreReadAsHere) {
  const Section there = GatherModule("print('chatter')");
  EXPECT_THAT(ErrorsOf(there), IsEmpty());
  config_.command.clear();
  config_.python = PythonWithPydantic2();
  EXPECT_EQ(there.header.fingerprints(0).hash(), Gather(config_).header.fingerprints(0).hash());
  EXPECT_EQ(there.header.address(), "env");
}

// What `docker exec -i` gives: other files, other processes, no network, three descriptors; only
// the two pipes and what the module prints into one of them are shared.
TEST_F(Elsewhere, AContainerSharesTheTwoPipesAlone) {
  const std::vector<std::string> apart = {"unshare", "--mount", "--pid", "--fork",
                                          "--net",   "--ipc",   "--uts", "--mount-proc"};
  if (std::system(absl::StrCat(absl::StrJoin(apart, " "), " true 2>/dev/null").c_str()) != 0) {
    GTEST_SKIP() << "no namespaces may be made here (unshare)";
  }
  const std::string text = absl::StrCat(R"py(
import os, sys
print('{"k":"end","models":0}')
sys.stdout.write("no newline")
sys.stdout.flush()
os.write(1, b'{"k":"model"')
os.system("echo noise; echo noise >&2")
sys.stderr.write("noise")
assert os.path.abspath(__file__) == "/srv/m.py", __file__
assert os.listdir(")py",
                                        project_.folder(), R"py(") == []
assert len([name for name in os.listdir("/proc") if name.isdigit()]) < 6, os.listdir("/proc")
held = {}
for name in os.listdir("/proc/self/fd"):
    try:
        held[int(name)] = os.readlink("/proc/self/fd/" + name)
    except FileNotFoundError:
        pass  # what listed them
assert sorted(number for number, what in held.items() if what != "/dev/null") == [0, 1, 2, 200], held
assert sorted(os.environ) == ["LC_CTYPE", "SHOP"] or sorted(os.environ) == ["SHOP"], sorted(os.environ)
)py");
  config_.path = {"/srv"};
  config_.environment = {{"SHOP", "7"}};
  config_.command = apart;
  for (const std::string& word : std::vector<std::string>{
           "sh", "-c",
           absl::StrCat("mount --bind ", project_.folder(), " /srv && mount -t tmpfs none ",
                        project_.folder(), " && exec env -i ", PythonWithPydantic2(), " -")}) {
    config_.command.push_back(word);
  }
  const Section there = GatherModule(text);
  EXPECT_THAT(ErrorsOf(there), IsEmpty());
  EXPECT_THAT(ModelsOf(there), ElementsAre("m:A"));
  EXPECT_EQ(LineOf(there, "m", "A")->line.seen->way, v1::WAY_RUN);
  EXPECT_EQ(there.header.status(), v1::SECTION_STATUS_COMPLETE);
}

TEST_F(Elsewhere, FoldersAreThoseThatItStartsInWhereNoneIsGiven) {
  project_.Write("m.py", "from pydantic import BaseModel\nclass A(BaseModel):\n    x: int\n");
  config_.path.clear();
  config_.command = {
      "sh", "-c", absl::StrCat("cd ", project_.folder(), " && exec ", PythonWithPydantic2(), " -")};
  EXPECT_THAT(ModelsOf(Gather(config_)), ElementsAre("m:A"));
}

TEST_F(Elsewhere, TheNetworkIsNotThere) {
  EXPECT_THAT(
      ErrorsOf(GatherModule("import socket\nsocket.create_connection(('127.0.0.1', 9))")),
      ElementsAre(AllOf(HasSubstr("importing m | PermissionError"), HasSubstr("allow_network"))));
}

TEST_F(Elsewhere, TheNetworkIsThereWhereTheConfigSaysSo) {
  config_.allow_network = true;
  EXPECT_THAT(ErrorsOf(GatherModule("import socket\nsocket.create_connection(('127.0.0.1', 9))")),
              ElementsAre(HasSubstr("ConnectionRefusedError")));
}

TEST_F(Elsewhere, ItIsNotRunWhereTheNetworkCannotBeRefused) {
  config_.command = {
      "env", "-i", PythonWithPydantic2(), "-c",
      "import sys, platform; platform.machine = lambda: 'pdp11'; exec(sys.stdin.read())"};
  const Section section = GatherModule("open('/nonexistent/ran', 'w')");
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_UNAVAILABLE);
  EXPECT_THAT(ErrorsOf(section), ElementsAre(AllOf(HasSubstr("the network cannot be refused there"),
                                                   HasSubstr("`allow_network: true`"))));
}

TEST_F(Elsewhere, VariablesAreThoseOfTheConfig) {
  config_.environment = {{"SHOP", "7"}};
  EXPECT_THAT(ErrorsOf(GatherModule("import os\nassert os.environ['SHOP'] == '7'")), IsEmpty());
}

TEST_F(Elsewhere, MemoryIsLimited) {
  config_.memory_limit_bytes = int64_t{300} << 20;
  EXPECT_THAT(ErrorsOf(GatherModule("x = bytearray(500 << 20)")),
              ElementsAre(HasSubstr("MemoryError")));
}

TEST_F(Elsewhere, AModuleThatHangsIsReadFromSourceThere) {
  config_.stall_timeout = absl::Seconds(2);
  const Section section = GatherModule("import time\ntime.sleep(600)");
  EXPECT_THAT(ModelsOf(section), ElementsAre("m:A"));
  EXPECT_EQ(LineOf(section, "m", "A")->line.seen->way, v1::WAY_STATIC);
}

// Running, not merely waited for: "S" of /proc/PID/stat; empty where there is none.
std::string StateOf(const std::string& process) {
  std::string number, name, state;
  std::ifstream("/proc/" + process + "/stat") >> number >> name >> state;
  return state;
}

TEST_F(Elsewhere, WhatAModuleStartsEndsWithIt) {
  const std::string file = project_.folder() + "/pid";
  EXPECT_THAT(ErrorsOf(GatherModule(
                  absl::StrCat("import subprocess\nopen('", file,
                               "', 'w').write(str(subprocess.Popen(['sleep', '600']).pid))"))),
              IsEmpty());
  std::string process;
  std::ifstream(file) >> process;
  ASSERT_NE(process, "");
  const absl::Time deadline = absl::Now() + absl::Seconds(10);
  std::string state = StateOf(process);
  while (!state.empty() && state != "Z" && absl::Now() < deadline) {
    absl::SleepFor(absl::Milliseconds(20));
    state = StateOf(process);
  }
  EXPECT_THAT(state, ::testing::AnyOf("", "Z"));
}

TEST_F(Elsewhere, ACommandThatIsNotThereIsNamed) {
  config_.command = {"/nonexistent/docker", "exec", "app", "python", "-"};
  const Section section = GatherModule("");
  EXPECT_THAT(ErrorsOf(section), Contains(HasSubstr("/nonexistent/docker")));
}

TEST_F(Elsewhere, ACommandThatRefusesIsToldInItsWords) {
  config_.command = {"sh", "-c", "echo 'No such container: app' >&2; exit 1"};
  const Section section = GatherModule("");
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_UNAVAILABLE);
  EXPECT_THAT(ErrorsOf(section), ElementsAre(HasSubstr("No such container: app")));
}

TEST_F(Elsewhere, ACommandThatAnswersNonsenseLeaksNone) {
  config_.command = {"sh", "-c", "echo password=hunter2; echo '{\"k\": 7}'"};
  EXPECT_THAT(AllBytes(GatherModule("")), Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace varve::testing
