#include "tests/support/redis_server.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "tests/support/port.h"

namespace varve::testing {
namespace {

constexpr absl::Duration kStartLimit = absl::Seconds(30);

// Reads what the server logs until it says that it is ready.
absl::Status WaitUntilReady(int log) {
  const absl::Time deadline = absl::Now() + kStartLimit;
  std::string text;
  while (!absl::StrContains(text, "eady to accept connections") &&
         !absl::StrContains(text, "Sentinel ID is")) {
    pollfd waiting = {log, POLLIN, 0};
    const int64_t left_ms = absl::ToInt64Milliseconds(deadline - absl::Now());
    char buffer[4096];
    const bool is_there = left_ms > 0 && ::poll(&waiting, 1, static_cast<int>(left_ms)) > 0;
    const ssize_t size = is_there ? ::read(log, buffer, sizeof(buffer)) : 0;
    if (size <= 0) {
      return absl::UnavailableError(absl::StrCat("the server did not start; it said:\n", text));
    }
    text.append(buffer, static_cast<size_t>(size));
  }
  return absl::OkStatus();
}

std::string TextOf(const redis::Reply& reply) {
  std::vector<std::string> lines;
  for (const redis::Value& value : reply) {
    switch (value.type) {
      case redis::ReplyType::kInteger:
        lines.push_back(absl::StrCat(value.number));
        break;
      case redis::ReplyType::kNull:
        lines.emplace_back("(nil)");
        break;
      case redis::ReplyType::kArray:
        break;
      case redis::ReplyType::kStatus:
      case redis::ReplyType::kError:
      case redis::ReplyType::kBulk:
        lines.emplace_back(value.text);
        break;
    }
  }
  return absl::StrJoin(lines, "\n");
}

}  // namespace

std::vector<RedisProgram> RedisPrograms() {
  std::vector<RedisProgram> programs = {{"debian", RedisServerOptions().command}};
  const char* const more = std::getenv("VARVE_TEST_REDIS_SERVERS");
  for (const absl::string_view item :
       absl::StrSplit(more == nullptr ? "" : more, ':', absl::SkipEmpty())) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(item, absl::MaxSplits('=', 1));
    programs.push_back({parts.first, parts.second});
  }
  return programs;
}

absl::StatusOr<std::unique_ptr<RedisServer>> RedisServer::Start(RedisServerOptions options) {
  std::unique_ptr<RedisServer> server(new RedisServer(std::move(options)));
  VARVE_ASSIGN_OR_RETURN(server->port_, FreePort());
  if (server->options_.tls) VARVE_RETURN_IF_ERROR(server->MakeCertificates());
  server->WriteConfig();
  VARVE_RETURN_IF_ERROR(server->Launch());
  return server;
}

RedisServer::~RedisServer() { Kill(); }

std::string RedisServer::url() const {
  return absl::StrCat(options_.tls ? "rediss" : "redis", "://127.0.0.1:", port_);
}

// A CA, and with it a certificate for the server and one for a client.
absl::Status RedisServer::MakeCertificates() {
  if (!options_.certificates_of.empty()) {
    std::error_code failed;
    for (const char* const file :
         {"ca.pem", "server.pem", "server.key", "client.pem", "client.key"}) {
      std::filesystem::copy_file(absl::StrCat(options_.certificates_of, "/", file),
                                 folder_.Path(file), failed);
      if (failed) return absl::UnavailableError(absl::StrCat("no copy of ", file));
    }
    return absl::OkStatus();
  }
  std::ofstream(folder_.Path("names")) << "subjectAltName=IP:127.0.0.1,DNS:localhost\n";
  const std::string key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
  std::string script = absl::StrCat("cd '", folder_.path(), "' && openssl req -x509 ", key,
                                    " -days 2 -subj /CN=ca -keyout ca.key -out ca.pem");
  for (const char* const name : {"server", "client"}) {
    absl::StrAppend(&script, " && openssl req ", key, " -subj /CN=", name, " -keyout ", name,
                    ".key -out ", name, ".csr && openssl x509 -req -in ", name,
                    ".csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out ",
                    name, ".pem");
  }
  if (std::system(absl::StrCat("(", script, ") >/dev/null 2>&1").c_str()) != 0) {
    return absl::UnavailableError("openssl made no certificates");
  }
  return absl::OkStatus();
}

void RedisServer::WriteConfig() {
  std::ofstream config(folder_.Path("redis.conf"));
  config << "bind 127.0.0.1\ndaemonize no\n";
  if (!options_.sentinel) config << "save \"\"\nappendonly no\n";
  config << "dir " << folder_.path() << "\nport " << (options_.tls ? 0 : port_) << "\n";
  if (!options_.password.empty()) config << "requirepass " << options_.password << "\n";
  if (options_.unix_socket) config << "unixsocket " << socket_path() << "\n";
  if (options_.tls) {
    config << "tls-port " << port_ << "\ntls-cert-file " << folder_.Path("server.pem")
           << "\ntls-key-file " << folder_.Path("server.key") << "\ntls-ca-cert-file " << ca_file()
           << "\ntls-auth-clients " << (options_.tls_client_certificate ? "yes" : "no") << "\n";
  }
  for (const std::string& line : options_.config) config << line << "\n";
}

absl::Status RedisServer::Launch() {
  int log[2] = {-1, -1};
  if (::pipe2(log, O_CLOEXEC) != 0) return absl::UnavailableError("no pipe for the server's log");
  const std::string config = folder_.Path("redis.conf");
  process_ = ::fork();
  if (process_ == 0) {
    // Between fork and exec: only calls that are safe there.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(log[1], STDOUT_FILENO);
    ::dup2(log[1], STDERR_FILENO);
    // A null pointer for the last argument ends the list one sooner.
    ::execl(options_.command.c_str(), options_.command.c_str(), config.c_str(),
            options_.sentinel ? "--sentinel" : nullptr, nullptr);
    ::_exit(127);
  }
  ::close(log[1]);
  const absl::Status ready =
      process_ < 0 ? absl::UnavailableError("no process for the server") : WaitUntilReady(log[0]);
  ::close(log[0]);
  return Annotate(ready, options_.command);
}

absl::StatusOr<redis::Connection*> RedisServer::Connected() {
  if (connection_ == nullptr) {
    redis::Endpoint endpoint;
    endpoint.host = "127.0.0.1";
    endpoint.port = port_;
    endpoint.password = options_.password;
    endpoint.tls = options_.tls;
    if (options_.tls) endpoint.tls_ca = ca_file();
    if (options_.tls_client_certificate) {
      endpoint.tls_certificate = client_certificate();
      endpoint.tls_key = client_key();
    }
    VARVE_ASSIGN_OR_RETURN(redis::Connection connection,
                           redis::Connection::Open(endpoint, redis::Patience{}));
    connection_ = std::make_unique<redis::Connection>(std::move(connection));
  }
  return connection_.get();
}

absl::StatusOr<std::string> RedisServer::Command(const std::vector<std::string>& arguments) {
  VARVE_ASSIGN_OR_RETURN(redis::Connection* const connection, Connected());
  connection->Append(std::vector<absl::string_view>(arguments.begin(), arguments.end()));
  const absl::Status sent = connection->Flush();
  const absl::StatusOr<redis::Reply> received = sent.ok() ? connection->Receive() : sent;
  if (!received.ok()) {
    connection_ = nullptr;  // a failover hangs up on everybody: the next command connects anew
    return received.status();
  }
  const redis::Reply& reply = *received;
  std::string text = TextOf(reply);
  if (reply[0].type == redis::ReplyType::kError) return absl::InvalidArgumentError(text);
  return text;
}

absl::Status RedisServer::Commands(const std::vector<std::vector<std::string>>& commands) {
  VARVE_ASSIGN_OR_RETURN(redis::Connection* const connection, Connected());
  constexpr size_t kAtOnce = 500;
  for (size_t first = 0; first < commands.size(); first += kAtOnce) {
    const size_t last = std::min(commands.size(), first + kAtOnce);
    for (size_t i = first; i < last; ++i) {
      connection->Append(std::vector<absl::string_view>(commands[i].begin(), commands[i].end()));
    }
    VARVE_RETURN_IF_ERROR(connection->Flush());
    absl::Status status;
    for (size_t i = first; i < last; ++i) {
      VARVE_ASSIGN_OR_RETURN(const redis::Reply reply, connection->Receive());
      if (reply[0].type == redis::ReplyType::kError && status.ok()) {
        status = absl::InvalidArgumentError(absl::StrCat(commands[i][0], ": ", TextOf(reply)));
      }
    }
    VARVE_RETURN_IF_ERROR(status);
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> RedisServer::DbSize(int database) {
  VARVE_RETURN_IF_ERROR(Command({"SELECT", absl::StrCat(database)}).status());
  VARVE_ASSIGN_OR_RETURN(const std::string size, Command({"DBSIZE"}));
  int64_t keys = 0;
  if (!absl::SimpleAtoi(size, &keys)) return absl::InternalError(size);
  return keys;
}

void RedisServer::Pause() { ::kill(process_, SIGSTOP); }

void RedisServer::Kill() {
  if (process_ <= 0) return;
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  process_ = -1;
}

absl::Status RedisServer::Restart() {
  Kill();
  connection_.reset();
  return Launch();
}

}  // namespace varve::testing
