#include "snapshot/object_history.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "snapshot/kinds.h"
#include "snapshot/shape_elements.h"
#include "snapshot/shape_words.h"

namespace varve {
namespace {

using Path = std::vector<std::string>;

// The facets that are told of a kind, the one that says whether it is there first.
std::vector<v1::Facet> FacetsOf(const std::string& kind) {
  const Kind* const known = FindKind(kind);
  if (known == nullptr) return {v1::FACET_STRUCTURE};
  std::vector<v1::Facet> facets;
  for (const KindFacet& each : known->facets) {
    if (each.facet != v1::FACET_REPRESENTATION) facets.push_back(each.facet);
  }
  return facets;
}

// "column" of "columns": how a comment names the list of its part.
std::string PartWord(absl::string_view list) {
  if (list == "indexes") return "index";
  if (list == "policies") return "policy";
  return std::string(list.substr(0, list.empty() ? 0 : list.size() - 1));
}

// Whether a change at `path` touches the part `element`.
template <typename Names>
bool Touches(v1::Facet facet, const Names& path, const Path& element) {
  if (facet == v1::FACET_DOCS) {
    if (path.size() < 2 || path[0] != "elements" || element.size() != 2) return false;
    const std::string& named = path[1];
    if (named == absl::StrCat(PartWord(element[0]), " ", element[1])) return true;
    return element[0] == "fields" && (named == absl::StrCat("title ", element[1]) ||
                                      named == absl::StrCat("examples ", element[1]));
  }
  if (static_cast<size_t>(path.size()) < element.size()) return false;
  return std::equal(element.begin(), element.end(), path.begin());
}

// Looks into what the rows of a life name.
class LifeReader {
 public:
  LifeReader(const ObjectLife& life, const HistorySources& sources)
      : life_(life), sources_(sources) {}

  const NameLife& NameAt(int64_t seq) const {
    return *absl::c_find_if(life_.names,
                            [&](const NameLife& name) { return name.from_seq <= seq; });
  }

  // What the last snapshot's part `element` is called in snapshot `seq`. Columns alone are renamed
  // with proof.
  Path ElementAt(const Path& element, int64_t seq) const {
    Path there = element;
    if (element.size() < 2 || element[0] != "columns") return there;
    const auto& renames = life_.renames;
    for (auto step = renames.rbegin(); step != renames.rend() && step->first > seq; ++step) {
      const std::optional<EntityKey>& key = NameAt(step->first).key;
      if (!key.has_value()) break;
      RenameMap::Names column = key->names;
      column.push_back(there[1]);
      const auto before = step->second.CommonOfA(column, kColumn);
      if (before.has_value()) there[1] = before->back();
    }
    return there;
  }

  // The newest that is known of a facet from snapshot `from` to `to`; null where it was not seen.
  const Seen* SeenIn(v1::Facet facet, int64_t from, int64_t to) const {
    const NameLife& name = NameAt(to);
    const auto rows = name.facets.find(facet);
    if (rows == name.facets.end()) return nullptr;
    const Seen* newest = nullptr;
    for (const LifeVersion& version : rows->second.versions) {
      const bool ends_before = version.to_seq.has_value() && *version.to_seq < from;
      if (version.from_seq <= to && !ends_before) newest = &version.seen;
    }
    return newest;
  }

  absl::StatusOr<v1::Shape> ShapeIn(v1::Facet facet, int64_t from, int64_t to) {
    const Seen* const seen = SeenIn(facet, from, to);
    if (seen == nullptr) return v1::Shape();
    VARVE_ASSIGN_OR_RETURN(const v1::Shape* const shape, Read(seen->shape));
    return *shape;
  }

  // All that a shape says of the part, as bytes.
  absl::StatusOr<std::string> PartOf(const ShapeHash& hash, v1::Facet facet, const Path& element) {
    VARVE_ASSIGN_OR_RETURN(const v1::Shape* const shape, Read(hash));
    std::string bytes;
    VisitElements(*shape, [&](const ElementPath& at, const google::protobuf::Message& message) {
      // What stands inside a part is in its bytes already.
      const size_t depth = facet == v1::FACET_DOCS ? 2 : element.size();
      if (at.path.size() != depth || !Touches(facet, at.path, element)) return;
      absl::StrAppend(&bytes, message.ByteSizeLong(), " ", message.SerializeAsString());
    });
    return bytes;
  }

  // The facet whose shape has the part: where it is a structure's, that.
  absl::StatusOr<v1::Facet> HomeOf(const Path& element, const std::vector<v1::Facet>& facets) {
    if (element.empty()) return facets.front();
    for (const v1::Facet facet : facets) {
      if (facet == v1::FACET_DOCS) continue;
      VARVE_ASSIGN_OR_RETURN(const v1::Shape shape,
                             ShapeIn(facet, life_.numbers.front(), life_.numbers.back()));
      bool has = false;
      VisitElements(shape, [&](const ElementPath& at, const google::protobuf::Message&) {
        has |= at.path == element;
      });
      if (has) return facet;
    }
    return facets.front();
  }

  int64_t TimeOf(int64_t seq) const {
    const auto at = absl::c_lower_bound(life_.numbers, seq);
    return life_.times_us[static_cast<size_t>(at - life_.numbers.begin())];
  }
  // The number before `seq`; 0: none.
  int64_t Before(int64_t seq) const {
    const auto at = absl::c_lower_bound(life_.numbers, seq);
    return at == life_.numbers.begin() ? 0 : *(at - 1);
  }

 private:
  absl::StatusOr<const v1::Shape*> Read(const ShapeHash& hash) {
    const auto known = shapes_.find(hash);
    if (known != shapes_.end()) return &known->second;
    VARVE_ASSIGN_OR_RETURN(const BlobHash blob, BlobHash::FromBytes(hash.bytes()));
    VARVE_ASSIGN_OR_RETURN(const std::string bytes, sources_.blob(blob));
    v1::Shape shape;
    if (!shape.ParseFromString(bytes)) {
      return absl::DataLossError(absl::StrCat("shape ", blob.Short(), " does not parse"));
    }
    return &(shapes_[hash] = std::move(shape));
  }

  const ObjectLife& life_;
  const HistorySources& sources_;
  std::map<ShapeHash, v1::Shape> shapes_;
};

class Telling {
 public:
  Telling(const ObjectLife& life, const Path& element, const HistorySources& sources,
          LifeReader& reader)
      : life_(life), element_(element), sources_(sources), reader_(reader) {}

  absl::StatusOr<v1::ObjectHistory> Tell() {
    const EntityKey& entity = *life_.names.front().key;
    const std::vector<v1::Facet> facets = FacetsOf(entity.kind);
    VARVE_ASSIGN_OR_RETURN(home_, reader_.HomeOf(element_, facets));
    for (const v1::Facet facet : facets) VARVE_RETURN_IF_ERROR(TakeFacet(facet));
    TakeRenames();
    VARVE_RETURN_IF_ERROR(AddVersions());
    *told_.mutable_identity() = IdentityOf(entity);
    told_.mutable_element()->Assign(element_.begin(), element_.end());
    told_.set_last_seq(life_.numbers.back());
    return std::move(told_);
  }

 private:
  struct Moment {
    std::vector<v1::Difference> changes;
    int64_t since = 0;
    bool removed = false;
  };

  absl::Status TakeFacet(v1::Facet facet) {
    const HistoryPart part = {
        [this, facet](const EntityKey&, int64_t seq, const v1::PropertyChange& change) {
          return Touches(facet, change.path(), reader_.ElementAt(element_, seq));
        },
        [this, facet](int64_t seq, const ShapeHash& shape) {
          return reader_.PartOf(shape, facet, reader_.ElementAt(element_, seq));
        }};
    VARVE_ASSIGN_OR_RETURN(const FacetHistory history,
                           HistoryOf(life_, facet, sources_, element_.empty() ? nullptr : &part));
    for (const HistoryChange& change : history.changes) TakeChange(facet, change);
    for (const HistoryPiece& piece : history.pieces) TakePiece(facet, piece);
    return absl::OkStatus();
  }

  void TakeChange(v1::Facet facet, const HistoryChange& change) {
    // The other facets of an object come and go with it.
    const bool comes_or_goes = change.op != v1::Difference::OP_CHANGED;
    if (facet != home_ && comes_or_goes && (!element_.empty() || moments_.count(change.seq) > 0)) {
      return;
    }
    Moment& moment = moments_[change.seq];
    v1::Difference& told = moment.changes.emplace_back();
    told.set_op(change.op);
    told.set_facet(facet);
    if (change.key.has_value()) *told.mutable_identity() = IdentityOf(*change.key);
    for (const v1::PropertyChange& property : change.properties) {
      *told.add_changes() = property;
      const bool is_whole = facet == home_ && !element_.empty() &&
                            static_cast<size_t>(property.path_size()) == element_.size();
      if (is_whole && !property.has_after()) moment.removed = true;
    }
    moment.since = std::max(moment.since, change.since_seq);
    if (change.since_seq != 0) {
      told.set_between_from(change.since_seq);
      told.set_between_to(change.seq);
    }
    moment.removed |= facet == home_ && change.op == v1::Difference::OP_REMOVED;
  }

  void TakePiece(v1::Facet facet, const HistoryPiece& piece) {
    if (facet == home_ && first_seen_ == 0 &&
        (piece.state == PieceState::kSeen || piece.state == PieceState::kStatic)) {
      first_seen_ = piece.from_seq;
    }
    const bool whole =
        piece.state == PieceState::kUnavailable || piece.state == PieceState::kNotConfigured;
    const bool is_gap = whole || piece.state == PieceState::kUnseen ||
                        piece.state == PieceState::kStatic || piece.state == PieceState::kUnknown;
    if (!is_gap || first_seen_ == 0 || (whole && facet != home_)) return;
    // A kind's facet that no agent looks at yet is no gap.
    if (piece.state == PieceState::kUnknown && facet != home_) return;
    v1::HistoryGap& gap = *told_.add_gaps();
    gap.set_from_seq(piece.from_seq);
    gap.set_to_seq(piece.to_seq);
    if (!whole) gap.set_facet(facet);
    gap.set_why(WhyUnseen(piece, life_));
  }

  v1::Difference& AddRename(int64_t seq) {
    Moment& moment = moments_[seq];
    v1::Difference& told = moment.changes.emplace_back();
    told.set_op(v1::Difference::OP_RENAMED);
    told.set_proven(true);
    told.set_facet(home_);
    if (const int64_t since = GapBefore(life_, seq); since != 0) {
      moment.since = std::max(moment.since, since);
      told.set_between_from(since);
      told.set_between_to(seq);
    }
    return told;
  }

  void TakeRenames() {
    for (size_t i = 0; i + 1 < life_.names.size(); ++i) {
      const NameLife& name = life_.names[i];
      if (!life_.names[i + 1].key.has_value()) continue;
      v1::Difference& told = AddRename(name.from_seq);
      *told.mutable_identity() = IdentityOf(*name.key);
      *told.mutable_was() = IdentityOf(*life_.names[i + 1].key);
    }
    if (element_.empty()) return;
    for (const auto& [seq, renames] : life_.renames) {
      const Path now = reader_.ElementAt(element_, seq);
      const Path before = reader_.ElementAt(element_, reader_.Before(seq));
      if (now == before) continue;
      v1::Difference& told = AddRename(seq);
      if (const auto& key = reader_.NameAt(seq).key) *told.mutable_identity() = IdentityOf(*key);
      v1::PropertyChange& change = *told.add_changes();
      change.mutable_path()->Assign(now.begin(), now.end());
      change.set_before(before.back());
      change.set_after(now.back());
    }
  }

  absl::Status AddVersions() {
    if (first_seen_ == 0) return absl::OkStatus();
    moments_[first_seen_];  // where nothing is told of it, it was there before
    for (auto moment = moments_.begin(); moment != moments_.end(); ++moment) {
      if (moment->first < first_seen_) continue;
      const auto next = std::next(moment);
      const int64_t last =
          next == moments_.end() ? life_.numbers.back() : reader_.Before(next->first);
      VARVE_RETURN_IF_ERROR(AddVersion(moment->first, last, moment->second));
    }
    std::sort(told_.mutable_gaps()->begin(), told_.mutable_gaps()->end(),
              [](const v1::HistoryGap& a, const v1::HistoryGap& b) {
                return std::make_pair(a.from_seq(), a.facet()) <
                       std::make_pair(b.from_seq(), b.facet());
              });
    return absl::OkStatus();
  }

  absl::Status AddVersion(int64_t from, int64_t to, const Moment& moment) {
    const Path element = reader_.ElementAt(element_, from);
    v1::ObjectVersion version;
    version.set_from_seq(from);
    version.set_from_time_us(reader_.TimeOf(from));
    version.set_to_seq(to);
    version.set_to_time_us(reader_.TimeOf(to));
    version.set_since_seq(moment.since);
    version.set_gone(moment.removed);
    if (const auto& key = reader_.NameAt(from).key) *version.mutable_identity() = IdentityOf(*key);
    version.mutable_element()->Assign(element.begin(), element.end());
    for (const v1::Difference& change : moment.changes) *version.add_changes() = change;
    if (!moment.removed) {
      VARVE_ASSIGN_OR_RETURN(const v1::Shape shape, reader_.ShapeIn(home_, from, to));
      VARVE_ASSIGN_OR_RETURN(const v1::Shape texts,
                             reader_.ShapeIn(v1::FACET_EXPRESSIONS, from, to));
      version.set_words(element.empty() ? EntityWords(shape) : ElementWords(shape, texts, element));
      // The object was there before its part.
      if (!element.empty() && version.words().empty() && moment.changes.empty()) {
        return absl::OkStatus();
      }
    }
    *told_.add_versions() = std::move(version);
    return absl::OkStatus();
  }

  const ObjectLife& life_;
  const Path& element_;
  const HistorySources& sources_;
  LifeReader& reader_;
  v1::Facet home_ = v1::FACET_STRUCTURE;
  std::map<int64_t, Moment> moments_;  // by the number of the snapshot that tells
  int64_t first_seen_ = 0;
  v1::ObjectHistory told_;
};

// What a part is called in the answer, and whether it is worth a line: what stands inside a part is
// told with it.
bool IsBlamed(const ElementPath& at) {
  return at.path.size() == 2 || (at.path.size() == 3 && at.path[0] == "table") ||
         (at.path.size() == 4 && at.path[0] == "values");
}

}  // namespace

absl::StatusOr<v1::ObjectHistory> TellHistory(const ObjectLife& life, const Path& element,
                                              const HistorySources& sources) {
  LifeReader reader(life, sources);
  return Telling(life, element, sources, reader).Tell();
}

absl::StatusOr<v1::BlameResult> TellBlame(const ObjectLife& life, const HistorySources& sources) {
  v1::BlameResult result;
  LifeReader reader(life, sources);
  const EntityKey& entity = *life.names.front().key;
  const int64_t last = life.numbers.back();
  VARVE_ASSIGN_OR_RETURN(const v1::Shape shape,
                         reader.ShapeIn(FirstFacet(entity.kind), life.numbers.front(), last));
  VARVE_ASSIGN_OR_RETURN(const v1::Shape texts,
                         reader.ShapeIn(v1::FACET_EXPRESSIONS, life.numbers.front(), last));
  std::vector<Path> parts;
  VisitElements(shape, [&](const ElementPath& at, const google::protobuf::Message&) {
    if (IsBlamed(at)) parts.push_back(at.path);
  });
  // An index that stands behind a constraint of its name is told with it.
  const auto is_of_constraint = [&](const Path& part) {
    return part[0] == "indexes" && absl::c_linear_search(parts, Path{"constraints", part[1]});
  };
  const auto is_of_part = [](const v1::Difference& change) {
    return change.facet() != v1::FACET_DOCS && change.facet() != v1::FACET_ACCESS &&
           change.facet() != v1::FACET_STATE &&
           !(change.op() == v1::Difference::OP_RENAMED && change.changes().empty());
  };
  for (const Path& part : parts) {
    if (is_of_constraint(part)) continue;
    VARVE_ASSIGN_OR_RETURN(const v1::ObjectHistory history,
                           Telling(life, part, sources, reader).Tell());
    const v1::ObjectVersion* brought = nullptr;
    for (const v1::ObjectVersion& version : history.versions()) {
      if (brought == nullptr || absl::c_any_of(version.changes(), is_of_part)) brought = &version;
    }
    if (brought == nullptr) continue;
    v1::BlameLine& line = *result.add_lines();
    line.mutable_element()->Assign(part.begin(), part.end());
    line.set_words(ElementWords(shape, texts, part));
    line.set_seq(brought->from_seq());
    line.set_time_us(brought->from_time_us());
    line.set_since_first_seen(brought->changes().empty());
    line.set_since_seq(brought->since_seq());
  }
  *result.mutable_identity() = IdentityOf(entity);
  result.set_last_seq(last);
  return result;
}

}  // namespace varve
