#include "collector/stream_registry.h"

#include <atomic>

#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"

namespace varve {
namespace {

class Stream : public OpenStream {
 public:
  explicit Stream(bool late) : late_(late) {}
  bool IsLate(absl::Time) const override { return late_; }
  void Cancel() override {
    late_ = false;
    cancelled_.Notify();
  }
  absl::Notification cancelled_;

 private:
  std::atomic<bool> late_;
};

TEST(StreamRegistry, ALateStreamIsCancelled) {
  StreamRegistry registry(2);
  Stream late(true), quick(false);
  ASSERT_TRUE(registry.Add(&late));
  ASSERT_TRUE(registry.Add(&quick));
  EXPECT_TRUE(late.cancelled_.WaitForNotificationWithTimeout(absl::Seconds(30)));
  EXPECT_FALSE(quick.cancelled_.HasBeenNotified());
  registry.Remove(&late);
  registry.Remove(&quick);
}

TEST(StreamRegistry, OneMoreThanTheLimitIsRefusedUntilOneIsGone) {
  StreamRegistry registry(1);
  Stream one(false), two(false);
  ASSERT_TRUE(registry.Add(&one));
  EXPECT_FALSE(registry.Add(&two));
  registry.Remove(&one);
  EXPECT_TRUE(registry.Add(&two));
  registry.Remove(&two);
}

TEST(StreamRegistry, WhenAllAreCancelledNoNewOneComesIn) {
  StreamRegistry registry(3);
  Stream one(false), two(false);
  ASSERT_TRUE(registry.Add(&one));
  registry.CancelAll();
  EXPECT_TRUE(one.cancelled_.HasBeenNotified());
  EXPECT_FALSE(registry.Add(&two));
  registry.Remove(&one);
}

}  // namespace
}  // namespace varve
