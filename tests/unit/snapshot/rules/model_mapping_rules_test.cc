// Rules about which models stand for which tables, and how well models were read.
#include "tests/unit/snapshot/rules/model_cases.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using testing::Findings;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::ModelsWith;
using testing::ModelWorld;
using testing::PostgresWith;
using testing::Unsaid;

CheckResult CheckedBy(const char* rule, std::vector<Section> sections) {
  const auto result = Check(testing::Assemble(std::move(sections)), std::vector<std::string>{rule});
  EXPECT_THAT(result, IsOk());
  return result.ok() ? *result : CheckResult();
}

constexpr char kUnmapped[] = "model/unmapped";

CheckResult Unmapped(const ModelWorld& world) { return CheckedBy(kUnmapped, world.Sections()); }

TEST(Unmapped, IsAModelThatNothingTiesToATable) {
  EXPECT_THAT(Findings(Unmapped(testing::NamedAlike("Invoice")), kUnmapped),
              ElementsAre("info shop.Invoice: no table is called like it and has its fields"));
}

TEST(Unmapped, IsNoModelOfATableNorSettingsNorWhatTheRulesFileLeavesOut) {
  EXPECT_THAT(Findings(Unmapped(testing::NamedAlike()), kUnmapped), IsEmpty());
  ModelWorld settings = testing::NamedAlike("Invoice");
  settings.model.set_kind("settings");
  EXPECT_THAT(Findings(Unmapped(settings), kUnmapped), IsEmpty());
  ModelWorld left_out = testing::NamedAlike("Invoice");
  left_out.Say().set_table("none");
  const auto result = Check(testing::Assemble(left_out.Sections()),
                            std::vector<std::string>{kUnmapped}, left_out.file);
  ASSERT_THAT(result, IsOk());
  EXPECT_THAT(result->findings, IsEmpty());
}

TEST(Unmapped, IsNotWhatOthersRestOn) {
  ModelWorld world = testing::NamedAlike();
  world.model.add_bases("shop:Row");
  v1::Shape row;
  row.mutable_model()->set_kind("model");
  world.in_models.push_back({{"model", {"shop", "Row"}}, row});
  EXPECT_THAT(Findings(Unmapped(world), kUnmapped), IsEmpty());
}

TEST(Unmapped, NamesTheTablesThatMayBeMeant) {
  std::vector<Section> sections = testing::NamedAlike().Sections();
  sections[0] = PostgresWith([](SectionBuilder& builder) {
    testing::AddTable(builder, testing::Table("a", "orders"), testing::OrdersTable());
    testing::AddTable(builder, testing::Table("b", "orders"), testing::OrdersTable());
  });
  EXPECT_THAT(Findings(CheckedBy(kUnmapped, sections), kUnmapped),
              ElementsAre("info shop.Order: may stand for a.orders or b.orders"));
}

TEST(Unmapped, CannotBeSaidWhereATableWasNotSeen) {
  std::vector<Section> sections = testing::NamedAlike("Invoice").Sections();
  sections[0] = PostgresWith([](SectionBuilder& builder) {
    builder.AddUnseen(testing::Orders(), v1::FACET_STRUCTURE, v1::SIGHT_LOCKED);
  });
  const CheckResult result = CheckedBy(kUnmapped, sections);
  EXPECT_THAT(result.findings, IsEmpty());
  EXPECT_THAT(Unsaid(result, kUnmapped),
              ElementsAre("shop.Invoice: no table seen is called like it; not all were seen"));
}

constexpr char kModelless[] = "model/table-without-model";

Section Tables(const std::vector<EntityKey>& keys) {
  return PostgresWith([&keys](SectionBuilder& builder) {
    for (const EntityKey& key : keys) testing::AddTable(builder, key, testing::OrdersTable());
  });
}

TEST(TableWithoutModel, IsOneThatNoModelStandsFor) {
  const Section database = Tables({testing::Orders(), testing::Table("public", "lines"),
                                   testing::Table("public", "alembic_version"),
                                   testing::Table("public", "django_session")});
  EXPECT_THAT(
      Findings(CheckedBy(kModelless, {database, testing::Declared().Sections()[1]}), kModelless),
      ElementsAre("info public.lines: no model stands for it"));
}

TEST(TableWithoutModel, CannotBeSaidWithoutModels) {
  EXPECT_THAT(Unsaid(CheckedBy(kModelless, {Tables({testing::Orders()})}), kModelless),
              ElementsAre(": no models were read"));
}

TEST(TableWithoutModel, CannotBeSaidWhereAModuleWasNotImported) {
  const Section models = ModelsWith([](SectionBuilder& builder) {
    builder.Cover("model", v1::FACET_STRUCTURE, v1::SIGHT_FAILED, "it was not imported", "",
                  {"shop.models"});
  });
  const CheckResult result = CheckedBy(kModelless, {Tables({testing::Orders()}), models});
  EXPECT_THAT(result.findings, IsEmpty());
  EXPECT_THAT(Unsaid(result, kModelless),
              ElementsAre(": not all models were seen: a table without one may have one"));
}

TEST(TableWithoutModel, IsNotOneThatAModelOfSeveralDatabasesMayStandFor) {
  const auto database = [](const char* name) {
    return PostgresWith(
        [](SectionBuilder& builder) {
          testing::AddTable(builder, testing::Orders(), testing::OrdersTable());
        },
        name);
  };
  const CheckResult result = CheckedBy(
      kModelless, {database("pg/app"), database("pg/test"), testing::Declared().Sections()[1]});
  EXPECT_THAT(result.findings, IsEmpty());
  EXPECT_EQ(Unsaid(result, kModelless).size(), 2);
}

constexpr char kConflict[] = "model/conflicting-models";

// The mapped model of public.orders, and shop.Sale of the same table, changed.
CheckResult WithASecond(void (*change)(ModelWorld& second)) {
  const ModelWorld first = testing::Mapped();
  ModelWorld second = testing::Mapped();
  change(second);
  return CheckedBy(kConflict,
                   {first.Sections()[0], ModelsWith([&](SectionBuilder& builder) {
                      testing::AddModel(builder, {"model", {"shop", "Order"}}, first.model);
                      testing::AddModel(builder, {"model", {"shop", "Sale"}}, second.model);
                    })});
}

TEST(ConflictingModels, DeclareAColumnOtherwise) {
  const CheckResult result = WithASecond([](ModelWorld& second) {
    second.OrmColumn("total").set_type("numeric(10,2)");
    second.OrmColumn("customer_id").set_nullable(v1::KNOWN_NO);
  });
  EXPECT_THAT(Findings(result, kConflict),
              ElementsAre("warn shop.Sale.customer_id: is NOT NULL here and may be NULL to "
                          "shop.Order, which is of the same table public.orders",
                          "warn shop.Sale.total: is numeric(10,2) here and numeric(12,2) to "
                          "shop.Order, which is of the same table public.orders"));
}

TEST(ConflictingModels, DeclareAnotherKey) {
  const CheckResult result = WithASecond(
      [](ModelWorld& second) { second.model.mutable_table()->add_primary_key("total"); });
  EXPECT_THAT(Findings(result, kConflict),
              ElementsAre("warn shop.Sale: has another primary key than shop.Order, which is of "
                          "the same table public.orders"));
}

TEST(ConflictingModels, AreNotThoseThatLeaveColumnsOut) {
  const CheckResult result = WithASecond(
      [](ModelWorld& second) { second.model.mutable_table()->mutable_columns()->RemoveLast(); });
  EXPECT_THAT(result.findings, IsEmpty());
  EXPECT_THAT(result.cannot_say, IsEmpty());
}

TEST(ConflictingModels, CannotBeToldWhereAKeyIsNotKnown) {
  const CheckResult result = WithASecond(
      [](ModelWorld& second) { second.model.mutable_table()->add_unknown("primary_key"); });
  EXPECT_THAT(result.findings, IsEmpty());
  EXPECT_THAT(Unsaid(result, kConflict),
              ElementsAre("shop.Sale: whether its primary key is that of shop.Order is not known"));
}

constexpr char kDegraded[] = "model/source-degraded";

TEST(SourceDegraded, NamesWhatWasNotImported) {
  const CheckResult result = CheckedBy(
      kDegraded, {ModelsWith([](SectionBuilder& builder) {
        builder.Error("importing shop.config and 2 modules that import it", "KeyError: SHOP_URL",
                      "set SHOP_URL");
        builder.Error("reading what the interpreter answered", "a line was not understood", "");
        const EntityKey key = {"model", {"shop.models", "Order"}};
        builder.Error("describing the table of shop.models:Order", "no type", "", &key);
        builder.Warning("gathering model shop.models:Line", "loaded twice", "", &key);
      })});
  EXPECT_THAT(Findings(result, kDegraded),
              ElementsAre("warn models: reading what the interpreter answered: a line was not "
                          "understood",
                          "warn shop.config: importing shop.config and 2 modules that import it: "
                          "KeyError: SHOP_URL",
                          "warn shop.models.Order: describing the table of shop.models:Order: no "
                          "type"));
}

TEST(SourceDegraded, IsNotWhatWasReadWhole) {
  EXPECT_THAT(CheckedBy(kDegraded, {testing::Mapped().Sections()[1]}).findings, IsEmpty());
}

TEST(SourceDegraded, CannotBeSaidOfASourceThatWasAway) {
  const CheckResult result = CheckedBy(
      kDegraded, {SectionBuilder::Unavailable("models", "models", "python3", "reading models",
                                              "nothing was read", "start it")});
  EXPECT_THAT(Unsaid(result, kDegraded), ElementsAre(": its source was unavailable"));
}

// Models whose tables are in two databases, and nothing tells which is meant.
TEST(TornModels, AreToldOnceByEachRule) {
  const ModelWorld world = testing::Declared();
  std::vector<std::string> ids;
  for (const Rule& rule : Rules()) {
    const absl::string_view id = rule.id;
    if (id.substr(0, 6) == "model/" && id != kDegraded && id != kModelless) ids.emplace_back(id);
  }
  const auto result = Check(testing::Assemble({PostgresWith(
                                                   [](SectionBuilder& builder) {
                                                     testing::AddTable(builder, testing::Orders(),
                                                                       testing::OrdersTable());
                                                   },
                                                   "pg/app"),
                                               PostgresWith(
                                                   [](SectionBuilder& builder) {
                                                     testing::AddTable(builder, testing::Orders(),
                                                                       testing::OrdersTable());
                                                   },
                                                   "pg/test"),
                                               world.Sections()[1]}),
                            ids);
  ASSERT_THAT(result, IsOk());
  EXPECT_THAT(result->findings, IsEmpty());
  for (const std::string& id : ids) {
    EXPECT_THAT(Unsaid(*result, id),
                ElementsAre(": 1 model has its table in each of pg/app, pg/test; say which is "
                            "meant by `database` in the rules file"))
        << id;
  }
}

}  // namespace
}  // namespace varve
