// A connection as bytes: TCP, a unix socket, TLS over TCP.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "agent/source/redis/endpoint.h"

namespace varve::redis {

// Non-blocking inside; every wait ends at its deadline. Not thread-safe.
//
// Errors, on every method: kUnavailable (nobody there, or the connection broke), kDeadlineExceeded.
// After an error the transport is of no further use.
class Transport {
 public:
  virtual ~Transport() = default;

  // Sends all of `bytes`.
  virtual absl::Status Send(absl::string_view bytes, absl::Time deadline) = 0;

  // Waits for bytes and puts them into `buffer`: how many, at least 1.
  virtual absl::StatusOr<size_t> Receive(absl::Span<char> buffer, absl::Time deadline) = 0;
};

// Connects, each of a name's addresses in turn. Errors beside the above: kFailedPrecondition (TLS:
// a file of ours cannot be read), kUnauthenticated (TLS: the server's certificate is not what it
// should be; the message says why).
absl::StatusOr<std::unique_ptr<Transport>> Connect(const Endpoint& endpoint, absl::Time deadline);

}  // namespace varve::redis
