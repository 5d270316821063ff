// TLS over a socket.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/source/redis/endpoint.h"
#include "agent/source/redis/socket.h"
#include "agent/source/redis/transport.h"

namespace varve::redis {

// Shakes hands, TLS 1.2 or newer; the server's certificate must be of the endpoint's CA (the
// system's where it names none) and of its host, name or address. Errors as of Connect.
absl::StatusOr<std::unique_ptr<Transport>> ConnectTls(Socket socket, const Endpoint& endpoint,
                                                      absl::Time deadline);

}  // namespace varve::redis
