// Sources of every kind, from their configuration.
#pragma once

#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "agent/redaction/redaction.h"
#include "agent/source/known_databases.h"
#include "agent/source/redis/known_keyspace.h"
#include "agent/source/source.h"
#include "varve/v1/agent_config.pb.h"

namespace varve {

// A source for each of `configs` (as agent/source/environment.h gives them), in their order, each
// Isolated. `redactor`, `known` and `keyspaces` are shared by all: the first never changes, the
// second is what a server that does not answer cannot say itself, the third what earlier reads met.
std::vector<std::unique_ptr<Source>> MakeSources(
    absl::Span<const v1::SourceConfig> configs, const std::shared_ptr<const Redactor>& redactor,
    const std::shared_ptr<KnownDatabases>& known,
    const std::shared_ptr<redis::KnownKeyspaces>& keyspaces);

}  // namespace varve
