// A snapshot as messages of at most 1 MiB.
#pragma once

#include <vector>

#include "snapshot/section.h"
#include "storage/store.h"
#include "varve/v1/check.pb.h"
#include "varve/v1/diff.pb.h"
#include "varve/v1/drift.pb.h"
#include "varve/v1/history.pb.h"
#include "varve/v1/query.pb.h"
#include "varve/v1/rollout.pb.h"
#include "varve/v1/trend.pb.h"

namespace varve {

v1::StoredSnapshot ToProto(const SnapshotRow& row);

// Header; by section coverage, lines and measures; then each shape once. `measures` are those of
// the sections, in order, compressed as the store keeps them.
std::vector<v1::SnapshotPart> CutSnapshot(const SnapshotRow& row, const Snapshot& snapshot,
                                          const std::vector<std::string>& measures);

// One answer as several that merge into it: its lists of messages in pieces, all else in the first.
std::vector<v1::DiffResult> CutAnswer(v1::DiffResult result);
std::vector<v1::CheckResult> CutAnswer(v1::CheckResult result);
std::vector<v1::DriftResult> CutAnswer(v1::DriftResult result);
std::vector<v1::RolloutResult> CutAnswer(v1::RolloutResult result);
std::vector<v1::ObjectHistory> CutAnswer(v1::ObjectHistory result);
std::vector<v1::BlameResult> CutAnswer(v1::BlameResult result);
std::vector<v1::LogResult> CutAnswer(v1::LogResult result);
std::vector<v1::TrendResult> CutAnswer(v1::TrendResult result);

}  // namespace varve
