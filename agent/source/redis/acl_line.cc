#include "agent/source/redis/acl_line.h"

#include <tuple>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace varve::redis {
namespace {

struct Rule {
  absl::string_view text;
  int major = 6;  // of the first version that knows the command
  int minor = 0;
};

// The one list of what the source sends.
constexpr Rule kRules[] = {
    // The keyspace.
    {"+scan"},
    {"+type"},
    {"+pttl"},
    {"+memory|usage"},
    {"+object|encoding"},
    {"+info"},
    {"+select"},
    // Where it lies.
    {"+cluster|slots"},
    {"+cluster|shards", 7, 0},
    {"+readonly"},
    // Manners.
    {"+client|setname"},
    {"+client|setinfo", 7, 2},
    {"+client|no-touch", 7, 2},
    // Values, for samples and their shapes.
    {"+getrange"},
    {"+hscan"},
    {"+sscan"},
    {"+lrange"},
    {"+zrange"},
    {"+xrange"},
    {"+xrevrange"},
    {"+strlen"},
    {"+hlen"},
    {"+scard"},
    {"+llen"},
    {"+zcard"},
    {"+xlen"},
    {"+xinfo|groups"},
    {"+object|idletime"},
    {"+object|freq"},
    // The server.
    {"+config|get"},
    {"+acl|list"},
    {"+module|list"},
    {"+function|list", 7, 0},
    {"+slowlog|get"},
    {"+latency|latest"},
    {"+client|list"}};

struct Version {
  int major = 6;
  int minor = 0;
};

Version VersionFrom(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '.');
  Version version;
  if (parts.size() < 2 || !absl::SimpleAtoi(parts[0], &version.major) ||
      !absl::SimpleAtoi(parts[1], &version.minor)) {
    return {};  // what every version takes
  }
  return version;
}

}  // namespace

std::string AclLine(absl::string_view user, absl::string_view version, bool with_keys) {
  const auto [major, minor] = VersionFrom(version);
  std::string line = absl::StrCat("ACL SETUSER ", user);
  if (with_keys) absl::StrAppend(&line, major >= 7 ? " %R~*" : " ~*");
  for (const Rule& rule : kRules) {
    if (std::tie(major, minor) >= std::tie(rule.major, rule.minor)) {
      absl::StrAppend(&line, " ", rule.text);
    }
  }
  return line;
}

}  // namespace varve::redis
