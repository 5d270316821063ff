// The program's name, and how it speaks to people.
#pragma once

#include "absl/strings/string_view.h"
#include "varve/v1/snapshot.pb.h"

namespace varve {

inline constexpr char kAgentProgram[] = "varve-agent";

// Writes one message line to stderr, behind the program's name.
void Tell(absl::string_view message);

// Tells each error of each section, a line an error.
void TellErrors(const v1::SnapshotHeader& header);

}  // namespace varve
