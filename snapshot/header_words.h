// What headers of snapshots say, in words and figures that people read.
#pragma once

#include <cstdint>
#include <string>

#include "varve/v1/snapshot.pb.h"

namespace varve {

// "complete", "partial", "unavailable", "not configured"; "value 9" of one that this build does not
// know.
std::string StatusWord(v1::SectionStatus status);

// "schedule", "once", …
std::string OccasionWord(v1::Occasion occasion);

// How many of a section's errors are not mere warnings.
int64_t ErrorCount(const v1::SectionHeader& section);

}  // namespace varve
