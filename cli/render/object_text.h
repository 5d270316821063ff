// What a snapshot holds, and one object of it as it was: as people read it, and as programs do.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/render/render_view.h"
#include "snapshot/object_name.h"

namespace varve {

// An object of a snapshot, ready to be shown. Borrows the view.
struct ShownObject {
  std::string reference;  // "prod-eu@940", "file:audit"
  const SectionView* section = nullptr;
  const EntityView* entity = nullptr;
  std::vector<std::string> element;  // a part of it, by its path; empty: all of it
  std::string name;                  // as one types it
};

// Errors: kNotFound (the section or the entity is not in the view).
absl::StatusOr<ShownObject> ShownObjectOf(const RenderView& view, const std::string& reference,
                                          const ObjectFound& found);

// Each facet with what it holds, a line for each property and part; what was not seen, and when it
// was last.
std::string ObjectTable(const ShownObject& object);
std::string ObjectMarkdown(const ShownObject& object);
// As JSON of the format "varve.show.v1": docs/formats.md.
std::string ObjectJson(const ShownObject& object);

// How many entities of each kind each section holds, and how the section fared.
std::string ContentsTable(const RenderView& view, const std::string& reference);
std::string ContentsMarkdown(const RenderView& view, const std::string& reference);
std::string ContentsJson(const RenderView& view, const std::string& reference);

}  // namespace varve
