#include "base/share.h"

#include "gtest/gtest.h"

namespace varve {
namespace {

TEST(ParseShare, TakesPercents) {
  EXPECT_EQ(*ParseShare("5%"), 0.05);
  EXPECT_EQ(*ParseShare("0.5%"), 0.005);
  EXPECT_EQ(*ParseShare("100%"), 1);
}

TEST(ParseShare, RefusesAllElse) {
  for (const char* const text : {"", "%", "5", "0%", "-1%", "101%", "nan%", "inf%", "5 percent"}) {
    EXPECT_EQ(ParseShare(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

}  // namespace
}  // namespace varve
