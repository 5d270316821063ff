#include "snapshot/object_pattern.h"

#include <algorithm>

#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

EntityKey Table(const std::string& schema, const std::string& name) {
  return {"table", {schema, name}};
}

ObjectPattern Pattern(const std::string& text) {
  const auto pattern = ObjectPattern::Parse(text, ObjectPattern::Kinds::kKnown);
  VARVE_EXPECT_OK(pattern);
  return pattern.ok() ? *pattern : ObjectPattern();
}

struct MatchCase {
  const char* name;
  const char* pattern;
  EntityKey entity;
  bool matches;
};
class Match : public ::testing::TestWithParam<MatchCase> {};

TEST_P(Match, IsOfKindSchemaAndName) {
  EXPECT_EQ(Pattern(GetParam().pattern).Matches(GetParam().entity), GetParam().matches);
}

const EntityKey kFunction = {"function", {"audit_1", "f", "integer", "text"}};
const EntityKey kSchema = {"schema", {"audit_1"}};
const EntityKey kExtension = {"extension", {"audit_x"}};

INSTANTIATE_TEST_SUITE_P(
    All, Match,
    ::testing::Values(
        MatchCase{"SchemaHoldsItsTables", "audit_*", Table("audit_1", "t"), true},
        MatchCase{"SchemaHoldsItsFunctions", "audit_*", kFunction, true},
        MatchCase{"SchemaIsItselfToo", "audit_*", kSchema, true},
        MatchCase{"OtherSchema", "audit_*", Table("public", "audit_1"), false},
        MatchCase{"NoSchemaNoMatch", "audit_*", kExtension, false},
        MatchCase{"NoSchemaByItsKind", "extension:audit_*", kExtension, true},
        MatchCase{"TheDatabaseIsNoSchema", "*", {"database", {"database"}}, false},
        MatchCase{"UnknownKindOfOneName", "audit_*", {"hologram", {"audit_1"}}, false},
        MatchCase{"NamesInAnySchema", "*.tmp_*", Table("public", "tmp_1"), true},
        MatchCase{"NotTheSchemaOfThatName", "*.tmp_*", {"schema", {"tmp_1"}}, false},
        MatchCase{"AllInASchemaButNotTheSchema", "audit_1.*", kSchema, false},
        MatchCase{"EveryOverloadOfAFunction", "audit_1.f", kFunction, true},
        MatchCase{"KindHolds", "table:public.*_old", Table("public", "x_old"), true},
        MatchCase{"KindDoesNot", "view:public.*_old", Table("public", "x_old"), false},
        MatchCase{"KindOfASchemaAlone", "table:public", Table("public", "t"), true},
        MatchCase{"AllOfAKind", "function:*", kFunction, true},
        MatchCase{"KindSchema", "schema:audit_*", kSchema, true},
        MatchCase{"KindSchemaIsNotWhatIsInIt", "schema:audit_*", kFunction, false},
        MatchCase{"OneCharacter", "public.t?", Table("public", "t1"), true},
        MatchCase{"OneCharacterIsNotNone", "public.t?", Table("public", "t"), false},
        MatchCase{"OneCharacterOfTwoBytes", "public.t?", Table("public", "tü"), true},
        MatchCase{"LettersAreAsTheyAre", "public.Orders", Table("public", "orders"), false},
        MatchCase{"QuotesAreNeededForNoLetters", "public.Orders", Table("public", "Orders"), true},
        MatchCase{"QuotedWildcardIsACharacter", "public.\"a*\"", Table("public", "ab"), false},
        MatchCase{"QuotedWildcardMatchesItself", "public.\"a*\"", Table("public", "a*"), true},
        MatchCase{"QuotedDot", "\"a.b\".c", Table("a.b", "c"), true},
        MatchCase{"QuotedPartOfAName", "public.\"my \"*", Table("public", "my table"), true},
        MatchCase{"DoubledQuote", "public.\"a\"\"b\"", Table("public", "a\"b"), true},
        MatchCase{"QuotedMarks", "\"!x:y\".t", Table("!x:y", "t"), true},
        MatchCase{"ManyRuns", "public.*a*b*c*", Table("public", "xxaxxbxxcxx"), true},
        MatchCase{"RunsInOrder", "public.*a*b*c*", Table("public", "cba"), false},
        MatchCase{"RunIsAlsoNothing", "public.*a*", Table("public", "a"), true},
        MatchCase{"EndsThere", "public.a", Table("public", "ab"), false},
        MatchCase{"BeginsThere", "public.b", Table("public", "ab"), false},
        MatchCase{"RetriesAfterARun", "public.*aab", Table("public", "aaaab"), true},
        MatchCase{
            "UserMappingByServerAndUser", "*.tmp", {"user_mapping", {"server", "tmp"}}, false}),
    [](const auto& info) { return info.param.name; });

// What would take for ever where each run is tried with each length.
TEST(ObjectPattern, ManyRunsAreNotSlow) {
  std::string pattern = "public.";
  for (int i = 0; i < 500; ++i) pattern += "a*";
  EXPECT_FALSE(Pattern(pattern + "b").Matches(Table("public", std::string(2000, 'a'))));
}

TEST(ObjectPattern, SaysTheSameInOneWay) {
  const std::pair<const char*, const char*> texts[] = {
      {"audit_*", "audit_*"},       {"!table:public.x**", "!table:public.x*"},
      {"\"public\".t", "public.t"}, {"\"a b\"\" \"*", "\"a b\"\" \"*"},
      {"a\" \"b.c", "\"a b\".c"},   {"\"*\"?\"?\"", "\"*\"?\"?\""}};
  for (const auto& [text, normalised] : texts) {
    EXPECT_EQ(Pattern(text).Text(), normalised);
    EXPECT_EQ(Pattern(normalised).Text(), normalised);
  }
}

TEST(ObjectPattern, KnowsWhichKindsItConcerns) {
  const auto concerns = [](const char* text) {
    const ObjectPattern pattern = Pattern(text);
    std::string kinds;
    for (const char* const kind : {"schema", "table", "extension"}) {
      if (pattern.MayMatch(kind)) kinds += kind[0];
      if (pattern.MatchesAll(kind)) kinds += '!';
    }
    return kinds;
  };
  EXPECT_EQ(concerns("audit_*"), "st");
  EXPECT_EQ(concerns("*"), "s!t!");
  EXPECT_EQ(concerns("*.*"), "t!");
  EXPECT_EQ(concerns("*.a"), "t");
  EXPECT_EQ(concerns("table:*"), "t!");
  EXPECT_EQ(concerns("extension:*"), "e!");
  EXPECT_EQ(concerns("extension:*.*"), "e");
}

struct BadCase {
  const char* name;
  const char* pattern;
  const char* why;
};
class BadPattern : public ::testing::TestWithParam<BadCase> {};

TEST_P(BadPattern, IsRefusedWithWhatToWrite) {
  EXPECT_THAT(ObjectPattern::Parse(GetParam().pattern, ObjectPattern::Kinds::kKnown),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(GetParam().why)));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadPattern,
    ::testing::Values(
        BadCase{"Empty", "", "pattern '': it is empty"},
        BadCase{"OnlyTakingBack", "!", "pattern '!': a part of it is empty"},
        BadCase{"OnlyAKind", "table:", "a part of it is empty; write * for any name"},
        BadCase{"NoSchema", ".t", "a part of it is empty"},
        BadCase{"NoName", "public.", "a part of it is empty"},
        BadCase{"EmptyQuotes", "public.\"\"", "a part of it is empty"},
        BadCase{"ThreeParts", "a.b.c", "more parts than SCHEMA.NAME"},
        BadCase{"UnknownKind", "tables:public", "'tables' is no kind of object; nearest is table"},
        BadCase{"KindOfAnotherSource", "model:x", "'model' is no kind of object"},
        BadCase{"OddKind", "hologramophone:x", "kinds are database, schema, extension"},
        BadCase{"KindInCapitals", "Table:public", "a kind is lower-case letters and _"},
        BadCase{"QuoteWithoutEnd", "public.\"a", "a double quote has no end"},
        BadCase{"Space", "public.a b", "' ' stands in double quotes"},
        BadCase{"Brackets", "public.[ab]*", "'[' stands in double quotes"},
        BadCase{"ColonInAName", "public.a:b", "':' stands in double quotes"},
        BadCase{"TwiceTakenBack", "!!a", "'!' stands in double quotes"}),
    [](const auto& info) { return info.param.name; });

TEST(ObjectPattern, OfANewerAgentMayNameAKindThatThisBuildDoesNotKnow) {
  const auto pattern = ObjectPattern::Parse("hologram:*", ObjectPattern::Kinds::kAny);
  VARVE_ASSERT_OK(pattern);
  EXPECT_TRUE(pattern->Matches({"hologram", {"x"}}));
}

}  // namespace
}  // namespace varve
