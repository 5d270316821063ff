// Carries out what storage/apply.h decided, row by row.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/apply.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/lines.h"

namespace varve::sqlite {

// Writes the changes of one section: rows close at `last_seq`, open at `seq`. `open` are the
// section's open lines.
absl::Status WriteChanges(Connection& connection, const SectionAt& at, int64_t seq,
                          int64_t last_seq, const std::vector<StoredOpenLine>& open,
                          const SectionChanges& changes);

}  // namespace varve::sqlite
