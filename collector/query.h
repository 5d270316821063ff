// The Query service: reads stored snapshots for people and pipelines.
#pragma once

#include "collector/stream_registry.h"
#include "collector/workers.h"
#include "storage/store.h"
#include "varve/v1/query.grpc.pb.h"

namespace varve {

// Thread-safe. `store`, `workers` and `streams` outlive it; it outlives the server that serves it.
class QueryService final : public v1::Query::CallbackService {
 public:
  QueryService(const SnapshotStore& store, Workers& workers, StreamRegistry& streams);

  grpc::ServerWriteReactor<v1::Environment>* ListEnvironments(
      grpc::CallbackServerContext* context, const v1::ListEnvironmentsRequest* request) override;
  grpc::ServerWriteReactor<v1::StoredSnapshot>* ListSnapshots(
      grpc::CallbackServerContext* context, const v1::ListSnapshotsRequest* request) override;
  grpc::ServerWriteReactor<v1::SnapshotPart>* ReadSnapshot(
      grpc::CallbackServerContext* context, const v1::ReadSnapshotRequest* request) override;
  grpc::ServerWriteReactor<v1::DiffResult>* Diff(grpc::CallbackServerContext* context,
                                                 const v1::DiffRequest* request) override;
  grpc::ServerWriteReactor<v1::DriftResult>* Drift(grpc::CallbackServerContext* context,
                                                   const v1::DriftRequest* request) override;
  grpc::ServerWriteReactor<v1::RolloutResult>* Rollout(grpc::CallbackServerContext* context,
                                                       const v1::RolloutRequest* request) override;
  grpc::ServerWriteReactor<v1::CheckResult>* Check(grpc::CallbackServerContext* context,
                                                   const v1::CheckRequest* request) override;
  grpc::ServerWriteReactor<v1::ObjectHistory>* History(grpc::CallbackServerContext* context,
                                                       const v1::HistoryRequest* request) override;
  grpc::ServerWriteReactor<v1::BlameResult>* Blame(grpc::CallbackServerContext* context,
                                                   const v1::HistoryRequest* request) override;
  grpc::ServerWriteReactor<v1::LogResult>* Log(grpc::CallbackServerContext* context,
                                               const v1::LogRequest* request) override;
  grpc::ServerWriteReactor<v1::TrendResult>* Trend(grpc::CallbackServerContext* context,
                                                   const v1::TrendRequest* request) override;

 private:
  const SnapshotStore& store_;
  Workers& workers_;
  StreamRegistry& streams_;
};

}  // namespace varve
