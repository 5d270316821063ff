#include "cli/render/overview.h"

#include <algorithm>

#include "cli/render/numbers.h"
#include "snapshot/left_out.h"

namespace varve {
namespace {

int64_t CountThere(absl::Span<const EntityView> entities) {
  int64_t count = 0;
  for (const EntityView& entity : entities) count += entity.IsThere() ? 1 : 0;
  return count;
}

void CountTable(const v1::TableStructure& table, Counts& counts) {
  if (table.kind() == v1::TABLE_KIND_FOREIGN) {
    ++counts.foreign_tables;
  } else {
    ++counts.tables;
    counts.columns += table.columns_size();
  }
  counts.constraints += table.constraints_size();
  counts.indexes += table.indexes_size();
  counts.triggers += table.triggers_size();
  for (const v1::Constraint& constraint : table.constraints()) {
    counts.primary_keys += constraint.type() == v1::CONSTRAINT_TYPE_PRIMARY_KEY ? 1 : 0;
    counts.foreign_keys += constraint.type() == v1::CONSTRAINT_TYPE_FOREIGN_KEY ? 1 : 0;
  }
}

void CountViews(absl::Span<const EntityView> views, Counts& counts) {
  for (const EntityView& view : views) {
    counts.triggers += view.Shape(v1::FACET_STRUCTURE).view().triggers_size();
    counts.indexes += view.Shape(v1::FACET_STRUCTURE).view().indexes_size();
  }
}

void Add(const Counts& from, Counts& to) {
  to.tables += from.tables;
  to.foreign_tables += from.foreign_tables;
  to.columns += from.columns;
  to.primary_keys += from.primary_keys;
  to.foreign_keys += from.foreign_keys;
  to.indexes += from.indexes;
  to.constraints += from.constraints;
  to.triggers += from.triggers;
  to.views += from.views;
  to.materialized_views += from.materialized_views;
  to.functions += from.functions;
  to.sequences += from.sequences;
  to.types += from.types;
  to.extensions += from.extensions;
  to.schemas += from.schemas;
  to.redis_keys += from.redis_keys;
  to.redis_patterns += from.redis_patterns;
  to.redis_memory_bytes += from.redis_memory_bytes;
  to.models += from.models;
  to.model_fields += from.model_fields;
}

}  // namespace

Counts CountSection(const SectionView& section) {
  Counts counts;
  for (const EntityView& entity : section.OfKind("table")) {
    if (entity.IsThere()) CountTable(entity.Shape(v1::FACET_STRUCTURE).table(), counts);
  }
  for (const EntityView& entity : section.OfKind("model")) {
    if (!entity.IsThere()) continue;
    ++counts.models;
    counts.model_fields += entity.Shape(v1::FACET_STRUCTURE).model().fields_size();
  }
  CountViews(section.OfKind("view"), counts);
  CountViews(section.OfKind("materialized_view"), counts);
  counts.views = CountThere(section.OfKind("view"));
  counts.materialized_views = CountThere(section.OfKind("materialized_view"));
  counts.functions = CountThere(section.OfKind("function"));
  counts.sequences = CountThere(section.OfKind("sequence"));
  for (const absl::string_view kind : kTypeKinds) counts.types += CountThere(section.OfKind(kind));
  counts.extensions = CountThere(section.OfKind("extension"));
  counts.schemas = CountThere(section.OfKind("schema"));
  counts.redis_patterns = CountThere(section.OfKind("key_pattern"));
  counts.redis_keys = static_cast<int64_t>(section.section().measures->redis().total_keys());
  counts.redis_memory_bytes =
      static_cast<int64_t>(section.section().measures->redis().memory_bytes());
  return counts;
}

Counts CountAll(const RenderView& view) {
  Counts all;
  for (const SectionView& section : view.sections()) Add(CountSection(section), all);
  return all;
}

std::string CountText(const RenderView& view, absl::string_view source_kind, absl::string_view kind,
                      int64_t count) {
  if (IsUnread(view, source_kind)) return "unknown";
  const std::vector<const SectionView*> sections = view.OfKind(source_kind);
  const bool is_left_out =
      std::all_of(sections.begin(), sections.end(), [&](const SectionView* section) {
        return section->header().status() == v1::SECTION_STATUS_UNAVAILABLE ||
               IsLeftOutWhole(section->coverage(), kind);
      });
  return is_left_out ? "excluded" : WithCommas(count);
}

bool IsUnread(const RenderView& view, absl::string_view source_kind) {
  const std::vector<const SectionView*> sections = view.OfKind(source_kind);
  return std::all_of(sections.begin(), sections.end(), [](const SectionView* section) {
    return section->header().status() == v1::SECTION_STATUS_UNAVAILABLE;
  });
}

}  // namespace varve
