#include "collector/server.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/security/server_credentials.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "base/collector_channel.h"
#include "base/grpc_log.h"
#include "base/status.h"
#include "collector/control.h"
#include "collector/guard.h"
#include "collector/ingest.h"
#include "collector/query.h"
#include "collector/stream_registry.h"
#include "collector/tls_credentials.h"
#include "collector/workers.h"

namespace varve {
namespace {

constexpr int kStreams = 256;
constexpr int kWorkerThreads = 4;
constexpr size_t kWorkerQueue = 1024;
constexpr int kMessageBytes = 2 << 20;  // messages of the contract have at most 1 MiB
constexpr absl::string_view kIngest = "varve.v1.Ingest";
constexpr absl::string_view kQuery = "varve.v1.Query";
constexpr absl::string_view kControl = "varve.v1.Control";

// "127.0.0.1" and 7447 of "127.0.0.1:7447"; the brackets of "[::1]:7447" go.
struct HostAndPort {
  absl::string_view host;
  int port = 0;
};

absl::StatusOr<HostAndPort> Split(absl::string_view address) {
  HostAndPort result;
  const size_t colon = address.rfind(':');
  if (colon == absl::string_view::npos ||
      !absl::SimpleAtoi(address.substr(colon + 1), &result.port) || result.port < 0 ||
      result.port > 65535) {
    return absl::InvalidArgumentError(absl::StrCat(
        "listen address '", address,
        "' is not HOST:PORT; write for example 127.0.0.1:7447 or unix:/run/varve.sock"));
  }
  result.host = address.substr(0, colon);
  if (absl::StartsWith(result.host, "[") && absl::EndsWith(result.host, "]")) {
    result.host = result.host.substr(1, result.host.size() - 2);
  } else if (absl::StrContains(result.host, ':')) {
    return absl::InvalidArgumentError(absl::StrCat(
        "listen address '", address, "': put an IPv6 address in brackets, as in [::1]:7447"));
  }
  return result;
}

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> Credentials(
    const v1::CollectorConfig& config) {
  if (config.has_tls()) return TlsCredentials(config.tls());
  VARVE_ASSIGN_OR_RETURN(const bool local, IsLocalAddress(config.listen()));
  if (!local) {
    return absl::InvalidArgumentError(absl::StrCat(
        "will not listen on ", config.listen(),
        " without TLS; set tls.certificate and tls.key in the configuration file, or listen on "
        "127.0.0.1"));
  }
  // Never InsecureServerCredentials: they take no guard. Local ones refuse peers from elsewhere by
  // themselves.
  return grpc::experimental::LocalServerCredentials(
      absl::StartsWith(config.listen(), "unix:") ? UDS : LOCAL_TCP);
}

// What was measured to bound hostile clients; docs/security.md says what each is against.
void SetLimits(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(kMessageBytes);
  builder.SetMaxSendMessageSize(kMostReceivedBytes);
  // A compressed message is inflated before its size is looked at.
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // else a second server starts silently
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, 5 * 60'000);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, 24 * 3'600'000);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, 60'000);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, 32);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 20'000);
}

// A unix socket can be made at `address`, and nobody answers there: gRPC would take its place, and
// neither of the two would notice.
absl::Status CheckSocket(absl::string_view address) {
  if (!absl::ConsumePrefix(&address, "unix:")) return absl::OkStatus();
  absl::ConsumePrefix(&address, "//");
  const std::string path(address);
  const auto wrong = [&path](absl::string_view why) {
    return absl::FailedPreconditionError(absl::StrCat("listening on unix:", path, ": ", why));
  };
  sockaddr_un name = {};
  if (path.size() >= sizeof(name.sun_path)) {
    return wrong(absl::StrCat("a socket's path has at most ", sizeof(name.sun_path) - 1,
                              " bytes; choose a shorter one"));
  }
  std::error_code unused;
  const std::filesystem::path folder = std::filesystem::absolute(path).parent_path();
  if (!std::filesystem::is_directory(folder, unused)) {
    return wrong("its folder is not there; make it, or choose another");
  }
  name.sun_family = AF_UNIX;
  path.copy(name.sun_path, path.size());
  const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return absl::ErrnoToStatus(errno, "making a socket");
  const bool answers = connect(probe, reinterpret_cast<sockaddr*>(&name), sizeof(name)) == 0;
  close(probe);
  if (answers) return wrong("another process answers there; stop it, or choose another");
  return absl::OkStatus();
}

class Server final : public CollectorServer {
 public:
  Server(SnapshotStore& store, RoleTable roles, const std::string& admin_token)
      : workers_(kWorkerThreads, kWorkerQueue),
        streams_(kStreams),
        ingest_(store, workers_, streams_, absl::Now, IngestLimits()),
        query_(store, workers_, streams_),
        control_(store, workers_),
        guard_(std::make_shared<Guard>(
            std::move(roles), std::vector<KnownToken>{{HashToken(admin_token), AllRoles()}})) {}

  ~Server() override { Stop(); }

  absl::Status Listen(const v1::CollectorConfig& config) {
    VARVE_ASSIGN_OR_RETURN(const std::shared_ptr<grpc::ServerCredentials> credentials,
                           Credentials(config));
    VARVE_RETURN_IF_ERROR(CheckSocket(config.listen()));
    credentials->SetAuthMetadataProcessor(MakeAuthProcessor(guard_));
    grpc::EnableDefaultHealthCheckService(true);
    grpc::ServerBuilder builder;
    SetLimits(builder);
    builder.RegisterService(&ingest_);
    builder.RegisterService(&query_);
    builder.RegisterService(&control_);
    int port = 0;
    builder.AddListeningPort(config.listen(), credentials, &port);
    const mode_t before = umask(0077);  // a unix socket's file: for us alone
    server_ = builder.BuildAndStart();
    umask(before);
    if (server_ == nullptr) {
      return absl::UnavailableError(absl::StrCat(
          "listening on ", config.listen(),
          ": the address is taken, or this machine has none like it; stop who holds it, "
          "or choose another"));
    }
    address_ = config.listen();
    if (absl::EndsWith(address_, ":0")) {
      address_ = absl::StrCat(address_.substr(0, address_.size() - 1), port);
    }
    SetReady(true);
    return absl::OkStatus();
  }

  const std::string& address() const override { return address_; }

  void Stop() override {
    if (server_ == nullptr) return;
    SetReady(false);
    streams_.CancelAll();
    server_->Shutdown(absl::ToChronoTime(absl::Now() + absl::Seconds(3)));
    server_->Wait();
    server_.reset();
  }

 private:
  void SetReady(bool ready) {
    grpc::HealthCheckServiceInterface* const health = server_->GetHealthCheckService();
    if (health == nullptr) return;
    health->SetServingStatus(std::string(kIngest), ready);
    health->SetServingStatus(std::string(kQuery), ready);
    health->SetServingStatus(std::string(kControl), ready);
  }

  Workers workers_;
  StreamRegistry streams_;
  IngestService ingest_;
  QueryService query_;
  ControlService control_;
  std::shared_ptr<const Guard> guard_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

}  // namespace

absl::StatusOr<bool> IsLocalAddress(absl::string_view address) {
  if (absl::StartsWith(address, "unix:")) return true;
  VARVE_ASSIGN_OR_RETURN(const HostAndPort at, Split(address));
  return at.host == "localhost" || at.host == "::1" || absl::StartsWith(at.host, "127.");
}

absl::StatusOr<std::unique_ptr<CollectorServer>> CollectorServer::Start(
    const v1::CollectorConfig& config, SnapshotStore& store, const std::string& admin_token) {
  QuietGrpc();
  VARVE_ASSIGN_OR_RETURN(RoleTable roles, ReadRoleTable());
  auto server = std::make_unique<Server>(store, std::move(roles), admin_token);
  VARVE_RETURN_IF_ERROR(server->Listen(config));
  return std::unique_ptr<CollectorServer>(std::move(server));
}

}  // namespace varve
