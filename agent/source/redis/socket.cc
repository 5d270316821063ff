#include "agent/source/redis/socket.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"

namespace varve::redis {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* addresses) const { ::freeaddrinfo(addresses); }
};

std::string ErrorText(int error) {
  char buffer[256] = {};
  return ::strerror_r(error, buffer, sizeof(buffer));
}

absl::StatusOr<Socket> ConnectTo(const sockaddr* address, socklen_t size, int family,
                                 absl::Time deadline) {
  Socket socket(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.descriptor() < 0) return absl::UnavailableError(ErrorText(errno));
  if (::connect(socket.descriptor(), address, size) != 0) {
    if (errno != EINPROGRESS) return absl::UnavailableError(ErrorText(errno));
    VARVE_RETURN_IF_ERROR(socket.Wait(Socket::For::kWriting, deadline));
    int error = 0;
    socklen_t error_size = sizeof(error);
    ::getsockopt(socket.descriptor(), SOL_SOCKET, SO_ERROR, &error, &error_size);
    if (error != 0) return absl::UnavailableError(ErrorText(error));
  }
  const int on = 1;
  // Each round trip is one small write; without this the kernel would hold the second back.
  if (family != AF_UNIX) {
    ::setsockopt(socket.descriptor(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  }
  return socket;
}

absl::StatusOr<Socket> OpenUnix(const std::string& path, absl::Time deadline) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    return absl::UnavailableError("the path of a unix socket has 107 bytes at most");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return ConnectTo(reinterpret_cast<const sockaddr*>(&address), sizeof(address), AF_UNIX, deadline);
}

}  // namespace

Socket::~Socket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

absl::Status Socket::Wait(For what, absl::Time deadline) const {
  pollfd waiting = {descriptor_, static_cast<short>(what == For::kReading ? POLLIN : POLLOUT), 0};
  while (true) {
    const absl::Duration left = deadline - absl::Now();
    if (left <= absl::ZeroDuration()) return absl::DeadlineExceededError("timed out");
    // Rounded up, or the last millisecond would be spent in a loop.
    const int64_t left_ms = absl::ToInt64Milliseconds(std::min(left, absl::Hours(1))) + 1;
    const int ready = ::poll(&waiting, 1, static_cast<int>(left_ms));
    if (ready > 0) return absl::OkStatus();
    if (ready < 0 && errno != EINTR) return absl::UnavailableError(ErrorText(errno));
  }
}

absl::StatusOr<Socket> OpenSocket(const Endpoint& endpoint, absl::Time deadline) {
  if (endpoint.host.empty()) return OpenUnix(endpoint.path, deadline);
  addrinfo wanted = {};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const std::string port = absl::StrCat(endpoint.port);
  const int failure = ::getaddrinfo(endpoint.host.c_str(), port.c_str(), &wanted, &found);
  if (failure != 0) return absl::UnavailableError(::gai_strerror(failure));
  const std::unique_ptr<addrinfo, FreeAddresses> addresses(found);
  absl::Status last = absl::UnavailableError("the name has no address");
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    absl::StatusOr<Socket> socket =
        ConnectTo(address->ai_addr, address->ai_addrlen, address->ai_family, deadline);
    if (socket.ok()) return socket;
    last = socket.status();
  }
  return last;
}

}  // namespace varve::redis
