// Rules about what only one side holds a value to.
#include "tests/unit/snapshot/rules/model_cases.h"

namespace varve {
namespace {

using testing::CatalogType;
using testing::ModelRuleCase;
using testing::ModelWorld;
using testing::NullableColumn;
using testing::RequiredColumn;
using testing::UserType;

class TextRules : public ::testing::TestWithParam<ModelRuleCase> {};

TEST_P(TextRules, SayWhatTheyShould) { testing::ExpectSays(GetParam()); }

constexpr auto kName = [](const auto& info) { return info.param.name; };

// The declared model with a column and a field of these types, both called note.
ModelWorld Note(const v1::DataType& column, const char* type) {
  ModelWorld world = testing::Declared();
  world.AddColumn(RequiredColumn("note", column));
  world.AddField("note", type);
  return world;
}
ModelWorld Note(const v1::DataType& column, const char* type, const char* constraint,
                const char* value) {
  ModelWorld world = Note(column, type);
  ModelWorld::Constrain(world.FieldOf("note"), constraint, value);
  return world;
}
ModelWorld WithUnknown(ModelWorld world, const char* part) {
  world.FieldOf("note").add_unknown(part);
  return world;
}

constexpr char kPadding[] = "model/char-padding";
v1::DataType Char3() { return CatalogType("bpchar", "3"); }

INSTANTIATE_TEST_SUITE_P(
    CharPadding, TextRules,
    ::testing::Values(
        ModelRuleCase{"ShorterValue",
                      kPadding,
                      [] { return Note(Char3(), "Literal['a', 'abc']"); },
                      {{"warn shop.Order.note: has 'a', which public.orders.note character(3) "
                        "gives back padded with spaces: reading such a row fails"}}},
        ModelRuleCase{
            "ValuesAsLong", kPadding, [] { return Note(Char3(), "Literal['€UR', 'USD']"); }, {}},
        ModelRuleCase{"ShorterText",
                      kPadding,
                      [] { return Note(Char3(), "str", "max_length", "2"); },
                      {{"warn shop.Order.note: takes at most 2 characters, and public.orders.note "
                        "character(3) gives back 3"}}},
        ModelRuleCase{"AnyText", kPadding, [] { return Note(Char3(), "str"); }, {}},
        ModelRuleCase{"TextThatIsStripped",
                      kPadding,
                      [] {
                        ModelWorld world = Note(Char3(), "Literal['a']");
                        v1::Option& config = *world.behaviour.add_config();
                        config.set_name("str_strip_whitespace");
                        config.set_value("true");
                        return world;
                      },
                      {}},
        ModelRuleCase{"Varchar",
                      kPadding,
                      [] { return Note(CatalogType("varchar", "3"), "Literal['a']"); },
                      {}},
        ModelRuleCase{"UnseenWhetherItIsStripped",
                      kPadding,
                      [] {
                        ModelWorld world = Note(Char3(), "Literal['a']");
                        world.saw_behaviour = false;
                        return world;
                      },
                      {{}, {"shop.Order.note: whether its model strips texts was not seen"}}},
        ModelRuleCase{"UnknownConstraints",
                      kPadding,
                      [] { return WithUnknown(Note(Char3(), "str"), "constraints"); },
                      {{}, {"shop.Order.note: its constraints are not all known"}}}),
    kName);

constexpr char kCase[] = "model/case-rules-differ";
v1::DataType Citext() { return UserType("type", "public", "citext"); }

ModelWorld WithCollation(bool is_seen) {
  ModelWorld world = Note(CatalogType("text"), "str");
  const EntityKey key = {"collation", {"public", "any_case"}};
  *world.ColumnOf("note").mutable_collation() = IdentityOf(key);
  v1::Shape shape;
  shape.mutable_collation()->set_nondeterministic(true);
  if (is_seen) world.in_database.push_back({key, shape});
  return world;
}

INSTANTIATE_TEST_SUITE_P(
    CaseRules, TextRules,
    ::testing::Values(
        ModelRuleCase{"Citext",
                      kCase,
                      [] { return Note(Citext(), "str"); },
                      {{"info shop.Order.note: tells texts apart that public.orders.note "
                        "public.citext takes for one"}}},
        ModelRuleCase{"CitextOfLowerCase",
                      kCase,
                      [] { return Note(Citext(), "str", "to_lower", "true"); },
                      {}},
        ModelRuleCase{"TextOfLowerCase",
                      kCase,
                      [] { return Note(CatalogType("text"), "str", "to_lower", "true"); },
                      {{"info shop.Order.note: is brought to one case, and public.orders.note text "
                        "takes any"}}},
        ModelRuleCase{"Text", kCase, [] { return Note(CatalogType("text"), "str"); }, {}},
        ModelRuleCase{"Collation",
                      kCase,
                      [] { return WithCollation(true); },
                      {{"info shop.Order.note: tells texts apart that public.orders.note text "
                        "takes for one"}}},
        ModelRuleCase{"CollationThatWasNotSeen",
                      kCase,
                      [] { return WithCollation(false); },
                      {{}, {"shop.Order.note: the collation of its column was not seen"}}}),
    kName);

constexpr char kUnchecked[] = "model/constraint-without-check";
constexpr char kUnconstrained[] = "model/check-without-constraint";
constexpr char kDomain[] = "model/stricter-domain";

ModelWorld Bounded() { return Note(CatalogType("int4"), "int", "ge", "0"); }
ModelWorld Checked(const char* text) {
  ModelWorld world = Note(CatalogType("int4"), "int");
  world.AddCheck("is_fine", "note", text);
  return world;
}
ModelWorld OfDomain(const char* check) {
  ModelWorld world = Note(UserType("domain", "public", "word"), "str");
  world.AddDomain("word", check);
  return world;
}
ModelWorld Validated(ModelWorld world) {
  v1::ModelFunction& function = *world.behaviour.add_functions();
  function.set_kind("field_validator");
  function.set_name("check");
  function.add_fields("note");
  return world;
}

INSTANTIATE_TEST_SUITE_P(
    Checks, TextRules,
    ::testing::Values(
        ModelRuleCase{"BoundWithoutCheck",
                      kUnchecked,
                      Bounded,
                      {{"warn shop.Order.note: is held to ge 0, and no check holds "
                        "public.orders.note to anything"}}},
        ModelRuleCase{"BoundWithCheck",
                      kUnchecked,
                      [] {
                        ModelWorld world = Bounded();
                        world.AddCheck("is_fine", "note", "(note >= 0)");
                        return world;
                      },
                      {}},
        ModelRuleCase{"PatternWithADomain",
                      kUnchecked,
                      [] {
                        ModelWorld world = OfDomain("(VALUE ~ 'a')");
                        ModelWorld::Constrain(world.FieldOf("note"), "pattern", "\"a\"");
                        return world;
                      },
                      {}},
        ModelRuleCase{"LengthAlone",
                      kUnchecked,
                      [] { return Note(CatalogType("text"), "str", "max_length", "3"); },
                      {}},
        ModelRuleCase{
            "BoundWhereTheDomainWasNotSeen",
            kUnchecked,
            [] { return Note(UserType("domain", "public", "gone"), "str", "pattern", "\"a\""); },
            {{}, {"shop.Order.note: the domain of its column was not seen"}}},
        ModelRuleCase{"UnknownBounds",
                      kUnchecked,
                      [] { return WithUnknown(Note(CatalogType("int4"), "int"), "constraints"); },
                      {{}, {"shop.Order.note: its constraints are not all known"}}},
        ModelRuleCase{"CheckWithoutBound",
                      kUnconstrained,
                      [] { return Checked("(note > 0)"); },
                      {{"warn shop.Order.note: takes any int, and check is_fine holds "
                        "public.orders.note to less: writing fails"}}},
        ModelRuleCase{
            "CheckOfNullAlone", kUnconstrained, [] { return Checked("(note IS NOT NULL)"); }, {}},
        ModelRuleCase{"CheckBesideAValidator",
                      kUnconstrained,
                      [] { return Validated(Checked("(note > 0)")); },
                      {}},
        ModelRuleCase{"CheckThatWasNotSeen",
                      kUnconstrained,
                      [] {
                        ModelWorld world = Checked("(note > 0)");
                        world.saw_texts = false;
                        return world;
                      },
                      {{}, {"shop.Order.note: what check is_fine says was not seen"}}},
        ModelRuleCase{"Domain",
                      kDomain,
                      [] { return OfDomain("(VALUE ~ 'a')"); },
                      {{"warn shop.Order.note: takes any str, and domain public.word holds "
                        "public.orders.note to less: writing fails"}}},
        ModelRuleCase{
            "DomainOfNullAlone", kDomain, [] { return OfDomain("(VALUE IS NOT NULL)"); }, {}},
        ModelRuleCase{"DomainBesideAValidator",
                      kDomain,
                      [] { return Validated(OfDomain("(VALUE ~ 'a')")); },
                      {}},
        ModelRuleCase{"DomainThatWasNotSeen",
                      kDomain,
                      [] { return OfDomain(""); },
                      {{}, {"shop.Order.note: what domain public.word says was not seen"}}}),
    kName);

constexpr char kJson[] = "model/json-instead-of-jsonb";

INSTANTIATE_TEST_SUITE_P(
    Json, TextRules,
    ::testing::Values(
        ModelRuleCase{"Dictionary",
                      kJson,
                      [] { return Note(CatalogType("json"), "dict[str, int]"); },
                      {{"info shop.Order.note: dict[str, int] is stored in public.orders.note "
                        "json, which is a text that PostgreSQL reads anew each time"}}},
        ModelRuleCase{
            "Jsonb", kJson, [] { return Note(CatalogType("jsonb"), "dict[str, int]"); }, {}},
        ModelRuleCase{"Text", kJson, [] { return Note(CatalogType("json"), "str"); }, {}}),
    kName);

}  // namespace
}  // namespace varve
