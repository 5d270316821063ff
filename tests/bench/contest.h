// Programs of one machine beside each other, in one run: what each costs, and the ratios.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace varve::testing {

struct Run {
  double wall_s = 0;
  double cpu_s = 0;  // of the process itself: the client
  double server_cpu_s = 0;
  double peak_mib = 0;  // resident memory of the same
  bool ok = false;
};

// Runs `body` in a process of its own, so that its peak is its own. What it returns is the exit
// code; 0 is ok.
Run Measure(const std::function<int()>& body);

struct Contender {
  std::string name;
  std::function<int()> body;
  std::string peer_name = {};  // a peer with which all are compared is called this in the ratios
};

// Each contender once a turn, in turn; prints a table of medians on stdout. `server_cpu` tells what
// the server has used by now, in seconds, where that is known; before each run it has `rest` to
// forget the one before. Returns 1 where one did not succeed.
int Compare(const std::vector<Contender>& contenders, int turns,
            const std::function<double()>& server_cpu = nullptr,
            absl::Duration rest = absl::ZeroDuration());

// What the ended children of process `pid` have used, in seconds of CPU: /proc/PID/stat.
double CpuOfChildren(int pid);

// Becomes that program, its output thrown away; returns 1 where it cannot.
int Become(std::vector<std::string> arguments);

}  // namespace varve::testing
