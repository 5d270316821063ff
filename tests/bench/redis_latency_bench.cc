// What another client of the server feels of a gather: its latency at a steady rate, with a gather
// under way and without, run in turns. Prints medians over the turns and their spread; no
// assertion.
//
//   build/release/bench/redis_latency_bench                        500,000 keys, 2,000 requests/s
//   build/release/bench/redis_latency_bench KEYS RATE TURNS SECONDS
// The client is open-loop: nine GETs to one SET, each latency counted from the time at which the
// request was due. A machine that is busy with other work drowns the difference.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/source/redis/connection.h"
#include "agent/source/redis/endpoint.h"
#include "agent/source/redis/redis_source.h"
#include "tests/support/redis_server.h"

namespace varve::testing {
namespace {

struct Latencies {
  double p50_ms = 0;
  double p99_ms = 0;
  double p999_ms = 0;
};

double At(const std::vector<double>& sorted, double share) {
  return sorted[std::min(sorted.size() - 1,
                         static_cast<size_t>(share * static_cast<double>(sorted.size())))];
}

// Asks at `rate` a second for `seconds`.
Latencies Ask(const redis::Endpoint& endpoint, int rate, int seconds) {
  auto connection = redis::Connection::Open(endpoint, redis::Patience{});
  if (!connection.ok()) return {};
  std::vector<double> taken;
  const absl::Time begin = absl::Now();
  const int requests = rate * seconds;
  for (int i = 0; i < requests; ++i) {
    const absl::Time due = begin + absl::Seconds(1) * i / rate;
    absl::SleepFor(due - absl::Now());
    const std::string key = absl::StrCat("bench:", i % 1000);
    const auto reply =
        i % 10 == 0 ? connection->Command({"SET", key, "v"}) : connection->Command({"GET", key});
    if (!reply.ok()) return {};
    taken.push_back(absl::ToDoubleMilliseconds(absl::Now() - due));
  }
  std::sort(taken.begin(), taken.end());
  return {At(taken, 0.5), At(taken, 0.99), At(taken, 0.999)};
}

// The same while gathers of that pace follow each other.
Latencies AskBesideGathers(const redis::Endpoint& endpoint, const std::string& url, RedisPace pace,
                           int rate, int seconds) {
  std::atomic<bool> is_over = false;
  std::thread gathering([&] {
    RedisConfig config;
    config.url = url;
    config.pace = pace;
    const auto redactor = std::make_shared<const Redactor>(MaskKey{"bench", std::string(32, 'k')});
    const std::unique_ptr<Source> source = MakeRedisSource(config, redactor);
    const absl::Time deadline = absl::Now() + absl::Seconds(seconds + 1);
    while (!is_over) source->Gather({deadline});
  });
  const Latencies latencies = Ask(endpoint, rate, seconds);
  is_over = true;
  gathering.join();
  return latencies;
}

void Print(const char* name, std::vector<Latencies> turns, const std::vector<Latencies>& base) {
  std::printf("| %-16s |", name);
  for (double Latencies::*figure : {&Latencies::p50_ms, &Latencies::p99_ms, &Latencies::p999_ms}) {
    std::vector<double> values;
    std::vector<double> grown;
    for (size_t i = 0; i < turns.size(); ++i) {
      values.push_back(turns[i].*figure);
      grown.push_back(turns[i].*figure - base[i].*figure);
    }
    std::sort(values.begin(), values.end());
    std::sort(grown.begin(), grown.end());
    std::printf(" %6.2f (%.2f to %.2f) %+6.2f |", values[values.size() / 2], values.front(),
                values.back(), grown[grown.size() / 2]);
  }
  std::printf("\n");
}

int Main(int keys, int rate, int turns, int seconds) {
  auto server = RedisServer::Start();
  if (!server.ok()) return 1;
  const std::string load =
      absl::StrCat("/usr/bin/python3 '", VARVE_BENCH_FOLDER, "/make_keyspace.py' --keys ", keys,
                   " --port ", (*server)->port(), " >/dev/null");
  if (std::system(load.c_str()) != 0) return 1;
  redis::Endpoint endpoint;
  endpoint.host = "127.0.0.1";
  endpoint.port = (*server)->port();
  const std::vector<std::pair<const char*, RedisPace>> paces = {
      {"gather, gentle", RedisPace::kGentle},
      {"gather", RedisPace::kDefault},
      {"gather, fast", RedisPace::kFast}};
  std::vector<Latencies> base;
  std::vector<std::vector<Latencies>> beside(paces.size());
  for (int turn = 0; turn < turns; ++turn) {
    base.push_back(Ask(endpoint, rate, seconds));
    for (size_t i = 0; i < paces.size(); ++i) {
      beside[i].push_back(
          AskBesideGathers(endpoint, (*server)->url(), paces[i].second, rate, seconds));
    }
  }
  std::printf(
      "%d keys, %d requests/s, medians of %d turns of %d s in ms (least to most), and the "
      "median growth over no gather\n| | p50 | p99 | p99.9 |\n| --- | --- | --- | --- |\n",
      keys, rate, turns, seconds);
  Print("no gather", base, base);
  for (size_t i = 0; i < paces.size(); ++i) Print(paces[i].first, beside[i], base);
  return 0;
}

}  // namespace
}  // namespace varve::testing

int main(int argc, char** argv) {
  int settings[] = {500'000, 2'000, 5, 5};
  for (int i = 1; i < argc; ++i) {
    if (i > 4 || !absl::SimpleAtoi(argv[i], &settings[i - 1]) || settings[i - 1] < 1) {
      std::fprintf(stderr, "usage: redis_latency_bench [KEYS [RATE [TURNS [SECONDS]]]]\n");
      return 2;
    }
  }
  return varve::testing::Main(settings[0], settings[1], settings[2], settings[3]);
}
