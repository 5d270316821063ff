// A conversation with one Redis server.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "agent/source/redis/endpoint.h"
#include "agent/source/redis/resp.h"
#include "agent/source/redis/transport.h"

namespace varve::redis {

// Until when to wait for the server.
struct Patience {
  absl::Time deadline = absl::InfiniteFuture();    // of the whole read
  absl::Duration stall_limit = absl::Seconds(10);  // nothing comes for so long: given up

  absl::Time Next() const;  // when the wait that begins now must end
};

// Sends commands, singly or many at a time, and takes the replies in their order. Not thread-safe.
//
// Errors, on every method: kUnavailable (nobody there, the connection broke), kDeadlineExceeded
// (the server stalled, or the deadline of the read came: `is_past_deadline` tells), kDataLoss (an
// answer that is none). The connection is then of no further use. A refusal by the server is a
// reply, no error.
class Connection {
 public:
  // Connects and, where the endpoint has a password, authenticates. Errors beside the above:
  // kUnauthenticated (wrong user, password or certificate), kFailedPrecondition (a file of ours).
  static absl::StatusOr<Connection> Open(const Endpoint& endpoint, const Patience& patience);

  // Adds a command to those that Flush sends.
  void Append(absl::Span<const absl::string_view> arguments);
  void Append(std::initializer_list<absl::string_view> arguments);
  absl::Status Flush();
  // Bytes that Flush would send.
  size_t unsent_bytes() const { return unsent_.size(); }

  // Commands that were added so far.
  int64_t commands() const { return commands_; }

  // The reply to the oldest command that has none. Valid until the next call.
  absl::StatusOr<Reply> Receive();

  // When the last bytes came.
  absl::Time received_at() const { return received_at_; }

  // One round trip.
  absl::StatusOr<Reply> Command(std::initializer_list<absl::string_view> arguments);

  // Selects a database, where it is not selected already; a new connection is at 0. Returns the
  // text of the server's refusal, "" where there is none.
  absl::StatusOr<std::string> Select(int database);

  // The server said that it has no password, though we have one.
  bool password_not_needed() const { return password_not_needed_; }
  bool is_past_deadline() const;

 private:
  Connection(std::unique_ptr<Transport> transport, const Patience& patience);
  absl::Status Authenticate(const Endpoint& endpoint);

  std::unique_ptr<Transport> transport_;
  Patience patience_;
  RespReader reader_;
  std::string unsent_;
  int64_t commands_ = 0;
  std::vector<char> received_;
  absl::Time received_at_ = absl::InfinitePast();
  bool password_not_needed_ = false;
  int selected_ = 0;
};

}  // namespace varve::redis
