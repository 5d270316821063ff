// The server's figures.
#pragma once

#include "agent/source/redis/info.h"
#include "agent/source/redis/server_facts.h"
#include "snapshot/section_builder.h"

namespace varve::redis {

// Of INFO under INFO's own names, and what follows from it: docs/formats.md lists them.
void MeasureInfo(const Info& info, const EntityKey& server, SectionBuilder& builder);

// Of clients, slow log and latency monitor, by name.
void MeasureFacts(const ServerFacts& facts, const EntityKey& server, SectionBuilder& builder);

}  // namespace varve::redis
