#include "tests/integration/redis/redis_change.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "agent/source/redis/info.h"
#include "tests/integration/redis/redis_gathering.h"
#include "tests/support/change_count.h"

namespace varve::testing {

int MajorVersionOf(RedisServer& server) {
  const std::string version = redis::Info::Parse(*server.Command({"INFO"})).Version();
  int major = 0;
  return absl::SimpleAtoi(version.substr(0, version.find('.')), &major) ? major : 0;
}

void ExpectSeen(const RedisChange& change, RedisServer& server) {
  SCOPED_TRACE(change.name);
  VARVE_ASSERT_OK(server.Commands(change.before));
  CountSingleChange();
  const Section before = Gather(server);
  VARVE_ASSERT_OK(server.Commands(change.change));
  const std::vector<std::string> seen = Differences(before, Gather(server));
  ASSERT_EQ(seen.size(), change.seen.size()) << absl::StrJoin(seen, "\n");
  for (size_t i = 0; i < seen.size(); ++i) {
    EXPECT_THAT(seen[i], ::testing::StartsWith(change.seen[i]));
  }
}

}  // namespace varve::testing
