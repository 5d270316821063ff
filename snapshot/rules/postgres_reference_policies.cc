// Rules about foreign keys of PostgreSQL that are a matter of policy: run where they are named.
#include <map>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "snapshot/rules/cycles.h"
#include "snapshot/rules/postgres_walk.h"
#include "snapshot/rules/table_names.h"

namespace varve {
namespace {

void ForeignKeyCycle(const RuleInput& input, RuleOutput& output) {
  std::map<std::string, size_t> numbers;  // by table, in order
  ForEachTable(input, [&numbers](const EntityView& entity, const v1::TableStructure&) {
    numbers.try_emplace(DisplayName(entity.key()), 0);
  });
  std::vector<std::string> names;
  for (auto& [name, number] : numbers) {
    number = names.size();
    names.push_back(name);
  }
  std::vector<std::vector<size_t>> targets(names.size());
  ForEachForeignKey(input, [&](const EntityView& entity, const v1::Constraint& key) {
    const auto target = numbers.find(DisplayName(KeyOf(key.references())));
    if (target == numbers.end()) return;
    targets[numbers.at(DisplayName(entity.key()))].push_back(target->second);
  });
  for (const std::vector<size_t>& cycle : Cycles(targets)) {
    const std::string list = absl::StrJoin(
        cycle, ", ", [&names](std::string* out, size_t node) { out->append(names[node]); });
    output.Find(names[cycle.front()], absl::StrCat("refer to each other: ", list));
  }
}

void ForeignKeyWithoutAction(const RuleInput& input, RuleOutput& output) {
  ForEachForeignKey(input, [&output](const EntityView& entity, const v1::Constraint& key) {
    if (key.on_delete() != v1::REFERENTIAL_ACTION_NO_ACTION) return;
    output.Find(ObjectOfParts(entity.key(), ListOf(key.columns())),
                absl::StrCat("foreign key ", key.name(), " does not say what a delete does"));
  });
}

std::string OwnerOfSchema(const RuleInput& input, const EntityKey& table) {
  const EntityView* const schema = input.section.Find({"schema", {table.names[0]}});
  return schema == nullptr ? "" : schema->Shape(v1::FACET_ACCESS).access().owner();
}

void ForeignKeyCrossesOwners(const RuleInput& input, RuleOutput& output) {
  ForEachForeignKey(input, [&](const EntityView& entity, const v1::Constraint& key) {
    const EntityKey target = KeyOf(key.references());
    const std::string owner = OwnerOfSchema(input, entity.key());
    const std::string other = OwnerOfSchema(input, target);
    if (owner.empty() || other.empty() || owner == other) return;
    output.Find(ObjectOfParts(entity.key(), ListOf(key.columns())),
                absl::StrCat("refers to ", DisplayName(target), " in a schema of ", other));
  });
}

// The table of the same schema that a column named after it may mean: "customer_id" of customers.
const EntityView* Meant(const RuleInput& input, const EntityKey& table, absl::string_view column) {
  if (!absl::ConsumeSuffix(&column, "_id") || column.empty()) return nullptr;
  const std::vector<std::vector<std::string>> candidates = TableCandidates(column);
  for (const std::string& name : candidates.front()) {
    const EntityView* const found = input.section.Find({"table", {table.names[0], name}});
    if (found != nullptr && found->Saw(v1::FACET_STRUCTURE)) return found;
  }
  return nullptr;
}

void IdWithoutForeignKey(const RuleInput& input, RuleOutput& output) {
  ForEachColumn(input, [&](const EntityView& entity, const v1::Column& column) {
    const EntityView* const target = Meant(input, entity.key(), column.name());
    if (target == nullptr) return;
    const v1::Constraint* const primary = PrimaryKeyOf(StructureOf(*target));
    if (primary == nullptr || primary->columns_size() != 1) return;
    const v1::Column* const key = ColumnNamed(StructureOf(*target), primary->columns(0));
    if (key == nullptr ||
        !IsSameType(BaseType(input, column.type()), BaseType(input, key->type()))) {
      return;
    }
    for (const v1::Constraint& each : StructureOf(entity).constraints()) {
      const bool has_it = each.type() == v1::CONSTRAINT_TYPE_FOREIGN_KEY &&
                          absl::c_linear_search(each.columns(), column.name());
      if (has_it) return;
    }
    output.Find(
        ObjectOfPart(entity.key(), column.name()),
        absl::StrCat("looks like a key of ", DisplayName(target->key()),
                     ", and no foreign key holds it"),
        absl::StrCat(AlterTable(entity.key()), "add foreign key (", SqlName(column.name()),
                     ") references ", Sql(target->key()), " (", SqlName(key->name()), ");"));
  });
}

constexpr Need kKeyTypes[] = {{"table", v1::FACET_STRUCTURE}, {"domain", v1::FACET_STRUCTURE}};
constexpr Need kOwners[] = {{"table", v1::FACET_STRUCTURE}, {"schema", v1::FACET_ACCESS}};

constexpr RuleRun kRuns[] = {
    {{"pg/fk-crosses-owners", Severity::kWarning, "policy", kOwners,
      "Who owns the referenced table cannot change it without the other's leave.",
      "Give both schemas one owner, or keep a copy of what is referred to.", kOnlyIfNamed},
     "postgres",
     ForeignKeyCrossesOwners},
    {{"pg/fk-cycle", Severity::kInfo, "policy", kTables,
      "Rows of tables that refer to each other can be loaded and deleted in no order.",
      "Make one of the keys deferrable, or move it to a table between the two.", kOnlyIfNamed},
     "postgres",
     ForeignKeyCycle},
    {{"pg/fk-without-action", Severity::kInfo, "policy", kTables,
      "What becomes of rows that refer to a deleted one is not said: the delete fails.",
      "Say ON DELETE CASCADE, SET NULL or RESTRICT.", kOnlyIfNamed},
     "postgres",
     ForeignKeyWithoutAction},
    {{"pg/id-without-fk", Severity::kInfo, "policy", kKeyTypes, "Rows may name what is not there.",
      "Add a foreign key.", kOnlyIfNamed},
     "postgres",
     IdWithoutForeignKey},
};

}  // namespace

absl::Span<const RuleRun> PostgresReferencePolicyRules() { return kRuns; }

}  // namespace varve
