#include "agent/source/redis/settings.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "agent/redaction/redaction.h"
#include "agent/source/redis/reply_cursor.h"
#include "base/utf8.h"

namespace varve::redis {
namespace {

// Moved by REPLICAOF and by every failover: see RedisServerState.
constexpr absl::string_view kState = "replicaof";

// Names that were replaced by others: a server takes and prints both.
constexpr std::pair<absl::string_view, absl::string_view> kReplaced[] = {
    {"lua-time-limit", "busy-reply-threshold"},                       // Redis 7.0
    {"masterauth", "primaryauth"},                                    // Valkey 8.0
    {"masteruser", "primaryuser"},                                    // Valkey 8.0
    {"slowlog-log-slower-than", "commandlog-execution-slower-than"},  // Valkey 8.1
    {"slowlog-max-len", "commandlog-slow-execution-max-len"}};        // Valkey 8.1

std::string NewerName(absl::string_view name) {
  for (const auto& [older, newer] : kReplaced) {
    if (name == older) return std::string(newer);
  }
  // Redis 5.0 and 7.0.
  return absl::StrReplaceAll(name, {{"slave", "replica"}, {"ziplist", "listpack"}});
}

}  // namespace

std::optional<std::vector<Setting>> SettingsFrom(Reply reply) {
  ReplyCursor cursor(reply);
  std::vector<Setting> settings;
  absl::flat_hash_set<std::string> names;
  for (int64_t left = cursor.Array(); left > 0 && cursor.is_good(); left -= 2) {
    Setting setting;
    setting.name = ToUtf8(cursor.Text().text);
    setting.value = ToUtf8(cursor.Text().text);
    if (cursor.is_good() && !setting.name.empty() && names.insert(setting.name).second) {
      settings.push_back(std::move(setting));
    }
  }
  if (!cursor.is_good()) return std::nullopt;
  const auto is_left_out = [&names](const Setting& setting) {
    const std::string newer = NewerName(setting.name);
    return newer == kState || (newer != setting.name && names.contains(newer));
  };
  settings.erase(std::remove_if(settings.begin(), settings.end(), is_left_out), settings.end());
  std::sort(settings.begin(), settings.end(),
            [](const Setting& a, const Setting& b) { return a.name < b.name; });
  return settings;
}

bool IsSecretSetting(absl::string_view name) {
  if (Redactor::IsSecretName(name)) return true;
  // Users that a replica logs in as are sensitive to Redis.
  if (name == "masteruser" || name == "primaryuser") return true;
  return absl::EndsWith(name, "auth") || absl::EndsWith(name, "-key") ||
         absl::StrContains(name, "secret") || absl::StrContains(name, "passw") ||
         absl::StrContains(name, "token");
}

}  // namespace varve::redis
