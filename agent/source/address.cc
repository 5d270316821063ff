#include "agent/source/address.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "agent/source/redis/url.h"
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

bool IsWordByte(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// The parameters of a URL that libpq takes, joined again; each other one leaves a note.
std::string KeptParameters(absl::string_view query, absl::string_view said_by,
                           std::vector<std::string>& notes) {
  std::vector<std::string> kept;
  // An '@' here may be the end of a password that should have been escaped: none of it is shown.
  const bool may_hold_password = absl::StrContains(query, "@");
  for (const absl::string_view parameter : absl::StrSplit(query, '&', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(parameter, absl::MaxSplits('=', 1));
    const absl::string_view name = parts.first;
    if (name == "ssl" && IsSslMode(parts.second)) {  // asyncpg's spelling of sslmode
      kept.push_back(absl::StrCat("sslmode=", parts.second));
    } else if (IsLibpqParameter(name) || parameter == "ssl=true") {
      kept.emplace_back(parameter);
    } else if (may_hold_password || !std::all_of(name.begin(), name.end(), IsWordByte)) {
      notes.push_back(absl::StrCat(said_by, ": a parameter is not libpq's; left out"));
    } else {
      notes.push_back(absl::StrCat(said_by, ": parameter '", name, "' is not libpq's; left out"));
    }
  }
  return kept.empty() ? "" : absl::StrCat("?", absl::StrJoin(kept, "&"));
}

// What follows the "://" of a URL, parted where its parameters begin. As libpq does it: a '?'
// before the '@' of user and password belongs to them.
std::pair<absl::string_view, absl::string_view> PartedAtParameters(absl::string_view rest) {
  const size_t mark = rest.find_first_of("@/");
  const bool has_user = mark != absl::string_view::npos && rest[mark] == '@';
  const size_t at = rest.find('?', has_user ? mark : 0);
  if (at == absl::string_view::npos) return {rest, ""};
  return {rest.substr(0, at), rest.substr(at + 1)};
}

// Whether `text` can be shown: what stands before "://" may be a user and a password.
bool IsScheme(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return IsWordByte(c) || absl::StrContains("+-.", c);
  });
}

std::string Quoted(absl::string_view value) {
  return absl::StrCat("'", absl::StrReplaceAll(value, {{"\\", "\\\\"}, {"'", "\\'"}}), "'");
}

// Whether libpq took a part of the password for something else: one that holds '@', '/' or ':' as
// it is. libpq would then show that part where it cannot reach the host.
bool MayHoldPassword(const PQconninfoOption* options) {
  bool has_user = false;
  absl::string_view host, port, database;
  for (const PQconninfoOption* option = options; option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    const absl::string_view keyword = option->keyword;
    has_user |= keyword == "user";
    if (keyword == "host") host = option->val;
    if (keyword == "port") port = option->val;
    if (keyword == "dbname") database = option->val;
  }
  const bool odd_port = port.find_first_not_of("0123456789,") != absl::string_view::npos;
  // A socket is a path, or of Linux's abstract ones.
  const bool is_socket = absl::StartsWith(host, "/") || absl::StartsWith(host, "@");
  const bool odd_host = absl::StrContains(host, "@") && !is_socket;
  return odd_port || odd_host || (!has_user && absl::StrContains(database, "@"));
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
  if (absl::StrContains(address, "://") && MayHoldPassword(options.get())) {
    return absl::InvalidArgumentError(absl::StrCat(
        said_by,
        ": its host or port is none; write for example "
        "postgresql://user@host:5432/name, with '@', '/' and ':' of a user or password "
        "as %40, %2F and %3A"));
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

// "::1": colons, and no brackets to part them from a port's.
bool IsBareV6(absl::string_view host) {
  return !absl::StartsWith(host, "[") && std::count(host.begin(), host.end(), ':') > 1;
}

// Where what follows "://" begins.
size_t AuthorityAt(absl::string_view url) {
  const size_t scheme_end = url.find("://");
  return scheme_end == absl::string_view::npos ? 0 : scheme_end + 3;
}

}  // namespace

absl::StatusOr<Address> PostgresAddress(absl::string_view address, absl::string_view said_by) {
  Address result;
  const size_t scheme_end = address.find("://");
  const std::string scheme = absl::AsciiStrToLower(address.substr(0, scheme_end));
  const bool is_url = scheme_end != absl::string_view::npos && !absl::StrContains(scheme, "=");
  if (!is_url && absl::StrContains(address, "=")) {
    VARVE_ASSIGN_OR_RETURN(result.text, AsKeywords(std::string(address), said_by));
    return result;
  }
  if (!is_url || !IsScheme(scheme)) {
    return absl::InvalidArgumentError(absl::StrCat(
        said_by, ": not a PostgreSQL address; write for example postgresql://user@host:5432/name"));
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
  const auto [place, query] = PartedAtParameters(address.substr(scheme_end + 3));
  const std::string kept = KeptParameters(query, said_by, result.notes);
  VARVE_ASSIGN_OR_RETURN(result.text,
                         AsKeywords(absl::StrCat("postgresql://", place, kept), said_by));
  return result;
}

std::string WithPostgresPassword(absl::string_view connection, absl::string_view password) {
  // Of a keyword that is given twice libpq takes the last.
  return absl::StrCat(connection, connection.empty() ? "" : " ", "password=", Quoted(password));
}

std::string WithPostgresDatabase(absl::string_view connection, absl::string_view database) {
  return absl::StrCat(connection, connection.empty() ? "" : " ", "dbname=", Quoted(database));
}

absl::StatusOr<Address> RedisAddress(absl::string_view address, absl::string_view said_by) {
  for (const absl::string_view scheme :
       {"redis://", "rediss://", "valkey://", "valkeys://", "unix://", "redis+socket://",
        "redis+unix://", "redis+sentinel://", "rediss+sentinel://"}) {
    if (absl::StartsWithIgnoreCase(address, scheme)) {
      return Address{absl::StrCat(scheme, address.substr(scheme.size())), {}};
    }
  }
  const absl::Status unreadable = absl::InvalidArgumentError(
      absl::StrCat(said_by, ": not a Redis address; write for example redis://host:6379/0"));
  const bool is_place = !address.empty() && std::all_of(address.begin(), address.end(), [](char c) {
    return absl::ascii_isgraph(static_cast<unsigned char>(c)) && !absl::StrContains("@/?#", c);
  });
  if (!is_place) return unreadable;
  const size_t colon = address.rfind(':');
  if (colon == absl::string_view::npos || IsBareV6(address) || absl::EndsWith(address, "]")) {
    return Address{RedisUrl(address, kRedisPort), {}};
  }
  int port = 0;
  if (colon == 0 || !absl::SimpleAtoi(address.substr(colon + 1), &port) || port < 1 ||
      port > 65535) {
    return unreadable;
  }
  return Address{RedisUrl(address.substr(0, colon), port), {}};
}

std::string RedisUrl(absl::string_view host, int port) {
  const bool bare_v6 = IsBareV6(host);
  return absl::StrCat("redis://", bare_v6 ? "[" : "", host, bare_v6 ? "]" : "", ":", port);
}

bool HasRedisPassword(absl::string_view url) {
  const absl::string_view rest = url.substr(AuthorityAt(url));
  const size_t at = redis::UserEnd(rest);
  return at != absl::string_view::npos && absl::StrContains(rest.substr(0, at), ":");
}

std::string WithRedisPassword(absl::string_view url, absl::string_view password) {
  const size_t authority = AuthorityAt(url);
  const absl::string_view rest = url.substr(authority);
  const size_t at = redis::UserEnd(rest);
  const absl::string_view user_info = at == absl::string_view::npos ? "" : rest.substr(0, at);
  const absl::string_view user = user_info.substr(0, user_info.find(':'));
  const absl::string_view behind = at == absl::string_view::npos ? rest : rest.substr(at + 1);
  return absl::StrCat(url.substr(0, authority), user, ":", Encoded(password), "@", behind);
}

}  // namespace varve
