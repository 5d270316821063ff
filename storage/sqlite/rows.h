// Columns and rows that several tables share, to and from our types.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "snapshot/line.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/statement.h"

namespace varve::sqlite {

// The columns of a Seen, in this order: shape, way, digest, key_id, locator.
inline constexpr int kSeenColumns = 5;

// `seen` must live until the statement is reset. Nothing binds NULL to all.
void BindSeen(Statement& statement, int first, const Seen& seen);
void BindSeen(Statement& statement, int first, const std::optional<Seen>& seen);

// Nothing where the shape is NULL. Errors: kDataLoss (a hash that has not 32 bytes).
absl::StatusOr<std::optional<Seen>> SeenAt(const Statement& statement, int first);

// The key in the columns kind, names, facet. Errors: kDataLoss.
absl::StatusOr<LineKey> LineKeyAt(const Statement& statement, int first);

// What the row `id` of table entity names. Errors: kDataLoss where there is none.
absl::StatusOr<EntityKey> ReadEntityKey(Connection& connection, int64_t id);

}  // namespace varve::sqlite
