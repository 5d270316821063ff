// Rules about partitions and inheritance of PostgreSQL.
#include <map>
#include <set>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "snapshot/kinds.h"
#include "snapshot/rules/partition_bounds.h"
#include "snapshot/rules/postgres_absence.h"
#include "snapshot/rules/postgres_walk.h"

namespace varve {
namespace {

absl::string_view BoundOf(const EntityView& partition) {
  return TextsOf(partition).partition_bound();
}

bool IsDefault(const EntityView& partition) { return BoundOf(partition) == "DEFAULT"; }

// A table that is partitioned, and its partitions that were seen.
struct Partitioned {
  const EntityView* table = nullptr;
  std::vector<const EntityView*> partitions;
};

// Also of partitions that are partitioned themselves.
std::map<EntityKey, Partitioned> PartitionedTables(const RuleInput& input) {
  std::map<EntityKey, Partitioned> tables;
  ForEachOf(input, "table", [&tables](const EntityView& entity) {
    const v1::TableStructure& table = StructureOf(entity);
    if (table.kind() == v1::TABLE_KIND_PARTITIONED) tables[entity.key()].table = &entity;
    if (!table.partition() || table.parents().empty()) return;
    tables[KeyOf(table.parents(0))].partitions.push_back(&entity);
  });
  return tables;
}

// Each partitioned table with all of its partitions. Of one that may have more `output` says that
// nothing can be said, where `is_suspect` holds.
void ForEachWhole(const RuleInput& input, RuleOutput& output,
                  absl::FunctionRef<bool(const Partitioned&)> is_suspect,
                  absl::FunctionRef<void(const Partitioned&)> look) {
  const bool may_lack = MayLack(input, "table", v1::FACET_STRUCTURE);
  for (const auto& [key, each] : PartitionedTables(input)) {
    if (each.table == nullptr || !is_suspect(each)) continue;
    if (!may_lack) {
      look(each);
    } else {
      output.CannotSay(DisplayName(key), "not every table was read: it may have more partitions");
    }
  }
}

void PartitionedWithoutPartitions(const RuleInput& input, RuleOutput& output) {
  ForEachWhole(
      input, output, [](const Partitioned& each) { return each.partitions.empty(); },
      [&output](const Partitioned& each) {
        const EntityKey& key = each.table->key();
        output.Find(DisplayName(key), "is partitioned, and has no partition",
                    absl::StrCat("create table … partition of ", Sql(key), " …;"));
      });
}

void DefaultPartitionOnly(const RuleInput& input, RuleOutput& output) {
  ForEachWhole(
      input, output,
      [](const Partitioned& each) {
        return each.partitions.size() == 1 && IsDefault(*each.partitions[0]);
      },
      [&output](const Partitioned& each) {
        output.Find(DisplayName(each.table->key()),
                    absl::StrCat("all its rows are in one partition, the default ",
                                 DisplayName(each.partitions[0]->key())));
      });
}

// The exact number where it was counted. A table that was never analysed has no estimate: where it
// was written to, its rows are not known.
void DefaultPartitionHoldsRows(const RuleInput& input, RuleOutput& output) {
  for (const auto& [key, each] : PartitionedTables(input)) {
    if (each.table == nullptr) continue;
    if (StructureOf(*each.table).partitioning().strategy() != "range") continue;
    for (const EntityView* const partition : each.partitions) {
      if (!IsDefault(*partition)) continue;
      const std::string name = DisplayName(partition->key());
      std::optional<int64_t> rows = partition->Number("rows");
      if (!rows.has_value()) rows = partition->Number("rows_estimate");
      if (rows.value_or(0) > 0) {
        output.Find(name, absl::StrCat("is the default partition of ", DisplayName(key),
                                       " and holds ", *rows, " rows"));
      } else if (!rows.has_value() && partition->Number("rows_inserted").value_or(0) > 0) {
        output.CannotSay(
            name, absl::StrCat("its rows were not counted; run: analyze ", Sql(partition->key())));
      }
    }
  }
}

std::vector<std::string> BoundsOf(const Partitioned& each) {
  std::vector<std::string> bounds;
  for (const EntityView* const partition : each.partitions) {
    bounds.emplace_back(BoundOf(*partition));
  }
  return bounds;
}

KeyOrder OrderOf(const RuleInput& input, const v1::TableStructure& table) {
  const v1::Column* const column = ColumnNamed(table, table.partitioning().columns(0));
  if (column == nullptr) return KeyOrder::kUnknown;
  const v1::DataType& type = BaseType(input, column->type());
  if (IsOneOf(type, {"int2", "int4", "int8"})) return KeyOrder::kNumbers;
  return IsOneOf(type, {"date", "timestamp", "timestamptz"}) ? KeyOrder::kTimes
                                                             : KeyOrder::kUnknown;
}

// Empty where its partitions leave no gap, or it cannot be told.
std::string GapOf(const RuleInput& input, const Partitioned& each) {
  const v1::TableStructure& table = StructureOf(*each.table);
  const v1::Partitioning& partitioning = table.partitioning();
  const std::vector<std::string> bounds = BoundsOf(each);
  if (partitioning.strategy() == "hash") return HashGap(bounds);
  if (partitioning.strategy() != "range" || partitioning.columns_size() != 1) return "";
  const std::string gap = RangeGap(bounds, OrderOf(input, table));
  return gap.empty() ? "" : absl::StrCat(partitioning.columns(0), " ", gap);
}

void PartitionGap(const RuleInput& input, RuleOutput& output) {
  ForEachWhole(
      input, output, [&input](const Partitioned& each) { return !GapOf(input, each).empty(); },
      [&](const Partitioned& each) {
        const EntityKey& key = each.table->key();
        output.Find(DisplayName(key), absl::StrCat("no partition takes ", GapOf(input, each)),
                    absl::StrCat("create table … partition of ", Sql(key), " for values …;"));
      });
}

bool HasItsPartOf(const v1::TableStructure& partition, const v1::Index& index) {
  return partition.kind() == v1::TABLE_KIND_FOREIGN ||
         absl::c_any_of(partition.indexes(),
                        [&index](const v1::Index& each) { return each.parent() == index.name(); });
}

// That the parent's index is not valid is pg/invalid-index's to say: this one names whom to mend.
void PartitionWithoutParentsIndex(const RuleInput& input, RuleOutput& output) {
  for (const auto& [key, each] : PartitionedTables(input)) {
    if (each.table == nullptr) continue;
    for (const v1::Index& index : StructureOf(*each.table).indexes()) {
      std::vector<const EntityView*> without;
      for (const EntityView* const partition : each.partitions) {
        if (!HasItsPartOf(StructureOf(*partition), index)) without.push_back(partition);
      }
      if (without.empty()) continue;
      const EntityKey& first = without[0]->key();
      output.Find(
          ObjectOfIndex(key, index.name()),
          absl::StrCat(without.size(), " of ", each.partitions.size(),
                       " partitions have no part of it, the first of them ", DisplayName(first)),
          absl::StrCat("create index … on ", Sql(first), " (…); alter index ",
                       SqlOfIndex(key, index.name()), " attach partition …;"));
    }
  }
}

absl::string_view ActionText(v1::ReferentialAction action) {
  switch (action) {
    case v1::REFERENTIAL_ACTION_RESTRICT:
      return "restrict";
    case v1::REFERENTIAL_ACTION_CASCADE:
      return "cascade";
    case v1::REFERENTIAL_ACTION_SET_NULL:
      return "set null";
    case v1::REFERENTIAL_ACTION_SET_DEFAULT:
      return "set default";
    default:
      return "no action";
  }
}

// "unique (id)", "foreign key (a) references public.t (id) on delete cascade": what a child does
// not have of its parent by itself; empty of other constraints. Beside a primary key of the child's
// own that of its parent can be unique.
std::string OwnOnly(const v1::Constraint& each) {
  const std::string columns = absl::StrCat(" (", SqlList(ListOf(each.columns())), ")");
  switch (each.type()) {
    case v1::CONSTRAINT_TYPE_PRIMARY_KEY:
    case v1::CONSTRAINT_TYPE_UNIQUE:
      return absl::StrCat("unique", columns);
    case v1::CONSTRAINT_TYPE_FOREIGN_KEY:
      return absl::StrCat("foreign key", columns, " references ", Sql(KeyOf(each.references())),
                          " (", SqlList(ListOf(each.referenced_columns())), ") on update ",
                          ActionText(each.on_update()), " on delete ",
                          ActionText(each.on_delete()));
    default:
      return "";
  }
}

template <typename Names>
std::set<std::string> SetOf(const Names& names) {
  return {names.begin(), names.end()};
}

// A unique index does as a key; of foreign keys the actions may differ. That a child has no primary
// key at all is pg/table-without-primary-key's to say.
bool NeedsNoOther(const v1::TableStructure& child, const v1::Constraint& wanted) {
  const std::set<std::string> columns = SetOf(wanted.columns());
  if (wanted.type() == v1::CONSTRAINT_TYPE_PRIMARY_KEY && PrimaryKeyOf(child) == nullptr) {
    return true;
  }
  if (wanted.type() == v1::CONSTRAINT_TYPE_FOREIGN_KEY) {
    return absl::c_any_of(child.constraints(), [&](const v1::Constraint& each) {
      return each.type() == v1::CONSTRAINT_TYPE_FOREIGN_KEY && SetOf(each.columns()) == columns &&
             KeyOf(each.references()) == KeyOf(wanted.references());
    });
  }
  return absl::c_any_of(child.indexes(), [&columns](const v1::Index& index) {
    std::set<std::string> keys;
    for (const v1::IndexKey& key : index.keys()) keys.insert(key.column());
    return index.unique() && !index.partial() && keys == columns;
  });
}

void InheritedChildWithoutConstraints(const RuleInput& input, RuleOutput& output) {
  ForEachTable(input, [&](const EntityView& entity, const v1::TableStructure& table) {
    for (const v1::Identity& each : table.parents()) {
      const v1::TableStructure* const parent = TableAt(input, each);
      if (parent == nullptr) continue;
      for (const v1::Constraint& constraint : parent->constraints()) {
        const std::string missing = OwnOnly(constraint);
        if (missing.empty() || NeedsNoOther(table, constraint)) continue;
        output.Find(ObjectOfParts(entity.key(), ListOf(constraint.columns())),
                    absl::StrCat("does not inherit ", constraint.name(), " of ",
                                 DisplayName(KeyOf(each)), ", and has none like it"),
                    absl::StrCat(AlterTable(entity.key()), "add ", missing, ";"));
      }
    }
  });
}

constexpr Need kRows[] = {{"table", v1::FACET_STRUCTURE},
                          {"table", v1::FACET_EXPRESSIONS},
                          {"table", v1::FACET_UNSPECIFIED, "rows_estimate"}};

constexpr RuleRun kRuns[] = {
    {{"pg/default-partition-holds-rows", Severity::kWarning, "correctness", kRows,
      "A partition for these rows cannot be added before they are moved, and the scan that looks "
      "for them locks the table.",
      "Move the rows out, add the partition, and put them back."},
     "postgres",
     DefaultPartitionHoldsRows},
    {{"pg/default-partition-only", Severity::kInfo, "performance", kTableTexts,
      "Every query reads the one partition, and no old one can be dropped.",
      "Add partitions, or make the table a plain one."},
     "postgres",
     DefaultPartitionOnly},
    {{"pg/inherited-child-without-constraints", Severity::kWarning, "correctness", kTables,
      "Keys are not inherited: the child takes rows that its parent would refuse.",
      "Add the key to the child."},
     "postgres",
     InheritedChildWithoutConstraints},
    {{"pg/partition-gap", Severity::kWarning, "correctness", kTableTexts,
      "A row that no partition takes is refused.", "Add the missing partition."},
     "postgres",
     PartitionGap},
    {{"pg/partition-without-parents-index", Severity::kWarning, "performance", kTables,
      "The parent's index is not valid before every partition has its part, and queries read those "
      "without it whole.",
      "Create the index on the partitions that lack it, and attach each to the parent's."},
     "postgres",
     PartitionWithoutParentsIndex},
    {{"pg/partitioned-without-partitions", Severity::kWarning, "correctness", kTables,
      "A table without partitions refuses every row.", "Add a partition."},
     "postgres",
     PartitionedWithoutPartitions},
};

}  // namespace

absl::Span<const RuleRun> PostgresPartitionRules() { return kRuns; }

}  // namespace varve
