#include "agent/source/redis/server_load.h"

#include <algorithm>

namespace varve::redis {
namespace {

constexpr double kLeastLimit = 0.05;
constexpr double kGentle = 0.1;  // while the server is busy with itself
constexpr double kGrowth = 0.1;  // a second
// Fewer commands a second of others are a monitor's: nobody waits.
constexpr double kSomebody = 20;
constexpr double kFall = 0.6;        // of the usual is a fall
constexpr double kBusyThread = 0.8;  // of a core
constexpr double kForget = 0.1;      // of what is usual, a second

bool Says(const Info& info, absl::string_view field) { return info.Number(field).value_or(0) > 0; }

std::optional<absl::Duration> Seconds(const Info& info, absl::string_view field) {
  const std::optional<double> seconds = info.Real(field);
  if (!seconds.has_value()) return std::nullopt;
  return absl::Seconds(*seconds);
}

void Follow(double now, double& usual) {
  usual = usual < 0 ? now : std::max(now, usual * (1 - kForget) + now * kForget);
}

}  // namespace

ServerLoad LoadOf(const Info& info, absl::Time at) {
  ServerLoad load;
  load.at = at;
  load.commands = info.Number("total_commands_processed");
  const std::optional<absl::Duration> user = Seconds(info, "used_cpu_user_main_thread");
  const std::optional<absl::Duration> system = Seconds(info, "used_cpu_sys_main_thread");
  if (user.has_value() && system.has_value()) load.main_cpu = *user + *system;
  load.commands_per_s = info.Number("instantaneous_ops_per_sec").value_or(0);
  load.blocked_clients = info.Number("blocked_clients").value_or(0);
  load.is_busy_with_itself =
      Says(info, "loading") || Says(info, "rdb_bgsave_in_progress") ||
      Says(info, "aof_rewrite_in_progress") || Says(info, "master_sync_in_progress") ||
      (info.Text("role") == "slave" && info.Text("master_link_status") == "down");
  return load;
}

// Others' commands fall off, the server's thread has no time left for them, or clients wait.
bool LoadWatch::ShowsTrouble(const ServerLoad& now, int64_t own_commands) {
  const double seconds = absl::ToDoubleSeconds(now.at - last_.at);
  if (seconds <= 0) return false;
  bool trouble = false;
  if (now.commands.has_value() && last_.commands.has_value()) {
    const double others = std::max(0.0, static_cast<double>(*now.commands - *last_.commands -
                                                            (own_commands - last_own_))) /
                          seconds;
    const bool somebody = usual_per_s_ > kSomebody || others > kSomebody;
    trouble |= somebody && usual_per_s_ >= 0 && others < usual_per_s_ * kFall;
    Follow(others, usual_per_s_);
    if (somebody && now.main_cpu.has_value() && last_.main_cpu.has_value()) {
      const double busy = absl::FDivDuration(*now.main_cpu - *last_.main_cpu, now.at - last_.at);
      trouble |= busy > kBusyThread;
    }
  }
  const auto blocked = static_cast<double>(now.blocked_clients);
  trouble |= usual_blocked_ >= 0 && blocked > usual_blocked_ * 1.5 + 10;
  Follow(blocked, usual_blocked_);
  return trouble;
}

bool LoadWatch::is_alone() const {
  // Before the first judgement nothing of what the server says is ours.
  const double others = usual_per_s_ < 0 ? static_cast<double>(last_.commands_per_s) : usual_per_s_;
  return others <= kSomebody;
}

double LoadWatch::Judge(const ServerLoad& now, int64_t own_commands) {
  const bool trouble = ShowsTrouble(now, own_commands);
  limit_ = trouble ? std::max(kLeastLimit, limit_ / 2) : std::min(most_, limit_ + kGrowth);
  if (now.is_busy_with_itself) limit_ = std::min(limit_, kGentle);
  last_ = now;
  last_own_ = own_commands;
  return limit_;
}

}  // namespace varve::redis
