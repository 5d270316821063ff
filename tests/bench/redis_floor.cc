#include "tests/bench/redis_floor.h"

#include <string>
#include <vector>

#include "agent/source/redis/connection.h"
#include "base/status.h"

namespace varve::testing {

absl::StatusOr<uint64_t> ScanFloor(const redis::Endpoint& endpoint, bool with_probes) {
  VARVE_ASSIGN_OR_RETURN(redis::Connection connection,
                         redis::Connection::Open(endpoint, redis::Patience{}));
  uint64_t keys = 0;
  std::vector<std::string> page;
  std::string cursor = "0";
  bool is_last = false;
  for (bool is_first = true; is_first || !page.empty() || !is_last; is_first = false) {
    if (!is_last) connection.Append({"SCAN", cursor, "COUNT", "500"});
    for (const std::string& name : page) {
      if (!with_probes) break;
      connection.Append({"TYPE", name});
      connection.Append({"PTTL", name});
      connection.Append({"MEMORY", "USAGE", name});
      connection.Append({"OBJECT", "ENCODING", name});
    }
    VARVE_RETURN_IF_ERROR(connection.Flush());
    std::vector<std::string> next;
    if (!is_last) {
      VARVE_ASSIGN_OR_RETURN(const redis::Reply reply, connection.Receive());
      if (reply.size() < 3) return absl::DataLossError("SCAN was refused");
      cursor = std::string(reply[1].text);
      is_last = cursor == "0";
      for (const redis::Value& name : reply.subspan(3)) next.emplace_back(name.text);
      keys += next.size();
    }
    for (size_t i = 0; with_probes && i < page.size() * 4; ++i) {
      VARVE_RETURN_IF_ERROR(connection.Receive().status());
    }
    page = std::move(next);
  }
  return keys;
}

}  // namespace varve::testing
