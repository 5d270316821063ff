#include "agent/source/models/tasks_of_user.h"

#include <unistd.h>

#include <thread>

#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"

namespace varve {
namespace {

// Others of this user come and go meanwhile: what is sure is that this test is among them.
TEST(TasksOfUser, CountsThreads) {
  absl::Notification end;
  std::thread first([&end] { end.WaitForNotification(); });
  std::thread second([&end] { end.WaitForNotification(); });
  EXPECT_GE(TasksOfUser(getuid()), 3U);
  end.Notify();
  first.join();
  second.join();
}

TEST(TasksOfUser, OfNobodyAreNone) { EXPECT_EQ(TasksOfUser(4242424), 0U); }

}  // namespace
}  // namespace varve
