// A closer look at a few keys: their samples, their lengths and use, and what values look like.
#pragma once

#include "absl/time/time.h"
#include "agent/redaction/redaction.h"
#include "agent/source/redis/deployment.h"
#include "agent/source/redis/redis_section.h"
#include "agent/source/redis/redis_source.h"

namespace varve::redis {

// Asks more of the keys that are shown one by one, and looks at the values of a few of each
// pattern, where they lie: each node has those of its own slots. Fills in what `reading` has of
// them; what was refused, left out or went wrong is in its ends.
void LookCloser(Deployment& deployment, const RedisConfig& config, const Redactor& redactor,
                absl::Time deadline, RedisReading& reading);

}  // namespace varve::redis
