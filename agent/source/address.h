// Addresses of servers as people have them, in the one form that sources take.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace varve {

// An address that can be used, and what was dropped from it, in words for people, without secrets.
struct Address {
  std::string text;
  std::vector<std::string> notes;
};

// A PostgreSQL URL or libpq keyword string, as a keyword string. A `+driver` in the scheme and
// parameters that are not libpq's (other tools put theirs there) are dropped with a note. `said_by`
// names where it stands ("DATABASE_URL"). Errors: kInvalidArgument; the address is not quoted,
// since it may hold a password.
absl::StatusOr<Address> PostgresAddress(absl::string_view address, absl::string_view said_by);

// `connection`, a keyword string, with that password in place of any it has.
std::string WithPostgresPassword(absl::string_view connection, absl::string_view password);

// `connection`, a keyword string, with that database in place of any it names.
std::string WithPostgresDatabase(absl::string_view connection, absl::string_view database);

// A URL of a Redis server as it is (redis, rediss, valkey, valkeys; unix, redis+socket, redis+unix
// of a socket; redis+sentinel, rediss+sentinel of a server that Sentinels watch); "host",
// "host:port" and "[v6]:port" as a URL. Errors: kInvalidArgument, as above.
absl::StatusOr<Address> RedisAddress(absl::string_view address, absl::string_view said_by);

// The same with a port for an address that is a bare host, and nothing said of one.
std::string RedisUrl(absl::string_view host, int port);

// Whether `url` holds a password before its host.
bool HasRedisPassword(absl::string_view url);

// `url` with that password in place of any it has before its host; its user name stays.
std::string WithRedisPassword(absl::string_view url, absl::string_view password);

}  // namespace varve
