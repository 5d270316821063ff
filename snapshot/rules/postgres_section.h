// What many rules ask of one section of PostgreSQL: worked out when it is first asked for, then at
// hand for all of them.
//
// Borrows the section: it must outlive this, unchanged. Not thread-safe.
#pragma once

#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "snapshot/section_view.h"
#include "varve/v1/postgres.pb.h"

namespace varve {

struct SeenTable {
  const EntityView* entity;
  const v1::TableStructure* structure;
};

// Its texts are the same bytes for all columns of the same name or type: who looks at each of some
// ten thousand columns waits for memory otherwise.
struct SeenColumn {
  const EntityView* table;
  const v1::Column* column;
  absl::string_view name;
  // The name of its type in pg_catalog ("int4"), of a domain that of the type on which it rests;
  // empty for arrays and for types of other schemas.
  absl::string_view catalog_type;
};

struct SeenForeignKey {
  const EntityView* table;
  const v1::Constraint* constraint;
};

// A column that a sequence fills.
struct FilledColumn {
  const EntityView* table;
  const v1::Column* column;
};

// Columns whose default takes numbers of a sequence, and identity columns, by sequence. A parent's
// are said once, of the parent.
struct SequenceUsers {
  absl::flat_hash_map<EntityKey, std::vector<FilledColumn>> by_sequence;
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
  // Likewise, in the order of their tables.
  absl::Span<const SeenForeignKey> ForeignKeys();
  const SequenceUsers& UsersOfSequences();

 private:
  const SectionView& section_;
  std::optional<std::vector<SeenTable>> tables_;
  std::optional<std::vector<SeenColumn>> columns_;
  std::optional<std::vector<SeenForeignKey>> foreign_keys_;
  std::optional<SequenceUsers> users_;
};

// The type itself, or that on which a domain rests.
const v1::DataType& BaseType(const SectionView& section, const v1::DataType& type);

}  // namespace varve
