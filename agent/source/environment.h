// Which sources to read, and how to reach them: from the configuration file, from flags, and from
// the environment variables that people have already.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/variables.h"
#include "varve/v1/agent_config.pb.h"

namespace varve {

// What a command takes as flags; what is empty was not given.
struct SourceFlags {
  std::string database_url;
  int postgres_connections = 0;  // 0: was not given
  std::string redis_url;
  v1::RedisPace redis_pace = v1::REDIS_PACE_UNSPECIFIED;
  v1::RedisDepth redis_depth = v1::REDIS_DEPTH_UNSPECIFIED;
  std::vector<std::string> models;
  std::string python;
  std::vector<std::string> models_path;
  bool models_static = false;
  bool include_counts = false;
};

// Sources that can be made, in order. Each has its name, and its `url` holds all there is to know
// of the connection: of a postgres source a libpq keyword string ("" leaves all to libpq and its
// PG* variables), of a redis source a URL. Both may hold a password: never print them.
struct SourceList {
  std::vector<v1::SourceConfig> sources;
  // What people should know of how their settings were taken: a parameter that was dropped. No
  // secrets.
  std::vector<std::string> notes;
};

// Sources from flags, and for a kind without a flag from its variables: DATABASE_URL, else libpq's
// PG*; REDIS_URL, else REDIS_HOST with REDIS_PORT where it says no port itself, else
// REDIS_PUBLIC_ENDPOINT, each with REDIS_PASSWORD or REDIS_PW where it has no password itself;
// VARVE_MODELS with VARVE_PYTHON and VARVE_MODELS_PATH. A kind of which nothing is said is not
// configured: no default socket is guessed at. Errors: kInvalidArgument (an address that cannot be
// read; never quoted where it may hold a password; a module's name that is none).
absl::StatusOr<SourceList> SourcesFromEnvironment(const SourceFlags& flags,
                                                  const Variables& variables);

// The sources that `config` lists; one that says nothing of its connection takes it from the
// variables of its kind. Without a list: SourcesFromEnvironment. Errors: kInvalidArgument (not
// exactly one kind in an item, a second of a kind without a name, a name twice or with odd
// characters, an address that cannot be read, an empty pattern of databases, a pattern that is
// none, a module, timeout or variable of models that is none), kNotFound (a variable or file that
// is named is not there, or empty), kPermissionDenied (a file that this user may not read).
absl::StatusOr<SourceList> SourcesFromConfig(const v1::AgentConfig& config,
                                             const Variables& variables);

}  // namespace varve
