#include "tests/bench/contest.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"

namespace varve::testing {
namespace {

double Median(const std::vector<Run>& runs, double Run::*figure) {
  std::vector<double> figures;
  for (const Run& run : runs) figures.push_back(run.*figure);
  std::sort(figures.begin(), figures.end());
  return figures[figures.size() / 2];
}

using Runs = std::vector<std::vector<Run>>;  // of each contender

// A column of figures: its head, and what it says of each contender.
struct Column {
  std::string head;
  std::function<double(size_t)> figure;
  int decimals = 2;
};

std::vector<Column> ColumnsOf(const std::vector<Contender>& contenders, const Runs& runs,
                              bool has_server_cpu) {
  const auto median = [&runs](double Run::*figure) {
    return [&runs, figure](size_t i) { return Median(runs[i], figure); };
  };
  std::vector<Column> columns = {{"wall s", median(&Run::wall_s)}};
  if (has_server_cpu) columns.push_back({"server CPU s", median(&Run::server_cpu_s)});
  columns.push_back({"client CPU s", median(&Run::cpu_s)});
  columns.push_back({"peak MiB", median(&Run::peak_mib), 1});
  for (size_t peer = 0; peer < contenders.size(); ++peer) {
    const std::string& name = contenders[peer].peer_name;
    if (name.empty()) continue;
    const auto ratio = [&runs, peer](double Run::*figure) {
      return [&runs, peer, figure](size_t i) {
        return Median(runs[i], figure) / Median(runs[peer], figure);
      };
    };
    columns.push_back({absl::StrCat("wall / ", name), ratio(&Run::wall_s)});
    if (has_server_cpu) {
      columns.push_back({absl::StrCat("server CPU / ", name), ratio(&Run::server_cpu_s)});
    }
    columns.push_back({absl::StrCat("memory / ", name), ratio(&Run::peak_mib)});
  }
  return columns;
}

void PrintTable(const std::vector<Contender>& contenders, const Runs& runs, bool has_server_cpu) {
  const std::vector<Column> columns = ColumnsOf(contenders, runs, has_server_cpu);
  std::printf("| %-24s |", absl::StrCat("medians of ", runs.front().size(), " turns").c_str());
  for (const Column& column : columns) std::printf(" %s |", column.head.c_str());
  std::printf("\n| --- |");
  for (size_t i = 0; i < columns.size(); ++i) std::printf(" ---: |");
  std::printf("\n");
  for (size_t i = 0; i < contenders.size(); ++i) {
    std::printf("| %-24s |", contenders[i].name.c_str());
    for (const Column& column : columns) {
      std::printf(" %*.*f |", static_cast<int>(column.head.size()), column.decimals,
                  column.figure(i));
    }
    std::printf("\n");
  }
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
  Run run;
  run.wall_s = absl::ToDoubleSeconds(absl::Now() - begin);
  run.cpu_s = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  run.peak_mib = static_cast<double>(usage.ru_maxrss) / 1024;
  run.ok = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  return run;
}

int Compare(const std::vector<Contender>& contenders, int turns,
            const std::function<double()>& server_cpu, absl::Duration rest) {
  std::vector<std::vector<Run>> runs(contenders.size());
  for (int turn = 0; turn < turns; ++turn) {
    for (size_t i = 0; i < contenders.size(); ++i) {
      absl::SleepFor(rest);
      const double before = server_cpu ? server_cpu() : 0;
      Run run = Measure(contenders[i].body);
      if (server_cpu) {
        absl::SleepFor(absl::Milliseconds(50));  // until the server noticed the end of the session
        run.server_cpu_s = server_cpu() - before;
      }
      runs[i].push_back(run);
      if (run.ok) continue;
      std::fprintf(stderr, "%s did not succeed\n", contenders[i].name.c_str());
      return 1;
    }
  }
  PrintTable(contenders, runs, server_cpu != nullptr);
  return 0;
}

double CpuOfChildren(int pid) {
  std::ifstream file(absl::StrCat("/proc/", pid, "/stat"));
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  // After the program's name, which may hold spaces: cutime and cstime, fields 16 and 17 of all.
  const std::vector<std::string> fields =
      absl::StrSplit(text.substr(std::min(text.rfind(')'), text.size())), ' ');
  double ticks = 0;
  for (const size_t field : {14u, 15u}) {
    if (double each = 0; field < fields.size() && absl::SimpleAtod(fields[field], &each)) {
      ticks += each;
    }
  }
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
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
