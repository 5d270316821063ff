#include "agent/daemon/publisher.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/daemon/publish_parts.h"
#include "base/status.h"

namespace varve {

class Publisher::Call {
 public:
  Call(Publisher& publisher, absl::Duration limit) : publisher_(publisher) {
    context_.set_deadline(absl::ToChronoTime(absl::Now() + limit));
    publisher_.collector_.Authorize(context_);
    absl::MutexLock lock(&publisher_.mutex_);
    publisher_.running_ = &context_;
    if (publisher_.cancelled_) context_.TryCancel();
  }
  ~Call() {
    absl::MutexLock lock(&publisher_.mutex_);
    publisher_.running_ = nullptr;
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  grpc::ClientContext& context() { return context_; }

 private:
  Publisher& publisher_;
  grpc::ClientContext context_;
};

namespace {

// The steps of one Publish, in order. The stream's own status, which says why it broke, is asked
// for at the end.
class PublishStream {
 public:
  PublishStream(v1::Ingest::Stub& stub, grpc::ClientContext& context,
                const v1::OutboxSnapshot& snapshot)
      : context_(context), stream_(stub.Publish(&context)), snapshot_(snapshot) {}

  absl::StatusOr<PublishAnswer> Run(absl::string_view incarnation,
                                    const ManifestLookup& sent_lines) {
    absl::StatusOr<PublishAnswer> answer = Steps(incarnation, sent_lines);
    if (broken_) {
      // Why, stands in the status, which comes only after what was sent before it.
      v1::PublishResponse unread;
      while (stream_->Read(&unread)) {
      }
      const absl::Status why = FromGrpcStatus(stream_->Finish());
      return why.ok() ? absl::UnavailableError("the collector ended the stream early") : why;
    }
    if (answer.ok() && std::holds_alternative<Published>(*answer)) {
      stream_->WritesDone();
    } else {
      context_.TryCancel();
    }
    stream_->Finish();  // nothing it could say changes what was answered before
    return answer;
  }

 private:
  absl::StatusOr<PublishAnswer> Steps(absl::string_view incarnation,
                                      const ManifestLookup& sent_lines) {
    v1::PublishRequest header;
    *header.mutable_header() = snapshot_.header();
    VARVE_RETURN_IF_ERROR(Send(header));
    VARVE_ASSIGN_OR_RETURN(const v1::PublishResponse planned, Receive());
    if (!planned.has_plan()) return OutOfStep("a plan");
    const v1::Plan& plan = planned.plan();
    if (!incarnation.empty() && plan.incarnation() != incarnation) {
      return PublishAnswer(AnotherStore{plan.incarnation()});
    }
    if (plan.already_seq() > 0) {
      return PublishAnswer(Published{plan.already_seq(), true, plan.incarnation()});
    }
    VARVE_RETURN_IF_ERROR(SendManifests(plan, sent_lines));
    VARVE_ASSIGN_OR_RETURN(const std::vector<BlobHash> missing, ReceiveMissing());
    VARVE_RETURN_IF_ERROR(SendContent(missing));
    VARVE_ASSIGN_OR_RETURN(const v1::PublishResponse response, Receive());
    if (!response.has_committed()) return OutOfStep("an acknowledgement");
    const v1::Committed& committed = response.committed();
    return PublishAnswer(
        Published{committed.seq(), committed.already_known(), committed.incarnation()});
  }

  absl::Status SendManifests(const v1::Plan& plan, const ManifestLookup& sent_lines) {
    for (const v1::SectionPlan& wanted : plan.sections()) {
      if (wanted.want() != v1::SectionPlan::WANT_MANIFEST) continue;
      const v1::OutboxSection* const content = FindSection(wanted.section());
      if (content == nullptr) return OutOfStep("a section of this snapshot");
      std::optional<ManifestBase> base;
      if (wanted.has_head()) {
        std::optional<std::vector<std::string>> lines =
            sent_lines(wanted.section(), wanted.head().manifest_hash());
        if (lines.has_value()) base = ManifestBase{wanted.head(), *std::move(lines)};
      }
      VARVE_RETURN_IF_ERROR(SendManifest(wanted.section(), *content, base, Sender()));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<BlobHash>> ReceiveMissing() {
    std::vector<BlobHash> missing;
    while (true) {
      VARVE_ASSIGN_OR_RETURN(const v1::PublishResponse response, Receive());
      if (!response.has_missing()) return OutOfStep("what is missing");
      for (const std::string& bytes : response.missing().hashes()) {
        const absl::StatusOr<BlobHash> hash = BlobHash::FromBytes(bytes);
        if (!hash.ok()) return OutOfStep("hashes of 32 bytes");
        missing.push_back(*hash);
      }
      if (response.missing().last()) return missing;
    }
  }

  absl::Status SendContent(const std::vector<BlobHash>& missing) {
    VARVE_RETURN_IF_ERROR(SendBlobs(missing, BlobsOf(snapshot_), Sender()));
    for (int i = 0; i < snapshot_.sections_size(); ++i) {
      VARVE_RETURN_IF_ERROR(
          SendMeasures(snapshot_.header().sections(i).name(), snapshot_.sections(i), Sender()));
    }
    v1::PublishRequest commit;
    commit.mutable_commit();
    return Send(commit);
  }

  const v1::OutboxSection* FindSection(absl::string_view name) const {
    for (int i = 0; i < snapshot_.sections_size(); ++i) {
      if (snapshot_.header().sections(i).name() == name) return &snapshot_.sections(i);
    }
    return nullptr;
  }

  // A lambda that borrows this, kept so that SendRequest, which borrows the lambda, stays valid.
  const std::function<absl::Status(const v1::PublishRequest&)>& Sender() const { return sender_; }

  absl::Status Send(const v1::PublishRequest& request) {
    return stream_->Write(request) ? absl::OkStatus() : Broken();
  }

  absl::StatusOr<v1::PublishResponse> Receive() {
    v1::PublishResponse response;
    if (!stream_->Read(&response)) return Broken();
    return response;
  }

  absl::Status Broken() {
    broken_ = true;
    return absl::UnavailableError("the stream broke off");
  }

  static absl::Status OutOfStep(absl::string_view wanted) {
    return absl::InternalError(absl::StrCat("the collector sent something other than ", wanted,
                                            "; are agent and collector of one version?"));
  }

  grpc::ClientContext& context_;
  const std::unique_ptr<grpc::ClientReaderWriter<v1::PublishRequest, v1::PublishResponse>> stream_;
  const v1::OutboxSnapshot& snapshot_;
  bool broken_ = false;  // the collector or the network ended the stream; Finish says why
  const std::function<absl::Status(const v1::PublishRequest&)> sender_ =
      [this](const v1::PublishRequest& request) { return Send(request); };
};

}  // namespace

Publisher::Publisher(CollectorChannel collector) : Publisher(std::move(collector), Limits()) {}

Publisher::Publisher(CollectorChannel collector, Limits limits)
    : collector_(std::move(collector)),
      limits_(limits),
      stub_(v1::Ingest::NewStub(collector_.channel())) {}

absl::StatusOr<PublishAnswer> Publisher::Publish(const v1::OutboxSnapshot& snapshot,
                                                 absl::string_view incarnation,
                                                 const ManifestLookup& sent_lines) {
  Call call(*this, limits_.publish);
  PublishStream stream(*stub_, call.context(), snapshot);
  return stream.Run(incarnation, sent_lines);
}

absl::StatusOr<v1::HeadResponse> Publisher::Head(absl::string_view environment,
                                                 absl::Span<const std::string> sent_ids) {
  Call call(*this, limits_.head);
  v1::HeadRequest request;
  request.set_environment(std::string(environment));
  for (const std::string& id : sent_ids) request.add_sent_ids(id);
  v1::HeadResponse response;
  VARVE_RETURN_IF_ERROR(FromGrpcStatus(stub_->Head(&call.context(), request, &response)));
  return response;
}

void Publisher::Cancel() {
  absl::MutexLock lock(&mutex_);
  cancelled_ = true;
  if (running_ != nullptr) running_->TryCancel();
}

}  // namespace varve
