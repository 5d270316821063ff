#include "agent/source/redis/slow_log.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "agent/source/redis/reply_cursor.h"

namespace varve::redis {
namespace {

constexpr size_t kMostNames = 64;
constexpr char kOther[] = "(other)";

// The first argument of a logged command. A command that was renamed to hide it is called by
// letters and digits, as none of a server's own is.
std::string CommandName(absl::string_view argument) {
  const bool is_plain = !argument.empty() && argument.size() <= 32 &&
                        std::all_of(argument.begin(), argument.end(), [](char c) {
                          return absl::ascii_isalpha(static_cast<unsigned char>(c)) || c == '.' ||
                                 c == '_' || c == '-';
                        });
  return is_plain ? absl::AsciiStrToUpper(argument) : kOther;
}

}  // namespace

std::optional<SlowLog> SlowLogFrom(Reply reply) {
  ReplyCursor cursor(reply);
  SlowLog log;
  absl::flat_hash_map<std::string, SlowCommand> commands;
  for (int64_t left = cursor.Array(); left > 0 && cursor.is_good(); --left) {
    // Id, time, duration, arguments; since 4.0 the client's address and name.
    const int64_t fields = cursor.Array();
    const int64_t id = cursor.Number();
    cursor.Skip();
    const int64_t duration_us = cursor.Number();
    const int64_t arguments = cursor.Array();
    std::string name = arguments > 0 ? CommandName(cursor.Text().text) : kOther;
    for (int64_t i = 1; i < arguments && cursor.is_good(); ++i) cursor.Skip();
    for (int64_t i = 4; i < fields && cursor.is_good(); ++i) cursor.Skip();
    if (!cursor.is_good()) return std::nullopt;
    if (id < std::numeric_limits<int64_t>::max()) log.logged = std::max(log.logged, id + 1);
    if (commands.size() >= kMostNames && !commands.contains(name)) name = kOther;
    SlowCommand& command = commands[name];
    command.name = name;
    ++command.count;
    command.slowest_us = std::max(command.slowest_us, duration_us);
  }
  if (!cursor.is_good()) return std::nullopt;
  for (auto& [name, command] : commands) log.commands.push_back(std::move(command));
  std::sort(log.commands.begin(), log.commands.end(),
            [](const SlowCommand& a, const SlowCommand& b) {
              return a.slowest_us != b.slowest_us ? a.slowest_us > b.slowest_us : a.name < b.name;
            });
  return log;
}

std::optional<std::vector<LatencyEvent>> LatencyFrom(Reply reply) {
  ReplyCursor cursor(reply);
  std::vector<LatencyEvent> events;
  for (int64_t left = cursor.Array(); left > 0 && cursor.is_good(); --left) {
    // Name, time, latest, most; newer servers add to them.
    const int64_t fields = cursor.Array();
    LatencyEvent event;
    event.name = absl::AsciiStrToLower(CommandName(cursor.Text().text));
    cursor.Skip();
    event.last_ms = cursor.Number();
    event.most_ms = cursor.Number();
    for (int64_t i = 4; i < fields && cursor.is_good(); ++i) cursor.Skip();
    if (events.size() < kMostNames) events.push_back(std::move(event));
  }
  if (!cursor.is_good()) return std::nullopt;
  std::sort(events.begin(), events.end(),
            [](const LatencyEvent& a, const LatencyEvent& b) { return a.name < b.name; });
  return events;
}

}  // namespace varve::redis
