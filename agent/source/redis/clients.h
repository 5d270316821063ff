// Who is connected, counted.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "agent/redaction/redaction.h"

namespace varve::redis {

// Each: most first.
struct ClientCounts {
  std::vector<std::pair<std::string, int64_t>> by_name;     // CLIENT SETNAME
  std::vector<std::pair<std::string, int64_t>> by_user;     // of the ACL
  std::vector<std::pair<std::string, int64_t>> by_library;  // CLIENT SETINFO, "redis-py 5.0.1"
  std::vector<std::pair<std::string, int64_t>> by_kind;     // "normal", "replica", "pubsub", …
};

// Of the text of CLIENT LIST, whose last line may be cut. Addresses are not looked at.
ClientCounts ClientsFrom(absl::string_view list, const Redactor& redactor);

}  // namespace varve::redis
