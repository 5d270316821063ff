// The server's settings, as CONFIG GET * tells them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "agent/source/redis/resp.h"

namespace varve::redis {

struct Setting {
  std::string name;   // UTF-8
  std::string value;  // UTF-8, as the server prints it: secrets stand in the clear
};

// Of the answer to CONFIG GET *, by name; nothing where it has not the form of one. Left out are
// older names of a setting whose newer name is there, and whose primary the server replicates:
// failover sets that.
std::optional<std::vector<Setting>> SettingsFrom(Reply reply);

// Whether the value of a setting of that name is a secret: those that the servers call sensitive,
// and whatever is called like a secret.
bool IsSecretSetting(absl::string_view name);

}  // namespace varve::redis
