// A server that accepts connections and says nothing.
#pragma once

namespace varve::testing {

// Listens on a port of 127.0.0.1; the system accepts for it. Aborts where it cannot listen.
class SilentServer {
 public:
  SilentServer();
  ~SilentServer();
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;
  int port() const { return port_; }

 private:
  int listener_;
  int port_ = 0;
};

}  // namespace varve::testing
