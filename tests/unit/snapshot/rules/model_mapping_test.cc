#include "snapshot/rules/model_mapping.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/unit/snapshot/rules/rule_cases.h"

namespace varve {
namespace {

using testing::Field;
using testing::ModelsWith;
using testing::OrdersTable;
using testing::PostgresWith;
using testing::Table;

struct MappingCase {
  const char* name;
  std::vector<EntityKey> tables;  // each with the columns of OrdersTable
  const char* class_name;
  void (*change)(v1::ModelStructure& model);  // of one with the fields id and total
  const char* mapped;                         // empty: to none
};
class Mapping : public ::testing::TestWithParam<MappingCase> {};

TEST_P(Mapping, IsToTheOneTableThatIsMeant) {
  const Section database = PostgresWith([](SectionBuilder& builder) {
    for (const EntityKey& key : GetParam().tables) testing::AddTable(builder, key, OrdersTable());
  });
  v1::ModelStructure model;
  model.set_kind("model");
  *model.add_fields() = Field("id", "int");
  *model.add_fields() = Field("total", "Decimal");
  GetParam().change(model);
  const Section models = ModelsWith([&](SectionBuilder& builder) {
    testing::AddModel(builder, {"model", {"shop", GetParam().class_name}}, model);
  });
  const absl::StatusOr<SectionView> tables = SectionView::Of(database);
  const absl::StatusOr<SectionView> classes = SectionView::Of(models);
  VARVE_ASSERT_OK(tables);
  VARVE_ASSERT_OK(classes);
  ModelTables model_tables({&*tables}, true);
  const std::vector<MappedModel>& found = model_tables.Of(*classes).mapped;
  EXPECT_EQ(found.empty() ? "" : DisplayName(found[0].table->key()), GetParam().mapped);
}

constexpr auto kAsItIs = [](v1::ModelStructure&) {};
constexpr auto kDeclared = [](v1::ModelStructure& model) { model.mutable_table()->set_name("t"); };

INSTANTIATE_TEST_SUITE_P(
    All, Mapping,
    ::testing::Values(
        MappingCase{"Plural", {Table("public", "orders")}, "Order", kAsItIs, "public.orders"},
        MappingCase{"Suffix", {Table("app", "order")}, "OrderCreate", kAsItIs, "app.order"},
        MappingCase{"Inner", {Table("public", "orders")}, "Shop.Order", kAsItIs, "public.orders"},
        MappingCase{"OwnNameBeforeShorterOne",
                    {Table("public", "order"), Table("public", "order_base")},
                    "OrderBase",
                    kAsItIs,
                    "public.order_base"},
        MappingCase{
            "TwoSchemas", {Table("a", "orders"), Table("b", "orders")}, "Order", kAsItIs, ""},
        MappingCase{"OneOfTwoHasTheFields",
                    {Table("a", "orders"), Table("b", "order")},
                    "Order",
                    kAsItIs,
                    ""},
        MappingCase{"NoTable", {Table("public", "customers")}, "Order", kAsItIs, ""},
        MappingCase{"FewFieldsAreColumns",
                    {Table("public", "orders")},
                    "Order",
                    [](v1::ModelStructure& model) {
                      for (const char* const name : {"a", "b", "c"}) {
                        *model.add_fields() = Field(name, "str");
                      }
                    },
                    ""},
        MappingCase{"OneFieldIsTooFew",
                    {Table("public", "orders")},
                    "Order",
                    [](v1::ModelStructure& model) { model.mutable_fields()->RemoveLast(); },
                    ""},
        MappingCase{"Settings",
                    {Table("public", "orders")},
                    "Order",
                    [](v1::ModelStructure& model) { model.set_kind("settings"); },
                    ""},
        MappingCase{"Generic", {Table("public", "pages")}, "Page[shop.Order]", kAsItIs, ""},
        MappingCase{"DeclaredByNameAlone", {Table("app", "t")}, "Order", kDeclared, "app.t"},
        MappingCase{"DeclaredWinsPublic",
                    {Table("app", "t"), Table("public", "t")},
                    "Order",
                    kDeclared,
                    "public.t"},
        MappingCase{"DeclaredInNeitherPublic",
                    {Table("app", "t"), Table("web", "t")},
                    "Order",
                    kDeclared,
                    ""},
        MappingCase{"DeclaredWithASchema",
                    {Table("app", "t"), Table("public", "t")},
                    "Order",
                    [](v1::ModelStructure& model) {
                      model.mutable_table()->set_schema("app");
                      model.mutable_table()->set_name("t");
                    },
                    "app.t"},
        MappingCase{
            "DeclaredTableIsNotThere", {Table("public", "orders")}, "Order", kDeclared, ""}),
    [](const auto& info) { return info.param.name; });

TEST(Mapping, APartitionIsNotWhatAModelStandsFor) {
  const Section database = PostgresWith([](SectionBuilder& builder) {
    v1::TableStructure part = OrdersTable();
    part.set_partition(true);
    testing::AddTable(builder, Table("public", "orders"), part);
  });
  const Section models = ModelsWith([](SectionBuilder& builder) {
    v1::ModelStructure model;
    *model.add_fields() = Field("id", "int");
    *model.add_fields() = Field("total", "Decimal");
    testing::AddModel(builder, {"model", {"shop", "Order"}}, model);
  });
  const absl::StatusOr<SectionView> tables = SectionView::Of(database);
  const absl::StatusOr<SectionView> classes = SectionView::Of(models);
  VARVE_ASSERT_OK(tables);
  VARVE_ASSERT_OK(classes);
  ModelTables model_tables({&*tables}, true);
  EXPECT_THAT(model_tables.Of(*classes).mapped, ::testing::IsEmpty());
}

// The table of shop.Order where the rules file says so of models of that name; "lost: …" of one
// that is not there.
std::string MappedBy(const std::string& name, const std::string& table) {
  const Section database = PostgresWith([](SectionBuilder& builder) {
    testing::AddTable(builder, Table("public", "orders"), OrdersTable());
    testing::AddTable(builder, Table("app", "sales"), OrdersTable());
  });
  const Section models = ModelsWith([&](SectionBuilder& builder) {
    v1::ModelStructure model;
    model.set_kind("model");
    *model.add_fields() = Field("id", "int");
    *model.add_fields() = Field("total", "Decimal");
    testing::AddModel(builder, {"model", {"shop", "Order"}}, model);
  });
  const absl::StatusOr<SectionView> tables = SectionView::Of(database);
  const absl::StatusOr<SectionView> classes = SectionView::Of(models);
  VARVE_EXPECT_OK(tables);
  VARVE_EXPECT_OK(classes);
  v1::CheckConfig file;
  v1::ModelSetting& setting = *file.add_models();
  setting.set_name(name);
  setting.set_table(table);
  ModelTables model_tables({&*tables}, true, file);
  const MappedModels& found = model_tables.Of(*classes);
  if (!found.lost.empty()) return "lost: " + found.lost[0].table;
  return found.mapped.empty() ? "" : DisplayName(found.mapped[0].table->key());
}

TEST(MappingOfTheRulesFile, GoesBeforeTheName) {
  EXPECT_EQ(MappedBy("shop.Order", "app.sales"), "app.sales");
  EXPECT_EQ(MappedBy("shop.*", "sales"), "app.sales");
}

TEST(MappingOfTheRulesFile, MayBeNone) { EXPECT_EQ(MappedBy("shop.Order", "none"), ""); }

TEST(MappingOfTheRulesFile, OfAnotherModelIsNotOfThisOne) {
  EXPECT_EQ(MappedBy("shop.Other", "app.sales"), "public.orders");
}

TEST(MappingOfTheRulesFile, ToATableThatIsNotThereIsLost) {
  EXPECT_EQ(MappedBy("shop.Order", "app.gone"), "lost: app.gone");
}

// What becomes of model shop.Order, of which only the name tells, and of a mapper's shop.Item where
// these databases have these tables: "Order app: public.orders", "Item of none",
// "Order torn between app, test".
struct DatabasesCase {
  const char* name;
  std::vector<std::pair<const char*, std::vector<EntityKey>>> databases;
  std::vector<v1::ModelSetting> settings;
  std::vector<std::string> told;
};
class Databases : public ::testing::TestWithParam<DatabasesCase> {};

Section OrderAndItem() {
  return ModelsWith([](SectionBuilder& builder) {
    v1::ModelStructure model;
    model.set_kind("model");
    *model.add_fields() = Field("id", "int");
    *model.add_fields() = Field("total", "Decimal");
    testing::AddModel(builder, {"model", {"shop", "Order"}}, model);
    v1::ModelStructure mapped;
    mapped.mutable_table()->set_name("items");
    testing::AddModel(builder, {"model", {"shop", "Item"}}, mapped);
  });
}

std::vector<std::string> Told(const MappedModels& found) {
  std::vector<std::string> told;
  for (const MappedModel& each : found.mapped) {
    told.push_back(absl::StrCat(each.model->key().names[1], " ", each.database->header().name(),
                                ": ", DisplayName(each.table->key())));
  }
  for (const LostModel& each : found.lost) {
    told.push_back(absl::StrCat(each.model->key().names[1], " lost"));
  }
  for (const UnmappedModel& each : found.unmapped) {
    told.push_back(absl::StrCat(each.model->key().names[1], " of none"));
  }
  for (const UnmappedModel& each : found.torn) {
    told.push_back(absl::StrCat(each.model->key().names[1], " torn between ",
                                absl::StrJoin(found.torn_between, ", ")));
  }
  return told;
}

TEST_P(Databases, AreTakenAsTheModelsTell) {
  std::vector<Section> sections;
  for (const auto& [name, tables] : GetParam().databases) {
    sections.push_back(PostgresWith(
        [&tables = tables](SectionBuilder& builder) {
          for (const EntityKey& key : tables) testing::AddTable(builder, key, OrdersTable());
        },
        name));
  }
  std::vector<SectionView> views;
  for (const Section& section : sections) views.push_back(SectionView::Of(section).value());
  std::vector<const SectionView*> databases;
  for (const SectionView& view : views) databases.push_back(&view);
  v1::CheckConfig file;
  file.mutable_models()->Add(GetParam().settings.begin(), GetParam().settings.end());
  const Section models = OrderAndItem();
  const SectionView classes = SectionView::Of(models).value();
  ModelTables tables(databases, true, file);
  EXPECT_THAT(Told(tables.Of(classes)), ::testing::UnorderedElementsAreArray(GetParam().told));
}

v1::ModelSetting InDatabase(const std::string& model, const std::string& database) {
  v1::ModelSetting setting;
  setting.set_name(model);
  setting.set_database(database);
  return setting;
}

const std::vector<EntityKey> kBoth = {Table("public", "orders"), Table("public", "items")};

INSTANTIATE_TEST_SUITE_P(
    All, Databases,
    ::testing::Values(DatabasesCase{"TheOneThatHasAll",
                                    {{"pg/app", kBoth}, {"pg/test", {Table("public", "orders")}}},
                                    {},
                                    {"Order pg/app: public.orders", "Item pg/app: public.items"}},
                      DatabasesCase{"NoneWhereBothHaveAll",
                                    {{"pg/app", kBoth}, {"pg/test", kBoth}},
                                    {},
                                    {"Order torn between pg/app, pg/test",
                                     "Item torn between pg/app, pg/test"}},
                      DatabasesCase{"ThatOfTheRulesFile",
                                    {{"pg/app", kBoth}, {"pg/test", kBoth}},
                                    {InDatabase("*", "app")},
                                    {"Order pg/app: public.orders", "Item pg/app: public.items"}},
                      DatabasesCase{"ThatOfTheRulesFileForOneTellsOfAll",
                                    {{"pg/app", kBoth}, {"pg/test", kBoth}},
                                    {InDatabase("shop.Item", "pg/test")},
                                    {"Order pg/test: public.orders", "Item pg/test: public.items"}},
                      DatabasesCase{"EachItsOwn",
                                    {{"pg/app", {Table("public", "orders")}},
                                     {"pg/test", {Table("public", "items")}}},
                                    {},
                                    {"Order pg/app: public.orders", "Item pg/test: public.items"}},
                      DatabasesCase{"OfTheRulesFileAndNotThere",
                                    {{"pg/app", kBoth}, {"pg/test", kBoth}},
                                    {InDatabase("*", "shop")},
                                    {"Order of none", "Item lost"}}),
    [](const auto& info) { return info.param.name; });

// The roles of models that stand for a table, by class.
std::vector<std::string> JudgedClasses(const Section& models) {
  const Section database = PostgresWith([](SectionBuilder& builder) {
    testing::AddTable(builder, Table("public", "orders"), OrdersTable());
  });
  const absl::StatusOr<SectionView> tables = SectionView::Of(database);
  const absl::StatusOr<SectionView> classes = SectionView::Of(models);
  VARVE_EXPECT_OK(tables);
  VARVE_EXPECT_OK(classes);
  ModelTables model_tables({&*tables}, true);
  std::vector<std::string> judged;
  for (const MappedModel& mapped : model_tables.Of(*classes).mapped) {
    if (mapped.role != ModelRole::kBase) judged.push_back(mapped.model->key().names[1]);
  }
  return judged;
}

TEST(Mapping, WhatOthersRestOnIsJudgedAsTheyAre) {
  EXPECT_THAT(JudgedClasses(ModelsWith([](SectionBuilder& builder) {
                v1::ModelStructure model;
                *model.add_fields() = Field("id", "int");
                *model.add_fields() = Field("total", "Decimal");
                testing::AddModel(builder, {"model", {"shop", "Order"}}, model);
                testing::AddModel(builder, {"model", {"shop", "OrderBase"}}, model);
                model.add_bases("shop:Order");
                testing::AddModel(builder, {"model", {"shop", "OrderRead"}}, model);
              })),
              ::testing::ElementsAre("OrderRead"));
}

TEST(Mapping, ClassesThatShareATableAreJudgedOnce) {
  EXPECT_THAT(JudgedClasses(ModelsWith([](SectionBuilder& builder) {
                v1::ModelStructure model;
                model.mutable_table()->set_name("orders");
                model.mutable_table()->add_columns()->set_name("id");
                testing::AddModel(builder, {"model", {"shop", "Order"}}, model);
                testing::AddModel(builder, {"model", {"shop", "Return"}}, model);
              })),
              ::testing::ElementsAre("Order"));
}

TEST(Mapping, AMapperSpeaksForItsTable) {
  EXPECT_THAT(JudgedClasses(ModelsWith([](SectionBuilder& builder) {
                v1::ModelStructure model;
                *model.add_fields() = Field("id", "int");
                *model.add_fields() = Field("total", "Decimal");
                testing::AddModel(builder, {"model", {"shop", "OrderCreate"}}, model);
                v1::ModelStructure mapped;
                mapped.mutable_table()->set_name("orders");
                mapped.mutable_table()->add_columns()->set_name("id");
                testing::AddModel(builder, {"model", {"shop", "Purchase"}}, mapped);
              })),
              ::testing::ElementsAre("Purchase"));
}

TEST(Mapping, AHintInTheConfigurationNamesTheTable) {
  EXPECT_THAT(JudgedClasses(ModelsWith([](SectionBuilder& builder) {
                const EntityKey key = {"model", {"shop", "Purchase"}};
                testing::AddModel(builder, key, {});
                v1::Shape shape;
                v1::Option& extra = *shape.mutable_model_behaviour()->add_config();
                extra.set_name("json_schema_extra");
                extra.set_value(R"({"x-table":"public.orders"})");
                builder.Add(key, v1::FACET_BEHAVIOUR, std::move(shape));
              })),
              ::testing::ElementsAre("Purchase"));
}

}  // namespace
}  // namespace varve
