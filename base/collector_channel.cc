#include "base/collector_channel.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/grpc_log.h"
#include "base/secret_file.h"
#include "base/status.h"

namespace varve {
namespace {

constexpr int kKeepaliveMs = 60'000;
constexpr int kKeepaliveTimeoutMs = 20'000;

// The number that `text` is: digits alone, since a sign or a space belongs to no address.
std::optional<int> Number(absl::string_view text) {
  int number = 0;
  const bool digits = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
  if (!digits || !absl::SimpleAtoi(text, &number)) return std::nullopt;
  return number;
}

bool IsIpV4(absl::string_view host) {
  const std::vector<absl::string_view> parts = absl::StrSplit(host, '.');
  return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](absl::string_view part) {
           return Number(part).value_or(256) <= 255;
         });
}

bool IsHostByte(char c) {
  return absl::ascii_isgraph(static_cast<unsigned char>(c)) && !absl::StrContains("/@[]", c);
}

// "host" of "host:port"; empty where the address has no such form.
absl::string_view HostOf(absl::string_view address) {
  const size_t colon = address.rfind(':');
  if (colon == absl::string_view::npos) return "";
  const int port = Number(address.substr(colon + 1)).value_or(0);
  if (port < 1 || port > 65535) return "";
  absl::string_view host = address.substr(0, colon);
  const bool bracketed = absl::ConsumePrefix(&host, "[") && absl::ConsumeSuffix(&host, "]");
  if (!bracketed && absl::StrContains(host, ":")) return "";
  return std::all_of(host.begin(), host.end(), IsHostByte) ? host : "";
}

bool IsSocket(absl::string_view address) {
  return absl::ConsumePrefix(&address, "unix:") && !address.empty();
}

absl::Status CheckAddress(const CollectorAccess& access) {
  if (!IsSocket(access.address) && HostOf(access.address).empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("collector '", absl::Utf8SafeCEscape(access.address),
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

absl::Status Advised(const absl::Status& status, absl::string_view settings) {
  if (!absl::IsNotFound(status)) return status;
  return absl::NotFoundError(absl::StrCat(status.message(), "; name the right one: ", settings));
}

absl::StatusOr<std::string> ReadToken(const std::string& path) {
  const absl::Status usable = CheckOnlyOwnerMayUse("token file", path);
  if (!usable.ok()) return Advised(usable, "token_file, --token-file or VARVE_TOKEN_FILE");
  VARVE_ASSIGN_OR_RETURN(const std::string content, ReadSmallFile("token file", path));
  const absl::string_view token = absl::StripAsciiWhitespace(content);
  const bool is_token = !token.empty() && std::all_of(token.begin(), token.end(), [](char c) {
    // A header with other bytes would be refused inside gRPC, in other words.
    return absl::ascii_isgraph(static_cast<unsigned char>(c));
  });
  if (is_token) return std::string(token);
  return absl::InvalidArgumentError(absl::StrCat(
      "token file ", path, ": it must hold one token and nothing else; write the token again"));
}

grpc::ChannelArguments Arguments() {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(kMostReceivedBytes);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY,
                   0);  // a proxy of the environment is for other things
  return arguments;
}

}  // namespace

absl::StatusOr<CollectorChannel> CollectorChannel::Open(const CollectorAccess& access) {
  QuietGrpc();
  VARVE_RETURN_IF_ERROR(CheckAddress(access));
  CollectorChannel collector;
  collector.address_ = access.address;
  if (!access.token_file.empty()) {
    VARVE_ASSIGN_OR_RETURN(collector.token_, ReadToken(access.token_file));
  }
  std::shared_ptr<grpc::ChannelCredentials> credentials = grpc::InsecureChannelCredentials();
  if (!access.ca.empty()) {
    grpc::SslCredentialsOptions options;
    const absl::StatusOr<std::string> authority = ReadSmallFile("CA file", access.ca);
    if (!authority.ok()) return Advised(authority.status(), "ca, --ca or VARVE_CA");
    if (!absl::StrContains(*authority, "-----BEGIN CERTIFICATE")) {
      return absl::InvalidArgumentError(
          absl::StrCat("CA file ", access.ca, ": it holds no PEM certificate"));
    }
    options.pem_root_certs = *authority;
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
  const std::string whole = status.error_message();
  absl::string_view message = whole;
  constexpr absl::string_view kLast = "last error: ";
  const size_t last = message.rfind(kLast);
  if (last != absl::string_view::npos) {
    message.remove_prefix(last + kLast.size());
    absl::ConsumePrefix(&message, "UNKNOWN: ");
    absl::ConsumePrefix(&message, "UNAVAILABLE: ");
  }
  return {static_cast<absl::StatusCode>(status.error_code()), message};
}

absl::string_view ReachRemedy(absl::string_view why) {
  const auto says = [&why](absl::string_view words) {
    return absl::StrContains(absl::AsciiStrToLower(why), words);
  };
  if (says("certificate verify failed")) {
    return "its certificate is not of this CA; give the right one (ca, --ca or VARVE_CA)";
  }
  if (says("peer certificate")) {
    return "its certificate is for another host; name the collector as its certificate does";
  }
  if (says("wrong version number")) return "it speaks no TLS; leave the CA out";
  if (says("socket closed")) {
    return "see whether it wants TLS, and then give its CA (ca, --ca or VARVE_CA)";
  }
  return "start it (varve-collector --database FILE), or name another with --collector or "
         "VARVE_COLLECTOR";
}

bool IsLoopback(absl::string_view address) {
  if (IsSocket(address)) return true;
  const absl::string_view host = HostOf(address);
  return host == "localhost" || host == "::1" || (IsIpV4(host) && absl::StartsWith(host, "127."));
}

}  // namespace varve
