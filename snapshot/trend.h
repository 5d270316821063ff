// How one figure of an object moved from snapshot to snapshot. Pure: where the figures come from is
// the caller's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "snapshot/history.h"
#include "snapshot/object_life.h"
#include "varve/v1/measures.pb.h"
#include "varve/v1/trend.pb.h"

namespace varve {

// Which figure, and of which snapshots.
struct TrendAsked {
  std::vector<std::string>
      element;  // a part of the object: {"indexes", "orders_pkey"}; empty: itself
  // "rows", "keys_of_type:hash"; empty: the one that tells most. `index_bytes` and `index_scans` of
  // a table are those of all its indexes together.
  std::string measure;
  int64_t since_us = 0;
  int64_t until_us = 0;  // 0: up to the last
  uint32_t limit = 0;    // at most so many points, the newest; 0: all
};

// The figures of the object's section in a snapshot; none where it has none. Asked of the newest
// snapshot first.
using MeasuresAt = absl::FunctionRef<absl::StatusOr<v1::Measures>(int64_t seq)>;

// A snapshot that has no such figure is a gap that says why. Environment, section and name of the
// answer are the caller's. Errors: kNotFound (no snapshot lies in that time, nothing was counted,
// no such figure; the message names what there is); those of `sources` and `measures_at`.
absl::StatusOr<v1::TrendResult> TellTrend(const ObjectLife& life, const TrendAsked& asked,
                                          const HistorySources& sources, MeasuresAt measures_at);

// What the points of a series say together; of points with a value alone.
struct TrendFigures {
  const v1::TrendPoint* first = nullptr;
  const v1::TrendPoint* last = nullptr;
  const v1::TrendPoint* least = nullptr;  // the earliest of those that are equal
  const v1::TrendPoint* most = nullptr;
  // Between the first and the last; nothing where less than a day lies between them.
  std::optional<double> change_per_day;
};

// Nothing where no point has a value. Borrows from `result`.
std::optional<TrendFigures> FiguresOf(const v1::TrendResult& result);

}  // namespace varve
