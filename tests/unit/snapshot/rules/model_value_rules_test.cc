// Rules that hold what fields admit against what columns do: values, NULL and defaults.
#include "tests/unit/snapshot/rules/model_cases.h"

namespace varve {
namespace {

using testing::CatalogType;
using testing::ModelRuleCase;
using testing::ModelWorld;
using testing::NullableColumn;
using testing::RequiredColumn;
using testing::UserType;

class ValueRules : public ::testing::TestWithParam<ModelRuleCase> {};

TEST_P(ValueRules, SayWhatTheyShould) { testing::ExpectSays(GetParam()); }

constexpr auto kName = [](const auto& info) { return info.param.name; };

// The declared model, or one of another name, with one more column and a field for it.
ModelWorld With(ModelWorld world, const v1::Column& column, const char* type) {
  world.AddColumn(column);
  v1::ModelField& field = world.AddField(column.name(), type);
  if (!column.not_null()) field.set_nullable(v1::KNOWN_YES);
  return world;
}
ModelWorld Note(const v1::DataType& column, const char* type) {
  return With(testing::Declared(), RequiredColumn("note", column), type);
}

// A column of enum public.mood (good, bad) and a field of enum shop.Mood with these members.
ModelWorld Moods(ModelWorld world,
                 const std::vector<std::pair<std::string, std::string>>& members) {
  world =
      With(std::move(world), RequiredColumn("note", UserType("enum", "public", "mood")), "Mood");
  world.AddEnum("mood", {"good", "bad"});
  world.AddModelEnum("Mood", members);
  *world.FieldOf("note").add_type_references() = IdentityOf({"model_enum", {"shop", "Mood"}});
  return world;
}
ModelWorld MoodsOfATable(const std::vector<std::pair<std::string, std::string>>& members) {
  return Moods(testing::Declared(), members);
}
// A column of text that a check holds to good and bad.
ModelWorld Checked(const char* type) {
  ModelWorld world = Note(CatalogType("text"), type);
  world.AddCheck("orders_note_check", "note", "(note = ANY (ARRAY['good'::text, 'bad'::text]))");
  return world;
}

// A column of domain public.word and a field for it.
ModelWorld OfDomain(const char* type, const char* check) {
  ModelWorld world = Note(UserType("domain", "public", "word"), type);
  world.AddDomain("word", check);
  return world;
}

constexpr char kMissing[] = "model/enum-value-missing";
constexpr char kNotKnown[] = "model/unknown-enum-value";

INSTANTIATE_TEST_SUITE_P(
    Enums, ValueRules,
    ::testing::Values(
        ModelRuleCase{
            "Missing",
            kMissing,
            [] {
              return MoodsOfATable({{"A", "\"good\""}, {"B", "\"bad\""}, {"C", "\"sad\""}});
            },
            {{"error shop.Order.note: allows 'sad', which public.mood does not: writing "
              "fails"}}},
        ModelRuleCase{"MissingInADomain",
                      kMissing,
                      [] {
                        return OfDomain("Literal['good', 'sad']",
                                        "(VALUE = ANY (ARRAY['good'::text, 'bad'::text]))");
                      },
                      {{"error shop.Order.note: allows 'sad', which domain public.word does not: "
                        "writing fails"}}},
        ModelRuleCase{"NotMissingInADomainThatIsNoList",
                      kMissing,
                      [] { return OfDomain("Literal['good']", "(VALUE <> ''::text)"); },
                      {}},
        ModelRuleCase{"UnknownWhereTheDomainsCheckWasNotSeen",
                      kMissing,
                      [] { return OfDomain("Literal['good']", ""); },
                      {{}, {"shop.Order.note: what the column allows was not seen"}}},
        ModelRuleCase{"NotKnownOfAnArrayOfADomain",
                      kNotKnown,
                      [] {
                        ModelWorld world = OfDomain("list[Literal['good']]",
                                                    "(VALUE = ANY (ARRAY['good'::text, "
                                                    "'bad'::text]))");
                        world.ColumnOf("note").mutable_type()->set_array(true);
                        return world;
                      },
                      {{"warn shop.Order.note: does not know 'bad', which domain public.word "
                        "allows: reading such a row fails"}}},
        ModelRuleCase{"NotMissing",
                      kMissing,
                      [] {
                        return MoodsOfATable({{"A", "\"good\""}, {"B", "\"bad\""}});
                      },
                      {}},
        ModelRuleCase{"NotWhereNamesAreWritten",
                      kMissing,
                      [] {
                        return MoodsOfATable({{"good", "\"x\""}, {"bad", "\"y\""}});
                      },
                      {}},
        ModelRuleCase{"NotOfWhatIsRead",
                      kMissing,
                      [] {
                        return Moods(testing::NamedAlike("OrderRead"),
                                     {{"A", "\"good\""}, {"B", "\"bad\""}, {"C", "\"sad\""}});
                      },
                      {}},
        ModelRuleCase{"FoundByNameInSource",
                      kMissing,
                      [] {
                        ModelWorld world = MoodsOfATable({{"A", "\"sad\""}});
                        world.FieldOf("note").clear_type_references();
                        return world;
                      },
                      {{"error shop.Order.note: allows 'sad', which public.mood does not: writing "
                        "fails"}}},
        ModelRuleCase{"MissingInACheck",
                      kMissing,
                      [] { return Checked("Literal['good', 'bad', 'sad']"); },
                      {{"error shop.Order.note: allows 'sad', which check orders_note_check does "
                        "not: writing fails"}}},
        ModelRuleCase{
            "NotMissingInACheck", kMissing, [] { return Checked("Literal['good']"); }, {}},
        ModelRuleCase{"CheckNotSeen",
                      kMissing,
                      [] {
                        ModelWorld world = Checked("Literal['good']");
                        world.saw_texts = false;
                        return world;
                      },
                      {{}, {"shop.Order.note: what the column allows was not seen"}}},
        ModelRuleCase{"EnumNotSeen",
                      kMissing,
                      [] {
                        ModelWorld world = MoodsOfATable({{"A", "\"good\""}});
                        world.in_database.clear();
                        return world;
                      },
                      {{}, {"shop.Order.note: what the column allows was not seen"}}},
        ModelRuleCase{"MaskedValue",
                      kMissing,
                      [] {
                        return MoodsOfATable({{"A", "\"good\""}, {"B", "\"‹masked›\""}});
                      },
                      {{}, {"shop.Order.note: not all values of its enum are known"}}},
        ModelRuleCase{"NotKnown",
                      kNotKnown,
                      [] {
                        return MoodsOfATable({{"A", "\"good\""}});
                      },
                      {{"warn shop.Order.note: does not know 'bad', which public.mood allows: "
                        "reading such a row fails"}}},
        ModelRuleCase{"NotOfWhatIsSent",
                      kNotKnown,
                      [] {
                        return Moods(testing::NamedAlike("OrderCreate"), {{"A", "\"good\""}});
                      },
                      {}},
        ModelRuleCase{"AllKnown",
                      kNotKnown,
                      [] {
                        return MoodsOfATable({{"A", "\"good\""}, {"B", "\"bad\""}});
                      },
                      {}},
        ModelRuleCase{"EnumNotSeenOnReading",
                      kNotKnown,
                      [] {
                        ModelWorld world = MoodsOfATable({{"A", "\"good\""}});
                        world.in_database.clear();
                        return world;
                      },
                      {{}, {"shop.Order.note: what the column allows was not seen"}}}),
    kName);

constexpr char kNullableField[] = "model/nullable-field";
constexpr char kNullableColumn[] = "model/nullable-column";

ModelWorld AcceptsNone(const char* class_name) {
  ModelWorld world = With(testing::NamedAlike(class_name),
                          RequiredColumn("note", CatalogType("text")), "Optional[str]");
  world.FieldOf("note").set_nullable(v1::KNOWN_YES);
  return world;
}
ModelWorld TakesNull(const char* class_name) {
  ModelWorld world =
      With(testing::NamedAlike(class_name), NullableColumn("note", CatalogType("text")), "str");
  world.FieldOf("note").set_nullable(v1::KNOWN_NO);
  return world;
}

INSTANTIATE_TEST_SUITE_P(
    Null, ValueRules,
    ::testing::Values(
        ModelRuleCase{"AcceptsNone",
                      kNullableField,
                      [] { return AcceptsNone("OrderCreate"); },
                      {{"info shop.OrderCreate.note: accepts None, and public.orders.note takes no "
                        "NULL and has no default"}}},
        ModelRuleCase{"AcceptsNoneOfATable",
                      kNullableField,
                      [] {
                        ModelWorld world = AcceptsNone("Order");
                        world.model.mutable_table()->set_name("orders");
                        return world;
                      },
                      {{"warn shop.Order.note: accepts None, and public.orders.note takes no NULL "
                        "and has no default"}}},
        ModelRuleCase{
            "NotOfAChange", kNullableField, [] { return AcceptsNone("OrderUpdate"); }, {}},
        ModelRuleCase{"NotWhereTheServerFillsIt",
                      kNullableField,
                      [] {
                        ModelWorld world = AcceptsNone("OrderCreate");
                        world.SetDefault("note", "''::text");
                        return world;
                      },
                      {}},
        ModelRuleCase{"NotKnown",
                      kNullableField,
                      [] {
                        ModelWorld world = AcceptsNone("OrderCreate");
                        world.FieldOf("note").set_nullable(v1::KNOWN_UNSPECIFIED);
                        return world;
                      },
                      {{}, {"shop.OrderCreate.note: whether it accepts None is not known"}}},
        ModelRuleCase{"TakesNull",
                      kNullableColumn,
                      [] { return TakesNull("OrderRead"); },
                      {{"info shop.OrderRead.note: does not accept None, and public.orders.note "
                        "may be NULL: reading such a row fails"}}},
        ModelRuleCase{"NotWhereACheckHoldsIt",
                      kNullableColumn,
                      [] {
                        ModelWorld world = TakesNull("OrderRead");
                        world.AddCheck("c", "note", "(note IS NOT NULL)");
                        return world;
                      },
                      {}},
        ModelRuleCase{
            "NotOfWhatIsSent", kNullableColumn, [] { return TakesNull("OrderCreate"); }, {}},
        ModelRuleCase{"NotOfAnything",
                      kNullableColumn,
                      [] {
                        ModelWorld world = TakesNull("OrderRead");
                        world.FieldOf("note").set_type("Any");
                        return world;
                      },
                      {}},
        ModelRuleCase{"ReadOfNotKnown",
                      kNullableColumn,
                      [] {
                        ModelWorld world = TakesNull("OrderRead");
                        world.FieldOf("note").set_nullable(v1::KNOWN_UNSPECIFIED);
                        return world;
                      },
                      {{}, {"shop.OrderRead.note: whether it accepts None is not known"}}},
        ModelRuleCase{"RequiredButFilled",
                      "model/required-but-filled",
                      [] {
                        ModelWorld world = testing::NamedAlike("OrderCreate");
                        world.SetDefault("id", "nextval('s'::regclass)");
                        return world;
                      },
                      {{"info shop.OrderCreate.id: must be given, and public.orders.id is filled "
                        "by the server"}}},
        ModelRuleCase{"RequiredAndNotFilled",
                      "model/required-but-filled",
                      [] { return testing::NamedAlike("OrderCreate"); },
                      {}}),
    kName);

constexpr char kDefault[] = "model/default-differs";

ModelWorld DefaultsTo(const char* json, const char* text) {
  ModelWorld world = Note(CatalogType("text"), "str");
  world.SetDefault("note", text);
  world.FieldOf("note").set_required(v1::KNOWN_NO);
  world.FieldOf("note").set_default_json(json);
  return world;
}

INSTANTIATE_TEST_SUITE_P(
    Defaults, ValueRules,
    ::testing::Values(
        ModelRuleCase{"Other",
                      kDefault,
                      [] { return DefaultsTo("\"new\"", "'old'::text"); },
                      {{"warn shop.Order.note: has default new, and public.orders.note has "
                        "'old'::text"}}},
        ModelRuleCase{"Same", kDefault, [] { return DefaultsTo("\"new\"", "'new'::text"); }, {}},
        ModelRuleCase{"ExpressionsAreNoValues",
                      kDefault,
                      [] { return DefaultsTo("\"new\"", "lower('NEW'::text)"); },
                      {}},
        ModelRuleCase{"OnlyOneHasOne",
                      kDefault,
                      [] {
                        ModelWorld world = DefaultsTo("\"new\"", "'old'::text");
                        world.FieldOf("note").clear_default();
                        return world;
                      },
                      {}},
        ModelRuleCase{"NotOfWhatIsRead",
                      kDefault,
                      [] {
                        ModelWorld world = DefaultsTo("\"new\"", "'old'::text");
                        world.class_name = "OrderRead";
                        world.model.clear_table();
                        return world;
                      },
                      {}},
        ModelRuleCase{"NamesOfMembers",
                      kDefault,
                      [] {
                        ModelWorld world = MoodsOfATable({{"good", "\"x\""}, {"bad", "\"y\""}});
                        world.SetDefault("note", "'good'::mood");
                        world.FieldOf("note").set_default_json("\"x\"");
                        return world;
                      },
                      {}},
        ModelRuleCase{"NotFollowed",
                      kDefault,
                      [] {
                        ModelWorld world = DefaultsTo("\"new\"", "'old'::text");
                        world.FieldOf("note").set_default_text("settings.STATE");
                        return world;
                      },
                      {{}, {"shop.Order.note: its default is not known"}}},
        ModelRuleCase{"Masked",
                      kDefault,
                      [] { return DefaultsTo("\"new\"", "'‹masked›'::text"); },
                      {{}, {"shop.Order.note: the column's default is masked"}}},
        ModelRuleCase{"NotSeen",
                      kDefault,
                      [] {
                        ModelWorld world = DefaultsTo("\"new\"", "'old'::text");
                        world.saw_texts = false;
                        return world;
                      },
                      {{}, {"shop.Order.note: the column's default was not seen"}}}),
    kName);

}  // namespace
}  // namespace varve
