// The agent's memory of databases, in its state folder.
#pragma once

#include <memory>
#include <string>

#include "agent/source/known_databases.h"

namespace varve {

// What `folder`/databases.textproto holds; it is written whenever that changes. A file that is
// missing or damaged is none: what it said is learnt from the next read. Trouble with it is logged.
std::shared_ptr<KnownDatabases> OpenKnownDatabases(const std::string& folder);

}  // namespace varve
