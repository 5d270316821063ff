// What counting the name of a key costs the agent, step by step, without a server: nanoseconds of
// its own CPU a name. Prints a table; no assertion on time.
//
//   build/release/bench/key_names_bench            the names of make_keyspace.py for 200,000 keys
//   build/release/bench/key_names_bench 1000000    for as many as that
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "agent/source/redis/command.h"
#include "agent/source/redis/key_hash.h"
#include "agent/source/redis/key_tokens.h"
#include "agent/source/redis/pattern_table.h"
#include "agent/source/redis/prefix_table.h"
#include "agent/source/redis/resp.h"
#include "agent/source/redis/safe_name.h"

namespace varve::testing {
namespace {

using Names = std::vector<std::string>;

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

// The first argument of each command that the generator writes, once for several in a row.
Names NamesOf(int keys) {
  Names names;
  const std::string command = absl::StrCat("/usr/bin/python3 '", VARVE_BENCH_FOLDER,
                                           "/make_keyspace.py' --out - --keys ", keys);
  std::FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return names;
  redis::RespReader reader;
  std::vector<char> buffer(1 << 16);
  while (const size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    reader.Feed(absl::string_view(buffer.data(), size));
    while (true) {
      const absl::StatusOr<std::optional<redis::Reply>> next = reader.Next();
      if (!next.ok() || !next->has_value()) break;
      const redis::Reply& words = **next;
      if (words.size() < 3 || words[1].text == "SELECT") continue;
      const absl::string_view name = words[2].text;
      if (names.empty() || names.back() != name) names.emplace_back(name);
    }
  }
  if (pclose(pipe) != 0) names.clear();
  // SCAN gives them in no order.
  std::shuffle(names.begin(), names.end(), std::mt19937_64(1));
  return names;
}

// Runs `step` over all names, three times; prints the cheapest.
void Print(const char* what, const Names& names, const std::function<void()>& begin,
           const std::function<void(const std::string&)>& step) {
  double best = 0;
  for (int turn = 0; turn < 3; ++turn) {
    begin();
    const double before = CpuSeconds();
    for (const std::string& name : names) step(name);
    const double taken = CpuSeconds() - before;
    if (turn == 0 || taken < best) best = taken;
  }
  std::printf("| %-24s | %7.0f |\n", what, best * 1e9 / static_cast<double>(names.size()));
}

int Main(int keys) {
  const Names names = NamesOf(keys);
  if (names.empty()) {
    std::fprintf(stderr, "make_keyspace.py gave no names\n");
    return 1;
  }
  const Redactor redactor({"bench", std::string(32, 'k')});
  std::string masked_name;
  std::string bytes;
  uint64_t sum = 0;  // of what the steps give, so that none is left out
  std::printf("| %-24s | ns/name |\n| --- | ---: |\n",
              absl::StrCat(names.size(), " names").c_str());
  const auto nothing = [] {};
  Print("hash", names, nothing, [&](const std::string& name) { sum += redis::KeyHash(0, name); });
  Print("redaction", names, nothing, [&](const std::string& name) {
    sum += redis::SafeName(redactor, name, masked_name).size();
  });
  Print("tokens", names, nothing,
        [&](const std::string& name) { sum += redis::TokensOf(name).size(); });
  std::optional<redis::PatternTable> patterns;
  Print(
      "patterns, with tokens", names, [&] { patterns.emplace(); },
      [&](const std::string& name) { patterns->Add(name, {}); });
  std::optional<redis::PrefixTable> prefixes;
  Print(
      "prefixes", names, [&] { prefixes.emplace(); },
      [&](const std::string& name) { prefixes->Add(name); });
  Print(
      "a command", names, [&] { bytes.clear(); },
      [&](const std::string& name) {
        bytes.clear();
        redis::AppendCommand(std::vector<absl::string_view>{"PTTL", name}, bytes);
        sum += bytes.size();
      });
  std::fprintf(stderr, "%llu\n", static_cast<unsigned long long>(sum));
  return 0;
}

}  // namespace
}  // namespace varve::testing

int main(int argc, char** argv) {
  int keys = 200'000;
  if (argc > 2 || (argc == 2 && (!absl::SimpleAtoi(argv[1], &keys) || keys < 1))) {
    std::fprintf(stderr, "usage: key_names_bench [KEYS]\n");
    return 2;
  }
  return varve::testing::Main(keys);
}
