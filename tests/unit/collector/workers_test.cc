#include "collector/workers.h"

#include <atomic>

#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"

namespace varve {
namespace {

TEST(Workers, EveryPieceOfWorkRunsBeforeTheyAreGone) {
  std::atomic<int> done{0};
  {
    Workers workers(4, 1000);
    for (int i = 0; i < 1000; ++i) {
      ASSERT_TRUE(workers.Run([&done] { ++done; }));
    }
  }
  EXPECT_EQ(done, 1000);
}

TEST(Workers, AFullQueueRefuses) {
  absl::Notification started, go;
  Workers workers(1, 1);
  ASSERT_TRUE(workers.Run([&] {
    started.Notify();
    go.WaitForNotification();
  }));
  started.WaitForNotification();
  EXPECT_TRUE(workers.Run([] {}));
  EXPECT_FALSE(workers.Run([] {}));
  go.Notify();
}

}  // namespace
}  // namespace varve
