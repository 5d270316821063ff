// The Ingest service: takes snapshots from agents.
#pragma once

#include "absl/time/time.h"
#include "base/clock.h"
#include "collector/publish_session.h"
#include "collector/stream_registry.h"
#include "collector/workers.h"
#include "storage/store.h"
#include "varve/v1/ingest.grpc.pb.h"

namespace varve {

// What bounds each stream.
struct IngestLimits {
  PublishLimits publish;
  absl::Duration message_wait = absl::Seconds(60);  // for the next message of a stream
  absl::Duration publish_time = absl::Minutes(30);  // for a whole publish
};

// Thread-safe. `store`, `workers` and `streams` outlive it; it outlives the server that serves it.
class IngestService final : public v1::Ingest::CallbackService {
 public:
  IngestService(SnapshotStore& store, Workers& workers, StreamRegistry& streams, Clock clock,
                const IngestLimits& limits);

  grpc::ServerBidiReactor<v1::PublishRequest, v1::PublishResponse>* Publish(
      grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* Head(grpc::CallbackServerContext* context,
                                 const v1::HeadRequest* request,
                                 v1::HeadResponse* response) override;

 private:
  SnapshotStore& store_;
  Workers& workers_;
  StreamRegistry& streams_;
  const Clock clock_;
  const IngestLimits limits_;
};

}  // namespace varve
