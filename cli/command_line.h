// The command line: from what was typed to what is to be run.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/command/command.h"

namespace varve {

// What was asked for is a text, not work: help, the version.
struct TextAnswer {
  std::string text;
};

// Reads the arguments, without the program's name. Errors: kInvalidArgument (an unknown command or
// flag, with the nearest name; a value that does not fit; what is missing), each one line that says
// where help is.
absl::StatusOr<std::variant<Invocation, TextAnswer>> ParseCommandLine(
    const std::vector<std::string>& arguments);

}  // namespace varve
