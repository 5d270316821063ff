// The objects of a section in an order in which they can be made.
#pragma once

#include <cstddef>
#include <vector>

#include "absl/functional/function_ref.h"
#include "snapshot/dependencies.h"

namespace varve {

// All nodes in an order in which each stands behind what it needs, by those needs that `counts`
// keeps. Nodes that need one another in a circle are one group; every other group has one node.
// Inside a group nodes are in their own order. Equal graphs, equal order.
std::vector<std::vector<size_t>> OrderByNeed(const DependencyGraph& graph,
                                             absl::FunctionRef<bool(const Need&)> counts);

}  // namespace varve
