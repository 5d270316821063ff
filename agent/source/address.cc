#include "agent/source/address.h"

#include <libpq-fe.h>

#include <array>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/status.h"

namespace varve {
namespace {

constexpr int kRedisPort = 6379;

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using OptionsPtr = std::unique_ptr<PQconninfoOption, FreeOptions>;

bool IsLibpqParameter(absl::string_view name) {
  static const OptionsPtr known(PQconndefaults());
  for (const PQconninfoOption* option = known.get();
       option != nullptr && option->keyword != nullptr; ++option) {
    if (name == option->keyword) return true;
  }
  return false;
}

bool IsSslMode(absl::string_view value) {
  static constexpr std::array<absl::string_view, 6> kModes = {
      "disable", "allow", "prefer", "require", "verify-ca", "verify-full"};
  for (const absl::string_view mode : kModes) {
    if (value == mode) return true;
  }
  return false;
}

// The parameters of a URL that libpq takes, joined again; each other one leaves a note.
std::string KeptParameters(absl::string_view query, absl::string_view said_by,
                           std::vector<std::string>& notes) {
  std::vector<std::string> kept;
  for (const absl::string_view parameter : absl::StrSplit(query, '&', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(parameter, absl::MaxSplits('=', 1));
    if (parts.first == "ssl" && IsSslMode(parts.second)) {  // asyncpg's spelling of sslmode
      kept.push_back(absl::StrCat("sslmode=", parts.second));
    } else if (IsLibpqParameter(parts.first) || parameter == "ssl=true") {
      kept.emplace_back(parameter);
    } else {
      notes.push_back(
          absl::StrCat(said_by, ": parameter '", parts.first, "' is not libpq's; left out"));
    }
  }
  return kept.empty() ? "" : absl::StrCat("?", absl::StrJoin(kept, "&"));
}

std::string Quoted(absl::string_view value) {
  return absl::StrCat("'", absl::StrReplaceAll(value, {{"\\", "\\\\"}, {"'", "\\'"}}), "'");
}

// libpq's own message is not passed on: it quotes what it could not read, a password among it.
absl::StatusOr<std::string> AsKeywords(const std::string& address, absl::string_view said_by) {
  char* message = nullptr;
  const OptionsPtr options(PQconninfoParse(address.c_str(), &message));
  PQfreemem(message);
  if (options == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat(said_by,
                     ": libpq cannot read this address; write for example "
                     "postgresql://user@host:5432/name, special characters as %XX"));
  }
  std::vector<std::string> keywords;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    keywords.push_back(absl::StrCat(option->keyword, "=", Quoted(option->val)));
  }
  return absl::StrJoin(keywords, " ");
}

// Percent-encodes all but what RFC 3986 leaves alone.
std::string Encoded(absl::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || absl::StrContains("-._~", c)) {
      encoded.push_back(c);
    } else {
      absl::StrAppend(&encoded, "%",
                      absl::AsciiStrToUpper(
                          absl::StrCat(absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2))));
    }
  }
  return encoded;
}

}  // namespace

absl::StatusOr<Address> PostgresAddress(absl::string_view address, absl::string_view said_by) {
  Address result;
  const size_t scheme_end = address.find("://");
  const std::string scheme = absl::AsciiStrToLower(address.substr(0, scheme_end));
  if (scheme_end == absl::string_view::npos || absl::StrContains(scheme, "=")) {
    if (!absl::StrContains(address, "=")) {
      return absl::InvalidArgumentError(absl::StrCat(
          said_by,
          ": not a PostgreSQL address; write for example postgresql://user@host:5432/name"));
    }
    VARVE_ASSIGN_OR_RETURN(result.text, AsKeywords(std::string(address), said_by));
    return result;
  }
  const std::pair<absl::string_view, absl::string_view> dialect =
      absl::StrSplit(scheme, absl::MaxSplits('+', 1));
  if (dialect.first != "postgresql" && dialect.first != "postgres") {
    return absl::InvalidArgumentError(
        absl::StrCat(said_by, ": '", scheme,
                     "://' is not PostgreSQL; write for example postgresql://host/name"));
  }
  if (!dialect.second.empty()) {
    result.notes.push_back(absl::StrCat(said_by, ": driver '+", dialect.second, "' left out"));
  }
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(address.substr(scheme_end), absl::MaxSplits('?', 1));
  VARVE_ASSIGN_OR_RETURN(
      result.text, AsKeywords(absl::StrCat("postgresql", parts.first,
                                           KeptParameters(parts.second, said_by, result.notes)),
                              said_by));
  return result;
}

std::string WithPostgresPassword(absl::string_view connection, absl::string_view password) {
  // Of a keyword that is given twice libpq takes the last.
  return absl::StrCat(connection, connection.empty() ? "" : " ", "password=", Quoted(password));
}

absl::StatusOr<Address> RedisAddress(absl::string_view address, absl::string_view said_by) {
  for (const absl::string_view scheme : {"redis://", "rediss://", "unix://"}) {
    if (absl::StartsWithIgnoreCase(address, scheme)) {
      return Address{absl::StrCat(scheme, address.substr(scheme.size())), {}};
    }
  }
  const absl::Status unreadable = absl::InvalidArgumentError(
      absl::StrCat(said_by, ": not a Redis address; write for example redis://host:6379/0"));
  if (address.empty() || absl::StrContains(address, "://") || absl::StrContains(address, "@")) {
    return unreadable;
  }
  const size_t colon = address.rfind(':');
  const bool bare_v6 = absl::StrContains(address.substr(0, std::min(colon, address.size())), ":") &&
                       !absl::StartsWith(address, "[");
  if (colon == absl::string_view::npos || bare_v6 || absl::EndsWith(address, "]")) {
    return Address{RedisUrl(address, kRedisPort), {}};
  }
  int port = 0;
  if (!absl::SimpleAtoi(address.substr(colon + 1), &port) || port < 1 || port > 65535) {
    return unreadable;
  }
  return Address{RedisUrl(address.substr(0, colon), port), {}};
}

std::string RedisUrl(absl::string_view host, int port) {
  const bool bare_v6 = absl::StrContains(host, ":") && !absl::StartsWith(host, "[");
  return absl::StrCat("redis://", bare_v6 ? "[" : "", host, bare_v6 ? "]" : "", ":", port);
}

std::string WithRedisPassword(absl::string_view url, absl::string_view password) {
  const size_t authority = url.find("://") + 3;
  const absl::string_view rest = url.substr(authority);
  // A raw '/' or '?' ends the authority, so an '@' behind it is no user's.
  const size_t end = std::min(rest.find_first_of("/?"), rest.size());
  const size_t at = rest.substr(0, end).rfind('@');
  const absl::string_view user_info = at == absl::string_view::npos ? "" : rest.substr(0, at);
  const absl::string_view user = user_info.substr(0, user_info.find(':'));
  const absl::string_view behind = at == absl::string_view::npos ? rest : rest.substr(at + 1);
  return absl::StrCat(url.substr(0, authority), user, ":", Encoded(password), "@", behind);
}

}  // namespace varve
