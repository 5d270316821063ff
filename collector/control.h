// The Control service: what operators do to stored snapshots.
#pragma once

#include "collector/workers.h"
#include "storage/store.h"
#include "varve/v1/control.grpc.pb.h"

namespace varve {

// Thread-safe. `store` and `workers` outlive it; it outlives the server that serves it.
class ControlService final : public v1::Control::CallbackService {
 public:
  ControlService(SnapshotStore& store, Workers& workers);

  grpc::ServerUnaryReactor* Tag(grpc::CallbackServerContext* context, const v1::TagRequest* request,
                                v1::TagResponse* response) override;
  grpc::ServerUnaryReactor* Untag(grpc::CallbackServerContext* context,
                                  const v1::UntagRequest* request,
                                  v1::UntagResponse* response) override;

 private:
  SnapshotStore& store_;
  Workers& workers_;
};

}  // namespace varve
