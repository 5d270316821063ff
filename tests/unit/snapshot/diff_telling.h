// Answers of diffs as lines, so that a test reads like what people are told.
#pragma once

#include <string>
#include <vector>

#include "snapshot/diff_shape.h"
#include "varve/v1/diff.pb.h"

namespace varve::testing {

// "columns/total/type: integer -> numeric(12,2)"; "-" where a side has no value.
std::string Told(const v1::PropertyChange& change);

// The changes; "PATH is not comparable: WHY"; "follows" last, where something does.
std::vector<std::string> Told(const ShapeDifference& difference);

// A line for the verdict, then each difference ("changed table public.orders structure") and each
// of its changes ("  columns/total/type: …"), then the other lists under their names.
std::vector<std::string> Told(const v1::DiffResult& result);

}  // namespace varve::testing
