// One try at Ingest.Publish, and Ingest.Head.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/collector_channel.h"
#include "varve/v1/agent_state.pb.h"
#include "varve/v1/ingest.grpc.pb.h"

namespace varve {

// The collector has the snapshot on disk.
struct Published {
  int64_t seq = 0;
  bool already_known = false;
  std::string incarnation;
};

// The collector's store is not the one that acknowledged last: nothing was sent. Ask it for what it
// lacks (Head) first.
struct AnotherStore {
  std::string incarnation;
};

using PublishAnswer = std::variant<Published, AnotherStore>;

// Gives the canonical lines of a section's manifest that the agent still has; nothing where it has
// not.
using ManifestLookup = std::function<std::optional<std::vector<std::string>>(
    absl::string_view section, absl::string_view manifest_hash)>;

// Talks to one collector. One call at a time; Cancel from any thread.
class Publisher {
 public:
  struct Limits {
    absl::Duration publish = absl::Minutes(10);  // a whole snapshot
    absl::Duration head = absl::Seconds(30);
  };

  explicit Publisher(CollectorChannel collector);
  Publisher(CollectorChannel collector, Limits limits);

  // Tries once, without waiting for a collector that is not there. `incarnation` is that of the
  // store which has what was sent so far; empty: any. Errors: the collector's, as ingest.proto says
  // what each means; kUnavailable (not reached), kCancelled.
  absl::StatusOr<PublishAnswer> Publish(const v1::OutboxSnapshot& snapshot,
                                        absl::string_view incarnation,
                                        const ManifestLookup& sent_lines);

  // What the store has of `environment`, and which of `sent_ids` it lacks.
  absl::StatusOr<v1::HeadResponse> Head(absl::string_view environment,
                                        absl::Span<const std::string> sent_ids);

  // Ends the call that is under way, and every later one.
  void Cancel();

 private:
  // Makes a call's context known to Cancel for as long as it lives.
  class Call;

  const CollectorChannel collector_;
  const Limits limits_;
  const std::unique_ptr<v1::Ingest::Stub> stub_;
  absl::Mutex mutex_;
  grpc::ClientContext* running_ ABSL_GUARDED_BY(mutex_) = nullptr;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace varve
