// What the agent says of snapshots and sections to people. Pure: no I/O.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/console.h"
#include "varve/v1/snapshot.pb.h"

namespace varve {

// The sign in front of a section.
absl::string_view StatusSign(v1::SectionStatus status, const Signs& signs);

// "connecting to cache:6379: connection refused; start the server".
std::string ErrorText(const v1::SectionError& error);

// "prod-eu@42  2026-03-04 09:12  ✓ postgres  ? redis (partial)  ✗ models (unavailable)".
std::string SnapshotLine(const v1::SnapshotHeader& header, int64_t seq, const Signs& signs);

// "127.0.0.1:7447: Connection refused; start it, or mend --collector".
std::string CollectorTrouble(absl::string_view address, const absl::Status& status);

}  // namespace varve
