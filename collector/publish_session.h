// One publish: what the agent says, step by step, and what the collector answers. Apart from the
// store it touches nothing; gRPC is elsewhere.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "snapshot/manifest.h"
#include "storage/store.h"
#include "varve/v1/ingest.pb.h"

namespace varve {

// What one publish may cost the collector.
struct PublishLimits {
  uint64_t blob_bytes = uint64_t{64} << 20;  // of one shape or coverage
  uint64_t total_bytes = uint64_t{1} << 30;  // of all that one publish keeps in memory
  uint64_t lines = uint64_t{4} << 20;        // of all its sections
  size_t sections = 1000;
};

// Not thread-safe: one stream, one message at a time. `store` outlives it.
class PublishSession {
 public:
  PublishSession(SnapshotStore& store, Clock clock, const PublishLimits& limits);

  // What to answer to one message; nothing where the next message is waited for.
  // Errors: those of ingest.proto; the stream ends with them. kInvalidArgument names what was wrong
  // with the message.
  absl::StatusOr<std::vector<v1::PublishResponse>> Handle(v1::PublishRequest request);

  // The snapshot is committed, or was there: the stream ends with OK.
  bool done() const { return step_ == Step::kDone; }

 private:
  enum class Step { kHeader, kManifests, kContent, kDone };
  using Responses = std::vector<v1::PublishResponse>;

  // A section that the plan asked for, while its manifest comes in.
  struct Incoming {
    PendingSection pending;
    std::optional<ManifestHasher> hasher;  // of a whole manifest
    std::optional<LineKey> last_key;
    std::string base;  // what its parts name as such, serialized; empty: a whole manifest
    bool begun = false;
    bool complete = false;
    bool measures_begun = false;
    bool measures_complete = false;
  };
  // A blob that comes in pieces.
  struct Piecewise {
    BlobHash hash;
    uint64_t size_bytes = 0;
    std::string data;
  };

  absl::StatusOr<Responses> HandleHeader(v1::SnapshotHeader header);
  absl::StatusOr<Responses> HandleManifest(const v1::ManifestPart& part);
  absl::Status HandleBlobs(const v1::BlobPieces& pieces);
  absl::Status HandleBlob(const v1::BlobPiece& piece);
  absl::Status HandleMeasures(const v1::MeasuresPart& part);
  absl::StatusOr<Responses> HandleCommit();
  absl::Status CheckAllCame() const;

  absl::Status CheckHeader(const v1::SnapshotHeader& header) const;
  absl::Status BeginManifest(const v1::ManifestPart& part, Incoming& incoming);
  absl::Status AddLine(const std::string& bytes, Incoming& incoming);
  absl::Status CountLine();
  absl::Status EndManifest(Incoming& incoming);
  absl::StatusOr<Responses> AskForMissing();
  absl::Status Keep(uint64_t bytes);
  bool AllManifestsAreIn() const;

  SnapshotStore& store_;
  Clock clock_;
  PublishLimits limits_;
  Step step_ = Step::kHeader;
  v1::SnapshotHeader header_;
  EnvironmentHead head_;
  std::vector<std::string> order_;  // names of sections, as in the header
  std::map<std::string, Incoming> sections_;
  absl::flat_hash_set<BlobHash> missing_;
  absl::flat_hash_map<BlobHash, std::string> blobs_;
  std::optional<Piecewise> piecewise_;
  uint64_t kept_bytes_ = 0;
  uint64_t line_count_ = 0;
};

}  // namespace varve
