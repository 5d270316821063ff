// A line as read back, on the wire and in files.
#pragma once

#include "absl/status/statusor.h"
#include "snapshot/section.h"
#include "varve/v1/snapshot.pb.h"

namespace varve {

v1::StoredLine ToProto(const ReadLine& line);

// Errors: kInvalidArgument (no identity or facet, both or neither of seen and unseen, a hash that
// has not 32 bytes).
absl::StatusOr<ReadLine> ReadLineFrom(const v1::StoredLine& proto);

// The line as the agent sent it, which its section's manifest hash covers: where a run had spoken
// and this read was static, the store keeps it as unseen with the weaker read beside.
Line SentLine(const ReadLine& line);

}  // namespace varve
