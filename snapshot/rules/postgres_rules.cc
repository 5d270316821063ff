// Rules of one PostgreSQL database.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "snapshot/kinds.h"
#include "snapshot/postgres_type.h"
#include "snapshot/rules/rule_run.h"

namespace varve {
namespace {

// "public.orders" as SQL has it.
std::string Sql(const EntityKey& key) {
  return absl::StrJoin(key.names, ".", [](std::string* out, const std::string& name) {
    out->append(QuotedIdentifier(name));
  });
}

// "public.orders_idx": an index lives in its table's schema.
std::string SqlOfIndex(const EntityKey& table, absl::string_view index) {
  return absl::StrCat(QuotedIdentifier(table.names[0]), ".", QuotedIdentifier(index));
}

std::string ObjectOfIndex(const EntityKey& table, absl::string_view index) {
  return absl::StrCat(table.names[0], ".", index);
}

bool IsOrdinary(const v1::TableStructure& table) {
  return table.kind() == v1::TABLE_KIND_PLAIN || table.kind() == v1::TABLE_KIND_PARTITIONED;
}

const v1::TableStructure& StructureOf(const EntityView& entity) {
  return entity.Shape(v1::FACET_STRUCTURE).table();
}

// Of an entity that is there: whether the facet was seen; where not, says so.
bool Saw(const EntityView& entity, v1::Facet facet, RuleOutput& output) {
  if (entity.Saw(facet)) return true;
  const FacetView* const view = entity.Find(facet);
  const std::string why = view == nullptr ? "not captured" : SightName(view->line->line.unseen);
  output.CannotSay(DisplayName(entity.key()), absl::StrCat(FacetName(facet), ": ", why));
  return false;
}

// Foreign keys ------------------------------------------------------------------------------------

bool IsInvalid(const EntityView& entity, const std::string& index) {
  for (const v1::IndexState& state : entity.Shape(v1::FACET_STATE).relation_state().indexes()) {
    if (state.name() == index) return !state.valid() || !state.ready();
  }
  return false;  // where its state was not seen, it is taken as valid: no finding without proof
}

enum class Serves { kNo, kUnknown, kYes };

// The deparsed texts of an index; null where it has none or they were not seen.
const v1::IndexExpression* TextsOf(const EntityView& entity, absl::string_view index) {
  const v1::TableExpressions& texts = entity.Shape(v1::FACET_EXPRESSIONS).table_expressions();
  for (const v1::IndexExpression& text : texts.indexes()) {
    if (text.name() == index) return &text;
  }
  return nullptr;
}

// A partial index serves the look-up of a foreign key where all it leaves out are rows without the
// key.
Serves CoversEveryKey(const EntityView& entity, const v1::Index& index,
                      const v1::Constraint& constraint) {
  if (!index.partial()) return Serves::kYes;
  const v1::IndexExpression* const text = TextsOf(entity, index.name());
  if (text == nullptr) return Serves::kUnknown;
  const bool covers = std::any_of(
      constraint.columns().begin(), constraint.columns().end(), [&text](const std::string& column) {
        return text->predicate() == absl::StrCat("(", QuotedIdentifier(column), " IS NOT NULL)");
      });
  return covers ? Serves::kYes : Serves::kNo;
}

bool BeginsWith(const v1::Index& index, const v1::Constraint& constraint) {
  const int width = constraint.columns_size();
  if (index.keys_size() < width) return false;
  if (index.method() == "hash" ? width != 1 : index.method() != "btree") return false;
  std::set<std::string> keys;
  for (int at = 0; at < width; ++at) keys.insert(index.keys(at).column());
  return keys == std::set<std::string>(constraint.columns().begin(), constraint.columns().end());
}

// How the best of the table's indexes serves the foreign key.
Serves HasIndexFor(const EntityView& entity, const v1::Constraint& constraint) {
  Serves best = Serves::kNo;
  for (const v1::Index& index : StructureOf(entity).indexes()) {
    if (!BeginsWith(index, constraint) || IsInvalid(entity, index.name())) continue;
    best = std::max(best, CoversEveryKey(entity, index, constraint));
  }
  return best;
}

std::string ObjectOfKey(const EntityKey& table, const v1::Constraint& constraint) {
  const std::string columns = absl::StrJoin(constraint.columns(), ", ");
  if (constraint.columns_size() == 1) return absl::StrCat(DisplayName(table), ".", columns);
  return absl::StrCat(DisplayName(table), "(", columns, ")");
}

void FindKeyWithoutIndex(const EntityView& entity, const v1::Constraint& constraint,
                         RuleOutput& output) {
  const Serves serves = HasIndexFor(entity, constraint);
  if (serves == Serves::kYes) return;
  if (serves == Serves::kUnknown) {
    return output.CannotSay(ObjectOfKey(entity.key(), constraint),
                            "it has a partial index whose predicate was not seen");
  }
  // On a partitioned table an index cannot be built concurrently.
  const bool is_partitioned = StructureOf(entity).kind() == v1::TABLE_KIND_PARTITIONED;
  const std::string columns = absl::StrJoin(
      constraint.columns(), ", ",
      [](std::string* out, const std::string& column) { out->append(QuotedIdentifier(column)); });
  output.Find(ObjectOfKey(entity.key(), constraint),
              absl::StrCat("foreign key ", constraint.name(), " to ",
                           DisplayName(KeyOf(constraint.references())),
                           " has no index that begins with its columns"),
              absl::StrCat("create index ", is_partitioned ? "" : "concurrently ", "on ",
                           Sql(entity.key()), " (", columns, ");"));
}

// Duplicate indexes -------------------------------------------------------------------------------

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
                                             QuotedIdentifier(index.name()), ";")
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
    const v1::IndexExpression* const texts = TextsOf(entity, index->name());
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

}  // namespace

void TableWithoutPrimaryKey(const RuleInput& input, RuleOutput& output) {
  for (const EntityView& entity : input.section.OfKind("table")) {
    if (!entity.IsThere() || !Saw(entity, v1::FACET_STRUCTURE, output)) continue;
    const v1::TableStructure& table = StructureOf(entity);
    // A partition has its parent's key.
    if (!IsOrdinary(table) || table.partition()) continue;
    const bool has_key = std::any_of(
        table.constraints().begin(), table.constraints().end(),
        [](const v1::Constraint& each) { return each.type() == v1::CONSTRAINT_TYPE_PRIMARY_KEY; });
    if (has_key) continue;
    output.Find(DisplayName(entity.key()), "has no primary key",
                absl::StrCat("alter table ", Sql(entity.key()), " add primary key (…);"));
  }
}

void ForeignKeyWithoutIndex(const RuleInput& input, RuleOutput& output) {
  for (const EntityView& entity : input.section.OfKind("table")) {
    if (!entity.IsThere() || !Saw(entity, v1::FACET_STRUCTURE, output)) continue;
    const v1::TableStructure& table = StructureOf(entity);
    if (!IsOrdinary(table) || table.partition()) continue;
    for (const v1::Constraint& constraint : table.constraints()) {
      if (constraint.type() == v1::CONSTRAINT_TYPE_FOREIGN_KEY) {
        FindKeyWithoutIndex(entity, constraint, output);
      }
    }
  }
}

void DuplicateIndex(const RuleInput& input, RuleOutput& output) {
  for (const EntityView& entity : input.section.OfKind("table")) {
    if (!entity.IsThere() || !Saw(entity, v1::FACET_STRUCTURE, output)) continue;
    if (StructureOf(entity).partition()) continue;  // its indexes are parts of its parent's
    std::map<std::string, std::vector<const v1::Index*>> alike;
    for (const v1::Index& index : StructureOf(entity).indexes()) {
      // An exclusion constraint's operators are not in its index: two of one signature may exclude
      // different things.
      if (index.of_constraint() && !index.unique()) continue;
      if (IsInvalid(entity, index.name()))
        continue;  // serves nothing, whatever it is like; another rule's
      alike[Signature(index)].push_back(&index);
    }
    for (const auto& [signature, indexes] : alike) CompareTexts(entity, indexes, output);
  }
}

void InvalidIndex(const RuleInput& input, RuleOutput& output) {
  for (const absl::string_view kind : {"table", "materialized_view"}) {
    for (const EntityView& entity : input.section.OfKind(kind)) {
      const bool has_indexes = StructureOf(entity).indexes_size() > 0 ||
                               entity.Shape(v1::FACET_STRUCTURE).view().indexes_size() > 0;
      if (!entity.IsThere() || !has_indexes || !Saw(entity, v1::FACET_STATE, output)) continue;
      for (const v1::IndexState& state : entity.Shape(v1::FACET_STATE).relation_state().indexes()) {
        if (!state.valid() || !state.ready()) FindInvalid(entity, state, output);
      }
    }
  }
}

}  // namespace varve
