// The collector as a running server: listener, guard, services, health.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "storage/store.h"
#include "varve/v1/collector_config.pb.h"

namespace varve {

// Whether `address` (HOST:PORT, [V6]:PORT, unix:PATH) can be reached from this machine only.
// Errors: kInvalidArgument (not an address).
absl::StatusOr<bool> IsLocalAddress(absl::string_view address);

// Thread-safe. Serves from Start until Stop or destruction.
class CollectorServer {
 public:
  // `store` outlives it; `admin_token` holds every role.
  // Errors: kInvalidArgument (an address beyond loopback without TLS, files that are no
  // certificates), kUnavailable (the address is taken).
  static absl::StatusOr<std::unique_ptr<CollectorServer>> Start(const v1::CollectorConfig& config,
                                                                SnapshotStore& store,
                                                                const std::string& admin_token);
  virtual ~CollectorServer() = default;

  // Where it listens, with the port that was chosen where the configuration says 0.
  virtual const std::string& address() const = 0;

  // Not ready from now on; ends open streams (their agents begin again), lets calls in flight
  // finish for up to three seconds, and returns when nothing runs any more.
  virtual void Stop() = 0;
};

}  // namespace varve
