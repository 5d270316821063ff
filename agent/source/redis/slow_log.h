// What was slow lately, without arguments.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/source/redis/resp.h"

namespace varve::redis {

// Commands of one name in the slow log.
struct SlowCommand {
  std::string name;  // "HGETALL", in upper case; "(other)" for what is no plain word
  int64_t count = 0;
  int64_t slowest_us = 0;
};

struct SlowLog {
  int64_t logged = 0;                 // entries that were ever made since the server's start
  std::vector<SlowCommand> commands;  // of the entries that were read; slowest first
};

// Of the answer to SLOWLOG GET; nothing where it has not the form of one.
std::optional<SlowLog> SlowLogFrom(Reply reply);

// An event of the latency monitor.
struct LatencyEvent {
  std::string name;  // "command", "fork"
  int64_t last_ms = 0;
  int64_t most_ms = 0;
};

// Of the answer to LATENCY LATEST, by name; nothing where it has not the form of one.
std::optional<std::vector<LatencyEvent>> LatencyFrom(Reply reply);

}  // namespace varve::redis
