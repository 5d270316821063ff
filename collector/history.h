// Answers over time, made from a store: what the Query service's History, Blame, Log and Trend say.
#pragma once

#include "absl/status/statusor.h"
#include "snapshot/diff.h"
#include "storage/store.h"
#include "varve/v1/history.pb.h"
#include "varve/v1/query.pb.h"
#include "varve/v1/trend.pb.h"

namespace varve {

// Errors, on each: kInvalidArgument and kNotFound (the reference, the object, the environment; the
// message says what there is), kDataLoss, those of the store.

absl::StatusOr<v1::ObjectHistory> HistoryIn(const SnapshotStore& store,
                                            const v1::HistoryRequest& request);
absl::StatusOr<v1::BlameResult> BlameIn(const SnapshotStore& store,
                                        const v1::HistoryRequest& request);
absl::StatusOr<v1::LogResult> LogOf(const SnapshotStore& store, const v1::LogRequest& request);
absl::StatusOr<v1::TrendResult> TrendIn(const SnapshotStore& store,
                                        const v1::TrendRequest& request);
// The same over shapes that `decode` reads.
absl::StatusOr<v1::LogResult> LogDecodedBy(const ShapeDecoder& decode, const SnapshotStore& store,
                                           const v1::LogRequest& request);

}  // namespace varve
