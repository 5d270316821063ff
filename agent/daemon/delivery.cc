#include "agent/daemon/delivery.h"

#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/status.h"

namespace varve {
namespace {

// A head that moves during this many tries in a row is somebody else's agent on the same
// environment.
constexpr int kMostAborted = 5;
constexpr absl::Duration kAbortedPause = absl::Milliseconds(100);

// Ids of one request: 38 bytes each on the wire, well below 1 MiB.
constexpr size_t kIdsPerRequest = 20'000;

void LogFate(const Fate& fate) {
  const v1::SnapshotHeader& header = fate.header;
  if (!fate.rejected.ok()) {
    log::Error("snapshot rejected", {{"environment", header.environment()},
                                     {"snapshot_id", header.snapshot_id()},
                                     {"file", absl::StrCat("rejected/", fate.file)},
                                     {"error", fate.rejected.message()}});
    return;
  }
  log::Info("snapshot published", {{"environment", header.environment()},
                                   {"seq", fate.seq},
                                   {"snapshot_id", header.snapshot_id()},
                                   {"already_known", fate.already_known ? "yes" : "no"}});
}

}  // namespace

Delivery::Delivery(DeliveryOptions options, Outbox& outbox, StopSignal& stop)
    : options_(std::move(options)), outbox_(outbox), stop_(stop) {}

absl::Status Delivery::SendAll(TellFate tell) {
  // A channel for each round: a new one connects at once, an old one after its own pauses.
  VARVE_ASSIGN_OR_RETURN(CollectorChannel channel, CollectorChannel::Open(options_.collector));
  Publisher publisher(std::move(channel));
  const StopSignal::OnRequest cancel(stop_, [&publisher] { publisher.Cancel(); });
  absl::Status status;
  while (status.ok() && !stop_.requested()) {
    absl::StatusOr<std::optional<Outbox::Entry>> entry = outbox_.Oldest();
    status = entry.status();
    if (!entry.ok() || !entry->has_value()) break;
    status = SendOldest(publisher, **std::move(entry), tell);
  }
  const absl::Status pruned = outbox_.Prune(options_.clock());
  if (!pruned.ok()) log::Warning("old snapshots not removed", {{"error", pruned.message()}});
  if (stop_.requested() && outbox_.waiting() > 0) return absl::CancelledError("stopped");
  return status;
}

absl::Status Delivery::SendOldest(Publisher& publisher, Outbox::Entry entry, TellFate tell) {
  v1::SnapshotHeader& header = *entry.snapshot.mutable_header();
  const v1::AgentState state = outbox_.state();
  if (state.has_acknowledged()) *header.mutable_acknowledged() = state.acknowledged();
  const absl::StatusOr<PublishAnswer> answer = Try(publisher, entry.snapshot);
  if (!answer.ok()) {
    if (AfterFailure(answer.status().code()) != NextTry::kNever) return answer.status();
    VARVE_RETURN_IF_ERROR(outbox_.Reject(entry.file, answer.status()));
    tell({header, 0, false, answer.status(), entry.file});
    return absl::OkStatus();
  }
  if (const auto* another = std::get_if<AnotherStore>(&*answer)) {
    return MeetStore(publisher, another->incarnation);
  }
  return Acknowledge(entry, std::get<Published>(*answer), tell);
}

absl::StatusOr<PublishAnswer> Delivery::Try(Publisher& publisher,
                                            const v1::OutboxSnapshot& snapshot) {
  // A first store is any store; one that has nothing of ours to lack need not be asked.
  const v1::AgentState state = outbox_.state();
  const bool anything_sent = !outbox_.SentIds(options_.clock()).empty();
  for (int tries = 1;; ++tries) {
    absl::StatusOr<PublishAnswer> answer =
        publisher.Publish(snapshot, anything_sent ? state.incarnation() : "",
                          [this](absl::string_view section, absl::string_view manifest_hash) {
                            return outbox_.SentLines(section, manifest_hash);
                          });
    if (answer.ok() || AfterFailure(answer.status().code()) != NextTry::kAgain ||
        tries == kMostAborted) {
      return answer;
    }
    log::Info("publish begins again",
              {{"environment", options_.environment}, {"reason", answer.status().message()}});
    if (stop_.WaitFor(kAbortedPause * tries * Random())) return answer;
  }
}

absl::Status Delivery::MeetStore(Publisher& publisher, absl::string_view incarnation) {
  const std::vector<std::string> sent = outbox_.SentIds(options_.clock());
  std::vector<std::string> lacking;
  for (size_t at = 0; at < sent.size(); at += kIdsPerRequest) {
    VARVE_ASSIGN_OR_RETURN(
        const v1::HeadResponse head,
        publisher.Head(options_.environment, absl::MakeSpan(sent).subspan(at, kIdsPerRequest)));
    if (head.incarnation() != incarnation) {
      return absl::UnavailableError("the collector's store was replaced meanwhile");
    }
    lacking.insert(lacking.end(), head.lacking_ids().begin(), head.lacking_ids().end());
  }
  log::Warning("collector has another store", {{"environment", options_.environment},
                                               {"incarnation", incarnation},
                                               {"sent_again", lacking.size()}});
  return outbox_.SendAgain(lacking, incarnation);
}

absl::Status Delivery::Acknowledge(const Outbox::Entry& entry, const Published& published,
                                   TellFate tell) {
  v1::Acknowledged by;
  by.set_incarnation(published.incarnation);
  by.set_seq(published.seq);
  VARVE_RETURN_IF_ERROR(outbox_.Acknowledge(entry, by, options_.clock()));
  tell({entry.snapshot.header(), published.seq, published.already_known, absl::OkStatus(),
        entry.file});
  return absl::OkStatus();
}

void Delivery::Run() {
  const StopSignal::OnRequest wake(stop_, [this] { outbox_.Wake(); });
  int failures = 0;
  while (true) {
    outbox_.AwaitWork();
    if (stop_.requested()) return;
    bool any = false;
    const absl::Status status = SendAll([&any](const Fate& fate) {
      any = true;
      LogFate(fate);
    });
    if (status.ok() || stop_.requested()) {
      failures = 0;
      continue;
    }
    failures = any ? 1 : failures + 1;
    const absl::Duration pause =
        options_.backoff.Pause(AfterFailure(status.code()), failures, Random());
    LogFailure(status, pause);
    stop_.WaitFor(pause);
  }
}

void Delivery::LogFailure(const absl::Status& status, absl::Duration pause) const {
  log::Warning("snapshots wait in the outbox",
               {{"environment", options_.environment},
                {"collector", options_.collector.address},
                {"waiting", outbox_.waiting()},
                {"error", absl::StrCat(CodeWord(status.code()), ": ", status.message())},
                {"retry_in_ms", absl::ToInt64Milliseconds(pause)}});
}

}  // namespace varve
