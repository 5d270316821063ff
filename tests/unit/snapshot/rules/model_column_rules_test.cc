#include "tests/unit/snapshot/rules/model_cases.h"

namespace varve {
namespace {

using testing::CatalogType;
using testing::ModelRuleCase;
using testing::ModelWorld;
using testing::NullableColumn;
using testing::RequiredColumn;

class ColumnRules : public ::testing::TestWithParam<ModelRuleCase> {};

TEST_P(ColumnRules, SayWhatTheyShould) { testing::ExpectSays(GetParam()); }

template <ModelWorld (*kWorld)()>
ModelWorld WithCoupon() {
  ModelWorld world = kWorld();
  world.AddField("coupon", "str");
  return world;
}
ModelWorld Alike() { return testing::NamedAlike(); }
ModelWorld AlikeCreate() { return testing::NamedAlike("OrderCreate"); }

ModelWorld WithColumn(ModelWorld world, const v1::Column& column) {
  world.AddColumn(column);
  return world;
}
v1::Column Identity(v1::ColumnIdentity identity) {
  v1::Column column = RequiredColumn("number", CatalogType("int8"));
  column.set_identity(identity);
  return column;
}
v1::Column Generated() {
  v1::Column column = NullableColumn("twice", CatalogType("int8"));
  column.set_generated(v1::COLUMN_GENERATED_STORED);
  return column;
}

// The rules file says which column field coupon has.
ModelWorld WithColumnSaid(const char* column) {
  ModelWorld world = WithCoupon<testing::Declared>();
  v1::CheckSetting& field = *world.Say().add_fields();
  field.set_name("coupon");
  field.set_value(column);
  return world;
}

constexpr char kLone[] = "model/field-without-column";

INSTANTIATE_TEST_SUITE_P(
    FieldWithoutColumn, ColumnRules,
    ::testing::Values(
        ModelRuleCase{"ErrorWhereTheModelNamesTheTable",
                      kLone,
                      WithCoupon<testing::Declared>,
                      {{"error shop.Order.coupon: no column of table public.orders is called so"}}},
        ModelRuleCase{"WarningWhereOnlyNamesMatch",
                      kLone,
                      WithCoupon<Alike>,
                      {{"warn shop.Order.coupon: no column of table public.orders is called so "
                        "(matched by the model's name)"}}},
        ModelRuleCase{"InfoOfWhatIsSent",
                      kLone,
                      WithCoupon<AlikeCreate>,
                      {{"info shop.OrderCreate.coupon: no column of table public.orders is called "
                        "so (matched by the model's name)"}}},
        ModelRuleCase{"MappersColumn",
                      kLone,
                      [] {
                        ModelWorld world = testing::Mapped();
                        world.AddOrmColumn("coupon", "text", true);
                        return world;
                      },
                      {{"error shop.Order.coupon: no column of table public.orders is called so"}}},
        ModelRuleCase{"NotWhatTheRulesFileIgnores",
                      kLone,
                      [] {
                        ModelWorld world = WithCoupon<testing::Declared>();
                        world.Say().add_ignore("coupon");
                        return world;
                      },
                      {}},
        ModelRuleCase{"NotMappersColumnsThatTheRulesFileIgnores",
                      kLone,
                      [] {
                        ModelWorld world = testing::Mapped();
                        world.AddOrmColumn("coupon", "text", true);
                        world.Say().add_ignore("coupon");
                        return world;
                      },
                      {}},
        ModelRuleCase{"NotWhereTheRulesFileNamesTheColumn",
                      kLone,
                      [] { return WithColumnSaid("customer_id"); },
                      {}},
        ModelRuleCase{"WhereTheColumnOfTheRulesFileIsNotThere",
                      kLone,
                      [] { return WithColumnSaid("voucher"); },
                      {{"error shop.Order.coupon: no column of table public.orders is called "
                        "voucher"}}},
        ModelRuleCase{"OfARelationWhoseColumnTheRulesFileNames",
                      kLone,
                      [] {
                        ModelWorld world = WithColumnSaid("voucher");
                        *world.FieldOf("coupon").add_type_references() =
                            IdentityOf({"model", {"shop", "Coupon"}});
                        return world;
                      },
                      {{"error shop.Order.coupon: no column of table public.orders is called "
                        "voucher"}}},
        ModelRuleCase{
            "NotFieldsWhereTheMapperListsColumns", kLone, WithCoupon<testing::Mapped>, {}},
        ModelRuleCase{"NotWhereAliasOrSnakeCaseIsAColumn",
                      kLone,
                      [] {
                        ModelWorld world = testing::Declared();
                        world.AddField("customerId", "int");
                        world.AddField("buyer", "int").set_alias("customer_id");
                        ModelWorld::Constrain(world.AddField("payer", "int"), "serialization_alias",
                                              "\"customer_id\"");
                        return world;
                      },
                      {}},
        ModelRuleCase{"NotARelation",
                      kLone,
                      [] {
                        ModelWorld world = testing::Declared();
                        *world.AddField("lines", "list[Line]").add_type_references() =
                            IdentityOf({"model", {"shop", "Line"}});
                        return world;
                      },
                      {}},
        ModelRuleCase{"NotWhatIsExcluded",
                      kLone,
                      [] {
                        ModelWorld world = testing::Declared();
                        ModelWorld::Constrain(world.AddField("note", "str"), "exclude", "true");
                        return world;
                      },
                      {}},
        ModelRuleCase{"UnknownAlias",
                      kLone,
                      [] {
                        ModelWorld world = testing::Declared();
                        world.AddField("buyer", "int").add_unknown("alias");
                        return world;
                      },
                      {{}, {"shop.Order.buyer: its alias is not known"}}},
        ModelRuleCase{"UnknownType",
                      kLone,
                      [] {
                        ModelWorld world = testing::Declared();
                        world.AddField("lines", "list[Line]");
                        return world;
                      },
                      {{},
                       {"shop.Order.lines: nothing is known of type list[Line], it may be a "
                        "relation"}}}),
    [](const auto& info) { return info.param.name; });

constexpr char kFieldless[] = "model/column-without-field";

INSTANTIATE_TEST_SUITE_P(
    ColumnWithoutField, ColumnRules,
    ::testing::Values(
        ModelRuleCase{
            "ErrorWhereItMustBeGiven",
            kFieldless,
            [] {
              return WithColumn(testing::Mapped(), RequiredColumn("code", CatalogType("text")));
            },
            {{"error shop.Order.code: there is no field for column public.orders.code text, which "
              "takes no NULL and has no default: inserting fails"}}},
        ModelRuleCase{
            "InfoByNameAlone",
            kFieldless,
            [] { return WithColumn(AlikeCreate(), RequiredColumn("code", CatalogType("text"))); },
            {{"info shop.OrderCreate.code: there is no field for column public.orders.code text, "
              "which takes no NULL and has no default: inserting fails"}}},
        ModelRuleCase{
            "InfoWhereTheMapperDoesNotKnowIt",
            kFieldless,
            [] {
              return WithColumn(testing::Mapped(), NullableColumn("note", CatalogType("text")));
            },
            {{"info shop.Order.note: the mapper does not know column public.orders.note text"}}},
        ModelRuleCase{
            "OfWhatTheRulesFileSaysCreatesRows",
            kFieldless,
            [] {
              ModelWorld world = WithColumn(Alike(), RequiredColumn("code", CatalogType("text")));
              world.Say().set_role(v1::MODEL_USE_CREATE);
              return world;
            },
            {{"info shop.Order.code: there is no field for column public.orders.code text, "
              "which takes no NULL and has no default: inserting fails"}}},
        ModelRuleCase{"NotOfWhatTheRulesFileSaysReadsRows",
                      kFieldless,
                      [] {
                        ModelWorld world =
                            WithColumn(AlikeCreate(), RequiredColumn("code", CatalogType("text")));
                        world.Say().set_role(v1::MODEL_USE_READ);
                        return world;
                      },
                      {}},
        ModelRuleCase{"NotOfWhatTheRulesFileSaysStandsForNone",
                      kFieldless,
                      [] {
                        ModelWorld world = WithColumn(testing::Mapped(),
                                                      RequiredColumn("code", CatalogType("text")));
                        world.Say().set_role(v1::MODEL_USE_NONE);
                        return world;
                      },
                      {}},
        ModelRuleCase{"NotColumnsThatTheRulesFileIgnores",
                      kFieldless,
                      [] {
                        ModelWorld world = WithColumn(testing::Mapped(),
                                                      RequiredColumn("code", CatalogType("text")));
                        world.Say().add_ignore("code");
                        return world;
                      },
                      {}},
        ModelRuleCase{"NotOfAProjection",
                      kFieldless,
                      [] {
                        return WithColumn(testing::NamedAlike("OrderRead"),
                                          RequiredColumn("code", CatalogType("text")));
                      },
                      {}},
        ModelRuleCase{"NotWhatTheServerFills",
                      kFieldless,
                      [] {
                        return WithColumn(WithColumn(testing::Declared(), Generated()),
                                          Identity(v1::COLUMN_IDENTITY_BY_DEFAULT));
                      },
                      {}},
        ModelRuleCase{"UnknownWhereATriggerMayFillIt",
                      kFieldless,
                      [] {
                        ModelWorld world = WithColumn(testing::Declared(),
                                                      RequiredColumn("code", CatalogType("text")));
                        v1::Trigger& trigger = *world.table.add_triggers();
                        trigger.set_name("fill");
                        trigger.set_timing("before");
                        trigger.add_events("insert");
                        return world;
                      },
                      {{},
                       {"shop.Order.code: there is no field for the column; a trigger may fill "
                        "it"}}},
        ModelRuleCase{"UnknownWhereSourceShowsTheTablesNameAlone",
                      kFieldless,
                      [] {
                        ModelWorld world = testing::Mapped();
                        world.model.mutable_table()->clear_columns();
                        world.model.mutable_table()->add_unknown("columns");
                        return world;
                      },
                      {{}, {"shop.Order: it may have more fields than are seen"}}},
        ModelRuleCase{"UnknownWhereThereMayBeMore",
                      kFieldless,
                      [] {
                        ModelWorld world = WithColumn(testing::Mapped(),
                                                      RequiredColumn("code", CatalogType("text")));
                        world.model.mutable_table()->add_unknown("columns");
                        return world;
                      },
                      {{}, {"shop.Order: it may have more fields than are seen"}}}),
    [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    RenamedField, ColumnRules,
    ::testing::Values(
        ModelRuleCase{"OfNearlyOneName",
                      "model/renamed-field",
                      [] {
                        ModelWorld world = testing::Declared();
                        world.ColumnOf("total").set_name("totals");
                        return world;
                      },
                      {{"warn shop.Order.total: probably means column public.orders.totals, for "
                        "which there is no field"}}},
        ModelRuleCase{
            "NotOfAnotherName", "model/renamed-field", WithCoupon<testing::Declared>, {}}),
    [](const auto& info) { return info.param.name; });

constexpr char kWritten[] = "model/generated-column-written";

INSTANTIATE_TEST_SUITE_P(
    GeneratedColumnWritten, ColumnRules,
    ::testing::Values(
        ModelRuleCase{"RequiredField",
                      kWritten,
                      [] {
                        ModelWorld world = WithColumn(testing::Declared(), Generated());
                        world.AddField("twice", "int");
                        return world;
                      },
                      {{"error shop.Order.twice: is written, and public.orders.twice is generated: "
                        "inserting fails"}}},
        ModelRuleCase{"IdentityOfACreateModel",
                      kWritten,
                      [] {
                        ModelWorld world =
                            WithColumn(AlikeCreate(), Identity(v1::COLUMN_IDENTITY_ALWAYS));
                        world.AddField("number", "int");
                        return world;
                      },
                      {{"warn shop.OrderCreate.number: is written, and public.orders.number is an "
                        "identity column, always generated: inserting fails"}}},
        ModelRuleCase{"MappersColumn",
                      kWritten,
                      [] {
                        ModelWorld world = WithColumn(testing::Mapped(), Generated());
                        world.AddOrmColumn("twice", "bigint", true);
                        return world;
                      },
                      {{"error shop.Order.twice: is written, and public.orders.twice is generated: "
                        "inserting fails"}}},
        ModelRuleCase{"NotOfAMapperThatOnlyReads",
                      kWritten,
                      [] {
                        ModelWorld world = WithColumn(testing::Mapped(), Generated());
                        world.AddOrmColumn("twice", "bigint", true);
                        world.Say().set_role(v1::MODEL_USE_READ);
                        return world;
                      },
                      {}},
        ModelRuleCase{"NotWhatTheRulesFileIgnores",
                      kWritten,
                      [] {
                        ModelWorld world = WithColumn(testing::Declared(), Generated());
                        world.AddField("twice", "int");
                        world.Say().add_ignore("twice");
                        return world;
                      },
                      {}},
        ModelRuleCase{"NotWhatMayBeLeftOut",
                      kWritten,
                      [] {
                        ModelWorld world = WithColumn(testing::Declared(), Generated());
                        world.AddField("twice", "Optional[int]").set_required(v1::KNOWN_NO);
                        return world;
                      },
                      {}},
        ModelRuleCase{"NotWhatTheMapperLeavesToTheServer",
                      kWritten,
                      [] {
                        ModelWorld world = WithColumn(WithColumn(testing::Mapped(), Generated()),
                                                      Identity(v1::COLUMN_IDENTITY_ALWAYS));
                        world.AddOrmColumn("twice", "bigint", true).set_generated("id * 2");
                        world.AddOrmColumn("number", "bigint", false).set_identity("always");
                        return world;
                      },
                      {}},
        ModelRuleCase{"UnknownWhetherItMustBeGiven",
                      kWritten,
                      [] {
                        ModelWorld world = WithColumn(testing::Declared(), Generated());
                        world.AddField("twice", "int").set_required(v1::KNOWN_UNSPECIFIED);
                        return world;
                      },
                      {{}, {"shop.Order.twice: whether it must be given is not known"}}},
        ModelRuleCase{"UnknownWhetherTheMapperCounts",
                      kWritten,
                      [] {
                        ModelWorld world =
                            WithColumn(testing::Mapped(), Identity(v1::COLUMN_IDENTITY_ALWAYS));
                        world.AddOrmColumn("number", "bigint", false).add_unknown("identity");
                        return world;
                      },
                      {{},
                       {"shop.Order.number: whether the mapper leaves it to the server is not "
                        "known"}}}),
    [](const auto& info) { return info.param.name; });

ModelWorld OfTable(const char* schema, const char* name) {
  ModelWorld world = testing::Mapped();
  world.model.mutable_table()->set_schema(schema);
  world.model.mutable_table()->set_name(name);
  return world;
}

INSTANTIATE_TEST_SUITE_P(
    TableMissing, ColumnRules,
    ::testing::Values(
        ModelRuleCase{"Nowhere",
                      "model/table-missing",
                      [] { return OfTable("", "bills"); },
                      {{"error shop.Order: there is no table bills"}}},
        ModelRuleCase{"InAnotherSchema",
                      "model/table-missing",
                      [] { return OfTable("app", "orders"); },
                      {{"error shop.Order: there is no table app.orders; of that name there is "
                        "public.orders"}}},
        ModelRuleCase{"NotWhereAViewIsMeant",
                      "model/table-missing",
                      [] {
                        ModelWorld world = OfTable("", "bills");
                        v1::Shape view;
                        view.mutable_view();
                        world.in_database.push_back({{"view", {"public", "bills"}}, view});
                        return world;
                      },
                      {}},
        ModelRuleCase{"NotWhereAForeignTableIsMeant",
                      "model/table-missing",
                      [] {
                        ModelWorld world = OfTable("app", "bills");
                        v1::Shape foreign;
                        foreign.mutable_table()->set_kind(v1::TABLE_KIND_FOREIGN);
                        world.in_database.emplace_back(testing::Table("app", "bills"), foreign);
                        return world;
                      },
                      {}},
        ModelRuleCase{"UnknownWhereSeveralAreMeant",
                      "model/table-missing",
                      [] {
                        ModelWorld world = testing::Mapped();
                        world.model.mutable_table()->add_unknown("schema");
                        v1::Shape other;
                        *other.mutable_table() = testing::OrdersTable();
                        world.in_database.emplace_back(testing::Table("app", "orders"), other);
                        return world;
                      },
                      {{},
                       {"shop.Order: several tables are called orders: app.orders, "
                        "public.orders"}}}),
    [](const auto& info) { return info.param.name; });

TEST(TableMissing, CannotSayWhereATableWasNotSeen) {
  std::vector<Section> sections = OfTable("", "bills").Sections();
  sections[0] = testing::PostgresWith([](SectionBuilder& builder) {
    builder.AddUnseen(testing::Table("app", "secret"), v1::FACET_STRUCTURE, v1::SIGHT_LOCKED);
  });
  const CheckResult result = testing::Checked(std::move(sections));
  EXPECT_THAT(testing::Findings(result, "model/table-missing"), ::testing::IsEmpty());
  EXPECT_THAT(
      testing::Unsaid(result, "model/table-missing"),
      ::testing::ElementsAre("shop.Order: there is no table bills among those seen; not all were"));
}

TEST(TableMissing, CannotSayWhereADatabaseWasOutOfReach) {
  std::vector<Section> sections = OfTable("", "bills").Sections();
  sections.push_back(SectionBuilder::Unavailable("postgres:other", "postgres", "h:5432",
                                                 "connecting", "refused", "start it"));
  const CheckResult result = testing::Checked(std::move(sections));
  EXPECT_THAT(testing::Findings(result, "model/table-missing"), ::testing::IsEmpty());
  EXPECT_THAT(testing::Unsaid(result, "model/table-missing"), ::testing::SizeIs(1));
}

}  // namespace
}  // namespace varve
