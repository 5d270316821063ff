// A source that cannot take anyone with it: neither by throwing nor by never coming back.
#pragma once

#include <memory>

#include "absl/time/time.h"
#include "agent/source/source.h"

namespace varve {

// `source`, read on a thread that is given up when it has not come back `grace` after the deadline:
// its sections are unavailable then, and stay so as long as that read goes on (a source is never
// read twice at once). The thread that was given up keeps the source alive and ends with its read.
std::unique_ptr<Source> Isolated(std::unique_ptr<Source> source, absl::Duration grace);

}  // namespace varve
