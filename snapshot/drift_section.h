// One section of a fleet: in which lines its parts differ, where all of them can be compared.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "snapshot/drift.h"
#include "snapshot/drift_common_sight.h"
#include "snapshot/line_state.h"

namespace varve {

// How drift looks at shapes. Borrowed.
struct DriftLens {
  const ShapeDecoder& decode;
  const ShapeSource& shapes;
  bool all_facets = false;
};

// A line that is not the same in all parts.
struct DriftingLine {
  LineKey key;
  std::vector<int> values;  // by part: equal where the line is; 0: it is not there
};

// Something that was left out, of parts instead of members.
struct UnsaidOfParts {
  v1::DriftUnsaid unsaid;  // without its members
  std::vector<uint32_t> parts;
};

// Immutable once made.
class SectionDrift {
 public:
  // Compares the parts, all of which could be read. Borrows them and the lens. Errors: as Drift.
  static absl::StatusOr<std::unique_ptr<const SectionDrift>> Of(std::vector<const FleetPart*> parts,
                                                                const DriftLens& lens);

  const std::vector<const FleetPart*>& parts() const { return parts_; }
  const LineStates& states(size_t part) const { return states_[part]; }
  const std::vector<DriftingLine>& drifting() const { return drifting_; }
  const std::vector<UnsaidOfParts>& unsaid() const { return unsaid_; }
  uint64_t entity_count() const { return entity_count_; }
  // Schemas that objects of a database stand in; "" for what stands in none, where there is such.
  const std::set<std::string>& schemas() const { return schemas_; }

  // What differs in a line from one part to another, for each of `pairs`; nothing has changed that
  // could not be compared in all parts. Errors: as Drift.
  absl::StatusOr<std::vector<v1::Difference>> Tell(
      const DriftingLine& line, absl::Span<const std::pair<size_t, size_t>> pairs) const;

 private:
  using SeenByPart = std::vector<const Seen*>;  // null: the line is not there

  // Shapes of a line, each once, in what can be compared in all.
  struct Reduced {
    std::vector<ComparedShape> shapes;
    std::vector<size_t> of_part;  // places in `shapes`; of those that have the line
    std::vector<LeftOutOfSight> left_out;
    bool compares_digests = false;
  };

  SectionDrift(std::vector<const FleetPart*> parts, const DriftLens& lens);
  absl::Status OpenParts();
  absl::Status CompareAll();
  absl::Status CompareLine(const LineKey& key, const std::vector<const ReadLine*>& listed);
  absl::Status CompareSeen(const LineKey& key, const SeenByPart& seen);
  absl::StatusOr<Reduced> Reduce(const LineKey& key, const SeenByPart& seen) const;
  absl::StatusOr<std::string> ShapeBytes(const LineKey& key, const ShapeHash& hash) const;
  void CountEntity(const LineKey& key);
  void AddBlind(const LineKey& key, const std::vector<LineState>& states);
  void AddLeftOut(const LineKey& key, const SeenByPart& seen, const Reduced& reduced);
  void AddUnsaid(const LineKey& key, v1::DriftUnsaid unsaid, std::vector<uint32_t> parts);

  std::vector<const FleetPart*> parts_;
  const DriftLens& lens_;
  std::set<v1::Facet> facets_;
  std::deque<Section> coarser_;  // where a part is not compared as it is
  std::vector<LineStates> states_;
  uint32_t low_ = 0;  // revisions of all parts
  uint32_t high_ = 0;

  std::vector<DriftingLine> drifting_;
  std::vector<UnsaidOfParts> unsaid_;
  std::map<std::pair<std::string, std::vector<uint32_t>>, size_t> unsaid_at_;  // by what it says
  uint64_t entity_count_ = 0;
  std::set<std::string> schemas_;
  const EntityKey* counted_ = nullptr;
};

// The schema that an entity of a section stands in; "" where it is none of a database's, or stands
// in none.
std::string SchemaOf(absl::string_view source_kind, const EntityKey& entity);

}  // namespace varve
