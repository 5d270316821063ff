// Scripts that complete commands, flags and names of environments in a shell.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace varve {

enum class Shell { kBash, kZsh, kFish };

// The script for `app`, made of its commands and flags. Names of environments are asked of the
// collector when they are needed, for a second at most; where it is away there are none.
std::string CompletionScript(const CLI::App& app, Shell shell);

}  // namespace varve
