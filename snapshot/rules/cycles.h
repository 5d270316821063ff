// Cycles of a directed graph.
#pragma once

#include <cstddef>
#include <vector>

namespace varve {

// Groups of two or more nodes that all reach each other; each group and the list of them sorted.
// `targets` has for each node those to which it points. Linear in nodes and edges, and without
// recursion, however long a path is.
std::vector<std::vector<size_t>> Cycles(const std::vector<std::vector<size_t>>& targets);

}  // namespace varve
