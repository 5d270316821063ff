#include "snapshot/section_view.h"

#include <algorithm>
#include <utility>

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

}  // namespace

absl::StatusOr<SectionView> SectionView::Of(const Section& section) {
  SectionView view;
  view.section_ = &section;
  view.arena_ = std::make_shared<google::protobuf::Arena>();
  Shapes shapes(section, *view.arena_);
  VARVE_ASSIGN_OR_RETURN(view.coverage_, DecodeCoverage(section));
  absl::flat_hash_map<EntityKey, const v1::EntityMeasures*> measures;
  for (const v1::EntityMeasures& entity : section.measures->entities()) {
    measures.try_emplace(KeyOf(entity.identity()), &entity);
  }
  for (const ReadLine& line : section.lines) {
    const EntityKey& key = line.line.key.entity;
    if (view.entities_.empty() || view.entities_.back().key() != key) {
      EntityView& added = view.entities_.emplace_back();
      added.facets_.reserve(4);  // few have more: one allocation instead of three
      const auto found = measures.find(key);
      if (found != measures.end()) added.measures_ = found->second;
    }
    FacetView& facet = view.entities_.back().facets_.emplace_back(
        FacetView{&line, &v1::Shape::default_instance(), line.line.key.facet, false});
    if (const Seen* const current = line.Current()) {
      facet.is_seen = true;
      VARVE_ASSIGN_OR_RETURN(facet.shape, shapes.Decoded(current->shape));
    }
  }
  return view;
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
