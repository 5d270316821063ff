#include "agent/source/redis/remedy.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace varve::redis {
namespace {

absl::string_view UserOf(const Endpoint& endpoint) {
  return endpoint.user.empty() ? absl::string_view("default") : absl::string_view(endpoint.user);
}

std::string TlsRemedy(absl::string_view why) {
  if (absl::StrContains(why, "certificate required") || absl::StrContains(why, "handshake")) {
    return "show a client certificate: ssl_certfile and ssl_keyfile in the url";
  }
  if (absl::StrContains(why, "the server's certificate")) {
    return "name the CA that signed it (ssl_ca_certs=FILE in the url), and the host as the "
           "certificate has it";
  }
  return "see that the port speaks TLS 1.2 or newer; where it speaks none, write redis:// for "
         "rediss://";
}

std::string UnavailableRemedy(const Endpoint& endpoint, absl::string_view why) {
  if (absl::StrContains(why, "protected mode")) {
    return "set a password on the server, or read it from its own host";
  }
  if (absl::StrContains(why, "maxclients")) return "raise maxclients, or read when fewer are there";
  if (absl::StrContains(why, "closed the connection") && !endpoint.tls && !endpoint.host.empty()) {
    return "see that the server runs; where the port speaks TLS, write rediss:// for redis://";
  }
  if (absl::StrContains(why, "closed the connection") && endpoint.tls &&
      endpoint.tls_certificate.empty()) {
    return "see that the server runs; where it wants a client certificate, name ssl_certfile and "
           "ssl_keyfile in the url";
  }
  return absl::StrCat("see that a Redis server runs at ", endpoint.Address(),
                      " and can be reached from here");
}

}  // namespace

std::string GrantRemedy(const Endpoint& endpoint, absl::string_view rules) {
  return absl::StrCat("ACL SETUSER ", UserOf(endpoint), " ", rules);
}

std::string RefusalRemedy(const Endpoint& endpoint, Refusal refusal, absl::string_view rules) {
  switch (refusal) {
    case Refusal::kCommandNotPermitted:
      return GrantRemedy(endpoint, rules);
    case Refusal::kKeyNotPermitted:
      return GrantRemedy(endpoint, "~*");
    case Refusal::kUnknownCommand:
      return "where the server's configuration renames the command, give it its name back";
    case Refusal::kMoved:
      return "let the agent see the whole cluster, or name each node as a source of its own";
    case Refusal::kClusterDown:
      return "read again when all slots of the cluster are served (CLUSTER INFO)";
    case Refusal::kLoading:
      return "read again when the server has loaded its data and reached its primary";
    case Refusal::kNotAuthenticated:
    case Refusal::kWrongPassword:
    case Refusal::kNoPasswordSet:
    case Refusal::kNoClients:
    case Refusal::kOther:
      return "";
  }
  return "";
}

std::string ConnectionRemedy(const Endpoint& endpoint, const absl::Status& status) {
  const absl::string_view why = status.message();
  if (absl::StartsWith(why, "TLS: ") && !absl::IsFailedPrecondition(status)) return TlsRemedy(why);
  switch (status.code()) {
    case absl::StatusCode::kUnauthenticated:
      return absl::StrContains(why, "NOAUTH")
                 ? "give the password: REDIS_PASSWORD, password_file, or in the url"
                 : "see that user and password are those of the server's ACL: redis://user@host, "
                   "REDIS_PASSWORD or password_file";
    case absl::StatusCode::kFailedPrecondition:
      return "see that the file is there, is PEM, and may be read";
    case absl::StatusCode::kDeadlineExceeded:
      if (endpoint.tls) {
        return "see that the port speaks TLS; where it does not, write redis:// for rediss://";
      }
      return "see that the server answers (redis-cli PING), and allow more time";
    case absl::StatusCode::kDataLoss:
      return absl::StrCat("see what listens at ", endpoint.Address(),
                          ": no Redis server, or one that speaks TLS (rediss://)");
    default:
      return UnavailableRemedy(endpoint, why);
  }
}

}  // namespace varve::redis
