#include "agent/daemon/daemon.h"

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/daemon/delivery.h"
#include "agent/daemon/gathering.h"
#include "agent/daemon/outbox.h"
#include "agent/daemon/outbox_file.h"
#include "agent/daemon/report.h"
#include "agent/daemon/retry.h"
#include "base/duration.h"
#include "base/log.h"
#include "base/status.h"
#include "base/version.h"
#include "snapshot/header_words.h"

namespace varve {
namespace {

std::string Statuses(const v1::SnapshotHeader& header) {
  std::vector<std::string> statuses;
  for (const v1::SectionHeader& section : header.sections()) {
    statuses.push_back(absl::StrCat(section.name(), ":", StatusWord(section.status())));
  }
  return absl::StrJoin(statuses, ",");
}

// One line a section: its first error stands for the others, which the snapshot has.
void LogTroubles(const v1::SnapshotHeader& header) {
  for (const v1::SectionHeader& section : header.sections()) {
    if (section.errors().empty()) continue;
    log::Warning("source is not whole", {{"environment", header.environment()},
                                         {"source", section.name()},
                                         {"status", StatusWord(section.status())},
                                         {"error", ErrorText(section.errors(0))},
                                         {"errors", section.errors_size()}});
  }
}

void TakeSnapshot(const AgentOptions& options, const SharedSources& sources, Outbox& outbox,
                  StopSignal& stop) {
  const absl::Time began = absl::Now();
  const std::optional<Snapshot> snapshot =
      GatherUnlessStopped(sources, GatherOptionsOf(options, v1::OCCASION_SCHEDULE), stop);
  if (!snapshot.has_value()) {
    log::Info("gathering given up", {{"environment", options.environment}});
    return;
  }
  const v1::SnapshotHeader& header = snapshot->header;
  LogTroubles(header);
  const absl::Status kept = outbox.Add(ToOutbox(*snapshot));
  if (!kept.ok()) {
    log::Error("snapshot lost", {{"environment", header.environment()},
                                 {"snapshot_id", header.snapshot_id()},
                                 {"error", kept.message()}});
    return;
  }
  log::Info("snapshot taken", {{"environment", header.environment()},
                               {"snapshot_id", header.snapshot_id()},
                               {"sections", Statuses(header)},
                               {"duration_ms", absl::ToInt64Milliseconds(absl::Now() - began)}});
}

void TakeSnapshots(const AgentOptions& options, const SharedSources& sources, Outbox& outbox,
                   StopSignal& stop) {
  absl::BitGen random;
  while (!stop.requested()) {
    const absl::Time began = absl::Now();
    TakeSnapshot(options, sources, outbox, stop);
    const absl::Time now = absl::Now();
    stop.WaitFor(NextSnapshot(began, now, options.schedule, absl::Uniform(random, 0.0, 1.0)) - now);
  }
}

}  // namespace

absl::Status RunDaemon(const AgentOptions& options, StopSignal& stop) {
  // Read anew for each delivery; this is to say at once what is wrong with them.
  VARVE_RETURN_IF_ERROR(CollectorChannel::Open(options.collector).status());
  VARVE_ASSIGN_OR_RETURN(const std::unique_ptr<Outbox> outbox, Outbox::Open(options.state));
  VARVE_ASSIGN_OR_RETURN(const SharedSources sources, OpenSources(options));
  log::Info("agent ready", {{"environment", options.environment},
                            {"collector", options.collector.address},
                            {"state", options.state},
                            {"sources", sources->size()},
                            {"schedule", absl::FormatDuration(options.schedule)},
                            {"waiting", outbox->waiting()},
                            {"version", kVersion}});
  Delivery delivery({options.environment, options.collector, Backoff(), absl::Now}, *outbox, stop);
  std::thread deliverer([&delivery] { delivery.Run(); });
  TakeSnapshots(options, sources, *outbox, stop);
  deliverer.join();
  log::Info("agent stops", {{"environment", options.environment}, {"waiting", outbox->waiting()}});
  return absl::OkStatus();
}

}  // namespace varve
