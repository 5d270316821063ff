#include "collector/control.h"

#include <functional>
#include <utility>

#include "base/status.h"
#include "collector/grpc_status.h"
#include "snapshot/environment_name.h"
#include "snapshot/reference.h"
#include "storage/resolve.h"

namespace varve {
namespace {

absl::Status TagStored(SnapshotStore& store, const v1::TagRequest& request,
                       v1::TagResponse& response) {
  VARVE_RETURN_IF_ERROR(CheckTag(request.tag()));
  VARVE_ASSIGN_OR_RETURN(const Resolved at, Resolve(store, request.reference()));
  VARVE_ASSIGN_OR_RETURN(const int64_t previous, store.Tag(at.environment, at.seq, request.tag()));
  response.set_environment(at.environment);
  response.set_seq(at.seq);
  response.set_previous_seq(previous);
  return absl::OkStatus();
}

absl::Status UntagStored(SnapshotStore& store, const v1::UntagRequest& request,
                         v1::UntagResponse& response) {
  VARVE_RETURN_IF_ERROR(CheckEnvironmentName(request.environment()));
  VARVE_ASSIGN_OR_RETURN(const int64_t seq, store.Untag(request.environment(), request.tag()));
  response.set_seq(seq);
  return absl::OkStatus();
}

// Answers from a worker: writing waits for the disk.
grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext* context, Workers& workers,
                                 std::function<absl::Status()> work) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  const bool runs =
      workers.Run([reactor, work = std::move(work)] { reactor->Finish(ToGrpcStatus(work())); });
  if (!runs) {
    reactor->Finish(
        ToGrpcStatus(absl::UnavailableError("the collector is busy; try again in a moment")));
  }
  return reactor;
}

}  // namespace

ControlService::ControlService(SnapshotStore& store, Workers& workers)
    : store_(store), workers_(workers) {}

grpc::ServerUnaryReactor* ControlService::Tag(grpc::CallbackServerContext* context,
                                              const v1::TagRequest* request,
                                              v1::TagResponse* response) {
  return Answer(context, workers_,
                [this, request, response] { return TagStored(store_, *request, *response); });
}

grpc::ServerUnaryReactor* ControlService::Untag(grpc::CallbackServerContext* context,
                                                const v1::UntagRequest* request,
                                                v1::UntagResponse* response) {
  return Answer(context, workers_,
                [this, request, response] { return UntagStored(store_, *request, *response); });
}

}  // namespace varve
