#include "agent/source/redis/closer_look.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/types/span.h"
#include "agent/source/redis/biggest_keys.h"
#include "agent/source/redis/key_details.h"
#include "agent/source/redis/key_slot.h"
#include "agent/source/redis/pacer.h"
#include "agent/source/redis/sampler.h"
#include "agent/source/redis/value_reader.h"

namespace varve::redis {
namespace {

// Where reading counts as use, so many values are looked at.
constexpr size_t kMostTouched = 100;

// The keys of one node that are looked at one by one.
struct CloserLook {
  std::vector<ListedKey> listed;
  std::vector<ListedKey> biggest;
  std::vector<WantedValue> wanted;

  bool empty() const { return listed.empty() && biggest.empty() && wanted.empty(); }
};

// Of a slot that is served no more no node answers; the first one says so.
size_t NodeOf(const Deployment& deployment, absl::string_view name) {
  return static_cast<size_t>(std::max(0, deployment.NodeOfSlot(SlotOf(name))));
}

void LookAt(Node& node, const RedisConfig& config, const Redactor& redactor, absl::Time deadline,
            CloserLook& look, RedisReading& reading) {
  std::vector<ListedKey*> keys;
  for (ListedKey& key : look.listed) keys.push_back(&key);
  for (ListedKey& key : look.biggest) keys.push_back(&key);
  std::stable_sort(keys.begin(), keys.end(), [](const ListedKey* a, const ListedKey* b) {
    return a->database < b->database;
  });
  Pacer pacer(config.pace);
  SamplingEnd values;
  const absl::Status asked =
      AskDetails(*node.connection, node.server, ReadingIsNoUse(node), pacer, deadline, keys);
  if (asked.ok()) {
    ValueReader reader(*node.connection, redactor, pacer, deadline);
    values = reader.Read(look.wanted, reading.values);
  } else {
    values.failed = asked;
  }
  reading.values_end.Add(std::move(values));
  Sampler sampler(*node.connection, config, redactor, pacer, deadline);
  reading.sampling.Add(sampler.Sample(node.server, absl::MakeSpan(look.listed)));
}

}  // namespace

void LookCloser(Deployment& deployment, const RedisConfig& config, const Redactor& redactor,
                absl::Time deadline, RedisReading& reading) {
  std::vector<CloserLook> looks(deployment.nodes().size());
  for (ListedKey& key : std::exchange(reading.keyspace.keys, {})) {
    looks[NodeOf(deployment, key.name)].listed.push_back(std::move(key));
  }
  for (ListedKey& key : std::exchange(reading.keyspace.biggest, {})) {
    looks[NodeOf(deployment, key.name)].biggest.push_back(std::move(key));
  }
  const bool is_no_use =
      absl::c_all_of(deployment.nodes(), [](const auto& node) { return ReadingIsNoUse(*node); });
  if (config.values) {
    for (WantedValue& value :
         ChooseValues(config, reading.keyspace, is_no_use ? SIZE_MAX : kMostTouched)) {
      // Where all its keys are gone by then, what is known of their values still holds.
      reading.values.try_emplace({value.database, value.pattern});
      looks[NodeOf(deployment, value.key.name)].wanted.push_back(std::move(value));
    }
  }
  for (size_t i = 0; i < looks.size(); ++i) {
    Node& node = *deployment.nodes()[i];
    if (node.is_readable() && !looks[i].empty()) {
      LookAt(node, config, redactor, deadline, looks[i], reading);
    }
    absl::c_move(looks[i].listed, std::back_inserter(reading.keyspace.keys));
    absl::c_move(looks[i].biggest, std::back_inserter(reading.keyspace.biggest));
  }
  absl::c_sort(reading.keyspace.keys, [](const ListedKey& a, const ListedKey& b) {
    return std::tie(a.database, a.name) < std::tie(b.database, b.name);
  });
  absl::c_sort(reading.keyspace.biggest, IsBigger);
}

}  // namespace varve::redis
