#include "storage/sqlite/rows.h"

#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "storage/name_key.h"

namespace varve::sqlite {

void BindSeen(Statement& statement, int first, const Seen& seen) {
  statement.BindBlob(first, seen.shape.bytes());
  statement.BindInt64(first + 1, seen.way);
  statement.BindBlob(first + 2, seen.digest);
  statement.BindText(first + 3, seen.key_id);
  statement.BindBlob(first + 4, seen.locator);
}

void BindSeen(Statement& statement, int first, const std::optional<Seen>& seen) {
  if (seen.has_value()) return BindSeen(statement, first, *seen);
  for (int i = 0; i < kSeenColumns; ++i) statement.BindNull(first + i);
}

absl::StatusOr<std::optional<Seen>> SeenAt(const Statement& statement, int first) {
  if (statement.IsNull(first)) return std::nullopt;
  const absl::StatusOr<ShapeHash> shape = ShapeHash::FromBytes(statement.Blob(first));
  if (!shape.ok()) return absl::DataLossError("a row's shape is no hash; restore from a backup");
  return Seen{.shape = *shape,
              .way = static_cast<v1::Way>(statement.Int64(first + 1)),
              .digest = std::string(statement.Blob(first + 2)),
              .key_id = std::string(statement.Text(first + 3)),
              .locator = std::string(statement.Blob(first + 4))};
}

absl::StatusOr<LineKey> LineKeyAt(const Statement& statement, int first) {
  VARVE_ASSIGN_OR_RETURN(std::vector<std::string> names, DecodeNames(statement.Blob(first + 1)));
  return LineKey{{std::string(statement.Text(first)), std::move(names)},
                 static_cast<v1::Facet>(statement.Int64(first + 2))};
}

absl::StatusOr<EntityKey> ReadEntityKey(Connection& connection, int64_t id) {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row,
                         connection.Prepare("SELECT kind, names FROM entity WHERE id = ?1"));
  row->BindInt64(0, id);
  VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
  if (!found) return absl::DataLossError("a row names no entity; restore from a backup");
  VARVE_ASSIGN_OR_RETURN(std::vector<std::string> names, DecodeNames(row->Blob(1)));
  return EntityKey{std::string(row->Text(0)), std::move(names)};
}

}  // namespace varve::sqlite
