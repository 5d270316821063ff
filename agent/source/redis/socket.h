// A non-blocking socket, owned.
#pragma once

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/source/redis/endpoint.h"

namespace varve::redis {

class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~Socket();

  int descriptor() const { return descriptor_; }

  enum class For { kReading, kWriting };
  // Waits until it is ready. Errors: kDeadlineExceeded.
  absl::Status Wait(For what, absl::Time deadline) const;

 private:
  int descriptor_;
};

// Errors: kUnavailable (no such name, refused, no such socket), kDeadlineExceeded.
absl::StatusOr<Socket> OpenSocket(const Endpoint& endpoint, absl::Time deadline);

}  // namespace varve::redis
