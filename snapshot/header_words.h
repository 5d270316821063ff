// What headers of snapshots say, in the words that people read.
#pragma once

#include <string>

#include "varve/v1/snapshot.pb.h"

namespace varve {

// "complete", "partial", "unavailable", "not configured"; "value 9" of one that this build does not
// know.
std::string StatusWord(v1::SectionStatus status);

// "schedule", "once", …
std::string OccasionWord(v1::Occasion occasion);

}  // namespace varve
