// What the nodes of a cluster say together.
#pragma once

#include "agent/source/redis/deployment.h"
#include "agent/source/redis/info.h"

namespace varve::redis {

// INFO of one node, in which the figures that add up (memory, clients, keys that expired, …) are
// the sums over all nodes that were read. `deployment` has a node that answered.
Info SumOfNodes(const Deployment& deployment);

}  // namespace varve::redis
