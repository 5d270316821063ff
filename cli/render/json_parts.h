// Pieces of the JSON files that several kinds share. Each writes members into the object that is
// open.
#pragma once

#include <initializer_list>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "cli/render/json_writer.h"
#include "cli/render/render_view.h"
#include "varve/v1/common_shapes.pb.h"
#include "varve/v1/measures.pb.h"

namespace varve {

// What people wrote about parts of an entity, to look up.
class PartComments {
 public:
  explicit PartComments(const v1::Docs& docs) : docs_(&docs) {}
  // Empty where nobody wrote one.
  absl::string_view Of(absl::string_view part, absl::string_view name) const;

 private:
  const v1::Docs* docs_;
};

// The first two names as `schema` and `name`.
void WriteName(JsonWriter& out, const EntityKey& key);
// `owner`, `privileges` (null where the catalog's default holds) and `comment`.
void WriteOwnerAndComment(JsonWriter& out, const EntityView& entity);
// An object of settings by name.
void WriteOptions(JsonWriter& out, absl::string_view key,
                  const google::protobuf::RepeatedPtrField<v1::Option>& options);
// `measures`: an object by name, of the entity or its part `element`; nothing where there is none.
void WriteMeasures(JsonWriter& out, const EntityView& entity, absl::string_view element = "");
// `depends_on`: what the entity, or a part of it, needs of others; nothing where it needs none.
void WriteDependencies(JsonWriter& out, const EntityView& entity);
// `unseen`: by facet, why it could not be looked at; nothing where all was seen.
void WriteUnseen(JsonWriter& out, const EntityView& entity);
// `masked`: true, where something of the entity was masked; nothing else.
void WriteMasked(JsonWriter& out, const EntityView& entity);

// An object by name of those that are there: each an object of what `write` writes, `masked` and
// `unseen`.
void WriteEntities(JsonWriter& out, absl::string_view key, absl::Span<const EntityView> entities,
                   void (*write)(JsonWriter& out, const EntityView& entity));

// A fact that only one kind of source has in its `metadata`; null where `text` is empty.
struct SourceFact {
  absl::string_view key;
  absl::string_view text;
};
// `metadata` of one source's part of a file.
void WriteMetadata(JsonWriter& out, const RenderView& view, const SectionView& section,
                   std::initializer_list<SourceFact> facts);
// `not_seen` and `errors` of the sections that are told together: what could not be looked at, and
// what went wrong.
void WriteNotSeen(JsonWriter& out, const std::vector<const SectionView*>& sections);
void WriteErrors(JsonWriter& out, const std::vector<const SectionView*>& sections);

}  // namespace varve
