// A server stream whose messages are made by one piece of work and written one after the other.
#pragma once

#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "collector/grpc_status.h"
#include "collector/stream_registry.h"
#include "collector/workers.h"

namespace varve {

// How long a reader may leave one message unread.
inline constexpr absl::Duration kReaderPatience = absl::Minutes(5);

// Deletes itself when gRPC is done with it. `make` runs on a worker, since it can wait for a disk.
template <typename Message>
class AnswerStream : public grpc::ServerWriteReactor<Message>, public OpenStream {
 public:
  using Make = std::function<absl::StatusOr<std::vector<Message>>()>;

  AnswerStream(grpc::CallbackServerContext* context, Workers& workers, StreamRegistry& streams,
               Make make)
      : context_(context), streams_(streams), make_(std::move(make)) {
    if (!streams_.Add(this) || !workers.Run([this] { Begin(); })) {
      this->Finish(
          ToGrpcStatus(absl::UnavailableError("the collector is busy; try again in a moment")));
    }
  }

  bool IsLate(absl::Time now) const override { return absl::ToUnixMicros(now) > late_at_us_; }

  void Cancel() override {
    late_at_us_ = std::numeric_limits<int64_t>::max();  // once
    context_->TryCancel();
  }

  void OnWriteDone(bool ok) override {
    if (!ok) {
      this->Finish(ToGrpcStatus(absl::CancelledError("the reader went away")));
      return;
    }
    messages_[next_++].Clear();
    Continue();
  }

  void OnDone() override {
    streams_.Remove(this);
    delete this;
  }

 private:
  void Begin() {
    absl::StatusOr<std::vector<Message>> messages = make_();
    if (!messages.ok()) {
      this->Finish(ToGrpcStatus(messages.status()));
      return;
    }
    messages_ = *std::move(messages);
    Continue();
  }

  void Continue() {
    late_at_us_ = absl::ToUnixMicros(absl::Now() + kReaderPatience);
    if (next_ < messages_.size()) {
      this->StartWrite(&messages_[next_]);
    } else {
      this->Finish(grpc::Status::OK);
    }
  }

  grpc::CallbackServerContext* context_;
  StreamRegistry& streams_;
  Make make_;
  std::vector<Message> messages_;
  size_t next_ = 0;
  std::atomic<int64_t> late_at_us_{std::numeric_limits<int64_t>::max()};
};

}  // namespace varve
