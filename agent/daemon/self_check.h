// `varve-agent --check`: tries each source and the collector, and says what to grant or set.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "agent/daemon/options.h"
#include "agent/daemon/stop.h"
#include "base/console.h"
#include "base/exit_code.h"
#include "snapshot/section.h"

namespace varve {

// One thing that was tried.
struct CheckItem {
  enum class Result { kGood, kPartly, kBad };
  Result result = Result::kGood;
  std::string subject;               // "postgres orders"
  std::string text;                  // what is there, or why not
  std::vector<std::string> missing;  // what it cannot see, why, and what would change that
  std::vector<std::string> notes;    // all is there, and somebody should look
};

// Reads every source as a snapshot would, asks the collector for the environment's head, tries the
// state folder, and writes the answer to stdout. kTrouble: collector or state folder; kCannotSay: a
// source that was asked for failed. Errors: the mask key, stdout, kCancelled where `stop` came
// first.
absl::StatusOr<ExitCode> RunSelfCheck(const AgentOptions& options, StopSignal& stop);

// What a section says of its source.
CheckItem CheckSection(const Section& section);

// The answer for people: its first line, whole in itself, then a line an item.
std::string CheckReport(const std::string& environment, const std::vector<CheckItem>& items,
                        const Signs& signs);

}  // namespace varve
