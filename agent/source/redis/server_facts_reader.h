// Asks a server for its settings, users, modules and libraries, and for what is slow.
#pragma once

#include "agent/redaction/redaction.h"
#include "agent/source/redis/connection.h"
#include "agent/source/redis/server_facts.h"
#include "agent/source/redis/server_reading.h"

namespace varve::redis {

// Asks each once, at most seven commands in all, one after the other, so that other clients are
// served in between. Nothing whose answer grows with the keyspace; lists of very many clients and
// very much code are left alone. What is refused lowers its own end only. Call it after INFO was
// asked and before keys are scanned, which moves the figures. Of a Sentinel nothing is asked.
// Where the connection breaks, `broke` says why, and what was not read by then failed: a proxy may
// hang up on what it does not know, and still give the keys to who connects anew.
ServerFacts ReadServerFacts(Connection& connection, const ServerReading& server,
                            const Redactor& redactor);

}  // namespace varve::redis
