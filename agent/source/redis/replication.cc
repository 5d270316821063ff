#include "agent/source/redis/replication.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/utf8.h"

namespace varve::redis {
namespace {

std::string AddressFrom(absl::string_view host, absl::string_view port) {
  const bool is_ipv6 = absl::StrContains(host, ":");
  return ToUtf8(absl::StrCat(is_ipv6 ? "[" : "", host, is_ipv6 ? "]" : "", ":", port));
}

std::optional<int64_t> NumberFrom(absl::string_view text) {
  int64_t number = 0;
  if (!absl::SimpleAtoi(text, &number)) return std::nullopt;
  return number;
}

// "ip=10.0.0.2,port=6379,state=online,offset=14,lag=0,type=replica" of slaveN.
std::optional<Replica> ReplicaFrom(absl::string_view text) {
  absl::flat_hash_map<absl::string_view, absl::string_view> fields;
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    const size_t equals = part.find('=');
    if (equals == absl::string_view::npos) continue;
    fields.try_emplace(part.substr(0, equals), part.substr(equals + 1));
  }
  if (fields["ip"].empty()) return std::nullopt;
  Replica replica;
  replica.address = AddressFrom(fields["ip"], fields["port"]);
  replica.state = ToUtf8(fields["state"]);
  replica.offset = NumberFrom(fields["offset"]);
  replica.lag_seconds = NumberFrom(fields["lag"]);
  return replica;
}

}  // namespace

Replication ReplicationFrom(const Info& info) {
  Replication replication;
  replication.role = ToUtf8(info.Text("role"));
  if (!info.Text("master_host").empty()) {
    replication.primary = AddressFrom(info.Text("master_host"), info.Text("master_port"));
  }
  for (const auto& [number, text] : info.With("slave")) {
    // Other fields begin so too: slave_priority.
    std::optional<Replica> replica = ReplicaFrom(text);
    if (replica.has_value()) replication.replicas.push_back(*std::move(replica));
  }
  std::sort(replication.replicas.begin(), replication.replicas.end(),
            [](const Replica& a, const Replica& b) { return a.address < b.address; });
  // One that came anew may be listed twice until the old link is given up.
  replication.replicas.erase(
      std::unique(replication.replicas.begin(), replication.replicas.end(),
                  [](const Replica& a, const Replica& b) { return a.address == b.address; }),
      replication.replicas.end());
  return replication;
}

}  // namespace varve::redis
