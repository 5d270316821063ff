// A real Redis server for a test: on loopback, with its files in a temporary folder, gone with the
// object.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "agent/source/redis/connection.h"
#include "tests/support/matchers.h"

namespace varve::testing {

// A program to test with.
struct RedisProgram {
  std::string label;    // "redis-6.0"; letters, digits, '-' and '.'
  std::string command;  // path of the server
};

// Debian's server, and those that VARVE_TEST_REDIS_SERVERS names
// ("redis-6.0=COMMAND:valkey-8=COMMAND", as tests/support/fetch_servers.sh writes it).
std::vector<RedisProgram> RedisPrograms();

struct RedisServerOptions {
  std::string command = "/usr/bin/redis-server";
  std::string password;      // of the default user; empty: none is needed
  bool unix_socket = false;  // beside the port
  // The port speaks TLS alone, with a certificate for 127.0.0.1 and localhost of a CA of its own.
  bool tls = false;
  bool tls_client_certificate = false;  // and clients must show one of that CA
  std::string certificates_of;          // folder() of a server whose CA and certificates it shares
  bool sentinel = false;                // it watches, and keeps no keys
  std::vector<std::string> config;      // further lines of redis.conf
};

// Not thread-safe, except that Kill and Pause may be called while another thread talks to the
// server.
class RedisServer {
 public:
  // Returns when the server answers.
  static absl::StatusOr<std::unique_ptr<RedisServer>> Start(RedisServerOptions options = {});
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  int port() const { return port_; }
  // redis://127.0.0.1:PORT or rediss://…; the default user's, without a password.
  std::string url() const;
  std::string socket_path() const { return folder_.Path("redis.sock"); }
  std::string folder() const { return folder_.path(); }
  std::string ca_file() const { return folder_.Path("ca.pem"); }
  std::string client_certificate() const { return folder_.Path("client.pem"); }
  std::string client_key() const { return folder_.Path("client.key"); }

  // Runs a command as the default user. Returns its reply as text, the elements of an array a line
  // each; an error of the server's is kInvalidArgument.
  absl::StatusOr<std::string> Command(const std::vector<std::string>& arguments);
  // Many in one go; the first error ends it.
  absl::Status Commands(const std::vector<std::vector<std::string>>& commands);
  // Keys of the database, as DBSIZE counts them. The database stays selected.
  absl::StatusOr<int64_t> DbSize(int database);

  // Stops it from answering, without hanging up.
  void Pause();
  // Ends it at once (SIGKILL).
  void Kill();
  // Ends it so, and starts it again with its files, on its port. Returns when it answers.
  absl::Status Restart();

 private:
  explicit RedisServer(RedisServerOptions options) : options_(std::move(options)) {}
  absl::Status MakeCertificates();
  void WriteConfig();
  absl::Status Launch();
  absl::StatusOr<redis::Connection*> Connected();

  RedisServerOptions options_;
  TemporaryFolder folder_;
  int port_ = 0;
  pid_t process_ = -1;
  std::unique_ptr<redis::Connection> connection_;
};

}  // namespace varve::testing
