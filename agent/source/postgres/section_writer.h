// Puts what was read into a section: redacted, without the facets whose catalogs could not be read,
// and with coverage that says so.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "agent/redaction/redaction.h"
#include "agent/source/postgres/catalog.h"
#include "agent/source/postgres/dependencies.h"
#include "google/protobuf/arena.h"
#include "snapshot/kinds.h"
#include "snapshot/section_builder.h"
#include "snapshot/selection.h"

namespace varve::postgres {

// Why a facet of a kind, or of one entity, is not there.
struct Unseen {
  v1::Sight sight = v1::SIGHT_FAILED;
  std::string reason;
  std::string remedy;
};

// A facet of an entity while it is put together: its shape, and what was masked in it.
class FacetShape {
  // A shape is many small messages, and gone once its bytes are written.
  std::unique_ptr<google::protobuf::Arena> arena_ = std::make_unique<google::protobuf::Arena>();

 public:
  explicit FacetShape(const Redactor& redactor)
      : shape(*google::protobuf::Arena::CreateMessage<v1::Shape>(arena_.get())),
        redactor_(redactor) {}
  v1::Shape& shape;  // goes with this

  // `text` without what looks like a secret.
  std::string Mask(absl::string_view text) { return redactor_.MaskText(text, masked_); }
  // The same of an expression that gives the value of something called `name`: where the name is a
  // secret's, its constants are masked, and no names of objects ('…'::regclass).
  std::string MaskExpression(absl::string_view name, absl::string_view expression);
  // The same of a value as it is.
  std::string MaskValue(absl::string_view name, absl::string_view value) {
    return redactor_.MaskValue(name, value, masked_);
  }
  // Appends the items of an array of `name=value` (reloptions, proconfig, ftoptions), raw, as
  // options whose texts are in `form`.
  void MaskOptions(absl::string_view array, TextForm form,
                   google::protobuf::RepeatedPtrField<v1::Option>& options);
  const Masked& masked() const { return masked_; }

 private:
  const Redactor& redactor_;
  Masked masked_;
};

// Not thread-safe. Borrows what it is made with, but for the selection.
class SectionWriter {
 public:
  // With `selection`, what it leaves out is counted, and nothing of it comes into the section.
  // `section` is the cluster's or a database's: it has the kinds of that one, and says nothing of
  // others.
  SectionWriter(SectionBuilder& builder, const Redactor& redactor,
                KindScope section = KindScope::kDatabase)
      : SectionWriter(builder, redactor, Selection(), section) {}
  SectionWriter(SectionBuilder& builder, const Redactor& redactor, Selection selection,
                KindScope section = KindScope::kDatabase)
      : builder_(builder),
        redactor_(redactor),
        selection_(std::move(selection)),
        section_(section) {}

  // What the entities need of others goes into their shapes; borrowed, null for none.
  void UseDependencies(const Dependencies* dependencies) { dependencies_ = dependencies; }

  // Nothing of this facet will be in the section; kind "" is every kind of it. The first
  // reason stays.
  void Block(absl::string_view kind, unsigned facets, const Unseen& why);
  bool IsBlocked(absl::string_view kind, v1::Facet facet) const;

  // Whether the configuration leaves the entity out: reading anything of it is wasted.
  bool LeavesOut(const EntityKey& entity) const { return selection_.LeavesOut(entity); }
  bool LeavesOutAll(absl::string_view kind) const { return selection_.LeavesOutAll(kind); }

  FacetShape NewShape() const { return FacetShape(redactor_); }
  // Nothing where the facet is blocked. `locator` goes with the first facet of the kind.
  void Add(const EntityKey& entity, v1::Facet facet, FacetShape shape,
           const v1::Locator& locator = {});
  // It is there, but this facet of it could not be looked at.
  void AddUnseen(const EntityKey& entity, v1::Facet facet, const Unseen& why);

  // Says of a part of a kind, under `scope`, that it could not be looked at: a line that is missing
  // there is not known to be gone.
  void CoverPart(const EntityKey& scope, v1::Facet facet, const Unseen& why);

  // Says that an entity of that kind was left out, since it belongs to an extension.
  void CountMember(absl::string_view kind, absl::string_view extension);

  void MeasureNumber(const EntityKey& entity, absl::string_view name, int64_t value,
                     absl::string_view element = "");

  void MeasureText(const EntityKey& entity, absl::string_view name, absl::string_view value,
                   absl::string_view element = "");
  // As SectionBuilder's.
  void Error(absl::string_view doing, absl::string_view why, absl::string_view remedy = "",
             const EntityKey* entity = nullptr);
  void Warning(absl::string_view doing, absl::string_view why, absl::string_view remedy = "",
               const EntityKey* entity = nullptr);

  // As SectionBuilder's.
  void SortSoFar() { builder_.SortSoFar(); }

  // States the coverage of every kind. Call once, last.
  void Finish();

 private:
  // Entities of a kind that were left out: of each pattern of `exclude`, and what is not included.
  struct LeftOutCounts {
    std::vector<uint64_t> by_pattern;
    uint64_t not_included = 0;
  };
  bool CountIfLeftOut(const EntityKey& entity);
  void CoverKind(const Kind& kind);
  bool HasKind(const Kind& kind) const;
  bool IsLookedAt(const Kind& kind, v1::Facet facet) const;

  SectionBuilder& builder_;
  const Redactor& redactor_;
  const Dependencies* dependencies_ = nullptr;
  const Selection selection_;
  const KindScope section_;
  absl::flat_hash_set<EntityKey> left_out_;
  std::map<std::string, LeftOutCounts, std::less<>> left_out_counts_;  // by kind
  std::map<std::pair<std::string, v1::Facet>, Unseen> blocked_;
  std::map<std::pair<std::string, std::string>, uint64_t> members_;  // kind, extension
};

}  // namespace varve::postgres
