#include "agent/source/redis/key_details.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "agent/source/redis/refusal.h"
#include "base/status.h"

namespace varve::redis {
namespace {

// One round trip: as many as the scanner asks for at once.
constexpr size_t kBatch = 50;

constexpr std::pair<absl::string_view, absl::string_view> kLengthCommands[] = {
    {"string", "STRLEN"}, {"hash", "HLEN"},  {"list", "LLEN"},
    {"set", "SCARD"},     {"zset", "ZCARD"}, {"stream", "XLEN"}};

class Details {
 public:
  Details(Connection& connection, const ServerReading& server, bool may_touch)
      : connection_(connection),
        is_lfu_(absl::StrContains(server.info.Text("maxmemory_policy"), "lfu")),
        may_touch_(may_touch) {}

  absl::Status Ask(absl::Span<ListedKey* const> batch) {
    // Idle time first: asking for the length may end it.
    const bool asks_use = !is_use_refused_;
    const std::set<std::string> refused = refused_lengths_;
    const auto asks_length = [&](const ListedKey& key) {
      const std::string command(LengthCommand(key.type));
      return may_touch_ && !command.empty() && refused.count(command) == 0;
    };
    for (ListedKey* const key : batch) {
      if (asks_use) connection_.Append({"OBJECT", is_lfu_ ? "FREQ" : "IDLETIME", key->name});
      if (asks_length(*key)) connection_.Append({LengthCommand(key->type), key->name});
    }
    VARVE_RETURN_IF_ERROR(connection_.Flush());
    for (ListedKey* const key : batch) {
      if (asks_use) VARVE_RETURN_IF_ERROR(TakeUse(*key));
      if (!asks_length(*key)) continue;
      VARVE_ASSIGN_OR_RETURN(const Reply length, connection_.Receive());
      if (length[0].type == ReplyType::kInteger && length[0].number >= 0) {
        key->length = static_cast<uint64_t>(length[0].number);
      } else if (length[0].type == ReplyType::kError && IsOfCommand(RefusalOf(length[0].text))) {
        refused_lengths_.emplace(LengthCommand(key->type));
      }
    }
    return absl::OkStatus();
  }

 private:
  // What concerns one key alone (it changed its type) is no refusal of the command.
  static bool IsOfCommand(Refusal refusal) {
    return refusal == Refusal::kCommandNotPermitted || refusal == Refusal::kUnknownCommand;
  }

  absl::Status TakeUse(ListedKey& key) {
    VARVE_ASSIGN_OR_RETURN(const Reply reply, connection_.Receive());
    const Value& use = reply[0];
    // A key that is gone says so; anything else will be said of the next one too.
    if (use.type == ReplyType::kError && !absl::StrContains(use.text, "no such key")) {
      is_use_refused_ = true;
    }
    if (use.type != ReplyType::kInteger || use.number < 0) return absl::OkStatus();
    if (is_lfu_) {
      key.frequency = static_cast<uint32_t>(std::min<int64_t>(use.number, UINT32_MAX));
    } else {
      key.idle_seconds = static_cast<uint64_t>(use.number);
    }
    return absl::OkStatus();
  }

  Connection& connection_;
  const bool is_lfu_;
  const bool may_touch_;
  bool is_use_refused_ = false;
  std::set<std::string> refused_lengths_;  // commands
};

}  // namespace

absl::string_view LengthCommand(absl::string_view type) {
  for (const auto& [of, command] : kLengthCommands) {
    if (of == type) return command;
  }
  return "";
}

bool ReadingIsNoUse(const Node& node) {
  if (node.manners.leaves_usage_alone) return true;
  const absl::string_view policy = node.server.info.Text("maxmemory_policy");
  return !absl::StrContains(policy, "lru") && !absl::StrContains(policy, "lfu");
}

absl::Status AskDetails(Connection& connection, const ServerReading& server, bool may_touch,
                        Pacer& pacer, absl::Time deadline, absl::Span<ListedKey* const> keys) {
  Details details(connection, server, may_touch);
  std::vector<ListedKey*> batch;
  for (size_t first = 0; first < keys.size();) {
    if (absl::Now() >= deadline) {
      return absl::DeadlineExceededError("the time that reading may take is over");
    }
    const int database = keys[first]->database;
    batch.clear();
    for (; first < keys.size() && batch.size() < kBatch; ++first) {
      if (keys[first]->database != database) break;
      if (keys[first]->is_name_whole && !keys[first]->not_permitted) batch.push_back(keys[first]);
    }
    VARVE_ASSIGN_OR_RETURN(const std::string refusal, connection.Select(database));
    if (!refusal.empty()) continue;
    const absl::Time begin = absl::Now();
    VARVE_RETURN_IF_ERROR(details.Ask(batch));
    const absl::Duration pause = pacer.PauseAfter(absl::Now() - begin, batch.size());
    absl::SleepFor(std::min(pause, std::max(deadline - absl::Now(), absl::ZeroDuration())));
  }
  return absl::OkStatus();
}

}  // namespace varve::redis
