// An answer of the diff and one of the executable data model as text that is equal where the
// answers are.
#pragma once

#include <set>
#include <string>

#include "nlohmann/json.hpp"
#include "varve/v1/diff.pb.h"

namespace varve::testing {

using Facts = std::multiset<std::string>;

Facts FactsOf(const nlohmann::json& answer);
Facts FactsOf(const v1::DiffResult& answer);

// Whether an answer of the model says, of some line across a gap, that a column and nothing else
// changed. The model writes a column with its table's name, our shapes by its own name alone: where
// two tables had one name after the other, the model tells them apart by that, and ours cannot.
// Such an answer is no measure of ours.
bool TellsTablesApartByColumns(const nlohmann::json& answer);

// One fact a line.
std::string Lines(const Facts& facts);

}  // namespace varve::testing
