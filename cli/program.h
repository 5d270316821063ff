// The program's name, and how it speaks to people.
#pragma once

#include "absl/strings/string_view.h"
#include "base/console.h"

namespace varve {

inline constexpr char kProgram[] = "varve";

// Writes one message line to stderr, behind the program's name.
inline void Tell(absl::string_view message) { WriteMessage(kProgram, message); }

}  // namespace varve
