#include "snapshot/rules/postgres_section.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "snapshot/rules/postgres_walk.h"

namespace varve {
namespace {

std::vector<SeenTable> TablesOf(const SectionView& section) {
  std::vector<SeenTable> tables;
  for (const EntityView& entity : section.OfKind("table")) {
    if (!entity.Saw(v1::FACET_STRUCTURE)) continue;
    const v1::TableStructure& table = StructureOf(entity);
    if (table.kind() == v1::TABLE_KIND_FOREIGN || table.partition()) continue;
    tables.push_back({&entity, &table});
  }
  return tables;
}

absl::string_view CatalogTypeOf(const v1::DataType& type) {
  const v1::Identity& identity = type.type();
  const bool is_of_catalog =
      !type.array() && identity.names_size() == 2 && identity.names(0) == "pg_catalog";
  return is_of_catalog ? absl::string_view(identity.names(1)) : absl::string_view();
}

void AddUsersByDefault(const SeenTable& table, SequenceUsers& users) {
  const EntityView& entity = *table.entity;
  // A table without defaults has no such facet.
  users.are_all &=
      entity.Find(v1::FACET_EXPRESSIONS) == nullptr || entity.Saw(v1::FACET_EXPRESSIONS);
  for (const v1::Dependency& each : entity.Shape(v1::FACET_EXPRESSIONS).dependencies()) {
    if (each.part().kind() != "default" || each.on().kind() != "sequence") continue;
    const v1::Column* const column = ColumnNamed(*table.structure, each.part().name());
    if (column == nullptr || column->not_local() || column->inherited()) continue;
    users.by_sequence[KeyOf(each.on())].push_back({&entity, column});
  }
}

void AddUserByIdentity(const SectionView& section, const EntityView& entity, SequenceUsers& users) {
  const v1::SequenceStructure& sequence = entity.Shape(v1::FACET_STRUCTURE).sequence();
  if (!sequence.of_identity()) return;
  const EntityView* const table = section.Find(KeyOf(sequence.owner_table()));
  if (table == nullptr) return;
  const v1::Column* const column = ColumnNamed(StructureOf(*table), sequence.owner_column());
  if (column != nullptr) users.by_sequence[entity.key()].push_back({table, column});
}

}  // namespace

absl::Span<const FilledColumn> SequenceUsers::Of(const EntityKey& sequence) const {
  const auto found = by_sequence.find(sequence);
  if (found == by_sequence.end()) return {};
  return found->second;
}

absl::Span<const SeenTable> PostgresSection::Tables() {
  if (!tables_.has_value()) tables_ = TablesOf(section_);
  return *tables_;
}

absl::Span<const SeenColumn> PostgresSection::Columns() {
  if (columns_.has_value()) return *columns_;
  columns_.emplace();
  absl::flat_hash_set<absl::string_view> texts;
  const auto shared = [&texts](absl::string_view text) { return *texts.insert(text).first; };
  for (const SeenTable& table : Tables()) {
    const auto first = static_cast<ptrdiff_t>(columns_->size());
    for (const v1::Column& column : table.structure->columns()) {
      if (column.not_local()) continue;
      columns_->push_back({table.entity, &column, shared(column.name()),
                           shared(CatalogTypeOf(BaseType(section_, column.type())))});
    }
    std::sort(columns_->begin() + first, columns_->end(),
              [](const SeenColumn& a, const SeenColumn& b) { return a.name < b.name; });
  }
  return *columns_;
}

absl::Span<const SeenForeignKey> PostgresSection::ForeignKeys() {
  if (foreign_keys_.has_value()) return *foreign_keys_;
  foreign_keys_.emplace();
  for (const SeenTable& table : Tables()) {
    for (const v1::Constraint& constraint : table.structure->constraints()) {
      if (constraint.type() != v1::CONSTRAINT_TYPE_FOREIGN_KEY || constraint.not_local()) continue;
      foreign_keys_->push_back({table.entity, &constraint});
    }
  }
  return *foreign_keys_;
}

const SequenceUsers& PostgresSection::UsersOfSequences() {
  if (users_.has_value()) return *users_;
  users_.emplace();
  for (const SeenTable& table : Tables()) AddUsersByDefault(table, *users_);
  for (const EntityView& sequence : section_.OfKind("sequence")) {
    if (sequence.Saw(v1::FACET_STRUCTURE)) AddUserByIdentity(section_, sequence, *users_);
  }
  return *users_;
}

const v1::DataType& BaseType(const SectionView& section, const v1::DataType& type) {
  const v1::DataType* base = &type;
  // A domain may rest on another; none rests on itself.
  while (!base->array() && base->type().kind() == "domain") {
    const EntityView* const domain = section.Find(KeyOf(base->type()));
    if (domain == nullptr || !domain->Saw(v1::FACET_STRUCTURE)) break;
    base = &domain->Shape(v1::FACET_STRUCTURE).domain().base();
  }
  return *base;
}

}  // namespace varve
