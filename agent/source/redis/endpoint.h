// Where a Redis server is, and as whom one enters.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "agent/source/redis/redis_source.h"

namespace varve::redis {

struct Place {
  std::string host;
  int port = 0;
};

struct Endpoint {
  std::string host;  // empty: a unix socket
  int port = 6379;
  std::string path;  // of the unix socket
  bool tls = false;
  std::string tls_ca;           // file; empty: the system's
  std::string tls_certificate;  // file; empty: none is shown
  std::string tls_key;          // file
  std::string user;             // empty: "default"
  std::string password;         // empty: no AUTH
  int database = 0;             // that the settings name
  // Who tells where the server is, in the order in which they are asked; host and port are then
  // empty. Empty: it is where host, port or path say.
  std::vector<Place> sentinels;
  std::string primary;            // as the Sentinels call it
  std::string sentinel_user;      // empty: "default"
  std::string sentinel_password;  // empty: no AUTH

  // "cache.internal:6379", "[::1]:6379", "unix:/run/redis.sock", "mymaster of sentinel
  // 10.0.0.1:26379": without user and password.
  std::string Address() const;
  // The same server settings at another place, which no Sentinel tells.
  Endpoint At(Place place) const;
};

// Errors: kInvalidArgument; the url is not quoted, since it may hold a password.
absl::StatusOr<Endpoint> EndpointOf(const RedisConfig& config);

}  // namespace varve::redis
