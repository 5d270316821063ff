// Delivers what waits in the outbox, in order.
#pragma once

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
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

// What became of one snapshot that needs no further try.
struct Fate {
  v1::SnapshotHeader header;
  int64_t seq = 0;             // its number; 0 where it was rejected
  bool already_known = false;  // the store had it before
  absl::Status rejected;       // why it was
  std::string file;            // its name in sent/ or rejected/
};

// Hears of each as it comes.
using TellFate = absl::FunctionRef<void(const Fate& fate)>;

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

  // Sends until nothing waits (OK) or something stands in the way: the collector's errors, those of
  // the outbox, kCancelled after a stop.
  absl::Status SendAll(TellFate tell);

  // Sends as snapshots come, with pauses after failures, until a stop is requested. Says in log
  // lines how it goes.
  void Run();

 private:
  absl::Status SendOldest(Publisher& publisher, Outbox::Entry entry, TellFate tell);
  absl::StatusOr<PublishAnswer> Try(Publisher& publisher, const v1::OutboxSnapshot& snapshot);
  absl::Status MeetStore(Publisher& publisher, absl::string_view incarnation);
  absl::Status Acknowledge(const Outbox::Entry& entry, const Published& published, TellFate tell);
  void LogFailure(const absl::Status& status, absl::Duration pause) const;
  double Random() { return absl::Uniform(random_, 0.0, 1.0); }

  const DeliveryOptions options_;
  Outbox& outbox_;
  StopSignal& stop_;
  absl::BitGen random_;
};

}  // namespace varve
