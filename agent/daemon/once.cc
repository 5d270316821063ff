#include "agent/daemon/once.h"

#include <memory>
#include <optional>
#include <string>

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
absl::Status StillWaiting(const AgentOptions& options, size_t waiting, absl::StatusCode code,
                          absl::string_view why) {
  const bool one = waiting == 1;
  return {code, absl::StrCat(why, "; ", waiting, one ? " snapshot waits" : " snapshots wait",
                             " in the outbox ", options.state, "/outbox and ", one ? "goes" : "go",
                             " out with the next run")};
}

// Why something still waits after a round.
std::string WhyWaiting(const AgentOptions& options, const absl::Status& status) {
  if (absl::IsCancelled(status)) return std::string(status.message());
  return absl::StrCat("collector ", CollectorTrouble(options.collector.address, status));
}

}  // namespace

absl::StatusOr<ExitCode> RunOnce(const AgentOptions& options, StopSignal& stop) {
  // A token or CA that is not there yet may come, and the snapshot is of now; an address that is
  // none stays so.
  const absl::Status access = CollectorChannel::Open(options.collector).status();
  if (absl::IsInvalidArgument(access)) return access;
  VARVE_ASSIGN_OR_RETURN(const std::unique_ptr<Outbox> outbox, Outbox::Open(options.state));
  VARVE_ASSIGN_OR_RETURN(const SharedSources sources, OpenSources(options));
  const std::optional<Snapshot> snapshot =
      GatherUnlessStopped(sources, GatherOptionsOf(options, v1::OCCASION_ONCE), stop);
  if (!snapshot.has_value()) {
    return absl::CancelledError("stopped before the snapshot was taken; run it again");
  }
  TellErrors(snapshot->header);
  VARVE_RETURN_IF_ERROR(outbox->Add(ToOutbox(*snapshot)));
  if (!access.ok()) {
    return StillWaiting(options, outbox->waiting(), access.code(), access.message());
  }
  Delivery delivery({options.environment, options.collector, Backoff(), absl::Now}, *outbox, stop);
  Tally tally(options);
  const absl::Status sent = delivery.SendAll([&tally](const Fate& fate) { tally.Count(fate); });
  if (!sent.ok()) {
    return StillWaiting(options, outbox->waiting(), sent.code(), WhyWaiting(options, sent));
  }
  VARVE_RETURN_IF_ERROR(tally.written());
  if (tally.rejected()) return ExitCode::kTrouble;
  return SomethingFailed(snapshot->header) ? ExitCode::kCannotSay : ExitCode::kDone;
}

}  // namespace varve
