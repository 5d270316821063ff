// Gathering a Redis source in a test, and looking at what came of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/source/redis/redis_source.h"
#include "snapshot/section.h"
#include "tests/support/redis_server.h"

namespace varve::testing {

// Reads at the fast pace, unless `config` says gentle.
Section Gather(const RedisConfig& config, absl::Duration time = absl::InfiniteDuration());
// The default user's view of `server`.
Section Gather(const RedisServer& server);
RedisConfig ConfigFor(const RedisServer& server);
// As the ACL user "varve" with the password "pw".
RedisConfig ConfigAsVarve(const RedisServer& server);

// "changed redis_setting maxmemory options: value: 0 → 1" of each property that differs; "cannot
// say: …" of what could not be compared.
std::vector<std::string> Differences(const Section& before, const Section& after);

// One line a pattern of the section, sorted: "0/doc:<int>: hash, string; ttl always"; "unseen: not
// permitted" where the structure was not seen.
std::vector<std::string> PatternLines(const Section& section);
std::optional<int64_t> MeasureOf(const Section& section, const EntityKey& entity,
                                 const std::string& name, const std::string& element = "");
EntityKey Pattern(int database, const std::string& pattern);
EntityKey Database(int database);
bool IsSeen(const Section& section, const EntityKey& entity);
// The listed key of that name, masked as it is listed; null where it is not.
const v1::RedisKey* ListedKey(const Section& section, const std::string& name, int database = 0);
std::vector<std::string> ListedNames(const Section& section);

// "error: doing: why; remedy" and "warning: …", a line each.
std::vector<std::string> Troubles(const Section& section);
// "key_pattern [0] capped: reason; remedy" of each coverage entry that is not captured.
std::vector<std::string> NotCaptured(const Section& section);
// Every byte that would leave the host: header, coverage, lines, shapes, measures.
std::string EveryByte(const Section& section);

// How often the server ran a command, by its INFO commandstats.
int64_t CallsOf(RedisServer& server, const std::string& command);

// For INSTANTIATE_TEST_SUITE_P: runs each test on each program. GoogleTest takes no '-' nor '.'.
std::string ProgramName(const ::testing::TestParamInfo<RedisProgram>& info);

// A test that has a server of the program it runs on.
class RedisServerTest : public ::testing::TestWithParam<RedisProgram> {
 protected:
  void SetUp() override { Start({}); }
  void Start(RedisServerOptions options);
  RedisServer& server() { return *server_; }
  void Run(const std::vector<std::vector<std::string>>& commands) {
    VARVE_ASSERT_OK(server_->Commands(commands));
  }

 private:
  std::unique_ptr<RedisServer> server_;
};

}  // namespace varve::testing
