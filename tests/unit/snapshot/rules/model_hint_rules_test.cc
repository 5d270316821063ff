// Rules about defaults and NULL that only one side has.
#include "tests/unit/snapshot/rules/model_cases.h"

namespace varve {
namespace {

using testing::CatalogType;
using testing::ModelRuleCase;
using testing::ModelWorld;
using testing::NullableColumn;
using testing::RequiredColumn;

class HintRules : public ::testing::TestWithParam<ModelRuleCase> {};

TEST_P(HintRules, SayWhatTheyShould) { testing::ExpectSays(GetParam()); }

constexpr auto kName = [](const auto& info) { return info.param.name; };

// The model with a field and a text column that may be NULL, both called note.
ModelWorld Note(ModelWorld world, const char* type) {
  world.AddColumn(NullableColumn("note", CatalogType("text")));
  world.AddField("note", type);
  return world;
}
ModelWorld NewNote(const char* type) { return Note(testing::NamedAlike("OrderCreate"), type); }

constexpr char kRequired[] = "model/required-for-nullable-column";

INSTANTIATE_TEST_SUITE_P(
    RequiredForNullable, HintRules,
    ::testing::Values(
        ModelRuleCase{"OfANewRow",
                      kRequired,
                      [] { return NewNote("str"); },
                      {{"info shop.OrderCreate.note: must be given, and public.orders.note may be "
                        "NULL"}}},
        ModelRuleCase{
            "NotOfOthers", kRequired, [] { return Note(testing::Declared(), "str"); }, {}},
        ModelRuleCase{"NotWhatMayBeLeftOut",
                      kRequired,
                      [] {
                        ModelWorld world = NewNote("str");
                        world.FieldOf("note").set_required(v1::KNOWN_NO);
                        return world;
                      },
                      {}},
        ModelRuleCase{"NotWhereACheckHoldsIt",
                      kRequired,
                      [] {
                        ModelWorld world = NewNote("str");
                        world.AddCheck("is_there", "note", "(note IS NOT NULL)");
                        return world;
                      },
                      {}},
        ModelRuleCase{"Unknown",
                      kRequired,
                      [] {
                        ModelWorld world = NewNote("str");
                        world.FieldOf("note").set_required(v1::KNOWN_UNSPECIFIED);
                        return world;
                      },
                      {{}, {"shop.OrderCreate.note: whether it must be given is not known"}}}),
    kName);

constexpr char kOnlyModel[] = "model/default-only-in-model";

ModelWorld WithDefault(const char* json) {
  ModelWorld world = Note(testing::Declared(), "str");
  world.FieldOf("note").set_required(v1::KNOWN_NO);
  world.FieldOf("note").set_default_json(json);
  return world;
}

INSTANTIATE_TEST_SUITE_P(
    DefaultOnlyInModel, HintRules,
    ::testing::Values(
        ModelRuleCase{"Value",
                      kOnlyModel,
                      [] { return WithDefault("\"new\""); },
                      {{"info shop.Order.note: has a default, and public.orders.note has none: who "
                        "writes past the model gets NULL"}}},
        ModelRuleCase{"OfWhatTakesNoNull",
                      kOnlyModel,
                      [] {
                        ModelWorld world = WithDefault("\"new\"");
                        world.ColumnOf("note").set_not_null(true);
                        return world;
                      },
                      {{"info shop.Order.note: has a default, and public.orders.note has none: who "
                        "writes past the model must give it"}}},
        ModelRuleCase{"OfAMapper",
                      kOnlyModel,
                      [] {
                        ModelWorld world = testing::Mapped();
                        world.OrmColumn("customer_id").set_client_default("3");
                        return world;
                      },
                      {{"info shop.Order.customer_id: has a default, and public.orders.customer_id "
                        "has none: who writes past the model gets NULL"}}},
        ModelRuleCase{"NotNone", kOnlyModel, [] { return WithDefault("null"); }, {}},
        ModelRuleCase{"NotWhereTheColumnHasOne",
                      kOnlyModel,
                      [] {
                        ModelWorld world = WithDefault("\"new\"");
                        world.SetDefault("note", "'old'::text");
                        return world;
                      },
                      {}},
        ModelRuleCase{"Unknown",
                      kOnlyModel,
                      [] {
                        ModelWorld world = Note(testing::Declared(), "str");
                        world.FieldOf("note").add_unknown("default");
                        return world;
                      },
                      {{}, {"shop.Order.note: its default is not known"}}},
        ModelRuleCase{"UnknownOfAMapper",
                      kOnlyModel,
                      [] {
                        ModelWorld world = testing::Mapped();
                        world.OrmColumn("customer_id").add_unknown("client_default");
                        return world;
                      },
                      {{}, {"shop.Order.customer_id: its default is not known"}}}),
    kName);

constexpr char kOnlyDatabase[] = "model/default-only-in-database";

ModelWorld NoneFor(const char* column_default) {
  ModelWorld world = WithDefault("null");
  world.SetDefault("note", column_default);
  return world;
}

INSTANTIATE_TEST_SUITE_P(
    DefaultOnlyInDatabase, HintRules,
    ::testing::Values(
        ModelRuleCase{"None",
                      kOnlyDatabase,
                      [] { return NoneFor("'old'::text"); },
                      {{"info shop.Order.note: is None where it is not given, and "
                        "public.orders.note has DEFAULT 'old'::text: writing None puts NULL in its "
                        "place"}}},
        ModelRuleCase{"NotANumberOfTheServers",
                      kOnlyDatabase,
                      [] { return NoneFor("nextval('s'::regclass)"); },
                      {}},
        ModelRuleCase{"NotWhereBothHaveOne",
                      kOnlyDatabase,
                      [] {
                        ModelWorld world = WithDefault("\"old\"");
                        world.SetDefault("note", "'old'::text");
                        return world;
                      },
                      {}},
        ModelRuleCase{"NotSeen",
                      kOnlyDatabase,
                      [] {
                        ModelWorld world = NoneFor("'old'::text");
                        world.saw_texts = false;
                        return world;
                      },
                      {{}, {"shop.Order.note: the column's default was not seen"}}}),
    kName);

constexpr char kMade[] = "model/computed-default-differs";

// A field that `factory` makes, of a column with this default.
ModelWorld Made(const char* factory, const char* type, const char* column_default) {
  ModelWorld world = Note(testing::Declared(), "Any");
  *world.ColumnOf("note").mutable_type() = CatalogType(type);
  world.FieldOf("note").set_default_factory(factory);
  world.SetDefault("note", column_default);
  return world;
}

INSTANTIATE_TEST_SUITE_P(
    ComputedDefaultDiffers, HintRules,
    ::testing::Values(
        ModelRuleCase{"OtherUuids",
                      kMade,
                      [] { return Made("uuid.uuid1", "uuid", "gen_random_uuid()"); },
                      {{"info shop.Order.note: is made by uuid.uuid1, and public.orders.note by "
                        "gen_random_uuid()"}}},
        ModelRuleCase{"SameUuids",
                      kMade,
                      [] { return Made("uuid.uuid4", "uuid", "extensions.uuid_generate_v4()"); },
                      {}},
        ModelRuleCase{"SameMoment",
                      kMade,
                      [] { return Made("datetime.utcnow", "timestamptz", "CURRENT_TIMESTAMP"); },
                      {}},
        ModelRuleCase{"SameMomentInUtc",
                      kMade,
                      [] {
                        return Made("datetime.datetime.utcnow", "timestamp",
                                    "timezone('utc'::text, now())");
                      },
                      {}},
        ModelRuleCase{
            "SameDay", kMade, [] { return Made("date.today", "date", "CURRENT_DATE"); }, {}},
        ModelRuleCase{"ADayForAMoment",
                      kMade,
                      [] { return Made("date.today", "date", "now()"); },
                      {{"info shop.Order.note: is made by date.today, and public.orders.note by "
                        "now()"}}},
        ModelRuleCase{
            "NotAValue", kMade, [] { return Made("uuid.uuid4", "text", "'none'::text"); }, {}},
        ModelRuleCase{"OfAMapper",
                      kMade,
                      [] {
                        ModelWorld world = testing::Mapped();
                        *world.ColumnOf("customer_id").mutable_type() = CatalogType("uuid");
                        world.SetDefault("customer_id", "gen_random_uuid()");
                        world.OrmColumn("customer_id").set_client_default("uuid.uuid1");
                        return world;
                      },
                      {{"info shop.Order.customer_id: is made by uuid.uuid1, and "
                        "public.orders.customer_id by gen_random_uuid()"}}},
        ModelRuleCase{"OfTheApplications",
                      kMade,
                      [] { return Made("shop.ids.next", "uuid", "gen_random_uuid()"); },
                      {{},
                       {"shop.Order.note: what shop.ids.next makes cannot be compared with "
                        "gen_random_uuid()"}}},
        ModelRuleCase{"NotSeen",
                      kMade,
                      [] {
                        ModelWorld world = Made("uuid.uuid4", "uuid", "gen_random_uuid()");
                        world.saw_texts = false;
                        return world;
                      },
                      {{}, {"shop.Order.note: the column's default was not seen"}}}),
    kName);

}  // namespace
}  // namespace varve
