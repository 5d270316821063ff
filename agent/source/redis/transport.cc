#include "agent/source/redis/transport.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/source/redis/socket.h"
#include "agent/source/redis/tls.h"
#include "base/status.h"

namespace varve::redis {
namespace {

bool WouldBlock(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

// TCP or a unix socket, in the clear.
class PlainTransport : public Transport {
 public:
  explicit PlainTransport(Socket socket) : socket_(std::move(socket)) {}

  absl::Status Send(absl::string_view bytes, absl::Time deadline) override {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_.descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent >= 0) {
        bytes.remove_prefix(static_cast<size_t>(sent));
      } else if (WouldBlock(errno)) {
        VARVE_RETURN_IF_ERROR(socket_.Wait(Socket::For::kWriting, deadline));
      } else if (errno != EINTR) {
        return Broken(errno);
      }
    }
    return absl::OkStatus();
  }

  absl::StatusOr<size_t> Receive(absl::Span<char> buffer, absl::Time deadline) override {
    while (true) {
      const ssize_t size = ::recv(socket_.descriptor(), buffer.data(), buffer.size(), 0);
      if (size > 0) return static_cast<size_t>(size);
      if (size == 0) return absl::UnavailableError("the server closed the connection");
      if (WouldBlock(errno)) {
        VARVE_RETURN_IF_ERROR(socket_.Wait(Socket::For::kReading, deadline));
      } else if (errno != EINTR) {
        return Broken(errno);
      }
    }
  }

 private:
  static absl::Status Broken(int error) {
    return absl::UnavailableError(
        error == ECONNRESET || error == EPIPE
            ? std::string("the server closed the connection")
            : std::string(absl::ErrnoToStatus(error, "the connection broke").message()));
  }

  Socket socket_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Transport>> Connect(const Endpoint& endpoint, absl::Time deadline) {
  VARVE_ASSIGN_OR_RETURN(Socket socket, OpenSocket(endpoint, deadline));
  if (endpoint.tls) return ConnectTls(std::move(socket), endpoint, deadline);
  return std::make_unique<PlainTransport>(std::move(socket));
}

}  // namespace varve::redis
