// Columns, constraints and indexes of a relation together with their deparsed texts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "snapshot/section_view.h"
#include "varve/v1/postgres.pb.h"

namespace varve {

// Looks up the deparsed texts of one table or view. Borrows the entity.
class RelationTexts {
 public:
  explicit RelationTexts(const EntityView& entity);

  // Empty where there is none, or it was not seen.
  absl::string_view OfColumn(absl::string_view name) const;
  absl::string_view OfConstraint(absl::string_view name) const;
  absl::string_view OfTrigger(absl::string_view name) const;
  absl::string_view OfRule(absl::string_view name) const;
  const v1::PolicyExpression& OfPolicy(absl::string_view name) const;
  absl::string_view Predicate(absl::string_view index) const;
  // What the index is over, in order: column names and expressions; "(expression)" where that was
  // not seen.
  std::vector<std::string> Keys(const v1::Index& index) const;

 private:
  absl::flat_hash_map<absl::string_view, absl::string_view> columns_;
  absl::flat_hash_map<absl::string_view, absl::string_view> constraints_;
  absl::flat_hash_map<absl::string_view, absl::string_view> triggers_;
  absl::flat_hash_map<absl::string_view, absl::string_view> rules_;
  absl::flat_hash_map<absl::string_view, const v1::PolicyExpression*> policies_;
  absl::flat_hash_map<absl::string_view, const v1::IndexExpression*> indexes_;
};

// The columns of the primary key, in key order; empty where there is none.
std::vector<std::string> PrimaryKeyColumns(const v1::TableStructure& table);

// Rows of a table: counted, or the server's estimate.
struct RowCount {
  std::optional<int64_t> rows;
  absl::string_view source = "";  // "exact", "estimate"; empty where not known
};
RowCount RowsOf(const EntityView& table);

}  // namespace varve
