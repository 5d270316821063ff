#include "agent/source/redis/node.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"

namespace varve::redis {

std::string Node::Where() const {
  if (slots.empty()) return endpoint.Address();
  return absl::StrCat(endpoint.Address(), " (slots ", slots, ")");
}

absl::StatusOr<Node> OpenNode(const Endpoint& endpoint, const Patience& patience) {
  Node node;
  node.endpoint = endpoint;
  VARVE_ASSIGN_OR_RETURN(Connection connection, Connection::Open(endpoint, patience));
  VARVE_ASSIGN_OR_RETURN(node.server, ReadServer(connection));
  node.opened_at = absl::Now();
  if (node.server.mode != "sentinel") {
    VARVE_ASSIGN_OR_RETURN(node.manners, Introduce(connection, node.server));
  }
  node.connection = std::move(connection);
  return node;
}

}  // namespace varve::redis
