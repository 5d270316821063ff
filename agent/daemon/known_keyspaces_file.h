// The agent's memory of Redis keyspaces, in its state folder.
#pragma once

#include <memory>
#include <string>

#include "agent/source/redis/known_keyspace.h"

namespace varve {

// What `folder`/keyspaces.textproto holds; it is written after each read. A file that is missing or
// damaged is none: the next read begins anew. Trouble with it is logged.
std::shared_ptr<redis::KnownKeyspaces> OpenKnownKeyspaces(const std::string& folder);

}  // namespace varve
