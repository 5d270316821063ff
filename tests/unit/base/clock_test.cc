#include "base/clock.h"

#include "gtest/gtest.h"

namespace varve {
namespace {

TEST(Clock, TimesAreUtcWithSixDigits) {
  EXPECT_EQ(FormatUtc(absl::FromUnixMicros(1749356652360218)), "2025-06-08T04:24:12.360218Z");
  EXPECT_EQ(FormatUtc(absl::FromUnixSeconds(0)), "1970-01-01T00:00:00.000000Z");
}

TEST(Clock, MicrosecondsAreRoundedDown) {
  EXPECT_EQ(FormatUtc(absl::FromUnixNanos(1999)), "1970-01-01T00:00:00.000001Z");
}

TEST(Clock, MinutesLeaveOutSeconds) {
  EXPECT_EQ(FormatMinute(absl::FromUnixSeconds(1749356699)), "2025-06-08 04:24");
}

}  // namespace
}  // namespace varve
