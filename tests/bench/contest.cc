#include "tests/bench/contest.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "absl/time/clock.h"

namespace varve::testing {
namespace {

double Median(const std::vector<Run>& runs, double Run::*figure) {
  std::vector<double> figures;
  for (const Run& run : runs) figures.push_back(run.*figure);
  std::sort(figures.begin(), figures.end());
  return figures[figures.size() / 2];
}

}  // namespace

Run Measure(const std::function<int()>& body) {
  std::fflush(stdout);  // or the child would print it again
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

int Compare(const std::vector<Contender>& contenders, int turns) {
  std::vector<std::vector<Run>> runs(contenders.size());
  for (int turn = 0; turn < turns; ++turn) {
    for (size_t i = 0; i < contenders.size(); ++i) {
      runs[i].push_back(Measure(contenders[i].body));
      if (runs[i].back().ok) continue;
      std::fprintf(stderr, "%s did not succeed\n", contenders[i].name.c_str());
      return 1;
    }
  }
  const double peer_wall = Median(runs.back(), &Run::wall_s);
  const double peer_peak = Median(runs.back(), &Run::peak_mib);
  std::printf(
      "| medians of %-3d turns      |  wall s | client CPU s | peak MiB | wall / peer's | "
      "memory / peer's |\n| --- | ---: | ---: | ---: | ---: | ---: |\n",
      turns);
  for (size_t i = 0; i < contenders.size(); ++i) {
    const double wall = Median(runs[i], &Run::wall_s);
    const double peak = Median(runs[i], &Run::peak_mib);
    std::printf("| %-24s | %7.2f | %12.2f | %8.1f | %13.2f | %15.2f |\n",
                contenders[i].name.c_str(), wall, Median(runs[i], &Run::cpu_s), peak,
                wall / peer_wall, peak / peer_peak);
  }
  return 0;
}

int Become(std::vector<std::string> arguments) {
  if (std::freopen("/dev/null", "w", stdout) == nullptr) return 1;
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  execvp(pointers[0], pointers.data());
  return 1;
}

}  // namespace varve::testing
