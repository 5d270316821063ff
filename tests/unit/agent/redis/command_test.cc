#include "agent/source/redis/command.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve::redis {
namespace {

std::string Bytes(const std::vector<absl::string_view>& arguments) {
  std::string output = "before";
  AppendCommand(arguments, output);
  return output;
}

TEST(AppendCommand, WritesAnArrayOfBulksBehindWhatIsThere) {
  EXPECT_EQ(Bytes({"SCAN", "0", "COUNT", "50"}),
            "before*4\r\n$4\r\nSCAN\r\n$1\r\n0\r\n$5\r\nCOUNT\r\n$2\r\n50\r\n");
}

TEST(AppendCommand, ArgumentsMayHoldAnyBytes) {
  const std::string key("a\r\n\0*1\r\n", 8);
  EXPECT_EQ(Bytes({"TYPE", key}), "before*2\r\n$4\r\nTYPE\r\n$8\r\n" + key + "\r\n");
}

TEST(AppendCommand, AnEmptyArgumentStays) {
  EXPECT_EQ(Bytes({"TYPE", ""}), "before*2\r\n$4\r\nTYPE\r\n$0\r\n\r\n");
  EXPECT_EQ(Bytes({"TYPE", absl::string_view()}), "before*2\r\n$4\r\nTYPE\r\n$0\r\n\r\n");
}

}  // namespace
}  // namespace varve::redis
