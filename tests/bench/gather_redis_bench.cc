// How long a gather of a Redis keyspace takes, what it costs the server, and its peak memory,
// beside the floor (a bare pipelined SCAN with the same probes), redis-cli --memkeys and --bigkeys
// of the same server in the same run, turn by turn. Prints a table with the ratios; no assertion on
// time.
//
//   build/release/bench/gather_redis_bench                100,000 keys of make_keyspace.py on a
//                                                         private server
//   build/release/bench/gather_redis_bench 1000000        as many as that
//   build/release/bench/gather_redis_bench HOST:PORT      a server of yours
// A second argument is the number of turns (5), a third leaves only contenders with that word in
// their name, and the peers.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "agent/source/redis/connection.h"
#include "agent/source/redis/endpoint.h"
#include "agent/source/redis/info.h"
#include "agent/source/redis/redis_source.h"
#include "tests/bench/contest.h"
#include "tests/bench/redis_floor.h"
#include "tests/support/redis_server.h"

namespace varve::testing {
namespace {

RedisConfig ConfigOf(const std::string& url) {
  RedisConfig config;
  config.url = url;
  return config;
}

// Seconds of CPU that the server has used by now.
double ServerCpu(const redis::Endpoint& endpoint) {
  auto connection = redis::Connection::Open(endpoint, redis::Patience{});
  if (!connection.ok()) return 0;
  const auto reply = connection->Command({"INFO"});
  if (!reply.ok()) return 0;
  const redis::Info info = redis::Info::Parse((*reply)[0].text);
  return info.Real("used_cpu_user").value_or(0) + info.Real("used_cpu_sys").value_or(0);
}

Section GatherOnce(const std::string& url, RedisPace pace, RedisDepth depth) {
  RedisConfig config = ConfigOf(url);
  config.pace = pace;
  config.depth = depth;
  const auto redactor = std::make_shared<const Redactor>(MaskKey{"bench", std::string(32, 'k')});
  return MakeRedisSource(std::move(config), redactor)->Gather(GatherLimits()).front();
}

int Gather(const std::string& url, RedisPace pace, RedisDepth depth) {
  const Section section = GatherOnce(url, pace, depth);
  return section.header.status() == v1::SECTION_STATUS_UNAVAILABLE ? 1 : 0;
}

// What there is to gather.
int Describe(const std::string& url) {
  const Section section = GatherOnce(url, RedisPace::kFast, RedisDepth::kFull);
  const v1::RedisKeyspace& keyspace = section.measures->redis();
  std::printf("%s: %lld keys, %zu lines, %d listed, measures of %.1f MiB\n",
              section.header.server().c_str(), static_cast<long long>(keyspace.total_keys()),
              section.lines.size(), keyspace.keys_size(),
              static_cast<double>(section.measures->ByteSizeLong()) / 1048576);
  for (const auto& error : section.header.errors()) {
    std::printf("  %s: %s; %s\n", error.doing().c_str(), error.why().c_str(),
                error.remedy().c_str());
  }
  std::fflush(stdout);
  return section.header.status() == v1::SECTION_STATUS_UNAVAILABLE ? 1 : 0;
}

// A private server with a keyspace of the generator's; null where one could not be had.
std::unique_ptr<RedisServer> ServerWithKeys(int keys) {
  auto server = RedisServer::Start();
  if (!server.ok()) {
    std::fprintf(stderr, "%s\n", std::string(server.status().message()).c_str());
    return nullptr;
  }
  std::fprintf(stderr, "loading %d keys\n", keys);
  const std::string load =
      absl::StrCat("/usr/bin/python3 '", VARVE_BENCH_FOLDER, "/make_keyspace.py' --keys ", keys,
                   " --port ", (*server)->port(), " >/dev/null");
  if (std::system(load.c_str()) != 0) return nullptr;
  return *std::move(server);
}

int Main(const std::string& what, int turns, const std::string& only) {
  std::string url = absl::StrCat("redis://", what);
  std::unique_ptr<RedisServer> server;
  if (int keys = 0; absl::SimpleAtoi(what, &keys)) {
    server = ServerWithKeys(keys);
    if (server == nullptr) return 1;
    url = server->url();
  }
  if (!Measure([&] { return Describe(url); }).ok) return 1;
  redis::Endpoint endpoint;
  if (const auto parsed = redis::EndpointOf(ConfigOf(url)); parsed.ok()) endpoint = *parsed;
  const auto floor = [&endpoint](bool with_probes) {
    return [&endpoint, with_probes] { return ScanFloor(endpoint, with_probes).ok() ? 0 : 1; };
  };
  const auto gather = [&url](RedisPace pace, RedisDepth depth) {
    return [&url, pace, depth] { return Gather(url, pace, depth); };
  };
  std::vector<Contender> contenders = {
      {"idle process", [] { return 0; }},
      {"floor", floor(true), "floor"},
      {"floor, names", floor(false)},
      {"gather", gather(RedisPace::kDefault, RedisDepth::kFull)},
      {"gather, fast", gather(RedisPace::kFast, RedisDepth::kFull)},
      {"gather, sampled, fast", gather(RedisPace::kFast, RedisDepth::kSampled)},
      {"gather, names, fast", gather(RedisPace::kFast, RedisDepth::kNames)},
      {"redis-cli --bigkeys",
       [&] {
         return Become({"redis-cli", "-u", url, "--bigkeys"});
       }},
      {"redis-cli --memkeys",
       [&] {
         return Become({"redis-cli", "-u", url, "--memkeys"});
       },
       "memkeys"}};
  std::erase_if(contenders, [&only](const Contender& contender) {
    return contender.peer_name.empty() && !absl::StrContains(contender.name, only);
  });
  // A server tells its load as a mean over 1.6 seconds: who comes next is not to yield to the last.
  return Compare(
      contenders, turns, [&endpoint] { return ServerCpu(endpoint); }, absl::Seconds(2));
}

}  // namespace
}  // namespace varve::testing

int main(int argc, char** argv) {
  int turns = 5;
  if (argc > 4 || (argc >= 3 && (!absl::SimpleAtoi(argv[2], &turns) || turns < 1))) {
    std::fprintf(stderr, "usage: gather_redis_bench [KEYS | HOST:PORT [TURNS [WORD]]]\n");
    return 2;
  }
  return varve::testing::Main(argc > 1 ? argv[1] : "100000", turns, argc > 3 ? argv[3] : "");
}
