#include "cli/client.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "cli/snapshot_assembly.h"
#include "varve/v1/control.grpc.pb.h"
#include "varve/v1/query.grpc.pb.h"

namespace varve {
namespace {

// Of one whole answer. A collector that hangs is noticed earlier, by keepalive.
constexpr std::chrono::minutes kCallTime(10);
// For a collector that is just starting.
constexpr std::chrono::seconds kConnectTime(2);

}  // namespace

absl::StatusOr<CollectorClient> CollectorClient::Open(const CollectorAccess& access) {
  if (access.token_file.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "no token for collector ", access.address,
        "; give --token-file FILE or set VARVE_TOKEN_FILE (the collector wrote its admin token "
        "beside its database: FILE.token)"));
  }
  VARVE_ASSIGN_OR_RETURN(CollectorChannel channel, CollectorChannel::Open(access));
  return CollectorClient(access, std::move(channel));
}

absl::Status CollectorClient::Explained(const absl::Status& status) const {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
      return absl::UnavailableError(absl::StrCat("collector ", access_.address,
                                                 " does not answer: ", status.message(), "; ",
                                                 ReachRemedy(status.message())));
    case absl::StatusCode::kUnauthenticated:
      return absl::UnauthenticatedError(absl::StrCat(
          "collector ", access_.address, " does not know the token in ", access_.token_file, ": ",
          status.message(), "; give the right file with --token-file or VARVE_TOKEN_FILE"));
    case absl::StatusCode::kPermissionDenied:
      return absl::PermissionDeniedError(
          absl::StrCat("collector ", access_.address, " refuses: ", status.message()));
    case absl::StatusCode::kDeadlineExceeded:
      return absl::DeadlineExceededError(absl::StrCat("collector ", access_.address,
                                                      " did not finish its answer in ",
                                                      kCallTime.count(), " min; try again"));
    case absl::StatusCode::kUnimplemented:
      return absl::UnimplementedError(
          absl::StrCat("collector ", access_.address,
                       " is older than this program and cannot answer this; upgrade it"));
    default:
      return status;
  }
}

template <typename Answer, typename Start, typename Take>
absl::Status CollectorClient::ReadAll(const Start& start, const Take& take) const {
  const auto attempt = [&]() -> absl::Status {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kCallTime);
    channel_.Authorize(context);
    const auto stub = v1::Query::NewStub(channel_.channel());
    const std::unique_ptr<grpc::ClientReader<Answer>> reader = start(*stub, &context);
    Answer answer;
    absl::Status taken;
    while (taken.ok() && reader->Read(&answer)) taken = take(answer);
    if (!taken.ok()) context.TryCancel();
    const grpc::Status status = reader->Finish();
    return taken.ok() ? FromGrpcStatus(status) : taken;
  };
  return Attempted(attempt);
}

absl::Status CollectorClient::Attempted(absl::FunctionRef<absl::Status()> call) const {
  // Fail-fast says why nobody answers; waiting hides it, so the first reason is kept.
  absl::Status status = call();
  if (status.code() == absl::StatusCode::kUnavailable &&
      channel_.channel()->WaitForConnected(std::chrono::system_clock::now() + kConnectTime)) {
    status = call();
  }
  return Explained(status);
}

absl::StatusOr<std::vector<v1::Environment>> CollectorClient::Environments() const {
  std::vector<v1::Environment> environments;
  VARVE_RETURN_IF_ERROR(ReadAll<v1::Environment>(
      [&](v1::Query::Stub& stub, grpc::ClientContext* context) {
        environments.clear();  // a second attempt begins anew
        return stub.ListEnvironments(context, {});
      },
      [&](v1::Environment& environment) {
        environments.push_back(std::move(environment));
        return absl::OkStatus();
      }));
  return environments;
}

absl::StatusOr<std::vector<v1::StoredSnapshot>> CollectorClient::Snapshots(
    absl::string_view environment, uint32_t limit) const {
  v1::ListSnapshotsRequest request;
  request.set_environment(std::string(environment));
  request.set_limit(limit);
  std::vector<v1::StoredSnapshot> snapshots;
  VARVE_RETURN_IF_ERROR(ReadAll<v1::StoredSnapshot>(
      [&](v1::Query::Stub& stub, grpc::ClientContext* context) {
        snapshots.clear();
        return stub.ListSnapshots(context, request);
      },
      [&](v1::StoredSnapshot& snapshot) {
        snapshots.push_back(std::move(snapshot));
        return absl::OkStatus();
      }));
  return snapshots;
}

absl::StatusOr<Snapshot> CollectorClient::LoadRemoteSnapshot(absl::string_view reference) const {
  v1::ReadSnapshotRequest request;
  request.set_reference(std::string(reference));
  SnapshotAssembly assembly;
  VARVE_RETURN_IF_ERROR(ReadAll<v1::SnapshotPart>(
      [&](v1::Query::Stub& stub, grpc::ClientContext* context) {
        assembly = SnapshotAssembly();
        return stub.ReadSnapshot(context, request);
      },
      [&](const v1::SnapshotPart& part) { return assembly.Add(part); }));
  return assembly.Finish();
}

absl::StatusOr<v1::DiffResult> CollectorClient::Diff(const v1::DiffRequest& request) const {
  v1::DiffResult result;
  VARVE_RETURN_IF_ERROR(ReadAll<v1::DiffResult>(
      [&](v1::Query::Stub& stub, grpc::ClientContext* context) {
        result.Clear();
        return stub.Diff(context, request);
      },
      [&](const v1::DiffResult& part) {
        result.MergeFrom(part);
        return absl::OkStatus();
      }));
  return result;
}

absl::StatusOr<v1::DriftResult> CollectorClient::Drift(const v1::DriftRequest& request) const {
  v1::DriftResult result;
  VARVE_RETURN_IF_ERROR(ReadAll<v1::DriftResult>(
      [&](v1::Query::Stub& stub, grpc::ClientContext* context) {
        result.Clear();
        return stub.Drift(context, request);
      },
      [&](const v1::DriftResult& part) {
        result.MergeFrom(part);
        return absl::OkStatus();
      }));
  return result;
}

absl::StatusOr<v1::RolloutResult> CollectorClient::Rollout(
    const v1::RolloutRequest& request) const {
  v1::RolloutResult result;
  VARVE_RETURN_IF_ERROR(ReadAll<v1::RolloutResult>(
      [&](v1::Query::Stub& stub, grpc::ClientContext* context) {
        result.Clear();
        return stub.Rollout(context, request);
      },
      [&](const v1::RolloutResult& part) {
        result.MergeFrom(part);
        return absl::OkStatus();
      }));
  return result;
}

absl::StatusOr<v1::TagResponse> CollectorClient::Tag(absl::string_view reference,
                                                     absl::string_view tag) const {
  v1::TagRequest request;
  request.set_reference(std::string(reference));
  request.set_tag(std::string(tag));
  v1::TagResponse response;
  VARVE_RETURN_IF_ERROR(Attempted([&]() -> absl::Status {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kCallTime);
    channel_.Authorize(context);
    return FromGrpcStatus(
        v1::Control::NewStub(channel_.channel())->Tag(&context, request, &response));
  }));
  return response;
}

absl::StatusOr<int64_t> CollectorClient::Untag(absl::string_view environment,
                                               absl::string_view tag) const {
  v1::UntagRequest request;
  request.set_environment(std::string(environment));
  request.set_tag(std::string(tag));
  v1::UntagResponse response;
  VARVE_RETURN_IF_ERROR(Attempted([&]() -> absl::Status {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kCallTime);
    channel_.Authorize(context);
    return FromGrpcStatus(
        v1::Control::NewStub(channel_.channel())->Untag(&context, request, &response));
  }));
  return response.seq();
}

absl::StatusOr<v1::CheckResult> CollectorClient::Check(absl::string_view reference,
                                                       const RulesAsked& asked) const {
  v1::CheckRequest request;
  request.set_reference(std::string(reference));
  request.mutable_rules()->Assign(asked.words.begin(), asked.words.end());
  *request.mutable_config() = asked.file;
  v1::CheckResult result;
  VARVE_RETURN_IF_ERROR(ReadAll<v1::CheckResult>(
      [&](v1::Query::Stub& stub, grpc::ClientContext* context) {
        result.Clear();
        return stub.Check(context, request);
      },
      [&](const v1::CheckResult& part) {
        result.MergeFrom(part);
        return absl::OkStatus();
      }));
  return result;
}

absl::StatusOr<v1::ObjectHistory> CollectorClient::History(absl::string_view reference,
                                                           absl::string_view object) const {
  v1::HistoryRequest request;
  request.set_reference(std::string(reference));
  request.set_object(std::string(object));
  v1::ObjectHistory history;
  VARVE_RETURN_IF_ERROR(ReadAll<v1::ObjectHistory>(
      [&](v1::Query::Stub& stub, grpc::ClientContext* context) {
        history.Clear();
        return stub.History(context, request);
      },
      [&](const v1::ObjectHistory& part) {
        history.MergeFrom(part);
        return absl::OkStatus();
      }));
  return history;
}

absl::StatusOr<v1::BlameResult> CollectorClient::Blame(absl::string_view reference,
                                                       absl::string_view object) const {
  v1::HistoryRequest request;
  request.set_reference(std::string(reference));
  request.set_object(std::string(object));
  v1::BlameResult result;
  VARVE_RETURN_IF_ERROR(ReadAll<v1::BlameResult>(
      [&](v1::Query::Stub& stub, grpc::ClientContext* context) {
        result.Clear();
        return stub.Blame(context, request);
      },
      [&](const v1::BlameResult& part) {
        result.MergeFrom(part);
        return absl::OkStatus();
      }));
  return result;
}

absl::StatusOr<v1::LogResult> CollectorClient::Log(const v1::LogRequest& request) const {
  v1::LogResult result;
  VARVE_RETURN_IF_ERROR(ReadAll<v1::LogResult>(
      [&](v1::Query::Stub& stub, grpc::ClientContext* context) {
        result.Clear();
        return stub.Log(context, request);
      },
      [&](const v1::LogResult& part) {
        result.MergeFrom(part);
        return absl::OkStatus();
      }));
  return result;
}

absl::StatusOr<v1::TrendResult> CollectorClient::Trend(const v1::TrendRequest& request) const {
  v1::TrendResult result;
  VARVE_RETURN_IF_ERROR(ReadAll<v1::TrendResult>(
      [&](v1::Query::Stub& stub, grpc::ClientContext* context) {
        result.Clear();
        return stub.Trend(context, request);
      },
      [&](const v1::TrendResult& part) {
        result.MergeFrom(part);
        return absl::OkStatus();
      }));
  return result;
}

}  // namespace varve
