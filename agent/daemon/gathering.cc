#include "agent/daemon/gathering.h"

#include <string>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "agent/daemon/known_databases_file.h"
#include "agent/daemon/known_keyspaces_file.h"
#include "agent/daemon/outbox.h"
#include "agent/daemon/program.h"
#include "agent/redaction/mask_key.h"
#include "agent/source/sources.h"
#include "base/status.h"

namespace varve {
namespace {

// A source that takes longer is cut off, and what it did not read is said to be missing.
constexpr absl::Duration kGatherTime = absl::Minutes(30);

// Between who waits and the thread that reads: either may be the last to need it.
struct Read {
  SharedSources sources;
  GatherOptions options;
  absl::Mutex mutex;  // never held while sources are read
  bool stopped ABSL_GUARDED_BY(mutex) = false;
  std::optional<Snapshot> snapshot ABSL_GUARDED_BY(mutex);
};

bool Settled(Read* read) ABSL_EXCLUSIVE_LOCKS_REQUIRED(read->mutex) {
  return read->stopped || read->snapshot.has_value();
}

}  // namespace

absl::StatusOr<SharedSources> OpenSources(const AgentOptions& options) {
  VARVE_RETURN_IF_ERROR(MakeStateFolder(options.state));
  VARVE_ASSIGN_OR_RETURN(MaskKey key, LoadOrCreateMaskKey(options.state));
  for (const std::string& note : options.sources.notes) Tell(note);
  if (options.sources.sources.empty()) {
    Tell(
        "warning: nothing is configured: name sources in the file, or set DATABASE_URL, REDIS_URL "
        "or VARVE_MODELS; snapshots will be empty");
  }
  const auto redactor = std::make_shared<const Redactor>(std::move(key));  // shared; never changes
  return std::make_shared<const std::vector<std::unique_ptr<Source>>>(
      MakeSources(options.sources.sources, redactor, OpenKnownDatabases(options.state),
                  OpenKnownKeyspaces(options.state)));
}

GatherOptions GatherOptionsOf(const AgentOptions& options, v1::Occasion occasion) {
  GatherOptions gather;
  gather.environment = options.environment;
  gather.labels = options.labels;
  gather.occasion = occasion;
  gather.deadline = absl::Now() + kGatherTime;
  return gather;
}

std::optional<Snapshot> GatherUnlessStopped(const SharedSources& sources,
                                            const GatherOptions& options, StopSignal& stop) {
  const auto read = std::make_shared<Read>();
  read->sources = sources;
  read->options = options;
  const StopSignal::OnRequest give_up(stop, [&read] {
    absl::MutexLock lock(&read->mutex);
    read->stopped = true;
  });
  std::thread reader([read] {
    Snapshot snapshot = GatherSnapshot(*read->sources, read->options);
    absl::MutexLock lock(&read->mutex);
    read->snapshot = std::move(snapshot);
  });
  read->mutex.LockWhen(absl::Condition(&Settled, read.get()));
  std::optional<Snapshot> snapshot = std::exchange(read->snapshot, std::nullopt);
  read->mutex.Unlock();
  if (snapshot.has_value()) {
    reader.join();
  } else {
    reader.detach();
  }
  return snapshot;
}

}  // namespace varve
