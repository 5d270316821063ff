// Modules that do what modules must not do: each costs itself alone, is named, and is read from its
// source.
#include <chrono>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/integration/models/models_project.h"

namespace varve::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr char kModel[] = R"py(
from pydantic import BaseModel


class Bad(BaseModel):
    name: str
)py";

// A project of three modules, of which the one in the middle misbehaves at import.
class Misbehaving : public ::testing::Test {
 protected:
  Section GatherWith(const std::string& deed) {
    project_.Write("shop/__init__.py", "");
    project_.Write("shop/a_good.py",
                   "from pydantic import BaseModel\nclass First(BaseModel):\n    id: int\n");
    project_.Write("shop/bad.py", absl::StrCat(kModel, "\n", deed, "\n"));
    project_.Write("shop/z_good.py",
                   "from pydantic import BaseModel\nclass Last(BaseModel):\n    id: int\n");
    ModelsConfig config = project_.Config(python_, {"shop"});
    config.stall_timeout = absl::Seconds(3);
    config.timeout = absl::Seconds(40);
    return Gather(config);
  }

  static void ExpectOthersAreRead(const Section& section) {
    EXPECT_EQ(LineOf(section, "shop.a_good", "First")->line.seen->way, v1::WAY_RUN);
    EXPECT_EQ(LineOf(section, "shop.z_good", "Last")->line.seen->way, v1::WAY_RUN);
    EXPECT_EQ(CoverageOf(section, "shop.z_good", "Gone"), v1::SIGHT_CAPTURED);
  }

  // The module's own model is read from source, and nothing says that there are no others.
  static void ExpectReadFromSource(const Section& section) {
    ExpectOthersAreRead(section);
    const ReadLine* const line = LineOf(section, "shop.bad", "Bad");
    ASSERT_NE(line, nullptr);
    ASSERT_TRUE(line->line.seen.has_value());
    EXPECT_EQ(line->line.seen->way, v1::WAY_STATIC);
    EXPECT_EQ(FieldOf(StructureOf(section, "shop.bad", "Bad"), "name").type(), "str");
    EXPECT_EQ(LineOf(section, "shop.bad", "Bad", v1::FACET_REPRESENTATION)->line.unseen,
              v1::SIGHT_FAILED);
    EXPECT_EQ(CoverageOf(section, "shop.bad", "Dynamic"), v1::SIGHT_FAILED);
    EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_PARTIAL);
  }

  ModelsProject project_;
  std::string python_ = PythonWithPydantic2();
};

TEST_F(Misbehaving, AModuleThatRaises) {
  const Section section = GatherWith("raise RuntimeError('no luck today')");
  ExpectReadFromSource(section);
  EXPECT_THAT(
      ErrorsOf(section),
      ElementsAre(StartsWith("importing shop.bad | RuntimeError: no luck today (shop/bad.py:8)")));
}

TEST_F(Misbehaving, AModuleThatLeavesBySysExit) {
  const Section section = GatherWith("import sys\nsys.exit(3)");
  ExpectReadFromSource(section);
  EXPECT_THAT(ErrorsOf(section), ElementsAre(StartsWith("importing shop.bad | SystemExit")));
}

TEST_F(Misbehaving, AModuleThatEndsTheInterpreter) {
  const Section section = GatherWith("import os\nos._exit(0)");
  ExpectReadFromSource(section);
  EXPECT_THAT(
      ErrorsOf(section),
      ElementsAre(HasSubstr("importing shop.bad | it ended the interpreter (exit code 0)")));
}

TEST_F(Misbehaving, AModuleThatCrashesTheInterpreter) {
  const Section section = GatherWith("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)");
  ExpectReadFromSource(section);
  EXPECT_THAT(
      ErrorsOf(section),
      ElementsAre(HasSubstr("importing shop.bad | the interpreter was ended by signal 11")));
}

TEST_F(Misbehaving, AModuleThatHangs) {
  const absl::Time start = absl::Now();
  const Section section = GatherWith("import time\ntime.sleep(600)");
  ExpectReadFromSource(section);
  EXPECT_THAT(ErrorsOf(section),
              ElementsAre(HasSubstr("importing shop.bad | it held the interpreter")));
  EXPECT_LT(absl::Now() - start, absl::Seconds(30));
}

TEST_F(Misbehaving, AModuleThatEndsTheInterpreterWhenAnotherImportsIt) {
  project_.Write("shop/a_first.py", "import shop.bad\n");
  const Section section = GatherWith("import os\nos._exit(9)");
  ExpectReadFromSource(section);
  EXPECT_THAT(ErrorsOf(section),
              Contains(HasSubstr("importing shop.bad | it ended the interpreter (exit code 9)")));
  EXPECT_THAT(ErrorsOf(section), Contains(StartsWith("importing shop.a_first | ImportError")));
}

TEST_F(Misbehaving, AModuleThatPrintsIsOfNoConsequence) {
  const Section section = GatherWith(
      "import os, sys\nprint('{\"k\":\"end\"}')\nos.write(1, b'noise\\n')\nos.system('echo more "
      "noise')\n"
      "sys.stderr.write('noise')");
  ExpectOthersAreRead(section);
  EXPECT_EQ(LineOf(section, "shop.bad", "Bad")->line.seen->way, v1::WAY_RUN);
  EXPECT_THAT(ErrorsOf(section), IsEmpty());
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
}

TEST_F(Misbehaving, AModuleThatLeavesAThreadIsOfNoConsequence) {
  const absl::Time start = absl::Now();
  const Section section = GatherWith(
      "import threading, time\nthreading.Thread(target=lambda: time.sleep(600)).start()");
  ExpectOthersAreRead(section);
  EXPECT_THAT(ErrorsOf(section), IsEmpty());
  EXPECT_LT(absl::Now() - start, absl::Seconds(30));
}

TEST_F(Misbehaving, AModuleThatForksIsToldOnce) {
  const Section section = GatherWith("import os\nos.fork()");
  ExpectOthersAreRead(section);
  EXPECT_THAT(ErrorsOf(section), IsEmpty());
  EXPECT_THAT(ModelsOf(section),
              ElementsAre("shop.a_good:First", "shop.bad:Bad", "shop.z_good:Last"));
}

// 2^7 processes that each wait: nothing of them is left, and the others are read.
TEST_F(Misbehaving, AModuleThatForksAndForksIsEndedWithAllOfThem) {
  const Section section =
      GatherWith("import os, sys, time\nfor _ in range(7):\n    os.fork()\ntime.sleep(4712)");
  ExpectReadFromSource(section);
  EXPECT_EQ(
      PythonSays(
          PythonWithPydantic1(), project_.folder(),
          absl::StrCat("import glob, os\ncount = 0\nfor link in glob.glob('/proc/[0-9]*/cwd'):\n"
                       "    try:\n        count += os.readlink(link) == '",
                       project_.folder(),
                       "' and int(link.split('/')[2]) not in (os.getpid(), os.getppid())\n"
                       "    except OSError:\n        pass\nprint(count)")),
      "0");
}

TEST_F(Misbehaving, ModulesThatImportEachOtherInACircle) {
  project_.Write("shop/circle.py", "from .bad import Later\n");
  const Section section = GatherWith("from .circle import Nothing\nLater = 1");
  ExpectReadFromSource(section);
  EXPECT_THAT(ErrorsOf(section),
              Contains(AllOf(HasSubstr("ImportError"), HasSubstr("circular import"))));
}

TEST_F(Misbehaving, AModuleWithoutPydanticThere) {
  python_ = PythonWith("sqlalchemy-1.4");
  if (python_.empty()) GTEST_SKIP() << "no Python without Pydantic (tests/run.sh --matrix)";
  const Section section = GatherWith("");
  EXPECT_THAT(ErrorsOf(section), Each(AllOf(HasSubstr("No module named 'pydantic'"),
                                            HasSubstr("install pydantic for "))));
  EXPECT_THAT(ModelsOf(section),
              ElementsAre("shop.a_good:First", "shop.bad:Bad", "shop.z_good:Last"));
}

TEST_F(Misbehaving, WhatAModuleStartsIsEndedWithIt) {
  const Section section = GatherWith(absl::StrCat(
      "import subprocess\nsubprocess.Popen(['sleep', '4711'], close_fds=False)\nopen('",
      project_.folder(), "/session', 'w').write(str(subprocess.call(['setsid', '-w', 'true'])))"));
  ExpectOthersAreRead(section);
  EXPECT_EQ(PythonSays(PythonWithPydantic1(), project_.folder(), R"py(
import glob
def words(file):
    try:
        return open(file, "rb").read()
    except OSError:
        return b""  # it ended meanwhile
print(sum(b"4711" in words(file) for file in glob.glob("/proc/[0-9]*/cmdline")))
)py"),
            "0");
  // A session of its own would be out of reach: it is refused.
  EXPECT_NE(PythonSays(PythonWithPydantic1(), project_.folder(), "print(open('session').read())"),
            "0");
}

TEST_F(Misbehaving, AModuleThatWritesToTheAnswersSpoilsNoAnswer) {
  const Section section = GatherWith(
      "import os\nfor number in range(3, 256):\n    try:\n        os.write(number, b'garbage')\n   "
      " except OSError:\n"
      "        pass");
  ExpectOthersAreRead(section);
  EXPECT_EQ(LineOf(section, "shop.bad", "Bad")->line.seen->way, v1::WAY_RUN);
  EXPECT_THAT(ErrorsOf(section), ElementsAre(HasSubstr("a line was not understood: not JSON")));
}

TEST_F(Misbehaving, AModuleThatFloodsTheAnswersIsCutOff) {
  const Section section = GatherWith(
      "import os\nwhile True:\n    for number in range(3, 256):\n        try:\n            "
      "os.write(number, b'x' * "
      "65536)\n        except OSError:\n            pass");
  ExpectReadFromSource(section);
  EXPECT_THAT(ErrorsOf(section),
              Contains(HasSubstr("importing shop.bad | it wrote more than may be answered")));
}

TEST_F(Misbehaving, TheNetworkIsNotThere) {
  const Section section = GatherWith(
      "import socket\nsocket.socketpair()\nsocket.create_connection(('127.0.0.1', 5432), "
      "timeout=2)");
  ExpectReadFromSource(section);
  EXPECT_THAT(ErrorsOf(section),
              ElementsAre(AllOf(
                  StartsWith("importing shop.bad | PermissionError"),
                  HasSubstr("set `allow_network: true` of the models source in agent.yaml"))));
}

TEST_F(Misbehaving, TheNetworkIsThereWhereTheConfigSaysSo) {
  project_.Write("shop.py",
                 "import socket\nfrom pydantic import BaseModel\nclass M(BaseModel):\n    x: int\n"
                 "s = socket.socket()\ns.bind(('127.0.0.1', 0))\n");
  ModelsConfig config = project_.Config(PythonWithPydantic2(), {"shop"});
  config.allow_network = true;
  EXPECT_THAT(ErrorsOf(Gather(config)), IsEmpty());
  config.allow_network = false;
  EXPECT_THAT(ErrorsOf(Gather(config)), ElementsAre(HasSubstr("PermissionError")));
}

TEST_F(Misbehaving, AModuleThatTakesAllMemory) {
  const Section section = GatherWith("x = bytearray(8 << 30)");
  ExpectReadFromSource(section);
  EXPECT_THAT(
      ErrorsOf(section),
      ElementsAre(HasSubstr("raise `memory_limit_mib` of the models source in agent.yaml")));
}

TEST_F(Misbehaving, ASyntaxErrorIsNamedWithItsLine) {
  const Section section = GatherWith("class Broken(BaseModel:\n    x: int");
  ExpectOthersAreRead(section);
  EXPECT_EQ(LineOf(section, "shop.bad", "Bad"), nullptr);
  EXPECT_EQ(CoverageOf(section, "shop.bad", "Bad"), v1::SIGHT_FAILED);
  EXPECT_THAT(ErrorsOf(section), Contains(AllOf(StartsWith("importing shop.bad | SyntaxError"),
                                                HasSubstr("(shop/bad.py:8)"))));
}

TEST_F(Misbehaving, OneThatManyImportIsOneError) {
  for (int i = 0; i < 5; ++i)
    project_.Write(absl::StrCat("shop/user", i, ".py"), "import shop.bad\n");
  const Section section = GatherWith("import os\nos.environ['SHOP_URL']");
  ExpectReadFromSource(section);
  EXPECT_THAT(
      ErrorsOf(section),
      ElementsAre(AllOf(
          StartsWith("importing shop.bad and 5 modules that import it | KeyError: SHOP_URL"),
          HasSubstr("set environment variable SHOP_URL in `environment` of the models source in "
                    "agent.yaml"))));
}

TEST_F(Misbehaving, MoreThanTheRestartsAllowAreReadFromSource) {
  for (int i = 10; i < 24; ++i) {
    project_.Write(absl::StrCat("shop/ends", i, ".py"), "import os\nos._exit(1)\n");
  }
  const Section section = GatherWith("import os\nos._exit(1)");
  EXPECT_EQ(LineOf(section, "shop.a_good", "First")->line.seen->way, v1::WAY_STATIC);
  EXPECT_THAT(ErrorsOf(section), SizeIs(12));  // one a run, and that there were too many
  EXPECT_THAT(ErrorsOf(section),
              Contains(HasSubstr("it was ended 11 times by modules that it imported")));
}

TEST_F(Misbehaving, TheVariablesOfTheAgentStayWithIt) {
  setenv("VARVE_TEST_SECRET", "hunter2", 1);
  const Section section = GatherWith(
      "import os\nassert 'VARVE_TEST_SECRET' not in os.environ\nassert not os.path.exists("
      "os.path.expanduser('~/.ssh'))");
  unsetenv("VARVE_TEST_SECRET");
  EXPECT_THAT(ErrorsOf(section), IsEmpty());
}

}  // namespace
}  // namespace varve::testing
