#include "storage/known_before.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/status.h"

namespace varve {
namespace {

// Lines of sections of past snapshots, each read once.
class PastLines {
 public:
  explicit PastLines(const SnapshotStore& store) : store_(store) {}

  absl::StatusOr<std::shared_ptr<const Section>> Read(absl::string_view environment,
                                                      absl::string_view name, int64_t seq) {
    std::shared_ptr<const Section>& kept =
        kept_[{std::string(environment), std::string(name), seq}];
    if (kept != nullptr) return kept;
    std::vector<ReadLine> lines;
    VARVE_RETURN_IF_ERROR(store_.ReadLines(environment, seq, name, [&lines](const ReadLine& line) {
      lines.push_back(line);
      return absl::OkStatus();
    }));
    auto section = std::make_shared<Section>();
    section->header.set_name(std::string(name));
    section->lines = std::move(lines);
    kept = std::move(section);
    return kept;
  }

 private:
  const SnapshotStore& store_;
  std::map<std::tuple<std::string, std::string, int64_t>, std::shared_ptr<const Section>> kept_;
};

}  // namespace

KnownBefore KnownBeforeIn(const SnapshotStore& store) {
  // Shared, since std::function must be copyable; copies answer from the same lines.
  auto past = std::make_shared<PastLines>(store);
  return
      [&store, past](absl::string_view environment, absl::string_view section, const LineKey& key,
                     int64_t seq) -> absl::StatusOr<std::optional<LastKnown>> {
        VARVE_ASSIGN_OR_RETURN(const std::optional<KnownLine> known,
                               store.KnownBefore(environment, section, key, seq));
        if (!known.has_value()) return std::nullopt;
        LastKnown result = {known->seq, known->key, known->revision, {}, {}, {}};
        VARVE_ASSIGN_OR_RETURN(result.section, past->Read(environment, section, known->seq));
        const Seen* const seen = known->line.has_value() ? known->line->Current() : nullptr;
        if (seen == nullptr) return result;
        result.seen = *seen;
        VARVE_ASSIGN_OR_RETURN(const BlobHash hash, BlobHash::FromBytes(seen->shape.bytes()));
        VARVE_ASSIGN_OR_RETURN(result.shape, store.ReadBlob(hash));
        return result;
      };
}

}  // namespace varve
