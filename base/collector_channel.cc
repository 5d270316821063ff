#include "base/collector_channel.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status.h"

namespace varve {
namespace {

constexpr int kKeepaliveMs = 60'000;
constexpr int kKeepaliveTimeoutMs = 20'000;

absl::StatusOr<std::string> ReadFile(absl::string_view what, const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  if (file) content << file.rdbuf();
  if (file) return content.str();
  const int error = errno;
  const std::string message =
      absl::StrCat(what, " ", path, ": ", error == 0 ? "it is empty" : std::strerror(error));
  if (error == EACCES) return absl::PermissionDeniedError(message);
  return absl::NotFoundError(message);
}

bool IsIpV4(absl::string_view host) {
  const std::vector<absl::string_view> parts = absl::StrSplit(host, '.');
  int number = 0;
  for (const absl::string_view part : parts) {
    if (!absl::SimpleAtoi(part, &number) || number < 0 || number > 255) return false;
  }
  return parts.size() == 4;
}

// "host" of "host:port"; empty where the address has no such form.
absl::string_view HostOf(absl::string_view address) {
  const size_t colon = address.rfind(':');
  int port = 0;
  if (colon == absl::string_view::npos || !absl::SimpleAtoi(address.substr(colon + 1), &port) ||
      port < 1 || port > 65535) {
    return "";
  }
  absl::string_view host = address.substr(0, colon);
  const bool bracketed = absl::ConsumePrefix(&host, "[") && absl::ConsumeSuffix(&host, "]");
  if (!bracketed && absl::StrContains(host, ":")) return "";
  for (const char c : host) {
    if (absl::StrContains("/@[] \t", c)) return "";
  }
  return host;
}

absl::Status CheckAddress(const CollectorAccess& access) {
  if (!absl::StartsWith(access.address, "unix:") && HostOf(access.address).empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("collector '", access.address,
                     "': not an address; write for example collector.internal:7447, [::1]:7447 or "
                     "unix:/run/varve/collector.sock"));
  }
  if (access.ca.empty() && !IsLoopback(access.address)) {
    return absl::InvalidArgumentError(
        absl::StrCat("collector ", access.address,
                     ": plaintext goes to this machine only; give the CA of the collector's "
                     "certificate (ca, --ca or VARVE_CA)"));
  }
  return absl::OkStatus();
}

grpc::ChannelArguments Arguments() {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY,
                   0);  // a proxy of the environment is for other things
  return arguments;
}

}  // namespace

absl::StatusOr<CollectorChannel> CollectorChannel::Open(const CollectorAccess& access) {
  VARVE_RETURN_IF_ERROR(CheckAddress(access));
  CollectorChannel collector;
  collector.address_ = access.address;
  if (!access.token_file.empty()) {
    VARVE_ASSIGN_OR_RETURN(const std::string content, ReadFile("token file", access.token_file));
    collector.token_ = std::string(absl::StripAsciiWhitespace(content));
    for (const char c : collector.token_) {
      if (absl::ascii_isgraph(static_cast<unsigned char>(c))) continue;
      // A header with such bytes would be refused inside gRPC, in other words.
      return absl::InvalidArgumentError(absl::StrCat("token file ", access.token_file,
                                                     ": holds no token, or more than one line"));
    }
  }
  std::shared_ptr<grpc::ChannelCredentials> credentials = grpc::InsecureChannelCredentials();
  if (!access.ca.empty()) {
    grpc::SslCredentialsOptions options;
    VARVE_ASSIGN_OR_RETURN(options.pem_root_certs, ReadFile("CA file", access.ca));
    credentials = grpc::SslCredentials(options);
    collector.encrypted_ = true;
  }
  collector.channel_ = grpc::CreateCustomChannel(access.address, credentials, Arguments());
  return collector;
}

void CollectorChannel::Authorize(grpc::ClientContext& context) const {
  if (!token_.empty()) context.AddMetadata("authorization", absl::StrCat("Bearer ", token_));
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::string_view message = status.error_message();
  constexpr absl::string_view kLast = "last error: ";
  const size_t last = message.rfind(kLast);
  if (last != absl::string_view::npos) {
    message.remove_prefix(last + kLast.size());
    absl::ConsumePrefix(&message, "UNKNOWN: ");
    absl::ConsumePrefix(&message, "UNAVAILABLE: ");
  }
  return {static_cast<absl::StatusCode>(status.error_code()), message};
}

bool IsLoopback(absl::string_view address) {
  if (absl::StartsWith(address, "unix:")) return true;
  const absl::string_view host = HostOf(address);
  return host == "localhost" || host == "::1" || (IsIpV4(host) && absl::StartsWith(host, "127."));
}

}  // namespace varve
