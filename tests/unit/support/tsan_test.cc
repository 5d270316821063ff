// What a ThreadSanitizer build must still see, for all that tests/support tells it of libraries.
#include <cstdlib>
#include <thread>

#include "absl/synchronization/mutex.h"
#include "gtest/gtest.h"

namespace varve::testing {
namespace {

#ifdef __SANITIZE_THREAD__
constexpr bool kUnderThreadSanitizer = true;
#else
constexpr bool kUnderThreadSanitizer = false;
#endif

struct Counted {
  absl::Mutex mutex;
  int guarded = 0;
  int forgotten = 0;
};

void Count(Counted& counted) {
  counted.forgotten += 1;
  absl::MutexLock lock(&counted.mutex);
  counted.guarded += 1;
}

// Both threads use the lock, and yet write one value without it.
[[noreturn]] void Race() {
  Counted counted;
  std::thread other([&counted] { Count(counted); });
  counted.forgotten += 1;
  Count(counted);
  other.join();
  std::exit(0);  // 66 where the sanitizer has reported something
}

TEST(ThreadSanitizer, SeesARaceOfThreadsThatUseALock) {
  if (!kUnderThreadSanitizer) GTEST_SKIP() << "of a ThreadSanitizer build";
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(Race(), ::testing::ExitedWithCode(66), "data race");
}

}  // namespace
}  // namespace varve::testing
