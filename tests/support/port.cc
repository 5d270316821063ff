#include "tests/support/port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"

namespace varve::testing {
namespace {

constexpr int kLowest = 10'240;
constexpr int kHighest = 22'239;  // with the offset still below the clients' ports

// A socket's name that only one process can have, and that goes with it: the claim on a port.
bool Claim(int port) {
  const int holder = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  // A first byte of 0: the name is in no file system.
  const std::string name = absl::StrCat("varve-test-port-", port);
  std::memcpy(address.sun_path + 1, name.data(), name.size());
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  if (bind(holder, reinterpret_cast<sockaddr*>(&address), size) == 0) return true;  // and held
  close(holder);
  return false;
}

bool IsFree(int port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int reuse = 1;  // as servers do: what is left of an old connection is in nobody's way
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof(reuse));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  const bool is_free =
      bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0 &&
      listen(listener, 1) == 0;
  close(listener);
  return is_free;
}

}  // namespace

absl::StatusOr<int> FreePort() {
  constexpr int kTries = 1'000;
  std::random_device random;
  std::uniform_int_distribution<int> any(kLowest, kHighest);
  for (int i = 0; i < kTries; ++i) {
    const int port = any(random);
    const int bus = port + kClusterBusOffset;
    // Of a pair both are claimed: a port may be the bus of another, where the ranges overlap.
    if (Claim(port) && Claim(bus) && IsFree(port) && IsFree(bus)) return port;
  }
  return absl::UnavailableError(
      absl::StrCat("no port is free from ", kLowest, " to ", kHighest + kClusterBusOffset));
}

}  // namespace varve::testing
