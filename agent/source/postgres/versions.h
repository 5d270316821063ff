// Which servers are read, and what is said of others.
#pragma once

#include "absl/status/status.h"
#include "agent/source/postgres/section_writer.h"

namespace varve::postgres {

inline constexpr int kOldestMajor = 12;
inline constexpr int kNewestMajor = 18;

// `server_version` as PQserverVersion gives it (150018). Errors: kFailedPrecondition of a server
// older than we read, and the message says which we do.
absl::Status CheckVersion(int server_version);

// A server newer than we know is read as the newest that we know: says so in coverage, in a scope
// that no entity has, and as a warning. What such a server has anew is not captured.
void NoteNewerVersion(int server_version, SectionWriter& writer);

}  // namespace varve::postgres
