// The trace of a snapshot's models: which table each stands for, and which keys of Redis hold it.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "snapshot/section.h"
#include "varve/v1/check_config.pb.h"

namespace varve {

// Why a model is taken to stand for a table.
enum class MapReason { kRulesFile, kMapper, kHint, kName };

struct ModelTrace {
  std::string model;  // "shop.models.Order"
  std::string table;  // "public.orders"; empty where none, or one of `candidates`
  MapReason reason = MapReason::kName;
  bool is_there = true;                      // the table; of `reason` kName always
  std::vector<std::string> keys = {};        // patterns that the rules file declares for the model
  std::vector<std::string> candidates = {};  // tables of which nothing tells which is meant
};

struct ModelTraces {
  size_t models = 0;               // in all
  std::vector<ModelTrace> traces;  // those with a table, candidates or keys, by model
};

// Errors: kInvalidArgument (as RulesFile::Of), kDataLoss (a shape fails its hash or does not
// parse).
absl::StatusOr<ModelTraces> TraceModels(const Snapshot& snapshot, const v1::CheckConfig& file);

}  // namespace varve
