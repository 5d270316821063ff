// A section as who shows or judges it wants it: its entities, each with its facets decoded and its
// measures at hand.
//
// Borrows the section: it must outlive the view, unchanged. Not thread-safe while it is made, then
// immutable.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "google/protobuf/arena.h"
#include "snapshot/section.h"
#include "varve/v1/measures.pb.h"
#include "varve/v1/shape.pb.h"

namespace varve {

// One facet of an entity.
struct FacetView {
  const ReadLine* line;  // never null
  // What this snapshot saw, weaker reads included; empty where `line->Current()` is null. Never
  // null; the section's view owns it, and several lines may share one.
  const v1::Shape* shape;
  // At hand for who walks over thousands of entities: as `line` has them.
  v1::Facet facet;
  bool is_seen;
};

// One entity. An unseen facet reads as an empty message: ask Saw first where that matters.
class EntityView {
 public:
  const EntityKey& key() const { return facets_.front().line->line.key.entity; }
  absl::Span<const FacetView> facets() const { return facets_; }

  // Null where the entity has no line of that facet.
  const FacetView* Find(v1::Facet facet) const;
  bool Saw(v1::Facet facet) const;
  // The shape of a facet; the empty shape where it was not seen.
  const v1::Shape& Shape(v1::Facet facet) const;

  // Whether the entity is there: its kind's first facet was seen, or the agent says that it is
  // there and unreadable.
  bool IsThere() const;

  // A measure of the entity, or of its part `element`; nothing where it was not counted.
  std::optional<int64_t> Number(absl::string_view name, absl::string_view element = "") const;
  // Empty where it was not read.
  absl::string_view Text(absl::string_view name, absl::string_view element = "") const;
  // Null where nothing was counted.
  const v1::EntityMeasures* measures() const { return measures_; }

 private:
  friend class SectionView;
  const v1::Measure* FindMeasure(absl::string_view name, absl::string_view element) const;

  std::vector<FacetView> facets_;
  const v1::EntityMeasures* measures_ = nullptr;
};

class SectionView {
 public:
  // Errors: kDataLoss (a shape is missing, fails its hash or does not parse; likewise the
  // coverage).
  static absl::StatusOr<SectionView> Of(const Section& section);
  // The same with the shapes of those entities alone that `opens` takes: of a large section all of
  // them take much room. Those of the others are empty until Open gives them. Errors: as of Of, for
  // what is opened.
  static absl::StatusOr<SectionView> Opening(
      const Section& section, absl::FunctionRef<bool(const EntityKey& entity)> opens);
  // An entity of this view with its shapes, which are on `arena`, and good as long as it is.
  // Errors: kDataLoss, as Of.
  absl::StatusOr<EntityView> Open(const EntityView& entity, google::protobuf::Arena& arena) const;

  const Section& section() const { return *section_; }
  const v1::SectionHeader& header() const { return section_->header; }
  const v1::Coverage& coverage() const { return coverage_; }
  // All entities, by key.
  absl::Span<const EntityView> entities() const { return entities_; }
  // Those of one kind, by names.
  absl::Span<const EntityView> OfKind(absl::string_view kind) const;
  // Null where there is none.
  const EntityView* Find(const EntityKey& key) const;

 private:
  const Section* section_ = nullptr;
  std::shared_ptr<google::protobuf::Arena> arena_;  // of the shapes; shared by copies of the view
  v1::Coverage coverage_;
  std::vector<EntityView> entities_;
};

}  // namespace varve
