// The counts that the summary, the analysis and the files give.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "cli/render/render_view.h"

namespace varve {

// Kinds of types, of which Counts::types is the sum.
constexpr absl::string_view kTypeKinds[] = {"enum", "domain", "composite_type", "range_type",
                                            "base_type"};

struct Counts {
  int64_t tables = 0;  // plain and partitioned ones, partitions included
  int64_t foreign_tables = 0;
  int64_t columns = 0;  // of tables
  int64_t primary_keys = 0;
  int64_t foreign_keys = 0;
  int64_t indexes = 0;  // of tables and materialized views
  int64_t constraints = 0;
  int64_t triggers = 0;  // of tables and views
  int64_t views = 0;
  int64_t materialized_views = 0;
  int64_t functions = 0;  // procedures and aggregates included
  int64_t sequences = 0;
  int64_t types = 0;
  int64_t extensions = 0;
  int64_t schemas = 0;
  int64_t redis_keys = 0;
  int64_t redis_patterns = 0;
  int64_t redis_memory_bytes = 0;
  int64_t models = 0;
  int64_t model_fields = 0;
};

Counts CountSection(const SectionView& section);

// Over all sections.
Counts CountAll(const RenderView& view);

// Whether the counts of a source kind say nothing, since none of its sources could be read: a zero
// would claim that nothing is there.
bool IsUnread(const RenderView& view, absl::string_view source_kind);

// A count for people: "1,234"; "unknown" where no source of the kind could be read, and "excluded"
// where each leaves all entities of `kind` ("" is none) out.
std::string CountText(const RenderView& view, absl::string_view source_kind, absl::string_view kind,
                      int64_t count);

}  // namespace varve
