// The exit codes of our programs, the same for every command; where several apply, the first that
// is named here.
#pragma once

namespace varve {

enum class ExitCode : int {
  kTrouble = 2,    // of our own: usage, the collector away or refusing, a bad file
  kDifferent = 1,  // something differs, or a finding is bad enough
  kCannotSay = 3,  // a source that was asked for failed; one side saw what the other could not
  kDone = 0,       // done, same, nothing found
};

}  // namespace varve
