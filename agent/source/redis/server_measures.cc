#include "agent/source/redis/server_measures.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "agent/source/redis/replication.h"
#include "base/utf8.h"

namespace varve::redis {
namespace {

// INFO's own names.
constexpr absl::string_view kNumbers[] = {
    "uptime_in_seconds",
    // Clients.
    "connected_clients", "blocked_clients", "tracking_clients", "pubsub_clients",
    "cluster_connections", "total_connections_received", "rejected_connections",
    // Memory.
    "used_memory", "used_memory_peak", "used_memory_rss", "used_memory_dataset",
    "used_memory_overhead", "used_memory_lua", "used_memory_scripts", "used_memory_functions",
    "maxmemory", "total_system_memory", "allocator_frag_bytes", "mem_fragmentation_bytes",
    "mem_clients_normal", "mem_clients_slaves", "mem_replication_backlog", "mem_aof_buffer",
    "active_defrag_running", "lazyfree_pending_objects",
    // Persistence.
    "rdb_changes_since_last_save", "rdb_last_bgsave_time_sec", "rdb_saves", "aof_enabled",
    "aof_last_rewrite_time_sec", "aof_current_size", "aof_base_size", "aof_delayed_fsync",
    "latest_fork_usec", "total_forks",
    // Work.
    "total_commands_processed", "instantaneous_ops_per_sec", "total_net_input_bytes",
    "total_net_output_bytes", "instantaneous_input_kbps", "instantaneous_output_kbps",
    "total_error_replies", "unexpected_error_replies", "acl_access_denied_auth",
    "acl_access_denied_cmd", "acl_access_denied_key", "acl_access_denied_channel",
    // Keys.
    "expired_keys", "expired_subkeys", "expired_time_cap_reached_count", "evicted_keys",
    "evicted_clients", "keyspace_hits", "keyspace_misses", "pubsub_channels", "pubsub_patterns",
    "pubsubshard_channels", "tracking_total_keys",
    // Replication.
    "connected_slaves", "master_repl_offset", "slave_repl_offset", "master_last_io_seconds_ago",
    "master_link_down_since_seconds", "repl_backlog_size", "repl_backlog_histlen", "sync_full",
    "sync_partial_ok", "sync_partial_err"};

constexpr absl::string_view kTexts[] = {"role",
                                        "maxmemory_policy",
                                        "mem_allocator",
                                        "mem_fragmentation_ratio",
                                        "rdb_last_bgsave_status",
                                        "aof_last_bgrewrite_status",
                                        "aof_last_write_status",
                                        "master_link_status"};

// Seconds with decimals, told as `…_ms`.
constexpr absl::string_view kProcessorTimes[] = {"used_cpu_sys",
                                                 "used_cpu_user",
                                                 "used_cpu_sys_children",
                                                 "used_cpu_user_children",
                                                 "used_cpu_sys_main_thread",
                                                 "used_cpu_user_main_thread"};

constexpr size_t kMostErrors = 64;

// A script makes up codes of its own, of any text.
bool IsErrorCode(absl::string_view code) {
  return code.size() <= 32 && std::all_of(code.begin(), code.end(), [](char c) {
           return absl::ascii_isupper(static_cast<unsigned char>(c)) || c == '_';
         });
}

void MeasureErrors(const Info& info, const EntityKey& server, SectionBuilder& builder) {
  uint64_t others = 0;
  size_t told = 0;
  for (const auto& [code, text] : info.With("errorstat_")) {
    absl::string_view count = text;
    int64_t replies = 0;
    if (!absl::ConsumePrefix(&count, "count=") || !absl::SimpleAtoi(count, &replies)) continue;
    if (IsErrorCode(code) && told < kMostErrors) {
      builder.MeasureNumber(server, "error_replies", replies, code);
      ++told;
    } else {
      others += static_cast<uint64_t>(replies);
    }
  }
  if (others > 0) {
    builder.MeasureNumber(server, "error_replies", static_cast<int64_t>(others), "(other)");
  }
}

void MeasureReplicas(const Info& info, const EntityKey& server, SectionBuilder& builder) {
  const std::optional<int64_t> offset = info.Number("master_repl_offset");
  for (const Replica& replica : ReplicationFrom(info).replicas) {
    const auto measure = [&](absl::string_view name, std::optional<int64_t> number) {
      if (number.has_value()) builder.MeasureNumber(server, name, *number, replica.address);
    };
    measure("replica_lag_seconds", replica.lag_seconds);
    measure("replica_offset", replica.offset);
    // The two are not read at one instant.
    if (offset.value_or(-1) >= 0 && replica.offset.value_or(-1) >= 0) {
      measure("replica_behind_bytes", std::max<int64_t>(0, *offset - *replica.offset));
    }
  }
}

void MeasureSave(const Info& info, const EntityKey& server, SectionBuilder& builder) {
  const std::optional<int64_t> now_us = info.Number("server_time_usec");
  const std::optional<int64_t> saved = info.Number("rdb_last_save_time");
  if (!now_us.has_value() || !saved.has_value() || *saved <= 0) return;
  builder.MeasureNumber(server, "rdb_last_save_age_seconds",
                        std::max<int64_t>(0, *now_us / 1'000'000 - *saved));
}

void MeasureByName(absl::string_view measure,
                   const std::vector<std::pair<std::string, int64_t>>& counts,
                   const EntityKey& server, SectionBuilder& builder) {
  for (const auto& [name, count] : counts) builder.MeasureNumber(server, measure, count, name);
}

}  // namespace

void MeasureInfo(const Info& info, const EntityKey& server, SectionBuilder& builder) {
  for (const absl::string_view field : kNumbers) {
    const std::optional<int64_t> number = info.Number(field);
    if (number.has_value()) builder.MeasureNumber(server, field, *number);
  }
  for (const absl::string_view field : kTexts) {
    const absl::string_view text = info.Text(field);
    if (!text.empty()) builder.MeasureText(server, field, ToUtf8(text));
  }
  for (const absl::string_view field : kProcessorTimes) {
    double seconds = 0;
    if (!absl::SimpleAtod(info.Text(field), &seconds) || !(seconds >= 0 && seconds < 1e12))
      continue;
    builder.MeasureNumber(server, absl::StrCat(field, "_ms"), std::llround(seconds * 1000));
  }
  MeasureSave(info, server, builder);
  MeasureErrors(info, server, builder);
  MeasureReplicas(info, server, builder);
}

void MeasureFacts(const ServerFacts& facts, const EntityKey& server, SectionBuilder& builder) {
  MeasureByName("clients_of_kind", facts.clients.by_kind, server, builder);
  MeasureByName("clients_of_library", facts.clients.by_library, server, builder);
  MeasureByName("clients_of_name", facts.clients.by_name, server, builder);
  MeasureByName("clients_of_user", facts.clients.by_user, server, builder);
  if (facts.End(Fact::kSlowLog).sight == v1::SIGHT_CAPTURED) {
    builder.MeasureNumber(server, "slow_commands_logged", facts.slow_log.logged);
  }
  for (const SlowCommand& command : facts.slow_log.commands) {
    builder.MeasureNumber(server, "slow_commands", command.count, command.name);
    builder.MeasureNumber(server, "slowest_us", command.slowest_us, command.name);
  }
  for (const LatencyEvent& event : facts.latency) {
    builder.MeasureNumber(server, "latency_last_ms", event.last_ms, event.name);
    builder.MeasureNumber(server, "latency_most_ms", event.most_ms, event.name);
  }
}

}  // namespace varve::redis
