#include "tests/support/process.h"

#include <csignal>

#include "tests/support/matchers.h"

namespace varve::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StrEq;

constexpr absl::Duration kLong = absl::Seconds(30);

Command Shell(const std::string& script) { return {"/bin/sh", {"-c", script}, {}, ""}; }

TEST(Process, GivesItsExitCodeAndBothOutputs) {
  const auto done = RunToEnd(Shell("echo data; echo message >&2; exit 3"), kLong);
  VARVE_ASSERT_OK(done);
  EXPECT_EQ(done->exit, (Exit{3, 0}));
  EXPECT_EQ(done->out, "data\n");
  EXPECT_EQ(done->err, "message\n");
}

TEST(Process, OutputLargerThanAPipeIsWhole) {
  const auto done =
      RunToEnd(Shell("head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2"), kLong);
  VARVE_ASSERT_OK(done);
  EXPECT_EQ(done->out.size(), 1'000'000u);
  EXPECT_EQ(done->err.size(), 1'000'000u);
}

TEST(Process, ASignalIsToldFromAnExit) {
  const auto process = Process::Start(Shell("echo up; while :; do sleep 1; done"));
  VARVE_ASSERT_OK(process);
  VARVE_ASSERT_OK((*process)->AwaitOut("up", kLong));
  EXPECT_TRUE((*process)->running());
  (*process)->Signal(SIGKILL);
  const auto exit = (*process)->Wait(kLong);
  VARVE_ASSERT_OK(exit);
  EXPECT_EQ(*exit, (Exit{-1, SIGKILL}));
  EXPECT_FALSE((*process)->running());
}

TEST(Process, WaitingTooLongSaysWhatItSaid) {
  const auto process = Process::Start(Shell("echo busy >&2; while :; do sleep 1; done"));
  VARVE_ASSERT_OK(process);
  VARVE_ASSERT_OK((*process)->AwaitErr("busy", kLong));
  EXPECT_THAT((*process)->Wait(absl::Milliseconds(1)),
              StatusIs(absl::StatusCode::kDeadlineExceeded, HasSubstr("busy")));
}

TEST(Process, AProgramThatEndsWithoutTheAwaitedTextIsNoted) {
  const auto process = Process::Start(Shell("echo other"));
  VARVE_ASSERT_OK(process);
  EXPECT_THAT((*process)->AwaitOut("this", kLong),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("other")));
}

TEST(Process, AChildThatLivesOnDoesNotDelayTheEnd) {
  const auto done = RunToEnd(Shell("sleep 60 & echo $!"), kLong);
  VARVE_ASSERT_OK(done);
  EXPECT_EQ(done->exit, (Exit{0, 0}));
  kill(std::stoi(done->out), SIGKILL);
}

TEST(Process, SeesItsOwnEnvironmentAndNotTheTests) {
  setenv("VARVE_TEST_OF_PROCESS", "leaked", 1);
  Command command = Shell("echo \"$VARVE_TEST_OF_PROCESS|$GIVEN\"");
  command.environment = {{"GIVEN", "first"}, {"GIVEN", "last"}};
  const auto done = RunToEnd(command, kLong);
  unsetenv("VARVE_TEST_OF_PROCESS");
  VARVE_ASSERT_OK(done);
  EXPECT_THAT(done->out, StrEq("|last\n"));
}

TEST(Process, RunsInTheFolderThatIsNamed) {
  Command command = Shell("pwd");
  command.folder = "/usr";
  const auto done = RunToEnd(command, kLong);
  VARVE_ASSERT_OK(done);
  EXPECT_EQ(done->out, "/usr\n");
}

TEST(Process, AProgramThatIsNotThereIsNotFound) {
  EXPECT_THAT(Process::Start({"/nowhere/program", {}, {}, ""}),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("/nowhere/program")));
}

}  // namespace
}  // namespace varve::testing
