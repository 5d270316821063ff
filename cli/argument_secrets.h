// Passwords that people put into flags: readable by every user of the machine (`ps`) as long as
// they stand there.
#pragma once

#include <string>
#include <vector>

namespace varve {

// A copy of the arguments, made before the originals are wiped: the value of each flag that takes a
// URL is overwritten in `argv` where it holds a password. `warnings` name the better way, without
// the value.
struct Arguments {
  std::vector<std::string> all;  // without the program's name
  std::vector<std::string> warnings;
};

// Must be called first of all: what it overwrites is the process's own argument memory. `argv` has
// `argc` entries.
Arguments TakeArguments(int argc, char** argv);

}  // namespace varve
