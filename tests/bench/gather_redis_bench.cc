// How long a gather of a Redis keyspace takes, and its peak memory, beside redis-cli --memkeys of
// the same server in the same run: gather_redis_bench PORT [RUNS]. No assertion on time.
//
// A keyspace to measure: redis-server --port 6390 --save '' & python3 tests/bench/make_keyspace.py
// --port 6390 --keys 100000 --flush
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/source/redis/redis_source.h"

namespace {

struct Run {
  double wall_s = 0;
  double cpu_s = 0;     // of the client
  double peak_mib = 0;  // resident memory of the client
  bool ok = false;
};

// Runs `body` in a process of its own, so that its peak is its own.
template <typename Body>
Run Measure(Body body) {
  std::fflush(stdout);
  const absl::Time begin = absl::Now();
  const pid_t child = fork();
  if (child == 0) _exit(body());
  int status = 1;
  rusage usage{};
  if (child < 0 || wait4(child, &status, 0, &usage) != child) return {};
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return {
      absl::ToDoubleSeconds(absl::Now() - begin), seconds(usage.ru_utime) + seconds(usage.ru_stime),
      static_cast<double>(usage.ru_maxrss) / 1024, WIFEXITED(status) && WEXITSTATUS(status) == 0};
}

struct Setting {
  const char* name;
  varve::RedisPace pace;
  varve::RedisDepth depth;
};

int Gather(int port, const Setting& setting, bool say) {
  varve::RedisConfig config;
  config.host = "127.0.0.1";
  config.port = port;
  config.pace = setting.pace;
  config.depth = setting.depth;
  const auto redactor =
      std::make_shared<const varve::Redactor>(varve::MaskKey{"bench", std::string(32, 'k')});
  const varve::Section section =
      varve::MakeRedisSource(std::move(config), redactor)->Gather(varve::GatherLimits());
  if (say) {
    const varve::v1::RedisKeyspace& keyspace = section.measures.redis();
    std::printf("%s: %llu keys, %zu lines, %d listed, measures of %.1f MiB\n",
                section.header.server().c_str(),
                static_cast<unsigned long long>(keyspace.total_keys()), section.lines.size(),
                keyspace.keys_size(),
                static_cast<double>(section.measures.ByteSizeLong()) / 1048576);
    for (const auto& error : section.header.errors()) {
      std::printf("  %s: %s; %s\n", error.doing().c_str(), error.why().c_str(),
                  error.remedy().c_str());
    }
    std::fflush(stdout);
  }
  return section.header.status() == varve::v1::SECTION_STATUS_UNAVAILABLE ? 1 : 0;
}

int MemKeys(int port) {
  if (std::freopen("/dev/null", "w", stdout) == nullptr) return 1;
  execlp("redis-cli", "redis-cli", "-p", absl::StrCat(port).c_str(), "--memkeys", nullptr);
  return 1;
}

// The median wall time.
template <typename Body>
double Report(const char* what, int runs, double peer_s, Body body) {
  std::vector<double> walls;
  double peak_mib = 0;
  Run run;
  for (int i = 0; i < runs; ++i) {
    run = Measure(body);
    walls.push_back(run.wall_s);
    peak_mib = std::max(peak_mib, run.peak_mib);
  }
  std::sort(walls.begin(), walls.end());
  const double median = walls[walls.size() / 2];
  std::printf("%-28s %8.2f %8.2f %10.2f %10.1f %8.2f%s\n", what, walls.front(), median, run.cpu_s,
              peak_mib, peer_s > 0 ? median / peer_s : 1.0, run.ok ? "" : "   did not succeed");
  std::fflush(stdout);
  return median;
}

}  // namespace

int main(int argc, char** argv) {
  int port = 0;
  int runs = 3;
  if (argc < 2 || argc > 3 || !absl::SimpleAtoi(argv[1], &port) ||
      (argc == 3 && (!absl::SimpleAtoi(argv[2], &runs) || runs < 1))) {
    std::fprintf(stderr, "usage: gather_redis_bench PORT [RUNS]\n");
    return 2;
  }
  constexpr Setting kSettings[] = {
      {"gather, default pace", varve::RedisPace::kDefault, varve::RedisDepth::kFull},
      {"gather, fast", varve::RedisPace::kFast, varve::RedisDepth::kFull},
      {"gather, names, fast", varve::RedisPace::kFast, varve::RedisDepth::kNames},
  };
  if (!Measure([&] { return Gather(port, kSettings[0], true); }).ok) return 1;
  std::printf("%-28s %8s %8s %10s %10s %8s\n", "", "best s", "median s", "client s", "peak MiB",
              "ratio");
  const double peer_s = Report("redis-cli --memkeys", runs, 0, [&] { return MemKeys(port); });
  for (const Setting& setting : kSettings) {
    Report(setting.name, runs, peer_s, [&] { return Gather(port, setting, false); });
  }
  return 0;
}
