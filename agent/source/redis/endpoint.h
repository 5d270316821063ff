// Where a Redis server is, and as whom one enters.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "agent/source/redis/redis_source.h"

namespace varve::redis {

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

  // "cache.internal:6379", "[::1]:6379", "unix:/run/redis.sock": without user and password.
  std::string Address() const;
};

// Errors: kInvalidArgument; the url is not quoted, since it may hold a password.
absl::StatusOr<Endpoint> EndpointOf(const RedisConfig& config);

}  // namespace varve::redis
