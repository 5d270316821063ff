// When a line was last looked at with success.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "storage/sqlite/connection.h"

namespace varve::sqlite {

// Finds it for the lines of one section. Remembers where the section was available, which its lines
// share.
class LastSeen {
 public:
  // `connection` is borrowed.
  LastSeen(Connection& connection, int64_t environment, int64_t section)
      : connection_(connection), environment_(environment), section_(section) {}

  // The newest number from `from_seq` to `seq` in which the section was available and the line not
  // unseen; nothing where there is none.
  absl::StatusOr<std::optional<int64_t>> Find(int64_t entity, int64_t facet, int64_t from_seq,
                                              int64_t seq);

 private:
  absl::StatusOr<int64_t> NewestAvailable(int64_t seq);

  Connection& connection_;
  int64_t environment_;
  int64_t section_;
  absl::flat_hash_map<int64_t, int64_t>
      available_;  // number -> the newest at or before it; 0: none
};

}  // namespace varve::sqlite
