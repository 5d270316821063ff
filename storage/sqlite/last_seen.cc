#include "storage/sqlite/last_seen.h"

#include "base/status.h"

namespace varve::sqlite {
namespace {

constexpr char kNewestAvailable[] =
    "SELECT seq FROM snapshot_section"
    " WHERE environment = ?1 AND section = ?2 AND seq <= ?3 AND available = 1"
    " ORDER BY seq DESC LIMIT 1";
constexpr char kUnseenAt[] =
    "SELECT from_seq, to_seq FROM unseen"
    " WHERE environment = ?1 AND section = ?2 AND entity = ?3 AND facet = ?4 AND from_seq <= ?5"
    " ORDER BY from_seq DESC LIMIT 1";

}  // namespace

absl::StatusOr<int64_t> LastSeen::NewestAvailable(int64_t seq) {
  const auto known = available_.find(seq);
  if (known != available_.end()) return known->second;
  VARVE_ASSIGN_OR_RETURN(Connection::Lease row, connection_.Prepare(kNewestAvailable));
  row->BindInt64(0, environment_);
  row->BindInt64(1, section_);
  row->BindInt64(2, seq);
  VARVE_ASSIGN_OR_RETURN(const bool found, row->Step());
  return available_[seq] = found ? row->Int64(0) : 0;
}

absl::StatusOr<std::optional<int64_t>> LastSeen::Find(int64_t entity, int64_t facet,
                                                      int64_t from_seq, int64_t seq) {
  VARVE_ASSIGN_OR_RETURN(Connection::Lease unseen, connection_.Prepare(kUnseenAt));
  while (true) {
    VARVE_ASSIGN_OR_RETURN(const int64_t candidate, NewestAvailable(seq));
    if (candidate < from_seq || candidate == 0) return std::nullopt;
    unseen->Reset();
    unseen->BindInt64(0, environment_);
    unseen->BindInt64(1, section_);
    unseen->BindInt64(2, entity);
    unseen->BindInt64(3, facet);
    unseen->BindInt64(4, candidate);
    VARVE_ASSIGN_OR_RETURN(const bool found, unseen->Step());
    if (!found || (!unseen->IsNull(1) && unseen->Int64(1) < candidate)) return candidate;
    seq = unseen->Int64(0) - 1;  // the whole gap at once
  }
}

}  // namespace varve::sqlite
