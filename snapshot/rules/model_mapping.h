// Which table a model stands for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "snapshot/section_view.h"

namespace varve {

struct MappedTable {
  const EntityView* table = nullptr;  // its structure was seen
  bool is_declared = false;           // the model's own mapper says so; else its name and fields do
};

// The table of a model in the databases that were read; nothing where it has none, where several
// could be meant, or where it is no model of rows (settings, roots, generic templates). By name
// alone only where most of its fields are columns of that table.
std::optional<MappedTable> FindTable(const EntityView& model,
                                     const std::vector<const SectionView*>& databases);

// The column of a field: by its name, its alias, or its name in snake case. Null where there is
// none.
const v1::Column* FindColumn(const v1::TableStructure& table, const v1::ModelField& field);

// Whether the field stands for rows of another table (a relation of the mapper), or is a part of
// none.
bool IsRelation(const v1::ModelField& field);

}  // namespace varve
