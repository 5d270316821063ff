#include "agent/source/redis/server_reading.h"

#include "base/status.h"

namespace varve::redis {
namespace {

// HELLO's answer is a flat list of names and values. Version 2 of the protocol is what we speak
// already; Redis 6.0 wants one named.
void TakeHello(const Reply& reply, ServerReading& server) {
  for (size_t i = 1; i + 1 < reply.size() && reply[i].type == ReplyType::kBulk; i += 2) {
    if (reply[i].text == "server") server.product = std::string(reply[i + 1].text);
    if (reply[i].text == "version") server.version = std::string(reply[i + 1].text);
    if (reply[i].text == "mode") server.mode = std::string(reply[i + 1].text);
    if (reply[i].text == "modules") break;  // a list of lists, and the last
  }
}

}  // namespace

absl::StatusOr<ServerReading> ReadServer(Connection& connection) {
  ServerReading server;
  VARVE_ASSIGN_OR_RETURN(const Reply info, connection.Command({"INFO"}));
  if (info[0].type == ReplyType::kBulk) {
    server.info = Info::Parse(info[0].text);
    server.product = server.info.Product();
    server.version = server.info.Version();
    server.mode = server.info.Mode();
    return server;
  }
  if (info[0].type != ReplyType::kError) {
    return absl::DataLossError("the server's answer to INFO has not the form of one");
  }
  server.info_refusal = RefusalOf(info[0].text);
  server.refusal_text = RefusalText(info[0].text);
  switch (*server.info_refusal) {
    case Refusal::kNotAuthenticated:
      return absl::UnauthenticatedError(server.refusal_text);
    case Refusal::kNoClients:
      return absl::UnavailableError(server.refusal_text);
    default:
      break;
  }
  VARVE_ASSIGN_OR_RETURN(const Reply hello, connection.Command({"HELLO", "2"}));
  if (hello[0].type == ReplyType::kArray) TakeHello(hello, server);
  return server;
}

}  // namespace varve::redis
