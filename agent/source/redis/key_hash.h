// The hash of a key, by which some of many are chosen.
#pragma once

#include <cstdint>

#include "absl/strings/string_view.h"

namespace varve::redis {

// Equal in every process and on every host, and spread evenly: what a smallest hash or a share of
// hashes chooses is the same keys at every read, whatever their values are.
uint64_t KeyHash(int database, absl::string_view name);

}  // namespace varve::redis
