#include "agent/daemon/once.h"

#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "agent/daemon/delivery.h"
#include "agent/daemon/gathering.h"
#include "agent/daemon/outbox.h"
#include "agent/daemon/outbox_file.h"
#include "agent/daemon/program.h"
#include "agent/daemon/report.h"
#include "base/console.h"
#include "base/status.h"

namespace varve {
namespace {

// What became of the snapshots of one run.
class Tally {
 public:
  explicit Tally(const AgentOptions& options)
      : options_(options), signs_(SignsOfLocale(ProcessVariable)) {}

  void Count(const Fate& fate) {
    if (fate.rejected.ok()) {
      written_.Update(WriteData(absl::StrCat(SnapshotLine(fate.header, fate.seq, signs_), "\n")));
      return;
    }
    rejected_ = true;
    Tell(absl::StrCat("snapshot ", fate.header.snapshot_id(), " of ", fate.header.environment(),
                      " was refused for good: ", fate.rejected.message(), "; it lies in ",
                      options_.state, "/rejected/", fate.file));
  }

  const absl::Status& written() const { return written_; }
  bool rejected() const { return rejected_; }

 private:
  const AgentOptions& options_;
  const Signs signs_;
  absl::Status written_;
  bool rejected_ = false;
};

// The same code; the message says what waits, and how it gets on.
absl::Status StillWaiting(const AgentOptions& options, size_t waiting, const absl::Status& status) {
  const std::string why =
      absl::IsCancelled(status)
          ? std::string(status.message())
          : absl::StrCat("collector ", CollectorTrouble(options.collector.address, status));
  return {status.code(),
          absl::StrCat(why, "; ", waiting, waiting == 1 ? " snapshot waits" : " snapshots wait",
                       " in the outbox ", options.state, "/outbox and ",
                       waiting == 1 ? "goes" : "go", " out with the next run")};
}

}  // namespace

absl::StatusOr<AgentExit> RunOnce(const AgentOptions& options, StopSignal& stop) {
  VARVE_RETURN_IF_ERROR(CollectorChannel::Open(options.collector).status());
  VARVE_ASSIGN_OR_RETURN(const std::unique_ptr<Outbox> outbox, Outbox::Open(options.state));
  VARVE_ASSIGN_OR_RETURN(const SharedSources sources, OpenSources(options));
  const std::optional<Snapshot> snapshot =
      GatherUnlessStopped(sources, GatherOptionsOf(options, v1::OCCASION_ONCE), stop);
  if (!snapshot.has_value()) {
    return absl::CancelledError("stopped before the snapshot was taken; run it again");
  }
  TellErrors(snapshot->header);
  VARVE_RETURN_IF_ERROR(outbox->Add(ToOutbox(*snapshot)));
  Delivery delivery({options.environment, options.collector, Backoff(), absl::Now}, *outbox, stop);
  Tally tally(options);
  const absl::Status sent = delivery.SendAll([&tally](const Fate& fate) { tally.Count(fate); });
  if (!sent.ok()) return StillWaiting(options, outbox->waiting(), sent);
  VARVE_RETURN_IF_ERROR(tally.written());
  if (tally.rejected()) return AgentExit::kTrouble;
  return SomethingFailed(snapshot->header) ? AgentExit::kCannotSay : AgentExit::kDone;
}

}  // namespace varve
