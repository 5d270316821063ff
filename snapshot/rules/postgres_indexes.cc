// Rules about indexes of PostgreSQL.
#include <algorithm>
#include <map>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "snapshot/kinds.h"
#include "snapshot/postgres_type.h"
#include "snapshot/rules/postgres_index_use.h"
#include "snapshot/rules/postgres_walk.h"

namespace varve {
namespace {

bool HasTexts(const v1::Index& index) {
  return index.partial() ||
         std::any_of(index.keys().begin(), index.keys().end(),
                     [](const v1::IndexKey& key) { return key.column().empty(); });
}

// What two indexes that do the same have in common. Whether it is unique is left out: a unique
// index serves every query that a plain one does.
std::string Signature(const v1::Index& index) {
  v1::Index common;
  common.set_method(index.method());
  *common.mutable_keys() = index.keys();
  *common.mutable_included() = index.included();
  common.set_partial(index.partial());
  common.set_nulls_not_distinct(index.nulls_not_distinct());
  return common.SerializeAsString();
}

std::string SignatureOfTexts(const v1::IndexExpression* texts) {
  if (texts == nullptr) return "";
  v1::IndexExpression common = *texts;
  common.clear_name();
  return common.SerializeAsString();
}

// Which of two that do the same stays: what a constraint or replication needs, then what is unique.
bool IsStronger(const v1::Index* a, const v1::Index* b) {
  const auto rank = [](const v1::Index& index) {
    return std::make_tuple(!index.primary(), !index.of_constraint(), !index.replica_identity(),
                           !index.unique(), absl::string_view(index.name()));
  };
  return rank(*a) < rank(*b);
}

// Of `same`, the strongest stays, and every other that can go is found.
void FindDuplicates(const EntityView& entity, std::vector<const v1::Index*> same,
                    RuleOutput& output) {
  std::sort(same.begin(), same.end(), IsStronger);
  const bool partitioned = StructureOf(entity).kind() == v1::TABLE_KIND_PARTITIONED;
  // PostgreSQL drops no partitioned index concurrently.
  const absl::string_view drop = partitioned ? "drop index " : "drop index concurrently ";
  for (size_t at = 1; at < same.size(); ++at) {
    const v1::Index& index = *same[at];
    if (index.replica_identity()) continue;
    const std::string remedy =
        index.of_constraint() ? absl::StrCat("alter table ", Sql(entity.key()), " drop constraint ",
                                             SqlName(index.name()), ";")
                              : absl::StrCat(drop, SqlOfIndex(entity.key(), index.name()), ";");
    output.Find(
        ObjectOfIndex(entity.key(), index.name()),
        absl::StrCat("does the same as index ", same[0]->name(), " of ", DisplayName(entity.key())),
        remedy);
  }
}

// Indexes of one signature: those without texts of their own, or whose texts are equal, do the
// same.
void CompareTexts(const EntityView& entity, const std::vector<const v1::Index*>& alike,
                  RuleOutput& output) {
  if (alike.size() < 2) return;
  std::map<std::string, std::vector<const v1::Index*>> same;
  for (const v1::Index* const index : alike) {
    const v1::IndexExpression* const texts = IndexText(entity, index->name());
    if (HasTexts(*index) && texts == nullptr) {
      output.CannotSay(ObjectOfIndex(entity.key(), index->name()),
                       "its expressions or predicate were not seen");
      continue;
    }
    same[SignatureOfTexts(texts)].push_back(index);
  }
  for (const auto& [signature, indexes] : same) FindDuplicates(entity, indexes, output);
}

void FindInvalid(const EntityView& entity, const v1::IndexState& state, RuleOutput& output) {
  const bool is_partitioned = StructureOf(entity).kind() == v1::TABLE_KIND_PARTITIONED;
  const std::string name = SqlOfIndex(entity.key(), state.name());
  output.Find(ObjectOfIndex(entity.key(), state.name()),
              absl::StrCat("index of ", DisplayName(entity.key()), " is ",
                           state.valid() ? "not ready" : "invalid",
                           is_partitioned ? ": a partition lacks its part of it" : ""),
              is_partitioned ? absl::StrCat("alter index ", name, " attach partition …;")
                             : absl::StrCat("reindex index concurrently ", name, ";"));
}

void DuplicateIndex(const RuleInput& input, RuleOutput& output) {
  ForEachTable(input, [&output](const EntityView& entity, const v1::TableStructure& table) {
    if (table.indexes_size() < 2) return;
    std::map<std::string, std::vector<const v1::Index*>> alike;
    for (const v1::Index& index : table.indexes()) {
      // An exclusion constraint's operators are not in its index: two of one signature may exclude
      // different things.
      if (index.of_constraint() && !index.unique()) continue;
      // What is invalid serves nothing, whatever it is like; another rule has it.
      if (IsInvalidIndex(entity, index.name())) continue;
      alike[Signature(index)].push_back(&index);
    }
    for (const auto& [signature, indexes] : alike) CompareTexts(entity, indexes, output);
  });
}

// Whether each key of `shorter` is that of `longer` at its place; texts of expressions are compared
// in their order.
bool BeginsWith(const v1::Index& longer, const v1::IndexExpression* longer_texts,
                const v1::Index& shorter, const v1::IndexExpression* shorter_texts) {
  int expression = 0;
  for (int at = 0; at < shorter.keys_size(); ++at) {
    const v1::IndexKey& a = shorter.keys(at);
    const v1::IndexKey& b = longer.keys(at);
    if (a.column() != b.column() || a.descending() != b.descending() ||
        a.nulls_first() != b.nulls_first() ||
        KeyOf(a.operator_class()) != KeyOf(b.operator_class()) ||
        KeyOf(a.collation()) != KeyOf(b.collation())) {
      return false;
    }
    if (!a.column().empty()) continue;
    const bool have_texts = shorter_texts != nullptr && longer_texts != nullptr &&
                            expression < shorter_texts->keys_size() &&
                            expression < longer_texts->keys_size();
    if (!have_texts || shorter_texts->keys(expression) != longer_texts->keys(expression)) {
      return false;
    }
    ++expression;
  }
  return true;
}

bool HasColumn(const v1::Index& index, const std::string& column) {
  return std::any_of(index.keys().begin(), index.keys().end(),
                     [&column](const v1::IndexKey& key) { return key.column() == column; }) ||
         std::find(index.included().begin(), index.included().end(), column) !=
             index.included().end();
}

bool DoesAllOf(const EntityView& entity, const v1::Index& longer, const v1::Index& shorter) {
  if (longer.method() != "btree" || longer.keys_size() <= shorter.keys_size() ||
      longer.partial() != shorter.partial() || IsInvalidIndex(entity, longer.name())) {
    return false;
  }
  const v1::IndexExpression* const longer_texts = IndexText(entity, longer.name());
  const v1::IndexExpression* const shorter_texts = IndexText(entity, shorter.name());
  if (shorter.partial() && (longer_texts == nullptr || shorter_texts == nullptr ||
                            longer_texts->predicate() != shorter_texts->predicate())) {
    return false;
  }
  return BeginsWith(longer, longer_texts, shorter, shorter_texts) &&
         std::all_of(shorter.included().begin(), shorter.included().end(),
                     [&longer](const std::string& column) { return HasColumn(longer, column); });
}

void RedundantIndex(const RuleInput& input, RuleOutput& output) {
  ForEachTable(input, [&output](const EntityView& entity, const v1::TableStructure& table) {
    if (table.indexes_size() < 2) return;
    const bool is_partitioned = table.kind() == v1::TABLE_KIND_PARTITIONED;
    for (const v1::Index& index : table.indexes()) {
      // What is unique, holds a constraint, sorts the table or tells rows apart does more than to
      // find them.
      if (index.method() != "btree" || index.unique() || index.of_constraint() ||
          index.clustered() || index.replica_identity() || IsInvalidIndex(entity, index.name())) {
        continue;
      }
      const auto longer =
          std::find_if(table.indexes().begin(), table.indexes().end(),
                       [&](const v1::Index& other) { return DoesAllOf(entity, other, index); });
      if (longer == table.indexes().end()) continue;
      output.Find(ObjectOfIndex(entity.key(), index.name()),
                  absl::StrCat("index ", longer->name(), " of ", DisplayName(entity.key()),
                               " begins with the same keys"),
                  absl::StrCat("drop index ", is_partitioned ? "" : "concurrently ",
                               SqlOfIndex(entity.key(), index.name()), ";"));
    }
  });
}

void InvalidIndex(const RuleInput& input, RuleOutput& output) {
  for (const absl::string_view kind : {"table", "materialized_view"}) {
    ForEachOf(input, kind, [&output](const EntityView& entity) {
      for (const auto& state : entity.Shape(v1::FACET_STATE).relation_state().indexes()) {
        if (!state.valid() || !state.ready()) FindInvalid(entity, state, output);
      }
    });
  }
}

// The same index as GIN; of one key, since GIN does not sort by the others.
std::string GinInstead(const EntityView& entity, const v1::Index& index) {
  const bool is_partitioned = StructureOf(entity).kind() == v1::TABLE_KIND_PARTITIONED;
  const absl::string_view concurrently = is_partitioned ? "" : "concurrently ";
  return absl::StrCat("create index ", concurrently, "on ", Sql(entity.key()), " using gin (",
                      SqlName(index.keys(0).column()), "); drop index ", concurrently,
                      SqlOfIndex(entity.key(), index.name()), ";");
}

void BtreeOnContainer(const RuleInput& input, RuleOutput& output) {
  ForEachTable(input, [&](const EntityView& entity, const v1::TableStructure& table) {
    for (const v1::Index& index : table.indexes()) {
      if (index.method() != "btree" || index.unique()) continue;
      for (const v1::IndexKey& key : index.keys()) {
        const v1::Column* const column = ColumnNamed(table, key.column());
        if (column == nullptr) continue;
        const v1::DataType& type = BaseType(input, column->type());
        if (!type.array() && !IsOneOf(type, {"jsonb", "tsvector"})) continue;
        output.Find(ObjectOfIndex(entity.key(), index.name()),
                    absl::StrCat("a btree over ", column->name(), " ", TypeText(column->type()),
                                 " finds whole values alone"),
                    index.keys_size() == 1 ? GinInstead(entity, index) : "");
        break;
      }
    }
  });
}

void ManyIndexes(const RuleInput& input, RuleOutput& output) {
  constexpr int kMost = 10;
  ForEachTable(input, [&output](const EntityView& entity, const v1::TableStructure& table) {
    if (table.indexes_size() <= kMost) return;
    output.Find(DisplayName(entity.key()), absl::StrCat("has ", table.indexes_size(), " indexes"));
  });
}

// Scans that were counted were made, whenever counting began.
void LargeTableWithoutIndex(const RuleInput& input, RuleOutput& output) {
  constexpr int64_t kRows = 10'000, kScans = 100;
  ForEachOf(input, "table", [&output](const EntityView& entity) {
    const v1::TableStructure& table = StructureOf(entity);
    if (table.kind() != v1::TABLE_KIND_PLAIN || table.indexes_size() > 0) return;
    if (table.partition()) return;  // as its parent was made
    const int64_t rows = entity.Number("rows_estimate").value_or(0);
    const int64_t scans = entity.Number("sequential_scans").value_or(0);
    if (rows < kRows || scans < kScans) return;
    output.Find(
        DisplayName(entity.key()),
        absl::StrCat("has no index, and its ", rows, " rows were read through ", scans, " times"));
  });
}

constexpr Need kIndexState[] = {{"table", v1::FACET_STATE}, {"materialized_view", v1::FACET_STATE}};
constexpr Need kScans[] = {{"table", v1::FACET_STRUCTURE},
                           {"table", v1::FACET_UNSPECIFIED, "sequential_scans"}};
constexpr Need kUse[] = {{"table", v1::FACET_STRUCTURE},
                         {"table", v1::FACET_STATE},
                         {"table", v1::FACET_UNSPECIFIED, "index_scans"},
                         {"table", v1::FACET_UNSPECIFIED, "index_bytes"},
                         {"materialized_view", v1::FACET_STRUCTURE},
                         {"materialized_view", v1::FACET_STATE},
                         {"database", v1::FACET_UNSPECIFIED, "statistics_reset_at"}};
constexpr Need kColumnTypes[] = {{"table", v1::FACET_STRUCTURE}, {"domain", v1::FACET_STRUCTURE}};

constexpr RuleRun kRuns[] = {
    {{"pg/btree-on-container", Severity::kWarning, "performance", kColumnTypes,
      "A btree over an array, jsonb or tsvector finds whole values alone, not what they contain.",
      "Use a GIN index."},
     "postgres",
     BtreeOnContainer},
    {{"pg/duplicate-index", Severity::kWarning, "performance", kTableTexts,
      "Two indexes that do the same cost space and time at every write, for nothing.",
      "Drop one of them."},
     "postgres",
     DuplicateIndex},
    {{"pg/invalid-index", Severity::kError, "correctness", kIndexState,
      "An invalid index serves no query and, if it is unique, holds nothing unique, but costs at "
      "every write.",
      "Build it again, or drop it."},
     "postgres",
     InvalidIndex},
    {{"pg/large-table-without-index", Severity::kInfo, "performance", kScans,
      "Each query reads the whole table.",
      "Create an index over the columns by which rows are looked up."},
     "postgres",
     LargeTableWithoutIndex},
    {{"pg/many-indexes", Severity::kInfo, "policy", kTables,
      "Each index costs at every write, and keeps updates from being done in place.",
      "Drop those that no query uses.", kOnlyIfNamed},
     "postgres",
     ManyIndexes},
    {{"pg/redundant-index", Severity::kWarning, "performance", kTableTexts,
      "An index whose keys are the first ones of another serves no query that the other does not.",
      "Drop it; keep it where the longer one is much larger and this one is read often."},
     "postgres",
     RedundantIndex},
    {{"pg/unused-index", Severity::kInfo, "performance", kUse,
      "An index that no query uses costs space, and time at every write.",
      "Drop it, once you know that it is not newer than the statistics, and that no standby uses "
      "it: each server counts its own scans.",
      kOnlyIfNamed},
     "postgres",
     UnusedIndex},
};

}  // namespace

absl::Span<const RuleRun> PostgresIndexRules() { return kRuns; }

}  // namespace varve
