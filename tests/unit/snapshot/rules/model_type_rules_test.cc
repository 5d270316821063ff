// Rules that hold the types of fields against those of columns.
#include "tests/unit/snapshot/rules/model_cases.h"

namespace varve {
namespace {

using testing::CatalogType;
using testing::ModelRuleCase;
using testing::ModelWorld;
using testing::RequiredColumn;
using testing::UserType;

class TypeRules : public ::testing::TestWithParam<ModelRuleCase> {};

TEST_P(TypeRules, SayWhatTheyShould) { testing::ExpectSays(GetParam()); }

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
ModelWorld Constrained(const v1::DataType& column, const char* type, const char* constraint,
                       const char* value) {
  ModelWorld world = Note(column, type);
  ModelWorld::Constrain(world.FieldOf("note"), constraint, value);
  return world;
}
ModelWorld Unknown(ModelWorld world, const char* what) {
  world.FieldOf("note").add_unknown(what);
  return world;
}

constexpr char kMismatch[] = "model/type-mismatch";

INSTANTIATE_TEST_SUITE_P(
    TypeMismatch, TypeRules,
    ::testing::Values(
        ModelRuleCase{"Error",
                      kMismatch,
                      [] { return Note(CatalogType("int8"), "UUID"); },
                      {{"error shop.Order.note: UUID does not fit public.orders.note bigint"}}},
        ModelRuleCase{"WarningByNameAlone",
                      kMismatch,
                      [] {
                        return With(testing::NamedAlike(),
                                    RequiredColumn("note", CatalogType("int8")), "UUID");
                      },
                      {{"warn shop.Order.note: UUID does not fit public.orders.note bigint"}}},
        ModelRuleCase{"WithLoss",
                      kMismatch,
                      [] { return Note(CatalogType("int8"), "float"); },
                      {{"warn shop.Order.note: float fits public.orders.note bigint only by "
                        "convention or with loss"}}},
        ModelRuleCase{"BelowADomain",
                      kMismatch,
                      [] {
                        ModelWorld world = Note(UserType("domain", "public", "amount"), "UUID");
                        v1::Shape shape;
                        *shape.mutable_domain()->mutable_base() = CatalogType("numeric", "9,2");
                        world.in_database.push_back({{"domain", {"public", "amount"}}, shape});
                        return world;
                      },
                      {{"error shop.Order.note: UUID does not fit public.orders.note "
                        "public.amount"}}},
        ModelRuleCase{"Enum",
                      kMismatch,
                      [] {
                        ModelWorld world = Note(CatalogType("uuid"), "Mood");
                        world.AddModelEnum("Mood", {{"GOOD", "\"good\""}});
                        return world;
                      },
                      {{"error shop.Order.note: Mood does not fit public.orders.note uuid"}}},
        ModelRuleCase{"ModelsAreDocuments",
                      kMismatch,
                      [] {
                        ModelWorld world = Note(CatalogType("int4"), "list[Line]");
                        *world.FieldOf("note").add_type_references() =
                            IdentityOf({"model", {"shop", "Line"}});
                        return world;
                      },
                      {{"error shop.Order.note: list[Line] does not fit public.orders.note "
                        "integer"}}},
        ModelRuleCase{"NotModelsInADocument",
                      kMismatch,
                      [] {
                        ModelWorld world = Note(CatalogType("jsonb"), "Optional[Line]");
                        *world.FieldOf("note").add_type_references() =
                            IdentityOf({"model", {"shop", "Line"}});
                        return world;
                      },
                      {}},
        ModelRuleCase{
            "NotJsonInText",
            kMismatch,
            [] { return Constrained(CatalogType("text"), "dict[str, int]", "json", "true"); },
            {}},
        ModelRuleCase{"NotOfAnUnknownClass",
                      kMismatch,
                      [] { return Note(CatalogType("int4"), "Money"); },
                      {}},
        ModelRuleCase{"UnknownType",
                      kMismatch,
                      [] { return Note(CatalogType("int4"), ""); },
                      {{}, {"shop.Order.note: its type is not known"}}}),
    kName);

INSTANTIATE_TEST_SUITE_P(
    OtherTypes, TypeRules,
    ::testing::Values(
        ModelRuleCase{"Loose",
                      "model/loose-type",
                      [] { return Note(CatalogType("text"), "UUID"); },
                      {{"info shop.Order.note: UUID is stored in public.orders.note text, which is "
                        "not the type made for it"}}},
        ModelRuleCase{
            "NotLoose", "model/loose-type", [] { return Note(CatalogType("uuid"), "UUID"); }, {}},
        ModelRuleCase{"Aware",
                      "model/timezone-mismatch",
                      [] { return Note(CatalogType("timestamp"), "Optional[AwareDatetime]"); },
                      {{"warn shop.Order.note: Optional[AwareDatetime] and public.orders.note "
                        "timestamp without time zone differ in whether there is a time zone"}}},
        ModelRuleCase{"Naive",
                      "model/timezone-mismatch",
                      [] { return Note(CatalogType("timestamptz"), "NaiveDatetime"); },
                      {{"warn shop.Order.note: NaiveDatetime and public.orders.note timestamp with "
                        "time zone differ in whether there is a time zone"}}},
        ModelRuleCase{"ZoneIsNoMismatchOfTypes",
                      kMismatch,
                      [] { return Note(CatalogType("timestamptz"), "NaiveDatetime"); },
                      {}},
        ModelRuleCase{"EitherIsFine",
                      "model/timezone-mismatch",
                      [] { return Note(CatalogType("timestamp"), "datetime"); },
                      {}}),
    kName);

constexpr char kTooLong[] = "model/too-long";
constexpr char kBounds[] = "model/bounds-exceed-column";

INSTANTIATE_TEST_SUITE_P(
    Sizes, TypeRules,
    ::testing::Values(
        ModelRuleCase{
            "TooLong",
            kTooLong,
            [] { return Constrained(CatalogType("varchar", "40"), "str", "max_length", "50"); },
            {{"error shop.Order.note: allows more characters than public.orders.note character "
              "varying(40): 50 of 40"}}},
        ModelRuleCase{
            "NotTooLong",
            kTooLong,
            [] { return Constrained(CatalogType("varchar", "40"), "str", "max_length", "40"); },
            {}},
        ModelRuleCase{"NotOfWhatIsRead",
                      kTooLong,
                      [] {
                        ModelWorld world =
                            With(testing::NamedAlike("OrderRead"),
                                 RequiredColumn("note", CatalogType("varchar", "4")), "str");
                        ModelWorld::Constrain(world.FieldOf("note"), "max_length", "50");
                        return world;
                      },
                      {}},
        ModelRuleCase{
            "UnknownLength",
            kTooLong,
            [] { return Unknown(Note(CatalogType("varchar", "40"), "str"), "constraints"); },
            {{}, {"shop.Order.note: its constraints are not all known"}}},
        ModelRuleCase{"Unbounded",
                      "model/unbounded-text",
                      [] { return Note(CatalogType("varchar", "40"), "str"); },
                      {{"warn shop.Order.note: has no max_length, and public.orders.note character "
                        "varying(40) has one"}}},
        ModelRuleCase{
            "Bounded",
            "model/unbounded-text",
            [] { return Constrained(CatalogType("varchar", "40"), "str", "max_length", "40"); },
            {}},
        ModelRuleCase{"Bounds",
                      kBounds,
                      [] { return Constrained(CatalogType("int2"), "int", "le", "70000"); },
                      {{"warn shop.Order.note: allows more than public.orders.note smallint holds: "
                        "le 70000"}}},
        ModelRuleCase{"BoundsThatFit",
                      kBounds,
                      [] { return Constrained(CatalogType("int4"), "int", "le", "70000"); },
                      {}},
        ModelRuleCase{"UnknownBounds",
                      kBounds,
                      [] { return Unknown(Note(CatalogType("int2"), "int"), "constraints"); },
                      {{}, {"shop.Order.note: its constraints are not all known"}}}),
    kName);

}  // namespace
}  // namespace varve
