// Rules that hold the columns that a mapper lists against those of the table.
#include "tests/unit/snapshot/rules/model_cases.h"

namespace varve {
namespace {

using testing::CatalogType;
using testing::ModelRuleCase;
using testing::ModelWorld;
using testing::NullableColumn;
using testing::RequiredColumn;
using testing::UserType;

class OrmColumnRules : public ::testing::TestWithParam<ModelRuleCase> {};

TEST_P(OrmColumnRules, SayWhatTheyShould) { testing::ExpectSays(GetParam()); }

constexpr auto kName = [](const auto& info) { return info.param.name; };

template <typename Change>
ModelWorld Changed(const Change& change) {
  ModelWorld world = testing::Mapped();
  change(world);
  return world;
}

constexpr char kType[] = "model/orm-type-differs";
ModelWorld OfType(const char* declared, const v1::DataType& column) {
  return Changed([&](ModelWorld& world) {
    world.AddColumn(RequiredColumn("note", column));
    world.AddOrmColumn("note", declared, false);
  });
}

INSTANTIATE_TEST_SUITE_P(
    Types, OrmColumnRules,
    ::testing::Values(
        ModelRuleCase{"Narrower",
                      kType,
                      [] { return OfType("character varying(40)", CatalogType("varchar", "20")); },
                      {{"error shop.Order.note: is character varying(40) to the mapper, and "
                        "public.orders.note character varying(20), which takes less"}}},
        ModelRuleCase{"Wider",
                      kType,
                      [] { return OfType("integer", CatalogType("int8")); },
                      {{"info shop.Order.note: is integer to the mapper, and public.orders.note "
                        "bigint, which takes more"}}},
        ModelRuleCase{"Related",
                      kType,
                      [] { return OfType("timestamp with time zone", CatalogType("timestamp")); },
                      {{"warn shop.Order.note: is timestamp with time zone to the mapper, and "
                        "public.orders.note timestamp without time zone"}}},
        ModelRuleCase{"Other",
                      kType,
                      [] { return OfType("uuid", CatalogType("int8")); },
                      {{"error shop.Order.note: is uuid to the mapper, and public.orders.note "
                        "bigint"}}},
        ModelRuleCase{"Same", kType, [] { return OfType("uuid", CatalogType("uuid")); }, {}},
        ModelRuleCase{"BelowADomain",
                      kType,
                      [] {
                        ModelWorld world =
                            OfType("numeric(4,3)", UserType("domain", "public", "share"));
                        v1::Shape shape;
                        *shape.mutable_domain()->mutable_base() = CatalogType("numeric", "4,3");
                        world.in_database.push_back({{"domain", {"public", "share"}}, shape});
                        return world;
                      },
                      {}},
        ModelRuleCase{"EnumThatIsText",
                      kType,
                      [] {
                        ModelWorld world = OfType("mood", CatalogType("text"));
                        world.OrmColumn("note").add_enum_labels("good");
                        return world;
                      },
                      {{"error shop.Order.note: is mood to the mapper, and public.orders.note "
                        "text"}}},
        ModelRuleCase{"OfTheUsersOwn",
                      kType,
                      [] { return OfType("money2", CatalogType("text")); },
                      {{},
                       {"shop.Order.note: is money2 to the mapper, and public.orders.note text: "
                        "nothing is known of the one or the other"}}},
        ModelRuleCase{"NotKnown",
                      kType,
                      [] {
                        ModelWorld world = OfType("", CatalogType("text"));
                        world.OrmColumn("note").add_unknown("type");
                        return world;
                      },
                      {{}, {"shop.Order.note: the type that the mapper declares is not known"}}}),
    kName);

constexpr char kNullable[] = "model/orm-nullable-differs";

INSTANTIATE_TEST_SUITE_P(
    Nullable, OrmColumnRules,
    ::testing::Values(
        ModelRuleCase{"ColumnTakesNone",
                      kNullable,
                      [] {
                        return Changed([](ModelWorld& world) {
                          world.OrmColumn("total").set_nullable(v1::KNOWN_YES);
                        });
                      },
                      {{"error shop.Order.total: may be NULL to the mapper, and "
                        "public.orders.total is NOT NULL"}}},
        ModelRuleCase{"ColumnTakesIt",
                      kNullable,
                      [] {
                        return Changed(
                            [](ModelWorld& world) { world.ColumnOf("total").set_not_null(false); });
                      },
                      {{"error shop.Order.total: is NOT NULL to the mapper, and "
                        "public.orders.total may be NULL"}}},
        ModelRuleCase{"DomainTakesNone",
                      kNullable,
                      [] {
                        return Changed([](ModelWorld& world) {
                          world.AddColumn(
                              NullableColumn("note", UserType("domain", "public", "name")));
                          world.AddOrmColumn("note", "text", false);
                          v1::Shape shape;
                          *shape.mutable_domain()->mutable_base() = CatalogType("text");
                          shape.mutable_domain()->set_not_null(true);
                          world.in_database.push_back({{"domain", {"public", "name"}}, shape});
                        });
                      },
                      {}},
        ModelRuleCase{
            "NotKnown",
            kNullable,
            [] {
              return Changed([](ModelWorld& world) {
                world.OrmColumn("total").set_nullable(v1::KNOWN_UNSPECIFIED);
              });
            },
            {{}, {"shop.Order.total: whether the mapper declares NOT NULL is not known"}}}),
    kName);

constexpr char kDefault[] = "model/orm-server-default-differs";
ModelWorld DefaultsTo(const char* declared, const char* text) {
  return Changed([&](ModelWorld& world) {
    if (*text != '\0') world.SetDefault("total", text);
    world.OrmColumn("total").set_server_default(declared);
  });
}

INSTANTIATE_TEST_SUITE_P(
    ServerDefaults, OrmColumnRules,
    ::testing::Values(
        ModelRuleCase{"Other",
                      kDefault,
                      [] { return DefaultsTo("1.10", "2"); },
                      {{"warn shop.Order.total: has DEFAULT 1.10 to the mapper, and "
                        "public.orders.total has 2"}}},
        ModelRuleCase{"NotThere",
                      kDefault,
                      [] { return DefaultsTo("1.10", ""); },
                      {{"warn shop.Order.total: has DEFAULT 1.10 to the mapper, and "
                        "public.orders.total has none"}}},
        ModelRuleCase{"NotDeclared",
                      kDefault,
                      [] { return DefaultsTo("", "2"); },
                      {{"info shop.Order.total: has no DEFAULT to the mapper, and "
                        "public.orders.total has 2"}}},
        ModelRuleCase{"Same", kDefault, [] { return DefaultsTo("1.10", "1.1"); }, {}},
        ModelRuleCase{"CannotBeCompared",
                      kDefault,
                      [] { return DefaultsTo("1 + 1", "(3 - 1)"); },
                      {{},
                       {"shop.Order.total: DEFAULT 1 + 1 of the mapper cannot be compared with "
                        "(3 - 1)"}}},
        ModelRuleCase{"NotSeen",
                      kDefault,
                      [] {
                        ModelWorld world = DefaultsTo("1", "1");
                        world.saw_texts = false;
                        return world;
                      },
                      {{}, {"shop.Order.total: the column's default was not seen"}}},
        ModelRuleCase{"NotKnown",
                      kDefault,
                      [] {
                        ModelWorld world = DefaultsTo("", "1");
                        world.OrmColumn("total").add_unknown("server_default");
                        return world;
                      },
                      {{}, {"shop.Order.total: server_default of the mapper is not known"}}},
        ModelRuleCase{"Numbered",
                      kDefault,
                      [] {
                        return Changed([](ModelWorld& world) {
                          world.OrmColumn("id").set_identity("serial");
                          world.ColumnOf("id").set_identity(v1::COLUMN_IDENTITY_BY_DEFAULT);
                        });
                      },
                      {}},
        ModelRuleCase{"NumberedByASequence",
                      kDefault,
                      [] {
                        return Changed([](ModelWorld& world) {
                          world.OrmColumn("id").set_identity("serial");
                          world.SetDefault("id", "nextval('orders_id_seq'::regclass)");
                        });
                      },
                      {}},
        ModelRuleCase{"NotNumbered",
                      kDefault,
                      [] {
                        return Changed([](ModelWorld& world) {
                          world.OrmColumn("id").set_identity("serial");
                        });
                      },
                      {{"error shop.Order.id: is numbered by the server to the mapper, and "
                        "public.orders.id has neither a default nor an identity: inserting "
                        "fails"}}},
        ModelRuleCase{"NotGenerated",
                      kDefault,
                      [] {
                        return Changed([](ModelWorld& world) {
                          world.OrmColumn("customer_id").set_generated("id * 2");
                        });
                      },
                      {{"error shop.Order.customer_id: is generated to the mapper, and "
                        "public.orders.customer_id is not: it stays empty"}}},
        ModelRuleCase{"GeneratedAlike",
                      kDefault,
                      [] {
                        return Changed([](ModelWorld& world) {
                          world.SetDefault("customer_id", "(id * 2)");
                          world.ColumnOf("customer_id").set_has_default(false);
                          world.ColumnOf("customer_id").set_generated(v1::COLUMN_GENERATED_STORED);
                          world.OrmColumn("customer_id").set_generated("id * 2");
                        });
                      },
                      {}}),
    kName);

void DeclareLabels(ModelWorld& world, const std::vector<std::string>& labels) {
  world.AddColumn(RequiredColumn("mood", UserType("enum", "public", "mood")));
  world.AddEnum("mood", {"good", "bad"});
  v1::ModelColumn& column = world.AddOrmColumn("mood", "mood", false);
  for (const std::string& label : labels) column.add_enum_labels(label);
}

INSTANTIATE_TEST_SUITE_P(
    Labels, OrmColumnRules,
    ::testing::Values(
        ModelRuleCase{"Missing",
                      "model/enum-value-missing",
                      [] {
                        return Changed([](ModelWorld& world) {
                          DeclareLabels(world, {"good", "bad", "sad"});
                        });
                      },
                      {{"error shop.Order.mood: allows 'sad', which public.mood does not: writing "
                        "fails"}}},
        ModelRuleCase{
            "NotKnown",
            "model/unknown-enum-value",
            [] { return Changed([](ModelWorld& world) { DeclareLabels(world, {"good"}); }); },
            {{"warn shop.Order.mood: does not know 'bad', which public.mood allows: "
              "reading such a row fails"}}},
        ModelRuleCase{"Same",
                      "model/unknown-enum-value",
                      [] {
                        return Changed([](ModelWorld& world) {
                          DeclareLabels(world, {"bad", "good"});
                        });
                      },
                      {}},
        ModelRuleCase{"NotShownBySource",
                      "model/enum-value-missing",
                      [] {
                        return Changed([](ModelWorld& world) {
                          DeclareLabels(world, {});
                          world.OrmColumn("mood").add_unknown("enum_labels");
                        });
                      },
                      {{}, {"shop.Order.mood: the labels that the mapper has are not known"}}}),
    kName);

}  // namespace
}  // namespace varve
