#include "agent/source/redis/info.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace varve::redis {
namespace {

// "keys=3,expires=1,avg_ttl=0,subexpiry=0" of database `number`.
DatabaseInfo DatabaseFrom(int number, absl::string_view text) {
  DatabaseInfo database = {number, 0, 0};
  for (absl::string_view part : absl::StrSplit(text, ',')) {
    if (absl::ConsumePrefix(&part, "keys=")) {
      if (!absl::SimpleAtoi(part, &database.keys)) database.keys = 0;
    } else if (absl::ConsumePrefix(&part, "expires=")) {
      if (!absl::SimpleAtoi(part, &database.with_ttl)) database.with_ttl = 0;
    }
  }
  return database;
}

}  // namespace

Info Info::Parse(absl::string_view text) {
  Info info;
  for (absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    absl::ConsumeSuffix(&line, "\r");
    if (line == "# Modules") info.modules_.emplace();
    const size_t colon = line.find(':');
    if (absl::StartsWith(line, "#") || colon == absl::string_view::npos) continue;
    const absl::string_view field = line.substr(0, colon);
    const absl::string_view value = line.substr(colon + 1);
    absl::string_view digits = field;
    int number = 0;
    if (absl::ConsumePrefix(&digits, "db") && absl::SimpleAtoi(digits, &number) && number >= 0 &&
        absl::StartsWith(value, "keys=")) {
      info.databases_.push_back(DatabaseFrom(number, value));
    } else if (field == "module" && info.modules_.has_value()) {
      info.modules_->emplace_back(value);
    } else {
      info.fields_.try_emplace(std::string(field), std::string(value));
    }
  }
  std::sort(info.databases_.begin(), info.databases_.end(),
            [](const DatabaseInfo& a, const DatabaseInfo& b) { return a.number < b.number; });
  return info;
}

absl::string_view Info::Text(absl::string_view field) const {
  const auto at = fields_.find(field);
  return at == fields_.end() ? absl::string_view() : absl::string_view(at->second);
}

std::optional<int64_t> Info::Number(absl::string_view field) const {
  int64_t number = 0;
  if (!absl::SimpleAtoi(Text(field), &number)) return std::nullopt;
  return number;
}

std::vector<std::pair<std::string, std::string>> Info::With(absl::string_view prefix) const {
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& [field, value] : fields_) {
    absl::string_view rest = field;
    if (absl::ConsumePrefix(&rest, prefix) && !rest.empty()) found.emplace_back(rest, value);
  }
  std::sort(found.begin(), found.end());
  return found;
}

void Info::Set(absl::string_view field, int64_t number) { fields_[field] = absl::StrCat(number); }

std::optional<double> Info::Real(absl::string_view field) const {
  double number = 0;
  if (!absl::SimpleAtod(Text(field), &number) || !std::isfinite(number)) return std::nullopt;
  return number;
}

std::string Info::WhyIncomplete() const {
  if (Number("loading") == 1) return "the server is loading its data from disk";
  if (Text("role") != "slave") return "";
  if (Number("master_sync_in_progress") == 1) {
    return "this replica is loading its data from its primary";
  }
  const bool never_synced = Text("master_link_status") == "down" && databases_.empty();
  return never_synced ? "this replica has no data, and no link to its primary" : "";
}

std::string Info::Product() const {
  const bool is_valkey = Text("server_name") == "valkey" || !Text("valkey_version").empty();
  return is_valkey ? "valkey" : "redis";
}

std::string Info::Version() const {
  // Valkey says a redis_version too, for old clients.
  const absl::string_view valkey = Text("valkey_version");
  return std::string(valkey.empty() ? Text("redis_version") : valkey);
}

std::string Info::Mode() const {
  const absl::string_view mode = Text("redis_mode");
  return std::string(mode.empty() ? Text("server_mode") : mode);
}

}  // namespace varve::redis
