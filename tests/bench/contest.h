// Programs of one machine beside each other, in one run: what each costs, and the ratios.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace varve::testing {

struct Run {
  double wall_s = 0;
  double cpu_s = 0;     // of the process itself: the client
  double peak_mib = 0;  // resident memory of the same
  bool ok = false;
};

// Runs `body` in a process of its own, so that its peak is its own. What it returns is the exit
// code; 0 is ok.
Run Measure(const std::function<int()>& body);

struct Contender {
  std::string name;
  std::function<int()> body;
};

// Each contender once a turn, in turn; prints a table of medians on stdout. The last contender is
// the peer with which the others are compared. Returns 1 where one did not succeed.
int Compare(const std::vector<Contender>& contenders, int turns);

// Becomes that program, its output thrown away; returns 1 where it cannot.
int Become(std::vector<std::string> arguments);

}  // namespace varve::testing
