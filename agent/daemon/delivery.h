// Delivers what waits in the outbox, in order.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/random/random.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "agent/daemon/outbox.h"
#include "agent/daemon/publisher.h"
#include "agent/daemon/retry.h"
#include "agent/daemon/stop.h"
#include "base/clock.h"
#include "base/collector_channel.h"

namespace varve {

// What became of one snapshot.
struct Fate {
  std::string snapshot_id;
  int64_t seq = 0;        // its number; 0 where it was rejected
  absl::Status rejected;  // why
};

struct DeliveryOptions {
  std::string environment;
  CollectorAccess collector;
  Backoff backoff;
  Clock clock = absl::Now;
};

// Not thread-safe: one thread delivers. `outbox` and `stop` outlive it; `stop` ends a call that is
// under way.
class Delivery {
 public:
  Delivery(DeliveryOptions options, Outbox& outbox, StopSignal& stop);

  // Sends until nothing waits or something stands in the way.
  struct Round {
    absl::Status status;      // OK: nothing waits any more
    std::vector<Fate> fates;  // of those that need no further try, in order
  };
  Round SendAll();

  // Sends as snapshots come, with pauses after failures, until a stop is requested.
  void Run();

 private:
  absl::Status SendOldest(Publisher& publisher, Outbox::Entry entry, std::vector<Fate>& fates);
  absl::StatusOr<PublishAnswer> Try(Publisher& publisher, const v1::OutboxSnapshot& snapshot);
  absl::Status MeetStore(Publisher& publisher, absl::string_view incarnation);
  absl::Status Acknowledge(const Outbox::Entry& entry, const Published& published,
                           std::vector<Fate>& fates);
  double Random() { return absl::Uniform(random_, 0.0, 1.0); }

  const DeliveryOptions options_;
  Outbox& outbox_;
  StopSignal& stop_;
  absl::BitGen random_;
};

}  // namespace varve
