// Rules that hold the keys, indexes and checks that a mapper declares against those of the table.
#include "tests/unit/snapshot/rules/model_cases.h"

namespace varve {
namespace {

using testing::ModelRuleCase;
using testing::ModelWorld;

class OrmKeyRules : public ::testing::TestWithParam<ModelRuleCase> {};

TEST_P(OrmKeyRules, SayWhatTheyShould) { testing::ExpectSays(GetParam()); }

constexpr auto kName = [](const auto& info) { return info.param.name; };

template <typename Change>
ModelWorld Changed(const Change& change) {
  ModelWorld world = testing::Mapped();
  change(world);
  return world;
}

v1::ModelForeignKey& DeclareForeignKey(ModelWorld& world, const char* on_delete) {
  v1::ModelForeignKey& key = *world.model.mutable_table()->add_foreign_keys();
  key.set_name("orders_customer_id_fkey");
  key.add_columns("customer_id");
  key.set_target_table("customers");
  key.add_target_columns("id");
  key.set_on_delete(on_delete);
  return key;
}
v1::Constraint& AddForeignKey(ModelWorld& world) {
  v1::Constraint& key = *world.table.add_constraints() = testing::ForeignKey(
      "orders_customer_id_fkey", {"customer_id"}, "public", "customers", {"id"});
  key.set_on_delete(v1::REFERENTIAL_ACTION_NO_ACTION);
  return key;
}

constexpr char kPrimary[] = "model/orm-primary-key-differs";
constexpr char kForeign[] = "model/orm-foreign-key-differs";

INSTANTIATE_TEST_SUITE_P(
    Keys, OrmKeyRules,
    ::testing::Values(
        ModelRuleCase{"PrimaryOther",
                      kPrimary,
                      [] {
                        return Changed([](ModelWorld& world) {
                          world.model.mutable_table()->add_primary_key("total");
                        });
                      },
                      {{"error shop.Order: has primary key (id, total) to the mapper, and "
                        "public.orders has primary key (id)"}}},
        ModelRuleCase{
            "PrimaryNone",
            kPrimary,
            [] { return Changed([](ModelWorld& world) { world.table.clear_constraints(); }); },
            {{"error shop.Order: has primary key (id) to the mapper, and public.orders "
              "has no primary key"}}},
        ModelRuleCase{"PrimarySame", kPrimary, testing::Mapped, {}},
        ModelRuleCase{"PrimaryNotKnown",
                      kPrimary,
                      [] {
                        return Changed([](ModelWorld& world) {
                          world.model.mutable_table()->clear_primary_key();
                          world.model.mutable_table()->add_unknown("primary_key");
                        });
                      },
                      {{}, {"shop.Order: the primary key that the mapper declares is not known"}}},
        ModelRuleCase{
            "ForeignNotThere",
            kForeign,
            [] { return Changed([](ModelWorld& world) { DeclareForeignKey(world, ""); }); },
            {{"warn shop.Order.customer_id: has a foreign key to customers(id) to the "
              "mapper, and public.orders has none"}}},
        ModelRuleCase{"ForeignOnDelete",
                      kForeign,
                      [] {
                        return Changed([](ModelWorld& world) {
                          DeclareForeignKey(world, "CASCADE");
                          AddForeignKey(world);
                        });
                      },
                      {{"warn shop.Order.customer_id: has ON DELETE CASCADE to the mapper, and NO "
                        "ACTION in the database"}}},
        ModelRuleCase{"ForeignDeferrable",
                      kForeign,
                      [] {
                        return Changed([](ModelWorld& world) {
                          DeclareForeignKey(world, "");
                          AddForeignKey(world).set_deferrable(true);
                        });
                      },
                      {{"warn shop.Order.customer_id: is DEFERRABLE in the database, and not to "
                        "the mapper"}}},
        ModelRuleCase{"ForeignToAnotherSchema",
                      kForeign,
                      [] {
                        return Changed([](ModelWorld& world) {
                          DeclareForeignKey(world, "").set_target_schema("app");
                        });
                      },
                      {{"warn shop.Order.customer_id: has a foreign key to customers(id) to the "
                        "mapper, and public.orders has none"}}},
        ModelRuleCase{"ForeignSame",
                      kForeign,
                      [] {
                        return Changed([](ModelWorld& world) {
                          DeclareForeignKey(world, "SET NULL");
                          AddForeignKey(world).set_on_delete(v1::REFERENTIAL_ACTION_SET_NULL);
                        });
                      },
                      {}},
        ModelRuleCase{"ForeignNotDeclared",
                      kForeign,
                      [] { return Changed([](ModelWorld& world) { AddForeignKey(world); }); },
                      {{"info shop.Order.customer_id: the mapper does not know foreign key "
                        "orders_customer_id_fkey of public.orders"}}},
        ModelRuleCase{"ForeignNotKnown",
                      kForeign,
                      [] {
                        return Changed([](ModelWorld& world) {
                          AddForeignKey(world);
                          world.model.mutable_table()->add_unknown("foreign_keys");
                        });
                      },
                      {{},
                       {"shop.Order.customer_id: the foreign keys that the mapper declares are "
                        "not all known"}}}),
    kName);

constexpr char kUnique[] = "model/orm-unique-differs";
constexpr char kIndex[] = "model/orm-index-differs";
constexpr char kCheck[] = "model/orm-check-missing";

void DeclareUnique(ModelWorld& world, const std::vector<std::string>& columns) {
  v1::ModelUnique& unique = *world.model.mutable_table()->add_uniques();
  unique.set_name("one");
  for (const std::string& column : columns) unique.add_columns(column);
}
v1::Index& AddUnique(ModelWorld& world, const std::vector<std::string>& columns) {
  v1::Index& index = *world.table.add_indexes() = testing::BtreeIndex("one", columns);
  index.set_unique(true);
  return index;
}
v1::ModelIndex& DeclareIndex(ModelWorld& world, const std::vector<std::string>& keys) {
  v1::ModelIndex& index = *world.model.mutable_table()->add_indexes();
  index.set_name("ix");
  for (const std::string& key : keys) index.add_keys(key);
  return index;
}
v1::Index& AddIndex(ModelWorld& world, const std::vector<std::string>& columns,
                    const char* name = "ix") {
  return *world.table.add_indexes() = testing::BtreeIndex(name, columns);
}
void DeclareCheck(ModelWorld& world, const char* name) {
  v1::ModelCheck& check = *world.model.mutable_table()->add_checks();
  check.set_name(name);
  check.set_expression("total > 0");
}

INSTANTIATE_TEST_SUITE_P(
    Indexes, OrmKeyRules,
    ::testing::Values(
        ModelRuleCase{"UniqueNotThere",
                      kUnique,
                      [] {
                        return Changed([](ModelWorld& world) {
                          DeclareUnique(world, {"customer_id", "total"});
                        });
                      },
                      {{"warn shop.Order(customer_id, total): is unique to the mapper, and not in "
                        "public.orders"}}},
        ModelRuleCase{"UniqueByAnIndex",
                      kUnique,
                      [] {
                        return Changed([](ModelWorld& world) {
                          DeclareUnique(world, {"customer_id", "total"});
                          AddUnique(world, {"total", "customer_id"});
                        });
                      },
                      {}},
        ModelRuleCase{"UniqueInPart",
                      kUnique,
                      [] {
                        return Changed([](ModelWorld& world) {
                          DeclareUnique(world, {"total"});
                          AddUnique(world, {"total"}).set_partial(true);
                        });
                      },
                      {{"warn shop.Order.total: is unique to the mapper, and not in "
                        "public.orders"}}},
        ModelRuleCase{
            "UniqueNotDeclared",
            kUnique,
            [] { return Changed([](ModelWorld& world) { AddUnique(world, {"total"}); }); },
            {{"info shop.Order.total: the mapper does not know that one of "
              "public.orders holds it unique"}}},
        ModelRuleCase{"UniqueNotKnown",
                      kUnique,
                      [] {
                        return Changed([](ModelWorld& world) {
                          AddUnique(world, {"total"});
                          world.model.mutable_table()->add_unknown("uniques");
                        });
                      },
                      {{}, {"shop.Order.total: what the mapper declares unique is not all known"}}},
        ModelRuleCase{
            "IndexNotThere",
            kIndex,
            [] { return Changed([](ModelWorld& world) { DeclareIndex(world, {"total"}); }); },
            {{"info shop.Order: index ix of the mapper is not there in "
              "public.orders"}}},
        ModelRuleCase{"IndexOfAnotherName",
                      kIndex,
                      [] {
                        return Changed([](ModelWorld& world) {
                          DeclareIndex(world, {"total"});
                          AddIndex(world, {"total"}, "by_total");
                        });
                      },
                      {}},
        ModelRuleCase{"IndexNotUnique",
                      kIndex,
                      [] {
                        return Changed([](ModelWorld& world) {
                          DeclareIndex(world, {"total"}).set_unique(true);
                          AddIndex(world, {"total"});
                        });
                      },
                      {{"warn shop.Order: index ix of the mapper is not unique in the "
                        "database"}}},
        ModelRuleCase{"IndexOnOthers",
                      kIndex,
                      [] {
                        return Changed([](ModelWorld& world) {
                          DeclareIndex(world, {"total"});
                          AddIndex(world, {"customer_id"});
                        });
                      },
                      {{"info shop.Order: index ix of the mapper is on (customer_id) in the "
                        "database"}}},
        ModelRuleCase{"IndexOfExpressions",
                      kIndex,
                      [] {
                        return Changed([](ModelWorld& world) {
                          DeclareIndex(world, {"lower(total)"});
                          AddIndex(world, {""});
                        });
                      },
                      {}},
        ModelRuleCase{"IndexByAnotherMethod",
                      kIndex,
                      [] {
                        return Changed([](ModelWorld& world) {
                          DeclareIndex(world, {"total"}).set_method("hash");
                          AddIndex(world, {"total"});
                        });
                      },
                      {{"info shop.Order: index ix of the mapper is btree in the database"}}},
        ModelRuleCase{"IndexWithoutAName",
                      kIndex,
                      [] {
                        return Changed(
                            [](ModelWorld& world) { DeclareIndex(world, {"total"}).clear_name(); });
                      },
                      {}},
        ModelRuleCase{
            "CheckNotThere",
            kCheck,
            [] { return Changed([](ModelWorld& world) { DeclareCheck(world, "is_paid"); }); },
            {{"warn shop.Order: check is_paid of the mapper is not there in "
              "public.orders"}}},
        ModelRuleCase{"CheckOfThatName",
                      kCheck,
                      [] {
                        return Changed([](ModelWorld& world) {
                          DeclareCheck(world, "is_paid");
                          world.AddCheck("is_paid", "total", "(total > (0)::numeric)");
                        });
                      },
                      {}},
        ModelRuleCase{"CheckThatSaysSo",
                      kCheck,
                      [] {
                        return Changed([](ModelWorld& world) {
                          DeclareCheck(world, "is_paid");
                          world.AddCheck("other", "total", "(total > 0)");
                        });
                      },
                      {}},
        ModelRuleCase{"CheckWithoutAName",
                      kCheck,
                      [] { return Changed([](ModelWorld& world) { DeclareCheck(world, ""); }); },
                      {}},
        ModelRuleCase{"CheckNotSeen",
                      kCheck,
                      [] {
                        ModelWorld world =
                            Changed([](ModelWorld& each) { DeclareCheck(each, "is_paid"); });
                        world.saw_texts = false;
                        return world;
                      },
                      {{},
                       {"shop.Order: what the checks of public.orders say was not seen, and none "
                        "is called is_paid"}}}),
    kName);

}  // namespace
}  // namespace varve
