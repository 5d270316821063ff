// The exit codes of varve-agent: those of every command, where several apply the first that is
// named here.
#pragma once

namespace varve {

enum class AgentExit : int {
  kTrouble = 2,    // of our own: usage, a bad file, the collector away or refusing
  kCannotSay = 3,  // a source that was asked for failed, or a part of one
  kDone = 0,
};

}  // namespace varve
