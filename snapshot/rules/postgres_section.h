// What many rules ask of one section of PostgreSQL: worked out when it is first asked for, then at
// hand for all of them.
//
// Borrows the section: it must outlive this, unchanged. Not thread-safe.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "snapshot/section_view.h"
#include "varve/v1/postgres.pb.h"

namespace varve {

struct SeenTable {
  const EntityView* entity;
  const v1::TableStructure* structure;
};

struct SeenColumn {
  const EntityView* table;
  const v1::Column* column;
  // The name of its type in pg_catalog ("int4"), of a domain that of the type on which it rests;
  // empty for arrays and for types of other schemas.
  absl::string_view catalog_type;
};

// A column that a sequence fills.
struct FilledColumn {
  const EntityView* table;
  const v1::Column* column;
};

// Columns whose default takes numbers of a sequence, and identity columns, by sequence. A parent's
// are said once, of the parent.
struct SequenceUsers {
  std::map<EntityKey, std::vector<FilledColumn>> by_sequence;
  bool are_all = true;  // every table's defaults were seen

  absl::Span<const FilledColumn> Of(const EntityKey& sequence) const;
};

class PostgresSection {
 public:
  explicit PostgresSection(const SectionView& section) : section_(section) {}

  const SectionView& view() const { return section_; }
  // Each plain and each partitioned table that was seen, by name. No partitions: what their parent
  // has is said once, of the parent.
  absl::Span<const SeenTable> Tables();
  // Their columns, without those that they only have of a parent, by name: so findings are sorted.
  absl::Span<const SeenColumn> Columns();
  const SequenceUsers& UsersOfSequences();

 private:
  const SectionView& section_;
  std::optional<std::vector<SeenTable>> tables_;
  std::optional<std::vector<SeenColumn>> columns_;
  std::optional<SequenceUsers> users_;
};

// The type itself, or that on which a domain rests.
const v1::DataType& BaseType(const SectionView& section, const v1::DataType& type);

}  // namespace varve
