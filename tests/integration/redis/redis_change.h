// One change of a server or of its keys, and what is seen of it.
#pragma once

#include <string>
#include <vector>

#include "tests/support/redis_server.h"

namespace varve::testing {

using RedisCommands = std::vector<std::vector<std::string>>;

struct RedisChange {
  const char* name;
  RedisCommands before;
  RedisCommands change;
  std::vector<std::string> seen;  // a prefix of each difference
  int since = 6;                  // major version that has it
};

// 7 of "7.0.15"; of Valkey its own.
int MajorVersionOf(RedisServer& server);

// Makes the change, which is counted: it is one, and is seen as itself.
void ExpectSeen(const RedisChange& change, RedisServer& server);

}  // namespace varve::testing
