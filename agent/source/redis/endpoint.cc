#include "agent/source/redis/endpoint.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "agent/source/redis/url.h"
#include "base/status.h"

namespace varve::redis {
namespace {

constexpr int kSentinelPort = 26379;

absl::Status Malformed(absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("redis url: ", what,
                   "; write for example redis://user@host:6379/0, rediss://… for TLS, "
                   "unix:///run/redis.sock, or redis+sentinel://host:26379/mymaster"));
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// %xx undone; a '%' that begins none stays: people write passwords as they are.
std::string Unescape(absl::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '%' && i + 2 < text.size() && HexDigit(text[i + 1]) >= 0 &&
                           HexDigit(text[i + 2]) >= 0;
    if (is_escape) {
      result += static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2]));
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

absl::Status TakeDatabase(absl::string_view text, Endpoint& endpoint) {
  if (text.empty()) return absl::OkStatus();
  if (!absl::SimpleAtoi(text, &endpoint.database) || endpoint.database < 0) {
    return Malformed("the database is not a number from 0 up");
  }
  return absl::OkStatus();
}

absl::Status TakeParameters(absl::string_view query, Endpoint& endpoint) {
  for (const absl::string_view parameter : absl::StrSplit(query, '&', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(parameter, absl::MaxSplits('=', 1));
    const std::string value = Unescape(parts.second);
    if (parts.first == "ssl_ca_certs") {
      endpoint.tls_ca = value;
    } else if (parts.first == "ssl_certfile") {
      endpoint.tls_certificate = value;
    } else if (parts.first == "ssl_keyfile") {
      endpoint.tls_key = value;
    } else if (parts.first == "username") {
      endpoint.user = value;
    } else if (parts.first == "password") {
      endpoint.password = value;
    } else if (parts.first == "sentinel_username") {
      endpoint.sentinel_user = value;
    } else if (parts.first == "sentinel_password") {
      endpoint.sentinel_password = value;
    } else if (parts.first == "db") {
      VARVE_RETURN_IF_ERROR(TakeDatabase(value, endpoint));
    }
    // Other parameters are the application's (timeouts, retries): nothing of ours.
  }
  return absl::OkStatus();
}

void TakeUser(absl::string_view text, Endpoint& endpoint) {
  const size_t colon = text.find(':');
  endpoint.user = Unescape(text.substr(0, colon));
  if (colon != absl::string_view::npos) endpoint.password = Unescape(text.substr(colon + 1));
}

// "host", "host:port", "[v6]:port" into `host` and `number`, which stay where nothing is said.
absl::Status TakePlace(absl::string_view text, std::string& host, int& number) {
  absl::string_view port;
  if (absl::StartsWith(text, "[")) {
    const size_t close = text.find(']');
    if (close == absl::string_view::npos) return Malformed("'[' without ']' around the address");
    host = std::string(text.substr(1, close - 1));
    port = text.substr(close + 1);
    if (!port.empty() && !absl::ConsumePrefix(&port, ":")) return Malformed("no ':' after ']'");
  } else {
    const size_t colon = text.rfind(':');
    host = std::string(text.substr(0, colon));
    if (colon != absl::string_view::npos) port = text.substr(colon + 1);
  }
  if (host.empty()) host = "localhost";
  if (port.empty()) return absl::OkStatus();
  if (!absl::SimpleAtoi(port, &number) || number < 1 || number > 65535) {
    return Malformed("the port is not a number from 1 to 65535");
  }
  return absl::OkStatus();
}

// "host:26379,host2/mymaster/0".
absl::Status TakeSentinels(absl::string_view text, Endpoint& endpoint) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '/');
  for (const absl::string_view place : absl::StrSplit(parts[0], ',')) {
    Place& sentinel = endpoint.sentinels.emplace_back(Place{"", kSentinelPort});
    VARVE_RETURN_IF_ERROR(TakePlace(place, sentinel.host, sentinel.port));
  }
  if (parts.size() < 2 || parts[1].empty()) {
    return Malformed("the name of the primary is missing behind the Sentinels");
  }
  endpoint.primary = Unescape(parts[1]);
  endpoint.port = 0;
  return parts.size() > 2 ? TakeDatabase(parts[2], endpoint) : absl::OkStatus();
}

absl::StatusOr<Endpoint> FromUrl(absl::string_view url) {
  Endpoint endpoint;
  const size_t scheme_end = url.find("://");
  if (scheme_end == absl::string_view::npos) return Malformed("it has no scheme");
  const absl::string_view scheme = url.substr(0, scheme_end);
  absl::string_view rest = url.substr(scheme_end + 3);
  const size_t last_at = UserEnd(rest);
  if (scheme == "unix" || scheme == "redis+socket" || scheme == "redis+unix") {
    if (last_at != absl::string_view::npos) {
      TakeUser(rest.substr(0, last_at), endpoint);
      rest.remove_prefix(last_at + 1);
    }
    const size_t query = rest.find('?');
    endpoint.path = Unescape(rest.substr(0, query));
    if (endpoint.path.empty()) return Malformed("the path of the unix socket is missing");
    if (query != absl::string_view::npos) {
      VARVE_RETURN_IF_ERROR(TakeParameters(rest.substr(query + 1), endpoint));
    }
    return endpoint;
  }
  const bool is_sentinel = scheme == "redis+sentinel" || scheme == "rediss+sentinel";
  if (!is_sentinel && scheme != "redis" && scheme != "rediss" && scheme != "valkey" &&
      scheme != "valkeys") {
    return Malformed("its scheme is none of redis, rediss, unix, redis+sentinel");
  }
  endpoint.tls = absl::StartsWith(scheme, "rediss") || scheme == "valkeys";
  if (last_at != absl::string_view::npos) {
    TakeUser(rest.substr(0, last_at), endpoint);
    rest.remove_prefix(last_at + 1);
  }
  const size_t query = rest.find('?');
  if (query != absl::string_view::npos) {
    VARVE_RETURN_IF_ERROR(TakeParameters(rest.substr(query + 1), endpoint));
    rest = rest.substr(0, query);
  }
  if (is_sentinel) {
    VARVE_RETURN_IF_ERROR(TakeSentinels(rest, endpoint));
    return endpoint;
  }
  const size_t slash = rest.find('/');
  if (slash != absl::string_view::npos) {
    VARVE_RETURN_IF_ERROR(TakeDatabase(rest.substr(slash + 1), endpoint));
    rest = rest.substr(0, slash);
  }
  VARVE_RETURN_IF_ERROR(TakePlace(rest, endpoint.host, endpoint.port));
  return endpoint;
}

}  // namespace

std::string Endpoint::Address() const {
  if (!sentinels.empty()) {
    return absl::StrCat(primary, " of sentinel ", At(sentinels.front()).Address());
  }
  if (host.empty()) return absl::StrCat("unix:", path);
  const bool is_v6 = absl::StrContains(host, ":");
  return absl::StrCat(is_v6 ? "[" : "", host, is_v6 ? "]" : "", ":", port);
}

Endpoint Endpoint::At(Place place) const {
  Endpoint there = *this;
  there.host = std::move(place.host);
  there.port = place.port;
  there.path.clear();
  there.sentinels.clear();
  return there;
}

absl::StatusOr<Endpoint> EndpointOf(const RedisConfig& config) {
  Endpoint endpoint;
  if (config.url.empty()) {
    if (config.host.empty()) return absl::InvalidArgumentError("neither url nor host is given");
    endpoint.host = config.host;
    endpoint.port = config.port;
  } else {
    VARVE_ASSIGN_OR_RETURN(endpoint, FromUrl(config.url));
  }
  if (endpoint.user.empty()) endpoint.user = config.user;
  if (endpoint.password.empty()) endpoint.password = config.password;
  if (endpoint.tls_ca.empty()) endpoint.tls_ca = config.tls_ca;
  return endpoint;
}

}  // namespace varve::redis
