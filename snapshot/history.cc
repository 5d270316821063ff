#include "snapshot/history.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "snapshot/coverage_index.h"
#include "snapshot/diff_line.h"
#include "snapshot/diff_renames.h"
#include "snapshot/kinds.h"

namespace varve {
namespace {

// The row that holds at a number; null where none does.
template <typename Row>
const Row* Holding(const std::vector<Row>& rows, int64_t seq) {
  const auto after = std::upper_bound(rows.begin(), rows.end(), seq,
                                      [](int64_t n, const Row& row) { return n < row.from_seq; });
  if (after == rows.begin()) return nullptr;
  const Row& row = *std::prev(after);
  return !row.to_seq.has_value() || *row.to_seq >= seq ? &row : nullptr;
}

// What some neighbouring snapshots say of the line.
struct Look {
  PieceState state = PieceState::kUnknown;
  v1::Sight why = v1::SIGHT_UNSPECIFIED;
  bool known_absent = false;   // it was not there, whatever the section's state
  const Seen* seen = nullptr;  // of kSeen and kStatic
  const NameLife* name = nullptr;
  const SectionRun* run = nullptr;
};

// A state that the version so far has had, in the newest snapshot that had it.
struct Sample {
  Seen seen;
  uint32_t revision = 0;
  int64_t seq = 0;
  LineKey key;
};

bool IsSameChange(const v1::PropertyChange& a, const v1::PropertyChange& b) {
  return a.SerializeAsString() == b.SerializeAsString();
}

class Walk {
 public:
  Walk(const ObjectLife& life, v1::Facet facet, const HistorySources& sources,
       const HistoryPart* part)
      : life_(life), facet_(facet), sources_(sources), part_(part) {}

  absl::StatusOr<FacetHistory> Run() {
    const std::set<int64_t> edges = Edges();
    const std::vector<int64_t>& numbers = life_.numbers;
    for (size_t begin = 0, end = 0; begin < numbers.size(); begin = end) {
      const auto edge = edges.upper_bound(numbers[begin]);
      end = edge == edges.end()
                ? numbers.size()
                : static_cast<size_t>(std::distance(
                      numbers.begin(), std::lower_bound(numbers.begin(), numbers.end(), *edge)));
      before_ = begin == 0 ? 0 : numbers[begin - 1];
      VARVE_RETURN_IF_ERROR(Take(numbers[begin], numbers[end - 1]));
    }
    return std::move(history_);
  }

 private:
  // Numbers from which on something may be otherwise.
  std::set<int64_t> Edges() const {
    std::set<int64_t> edges;
    for (const SectionRun& run : life_.runs) edges.insert(run.from_seq);
    for (const NameLife& name : life_.names) {
      edges.insert(name.from_seq);
      for (const auto& [facet, rows] : name.facets) {
        AddEdges(rows.versions, edges);
        AddEdges(rows.unseen, edges);
      }
    }
    return edges;
  }
  template <typename Row>
  static void AddEdges(const std::vector<Row>& rows, std::set<int64_t>& edges) {
    for (const Row& row : rows) {
      edges.insert(row.from_seq);
      if (row.to_seq.has_value()) edges.insert(*row.to_seq + 1);
    }
  }

  // Takes the snapshots from `first` to `last`, which say the same.
  absl::Status Take(int64_t first, int64_t last) {
    VARVE_ASSIGN_OR_RETURN(const Look look, LookAt(first));
    bool belongs = false;
    if (look.seen != nullptr && look.state != PieceState::kStatic) {
      VARVE_RETURN_IF_ERROR(TakeSeen(look, first, last));
      belongs = look.state == PieceState::kSeen;
    } else if (look.known_absent) {
      if (known_ == Known::kSeen)
        AddChange(first, v1::Difference::OP_REMOVED, {}, known_seq_, look);
      if (known_ == Known::kSeen) samples_.clear();
      known_ = Known::kAbsent;
      known_seq_ = last;
    }
    AddPiece({first, last, look.state, look.why, belongs ? history_.versions : 0, look.name->key});
    return absl::OkStatus();
  }

  absl::Status TakeSeen(const Look& look, int64_t first, int64_t last) {
    const LineKey key = {*look.name->key, facet_};
    const uint32_t revision = look.run->header->revision();
    std::vector<v1::PropertyChange> changed;
    int64_t since = 0;
    VARVE_ASSIGN_OR_RETURN(const Seen state, StateOf(*look.seen, first));
    for (const auto& [sampled, sample] : samples_) {
      VARVE_ASSIGN_OR_RETURN(const Renames renames, RenamesSince(sample.seq, first));
      // Renames can only matter where there are some.
      if (sampled == std::pair(state, revision) && renames.names.empty()) continue;
      VARVE_ASSIGN_OR_RETURN(const auto found,
                             Compare(sample, key, *look.seen, revision, renames, first));
      for (const v1::PropertyChange& change : found) {
        const bool known = std::any_of(changed.begin(), changed.end(), [&](const auto& other) {
          return IsSameChange(other, change);
        });
        if (!known) changed.push_back(change);
      }
      if (!found.empty()) since = std::max(since, sample.seq);
    }
    const bool added = known_ == Known::kAbsent;
    const bool event = added || !changed.empty();
    if (added) {
      AddChange(first, v1::Difference::OP_ADDED, {}, known_seq_, look);
    } else if (event) {
      AddChange(first, v1::Difference::OP_CHANGED, std::move(changed), since, look);
    }
    if (event || samples_.empty()) {
      ++history_.versions;
      samples_.clear();
    }
    samples_[{state, revision}] = {*look.seen, revision, last, key};
    known_ = Known::kSeen;
    known_seq_ = last;
    return absl::OkStatus();
  }

  // What of a sighting may make another version: of a part, not what else is in the shape, or each
  // version of a table would be compared with all before it in which the part was the same.
  absl::StatusOr<Seen> StateOf(const Seen& seen, int64_t seq) const {
    Seen state = seen;
    if (part_ == nullptr || seen.way != v1::WAY_RUN) return state;
    VARVE_ASSIGN_OR_RETURN(const std::string bytes, part_->bytes(seq, seen.shape));
    state.shape = HashOf<ShapeHash>(bytes);
    return state;
  }

  absl::StatusOr<std::vector<v1::PropertyChange>> Compare(const Sample& sample, const LineKey& key,
                                                          const Seen& seen, uint32_t revision,
                                                          const Renames& renames, int64_t seq) {
    std::vector<v1::PropertyChange> kept;
    VARVE_ASSIGN_OR_RETURN(const std::string* const before, ReadShape(sample.seen.shape));
    VARVE_ASSIGN_OR_RETURN(const std::string* const after, ReadShape(seen.shape));
    VARVE_ASSIGN_OR_RETURN(
        ShapeDifference difference,
        CompareSightings({sample.key, sample.seen, sample.revision, before},
                         {key, seen, revision, after}, renames, sources_.decode));
    for (v1::PropertyChange& change : difference.changed) {
      if (part_ == nullptr || part_->keeps(key.entity, seq, change)) {
        kept.push_back(std::move(change));
      }
    }
    return kept;
  }

  // What locators prove between two snapshots. Renames leave rows, but not of what was out of the
  // configuration meanwhile.
  absl::StatusOr<Renames> RenamesSince(int64_t from, int64_t to) {
    const auto step = life_.renames.upper_bound(from);
    const bool renamed = step != life_.renames.end() && step->first <= to;
    const bool was_out = std::any_of(life_.runs.begin(), life_.runs.end(), [&](const auto& run) {
      return !run.header.has_value() && run.from_seq > from && run.from_seq <= to;
    });
    if (!renamed && !was_out) return Renames{};
    VARVE_ASSIGN_OR_RETURN(const std::shared_ptr<const Section> before, sources_.lines(from));
    VARVE_ASSIGN_OR_RETURN(const std::shared_ptr<const Section> after, sources_.lines(to));
    return RenamesBetween(*before, *after);
  }

  absl::StatusOr<const std::string*> ReadShape(const ShapeHash& hash) {
    const auto known = shapes_.find(hash);
    if (known != shapes_.end()) return &known->second;
    VARVE_ASSIGN_OR_RETURN(const BlobHash blob, BlobHash::FromBytes(hash.bytes()));
    VARVE_ASSIGN_OR_RETURN(std::string bytes, sources_.blob(blob));
    return &(shapes_[hash] = std::move(bytes));
  }

  const NameLife& NameAt(int64_t seq) const {
    return *std::find_if(life_.names.begin(), life_.names.end(),
                         [&](const NameLife& name) { return name.from_seq <= seq; });
  }
  const SectionRun& RunAt(int64_t seq) const {
    return *std::partition_point(life_.runs.begin(), life_.runs.end(),
                                 [&](const SectionRun& run) { return run.to_seq < seq; });
  }

  absl::StatusOr<Look> LookAt(int64_t seq) {
    Look look;
    look.name = &NameAt(seq);
    look.run = &RunAt(seq);
    look.known_absent = !look.name->key.has_value();
    if (!look.run->header.has_value()) {
      look.state = PieceState::kNotConfigured;
    } else if (look.run->header->status() == v1::SECTION_STATUS_UNAVAILABLE) {
      look.state = PieceState::kUnavailable;
    } else if (look.known_absent) {
      look.state = PieceState::kAbsent;
    } else {
      VARVE_RETURN_IF_ERROR(LookAtRows(seq, look));
    }
    return look;
  }

  absl::Status LookAtRows(int64_t seq, Look& look) {
    const auto rows = look.name->facets.find(facet_);
    if (rows == look.name->facets.end()) return LookAtCoverage(seq, look);
    if (const LifeUnseen* const unseen = Holding(rows->second.unseen, seq)) {
      if (unseen->weaker.has_value()) {
        look.seen = &*unseen->weaker;
        look.state = PieceState::kStatic;
      } else if (unseen->reason != v1::SIGHT_NOT_CAPTURED) {
        look.state = PieceState::kUnseen;
        look.why = unseen->reason;
      }
      return absl::OkStatus();
    }
    const LifeVersion* const version = Holding(rows->second.versions, seq);
    if (version == nullptr) return LookAtCoverage(seq, look);
    look.seen = &version->seen;
    look.state = PieceState::kSeen;
    return absl::OkStatus();
  }

  // Why there is no line.
  absl::Status LookAtCoverage(int64_t seq, Look& look) {
    if (look.run->thinned) return absl::OkStatus();
    VARVE_ASSIGN_OR_RETURN(const CoverageIndex* const index,
                           ReadCoverage(look.run->header->coverage_hash()));
    const EntityKey& key = *look.name->key;
    const v1::Facet first = FirstFacet(key.kind);
    const auto rows = look.name->facets.find(first);
    const bool first_is_listed =
        rows != look.name->facets.end() && (Holding(rows->second.versions, seq) != nullptr ||
                                            Holding(rows->second.unseen, seq) != nullptr);
    const bool gone = !first_is_listed && index->StateOf(key, first) == v1::SIGHT_CAPTURED;
    look.why = gone ? v1::SIGHT_CAPTURED : index->StateOf(key, facet_);
    if (look.why == v1::SIGHT_UNSPECIFIED) return absl::OkStatus();
    look.state = look.why == v1::SIGHT_CAPTURED ? PieceState::kAbsent : PieceState::kUnseen;
    look.known_absent = look.state == PieceState::kAbsent;
    if (look.known_absent) look.why = v1::SIGHT_UNSPECIFIED;
    return absl::OkStatus();
  }

  absl::StatusOr<const CoverageIndex*> ReadCoverage(const std::string& hash) {
    const auto known = coverages_.find(hash);
    if (known != coverages_.end()) return &known->second.index;
    VARVE_ASSIGN_OR_RETURN(const BlobHash blob, BlobHash::FromBytes(hash));
    VARVE_ASSIGN_OR_RETURN(const std::string bytes, sources_.blob(blob));
    auto coverage = std::make_unique<v1::Coverage>();
    if (!coverage->ParseFromString(bytes)) {
      return absl::DataLossError(absl::StrCat("coverage ", blob.Short(), " does not parse"));
    }
    CoverageIndex index(*coverage);
    const auto added = coverages_.emplace(hash, Covered{std::move(coverage), std::move(index)});
    return &added.first->second.index;
  }

  void AddChange(int64_t seq, v1::Difference::Op op, std::vector<v1::PropertyChange> properties,
                 int64_t since, const Look& look) {
    history_.changes.push_back(
        {seq, op, std::move(properties), since == before_ ? 0 : since, look.name->key});
  }

  void AddPiece(HistoryPiece piece) {
    if (!history_.pieces.empty()) {
      HistoryPiece& last = history_.pieces.back();
      if (last.state == piece.state && last.why == piece.why && last.version == piece.version &&
          last.key == piece.key) {
        last.to_seq = piece.to_seq;
        return;
      }
    }
    history_.pieces.push_back(std::move(piece));
  }

  struct Covered {
    std::unique_ptr<v1::Coverage> coverage;  // which the index borrows
    CoverageIndex index;
  };

  enum class Known { kNothing, kSeen, kAbsent };

  const ObjectLife& life_;
  const v1::Facet facet_;
  const HistorySources& sources_;
  const HistoryPart* const part_;

  FacetHistory history_;
  int64_t before_ = 0;  // the number before those that are taken
  Known known_ = Known::kNothing;
  int64_t known_seq_ = 0;
  std::map<std::pair<Seen, uint32_t>, Sample> samples_;  // of the version so far
  std::map<ShapeHash, std::string> shapes_;
  std::map<std::string, Covered> coverages_;  // by hash
};

}  // namespace

int64_t GapBefore(const ObjectLife& life, int64_t seq) {
  const auto numbers_end = std::lower_bound(life.numbers.begin(), life.numbers.end(), seq);
  for (auto run = life.runs.rbegin(); run != life.runs.rend(); ++run) {
    const bool was_read = run->header.has_value() &&
                          run->header->status() != v1::SECTION_STATUS_UNAVAILABLE &&
                          run->header->status() != v1::SECTION_STATUS_NOT_CONFIGURED;
    if (run->from_seq >= seq || !was_read) continue;
    const auto last = std::prev(std::upper_bound(life.numbers.begin(), numbers_end, run->to_seq));
    return std::next(last) == numbers_end ? 0 : *last;
  }
  return 0;
}

absl::StatusOr<FacetHistory> HistoryOf(const ObjectLife& life, v1::Facet facet,
                                       const HistorySources& sources, const HistoryPart* part) {
  return Walk(life, facet, sources, part).Run();
}

std::string WhyUnseen(const HistoryPiece& piece, const ObjectLife& life) {
  switch (piece.state) {
    case PieceState::kSeen:
      return "";
    case PieceState::kStatic:
      return "read without running it";
    case PieceState::kAbsent:
      return "not there";
    case PieceState::kUnseen:
      return SightName(piece.why);
    case PieceState::kUnknown:
      return "not captured";
    case PieceState::kNotConfigured:
      return "not configured";
    case PieceState::kUnavailable:
      break;
  }
  for (const SectionRun& run : life.runs) {
    if (run.from_seq > piece.from_seq || piece.from_seq > run.to_seq) continue;
    if (!run.header.has_value() || run.header->errors().empty()) break;
    return absl::StrCat("unavailable: ", run.header->errors(0).doing(), ": ",
                        run.header->errors(0).why());
  }
  return "unavailable";
}

}  // namespace varve
