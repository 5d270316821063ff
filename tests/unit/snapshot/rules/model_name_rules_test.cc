// Rules about what fields are called and documented as beside their columns.
#include "tests/unit/snapshot/rules/model_cases.h"

namespace varve {
namespace {

using testing::CatalogType;
using testing::ModelRuleCase;
using testing::ModelWorld;
using testing::RequiredColumn;

class NameRules : public ::testing::TestWithParam<ModelRuleCase> {};

TEST_P(NameRules, SayWhatTheyShould) { testing::ExpectSays(GetParam()); }

constexpr auto kName = [](const auto& info) { return info.param.name; };

// The declared model, whose field customer_id is called otherwise.
ModelWorld Called(const char* name) {
  ModelWorld world = testing::Declared();
  world.FieldOf("customer_id").set_name(name);
  return world;
}

INSTANTIATE_TEST_SUITE_P(
    FoldedName, NameRules,
    ::testing::Values(
        ModelRuleCase{"CaseAndUnderscores",
                      "model/folded-name",
                      [] { return Called("CUSTOMERID"); },
                      {{"warn shop.Order.CUSTOMERID: is column public.orders.customer_id but for "
                        "case or underscores"}}},
        ModelRuleCase{"AndIsNotSaidToBeRenamed",
                      "model/renamed-field",
                      [] { return Called("customerid"); },
                      {}},
        ModelRuleCase{
            "NotInSnakeCase", "model/folded-name", [] { return Called("customerId"); }, {}},
        ModelRuleCase{
            "NotOfAnotherName", "model/folded-name", [] { return Called("buyer_id"); }, {}},
        ModelRuleCase{"MappersColumn",
                      "model/folded-name",
                      [] {
                        ModelWorld world = testing::Mapped();
                        world.OrmColumn("customer_id").set_name("customerId");
                        return world;
                      },
                      {{"warn shop.Order.customerId: is column public.orders.customer_id but for "
                        "case or underscores"}}}),
    kName);

constexpr char kAlias[] = "model/matched-by-alias";
constexpr char kComputed[] = "model/computed-field-of-column";

ModelWorld Computed(const char* name) {
  ModelWorld world = testing::Declared();
  world.AddColumn(RequiredColumn("label", CatalogType("text")));
  v1::ModelFunction& function = *world.behaviour.add_functions();
  function.set_kind("computed_field");
  function.set_name(name);
  return world;
}

INSTANTIATE_TEST_SUITE_P(
    Names, NameRules,
    ::testing::Values(
        ModelRuleCase{"ByAlias",
                      kAlias,
                      [] {
                        ModelWorld world = Called("buyer");
                        world.FieldOf("buyer").set_alias("customer_id");
                        return world;
                      },
                      {{"info shop.Order.buyer: is column public.orders.customer_id by its alias "
                        "alone"}}},
        ModelRuleCase{"NotByName",
                      kAlias,
                      [] {
                        ModelWorld world = testing::Declared();
                        world.FieldOf("customer_id").set_alias("buyer");
                        return world;
                      },
                      {}},
        ModelRuleCase{"NotByTheRulesFile",
                      kAlias,
                      [] {
                        ModelWorld world = Called("buyer");
                        v1::CheckSetting& field = *world.Say().add_fields();
                        field.set_name("buyer");
                        field.set_value("customer_id");
                        return world;
                      },
                      {}},
        ModelRuleCase{"ComputedAndStored",
                      kComputed,
                      [] { return Computed("label"); },
                      {{"info shop.Order.label: is computed, and public.orders.label text is "
                        "stored: the two may differ"}}},
        ModelRuleCase{"ComputedAndNotStored", kComputed, [] { return Computed("text"); }, {}},
        ModelRuleCase{"ComputedBesideAField",
                      kComputed,
                      [] {
                        ModelWorld world = Computed("label");
                        world.AddField("label", "str");
                        return world;
                      },
                      {}},
        ModelRuleCase{"UnknownFunctions",
                      kComputed,
                      [] {
                        ModelWorld world = testing::Declared();
                        world.behaviour.add_unknown("functions");
                        return world;
                      },
                      {{}, {"shop.Order: its computed fields are not all known"}}},
        ModelRuleCase{"Deprecated",
                      "model/deprecated-field",
                      [] {
                        ModelWorld world = testing::Declared();
                        world.FieldOf("total").set_deprecated("use sum");
                        world.AddField("gone", "str").set_deprecated("true");
                        return world;
                      },
                      {{"info shop.Order.total: is deprecated, and public.orders.total is still "
                        "there"}}}),
    kName);

constexpr char kComment[] = "model/comment-differs";

ModelWorld Described(const char* field, const char* column) {
  ModelWorld world = testing::Declared();
  ModelWorld::Document(world.model_docs, "field", "total", field);
  ModelWorld::Document(world.table_docs, "column", "total", column);
  return world;
}

INSTANTIATE_TEST_SUITE_P(
    Comments, NameRules,
    ::testing::Values(
        ModelRuleCase{"Differ",
                      kComment,
                      [] { return Described("With tax", "Without tax"); },
                      {{"info shop.Order.total: is described otherwise than public.orders.total "
                        "is"}}},
        ModelRuleCase{"Same", kComment, [] { return Described("With tax\n", "With tax"); }, {}},
        ModelRuleCase{"OfOneSideAlone",
                      kComment,
                      [] {
                        ModelWorld world = testing::Declared();
                        ModelWorld::Document(world.model_docs, "field", "total", "With tax");
                        ModelWorld::Document(world.table_docs, "column", "id", "Number");
                        return world;
                      },
                      {}},
        ModelRuleCase{"OfAMapper",
                      kComment,
                      [] {
                        ModelWorld world = testing::Mapped();
                        ModelWorld::Document(world.model_docs, "column", "total", "With tax");
                        ModelWorld::Document(world.table_docs, "column", "total", "Without");
                        return world;
                      },
                      {{"info shop.Order.total: is described otherwise than public.orders.total "
                        "is"}}},
        ModelRuleCase{"UnknownInSource",
                      kComment,
                      [] {
                        ModelWorld world = testing::Declared();
                        world.model.mutable_fields()->DeleteSubrange(1, 2);
                        world.model_docs.add_unknown("elements");
                        return world;
                      },
                      {{}, {"shop.Order.id: its description is not known"}}}),
    kName);

}  // namespace
}  // namespace varve
