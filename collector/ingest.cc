#include "collector/ingest.h"

#include <atomic>
#include <deque>
#include <limits>
#include <utility>

#include "absl/time/clock.h"
#include "base/log.h"
#include "base/status.h"
#include "collector/grpc_status.h"
#include "snapshot/environment_name.h"

namespace varve {
namespace {

using PublishReactor = grpc::ServerBidiReactor<v1::PublishRequest, v1::PublishResponse>;

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

absl::Status Busy() {
  return absl::UnavailableError("the collector is busy; try again in a moment");
}

// One publish stream. A message is read, handled on a worker (the store can wait for a disk), its
// answers are written one after the other, and then the next message is read: one thing at a time,
// so a stream never holds more than a message in flight. gRPC calls OnDone last, and never before
// an operation that was started has come back.
class PublishStream : public PublishReactor, public OpenStream {
 public:
  PublishStream(grpc::CallbackServerContext* context, SnapshotStore& store, Workers& workers,
                StreamRegistry& streams, const Clock& clock, const IngestLimits& limits)
      : context_(context),
        workers_(workers),
        limits_(limits),
        streams_(streams),
        began_(absl::Now()),
        session_(store, clock, limits.publish) {
    if (streams_.Add(this)) {
      Read();
    } else {
      End(Busy());
    }
  }

  bool IsLate(absl::Time now) const override { return absl::ToUnixMicros(now) > late_at_us_; }

  void Cancel() override {
    late_at_us_ = kNever;  // once
    cancelled_ = true;
    context_->TryCancel();
  }

  void OnReadDone(bool ok) override {
    late_at_us_ = kNever;
    if (!ok) {
      End(cancelled_ ? absl::DeadlineExceededError(
                           "publish: the next message did not come in time, or the collector stops")
                     : absl::CancelledError("publish: the stream ended before the commit"));
      return;
    }
    if (absl::Now() - began_ > limits_.publish_time) {
      End(absl::DeadlineExceededError("publish: it took too long as a whole"));
      return;
    }
    if (!workers_.Run([this] { HandleMessage(); })) End(Busy());
  }

  void OnWriteDone(bool ok) override {
    if (!ok) {
      End(absl::CancelledError("publish: the agent went away"));
      return;
    }
    answers_.pop_front();
    Continue();
  }

  void OnDone() override {
    streams_.Remove(this);
    delete this;
  }

 private:
  void Read() {
    late_at_us_ = absl::ToUnixMicros(absl::Now() + limits_.message_wait);
    request_.Clear();
    StartRead(&request_);
  }

  void HandleMessage() {
    absl::StatusOr<std::vector<v1::PublishResponse>> answers = session_.Handle(std::move(request_));
    if (!answers.ok()) {
      End(OfTheCollector(answers.status()));
      return;
    }
    answers_.insert(answers_.end(), std::make_move_iterator(answers->begin()),
                    std::make_move_iterator(answers->end()));
    Continue();
  }

  // FAILED_PRECONDITION tells an agent that its snapshot will never be taken. A session has no such
  // answer: where its store has one, the fault is here and may pass.
  static absl::Status OfTheCollector(const absl::Status& status) {
    return absl::IsFailedPrecondition(status) ? absl::UnavailableError(status.message()) : status;
  }

  void Continue() {
    if (!answers_.empty()) {
      StartWrite(&answers_.front());
    } else if (session_.done()) {
      End(absl::OkStatus());
    } else {
      Read();
    }
  }

  void End(const absl::Status& status) {
    if (!status.ok() && status.code() != absl::StatusCode::kCancelled) {
      log::Warning("publish refused",
                   {{"code", CodeWord(status.code())}, {"why", status.message()}});
    }
    Finish(ToGrpcStatus(status));
  }

  grpc::CallbackServerContext* context_;
  Workers& workers_;
  const IngestLimits& limits_;
  StreamRegistry& streams_;
  const absl::Time began_;
  PublishSession session_;
  v1::PublishRequest request_;
  std::deque<v1::PublishResponse> answers_;
  std::atomic<int64_t> late_at_us_{kNever};  // when the wait for a message is over
  std::atomic<bool> cancelled_{false};
};

absl::Status FillHead(const SnapshotStore& store, const v1::HeadRequest& request,
                      v1::HeadResponse& response) {
  VARVE_RETURN_IF_ERROR(CheckEnvironmentName(request.environment()));
  VARVE_ASSIGN_OR_RETURN(const EnvironmentHead head, store.ReadHead(request.environment()));
  response.set_incarnation(store.incarnation());
  response.set_last_seq(head.last_seq);
  for (const auto& [name, section] : head.sections) {
    v1::SectionHead& added = *response.add_sections();
    added.set_section(name);
    added.mutable_head()->set_incarnation(response.incarnation());
    added.mutable_head()->set_seq(section.seq);
    added.mutable_head()->set_manifest_hash(std::string(section.manifest.bytes()));
  }
  for (const std::string& id : request.sent_ids()) {
    VARVE_ASSIGN_OR_RETURN(const std::optional<int64_t> seq,
                           store.FindById(request.environment(), id));
    if (!seq.has_value()) response.add_lacking_ids(id);
  }
  return absl::OkStatus();
}

}  // namespace

IngestService::IngestService(SnapshotStore& store, Workers& workers, StreamRegistry& streams,
                             Clock clock, const IngestLimits& limits)
    : store_(store),
      workers_(workers),
      streams_(streams),
      clock_(std::move(clock)),
      limits_(limits) {}

PublishReactor* IngestService::Publish(grpc::CallbackServerContext* context) {
  return new PublishStream(context, store_, workers_, streams_, clock_, limits_);
}

grpc::ServerUnaryReactor* IngestService::Head(grpc::CallbackServerContext* context,
                                              const v1::HeadRequest* request,
                                              v1::HeadResponse* response) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  const bool runs = workers_.Run([this, reactor, request, response] {
    reactor->Finish(ToGrpcStatus(FillHead(store_, *request, *response)));
  });
  if (!runs) reactor->Finish(ToGrpcStatus(Busy()));
  return reactor;
}

}  // namespace varve
