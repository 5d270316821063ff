#include "agent/source/redis/client_manners.h"

#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "base/version.h"

namespace varve::redis {

bool IsAtLeast(const ServerReading& server, int major, int minor) {
  const std::vector<std::string> parts = absl::StrSplit(server.version, '.');
  int of_server[2] = {0, 0};
  for (size_t i = 0; i < 2 && i < parts.size(); ++i) {
    if (!absl::SimpleAtoi(parts[i], &of_server[i])) return false;
  }
  return of_server[0] > major || (of_server[0] == major && of_server[1] >= minor);
}

absl::StatusOr<Manners> Introduce(Connection& connection, const ServerReading& server) {
  const bool is_new = IsAtLeast(server, 7, 2);
  connection.Append({"CLIENT", "SETNAME", "varve-agent"});
  if (is_new) {
    connection.Append({"CLIENT", "SETINFO", "LIB-NAME", "varve"});
    connection.Append({"CLIENT", "SETINFO", "LIB-VER", kVersion});
    connection.Append({"CLIENT", "NO-TOUCH", "ON"});
  }
  VARVE_RETURN_IF_ERROR(connection.Flush());
  Manners manners;
  for (int i = 0; i < (is_new ? 4 : 1); ++i) {
    VARVE_ASSIGN_OR_RETURN(const Reply reply, connection.Receive());
    manners.leaves_usage_alone = i == 3 && reply[0].type != ReplyType::kError;
  }
  return manners;
}

}  // namespace varve::redis
