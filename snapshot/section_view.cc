#include "snapshot/section_view.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "base/status.h"
#include "snapshot/kinds.h"

namespace varve {

const FacetView* EntityView::Find(v1::Facet facet) const {
  for (const FacetView& view : facets_) {
    if (view.facet == facet) return &view;
  }
  return nullptr;
}

bool EntityView::Saw(v1::Facet facet) const {
  const FacetView* const view = Find(facet);
  return view != nullptr && view->is_seen;
}

const v1::Shape& EntityView::Shape(v1::Facet facet) const {
  const FacetView* const view = Find(facet);
  return view == nullptr ? v1::Shape::default_instance() : *view->shape;
}

bool EntityView::IsThere() const {
  const FacetView* const first = Find(FirstFacet(key().kind));
  return first != nullptr && (first->is_seen || first->line->sent);
}

const v1::Measure* EntityView::FindMeasure(absl::string_view name,
                                           absl::string_view element) const {
  if (measures_ == nullptr) return nullptr;
  for (const v1::Measure& measure : measures_->measures()) {
    if (measure.name() == name && measure.element() == element) return &measure;
  }
  return nullptr;
}

std::optional<int64_t> EntityView::Number(absl::string_view name, absl::string_view element) const {
  const v1::Measure* const measure = FindMeasure(name, element);
  if (measure == nullptr || measure->value_case() != v1::Measure::kNumber) return std::nullopt;
  return measure->number();
}

absl::string_view EntityView::Text(absl::string_view name, absl::string_view element) const {
  const v1::Measure* const measure = FindMeasure(name, element);
  return measure == nullptr ? absl::string_view() : absl::string_view(measure->text());
}

namespace {

// The shapes of a section, each decoded once.
class Shapes {
 public:
  Shapes(const Section& section, google::protobuf::Arena& arena)
      : section_(section), arena_(arena) {}

  absl::StatusOr<const v1::Shape*> Decoded(const ShapeHash& hash) {
    const auto [at, is_new] = known_.try_emplace(hash, nullptr);
    if (!is_new) return at->second;
    auto* const shape = google::protobuf::Arena::CreateMessage<v1::Shape>(&arena_);
    VARVE_RETURN_IF_ERROR(DecodeShape(section_, hash, *shape));
    at->second = shape;
    return shape;
  }

 private:
  const Section& section_;
  google::protobuf::Arena& arena_;
  absl::flat_hash_map<ShapeHash, const v1::Shape*> known_;
};

// Below 0 where `a` comes before `b` in the order of keys, above where after.
template <typename A, typename B>
int Compare(absl::string_view a_kind, const A& a, absl::string_view b_kind, const B& b) {
  if (const int order = a_kind.compare(b_kind); order != 0) return order;
  const int shared = std::min(static_cast<int>(a.size()), static_cast<int>(b.size()));
  for (int i = 0; i < shared; ++i) {
    const int order = a[i].compare(b[i]);
    if (order != 0) return order;
  }
  return static_cast<int>(a.size()) - static_cast<int>(b.size());
}

// The measures of a section for who walks over its entities in order: nothing is looked up.
class MeasuresInOrder {
 public:
  explicit MeasuresInOrder(const v1::Measures& measures) {
    all_.reserve(static_cast<size_t>(measures.entities_size()));
    for (const v1::EntityMeasures& entity : measures.entities()) all_.push_back(&entity);
    const auto is_before = [](const v1::EntityMeasures* a, const v1::EntityMeasures* b) {
      return Compare(a->identity().kind(), a->identity().names(), b->identity().kind(),
                     b->identity().names()) < 0;
    };
    // A collector keeps measures as they came: an agent of another make may order them otherwise.
    if (!absl::c_is_sorted(all_, is_before)) absl::c_stable_sort(all_, is_before);
  }

  // Of several the first; null where there are none. No key may be before the one asked last.
  const v1::EntityMeasures* Of(const EntityKey& key) {
    for (; next_ < all_.size(); ++next_) {
      const v1::Identity& identity = all_[next_]->identity();
      const int order = Compare(identity.kind(), identity.names(), key.kind, key.names);
      if (order >= 0) return order == 0 ? all_[next_] : nullptr;
    }
    return nullptr;
  }

 private:
  std::vector<const v1::EntityMeasures*> all_;
  size_t next_ = 0;
};

}  // namespace

absl::StatusOr<SectionView> SectionView::Of(const Section& section) {
  return Opening(section, [](const EntityKey&) { return true; });
}

absl::StatusOr<SectionView> SectionView::Opening(
    const Section& section, absl::FunctionRef<bool(const EntityKey& entity)> opens) {
  SectionView view;
  view.section_ = &section;
  view.arena_ = std::make_shared<google::protobuf::Arena>();
  Shapes shapes(section, *view.arena_);
  VARVE_ASSIGN_OR_RETURN(view.coverage_, DecodeCoverage(section));
  MeasuresInOrder measures(*section.measures);
  bool is_open = false;
  for (const ReadLine& line : section.lines) {
    const EntityKey& key = line.line.key.entity;
    if (view.entities_.empty() || view.entities_.back().key() != key) {
      EntityView& added = view.entities_.emplace_back();
      added.facets_.reserve(4);  // few have more: one allocation instead of three
      added.measures_ = measures.Of(key);
      is_open = opens(key);
    }
    FacetView& facet = view.entities_.back().facets_.emplace_back(
        FacetView{&line, &v1::Shape::default_instance(), line.line.key.facet, false});
    if (const Seen* const current = line.Current()) {
      facet.is_seen = true;
      if (!is_open) continue;
      VARVE_ASSIGN_OR_RETURN(facet.shape, shapes.Decoded(current->shape));
    }
  }
  return view;
}

absl::StatusOr<EntityView> SectionView::Open(const EntityView& entity,
                                             google::protobuf::Arena& arena) const {
  EntityView open = entity;
  for (FacetView& facet : open.facets_) {
    if (!facet.is_seen) continue;
    auto* const shape = google::protobuf::Arena::CreateMessage<v1::Shape>(&arena);
    VARVE_RETURN_IF_ERROR(DecodeShape(*section_, facet.line->Current()->shape, *shape));
    facet.shape = shape;
  }
  return open;
}

absl::Span<const EntityView> SectionView::OfKind(absl::string_view kind) const {
  const auto begin = std::lower_bound(entities_.begin(), entities_.end(), kind,
                                      [](const EntityView& entity, absl::string_view wanted) {
                                        return entity.key().kind < wanted;
                                      });
  const auto end = std::upper_bound(begin, entities_.end(), kind,
                                    [](absl::string_view wanted, const EntityView& entity) {
                                      return wanted < entity.key().kind;
                                    });
  return absl::MakeConstSpan(entities_.data() + (begin - entities_.begin()),
                             static_cast<size_t>(end - begin));
}

const EntityView* SectionView::Find(const EntityKey& key) const {
  const auto at = std::lower_bound(
      entities_.begin(), entities_.end(), key,
      [](const EntityView& entity, const EntityKey& wanted) { return entity.key() < wanted; });
  return at != entities_.end() && at->key() == key ? &*at : nullptr;
}

}  // namespace varve
