#include "collector/history_sources.h"

#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/status.h"
#include "snapshot/diff.h"

namespace varve {

absl::StatusOr<std::shared_ptr<const Section>> LinesOf(const SnapshotStore& store,
                                                       const std::string& environment, int64_t seq,
                                                       const std::string& section) {
  std::vector<ReadLine> lines;
  VARVE_RETURN_IF_ERROR(store.ReadLines(environment, seq, section, [&](const ReadLine& line) {
    lines.push_back(line);
    return absl::OkStatus();
  }));
  auto read = std::make_shared<Section>();
  read->header.set_name(section);
  read->lines = std::move(lines);
  return std::shared_ptr<const Section>(std::move(read));
}

HistorySources SourcesIn(const SnapshotStore& store, const std::string& environment,
                         const std::string& section) {
  auto blobs = std::make_shared<absl::flat_hash_map<BlobHash, std::string>>();
  const auto blob = [&store, blobs](const BlobHash& hash) -> absl::StatusOr<std::string> {
    const auto known = blobs->find(hash);
    if (known != blobs->end()) return known->second;
    VARVE_ASSIGN_OR_RETURN(std::string bytes, store.ReadBlob(hash));
    return (*blobs)[hash] = std::move(bytes);
  };
  const auto lines = [&store, environment, section](int64_t seq) {
    return LinesOf(store, environment, seq, section);
  };
  return {DecodeEnvelope, blob, lines};
}

}  // namespace varve
