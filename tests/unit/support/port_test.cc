#include "tests/support/port.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/matchers.h"

namespace varve::testing {
namespace {

constexpr int kLowestOfClients = 32'768;

TEST(FreePort, IsGivenOnce) {
  std::set<int> taken;
  for (int i = 0; i < 100; ++i) {
    const absl::StatusOr<int> port = FreePort();
    VARVE_ASSERT_OK(port);
    EXPECT_TRUE(taken.insert(*port).second) << *port;
    EXPECT_TRUE(taken.insert(*port + kClusterBusOffset).second) << *port;
  }
}

TEST(FreePort, IsNoneThatConnectionsTake) {
  const absl::StatusOr<int> port = FreePort();
  VARVE_ASSERT_OK(port);
  EXPECT_GT(*port, 1'024);
  EXPECT_LT(*port + kClusterBusOffset, kLowestOfClients);
}

}  // namespace
}  // namespace varve::testing
