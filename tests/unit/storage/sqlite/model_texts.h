// What a store and the executable data model say of lines, as text that is equal where they agree.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"
#include "snapshot/section.h"

namespace varve::testing {

// What the model calls the shape of a line.
using ModelShapes = std::map<std::pair<LineKey, ShapeHash>, nlohmann::json>;

// The lines of one section of an answer to `read`, one a line of text; and as the store reads them.
// Sorted as text: the model orders facets by their words.
std::string LinesText(const nlohmann::json& section);
std::string LinesText(const std::vector<ReadLine>& lines, const ModelShapes& shapes);

// The version and unseen rows of an environment: the model's answer to `rows`, and those in an
// SQLite file.
using RowTexts = std::multiset<std::string>;
RowTexts RowsOf(const nlohmann::json& answer);
absl::StatusOr<RowTexts> RowsIn(const std::string& path, const std::string& environment,
                                const ModelShapes& shapes);

}  // namespace varve::testing
