// Operators.
#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/role_case.h"

namespace varve::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Operators : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(Operators);

constexpr const char* kMoods =
    "CREATE TYPE mood AS ENUM ('good', 'bad');"
    "CREATE FUNCTION near(mood, mood) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';"
    "CREATE FUNCTION far(mood, mood) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT false';";
constexpr const char* kNear =
    "CREATE OPERATOR === (FUNCTION = near, LEFTARG = mood, RIGHTARG = mood, COMMUTATOR = ===,"
    "  NEGATOR = !==, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);";
constexpr const char* kFar =
    "CREATE OPERATOR !== (FUNCTION = far, LEFTARG = mood, RIGHTARG = mood, NEGATOR = ===);";

EntityKey OperatorKey(const std::string& name, const std::string& left, const std::string& right) {
  return {"operator", {"public", name, left, right}};
}

v1::OperatorStructure OperatorOf(const Gathered& gathered, const EntityKey& key) {
  return gathered.Shape(key, v1::FACET_STRUCTURE).operator_();
}

std::string NameOf(const v1::Identity& identity) { return DisplayName(KeyOf(identity)); }

TEST_P(Operators, SayWhatTheyAreAndWhatThePlannerMayDoWithThem) {
  Run(absl::StrCat(kMoods, kNear, kFar));
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("operator"), ElementsAre("public.!==.public.mood.public.mood",
                                                      "public.===.public.mood.public.mood"));
  const v1::OperatorStructure near =
      OperatorOf(gathered, OperatorKey("===", "public.mood", "public.mood"));
  EXPECT_EQ(near.kind(), "infix");
  EXPECT_EQ(NameOf(near.left().type()), "public.mood");
  EXPECT_EQ(near.left().type().kind(), "enum");
  EXPECT_EQ(NameOf(near.right().type()), "public.mood");
  EXPECT_EQ(NameOf(near.result().type()), "pg_catalog.bool");
  EXPECT_EQ(NameOf(near.function()), "public.near(public.mood, public.mood)");
  EXPECT_EQ(NameOf(near.commutator()), "public.===(public.mood, public.mood)");
  EXPECT_EQ(NameOf(near.negator()), "public.!==(public.mood, public.mood)");
  EXPECT_EQ(NameOf(near.restriction_estimator()),
            "pg_catalog.eqsel(internal, oid, internal, integer)");
  EXPECT_EQ(NameOf(near.join_estimator()),
            "pg_catalog.eqjoinsel(internal, oid, internal, smallint, internal)");
  EXPECT_TRUE(near.hashes());
  EXPECT_TRUE(near.merges());
  const v1::OperatorStructure far =
      OperatorOf(gathered, OperatorKey("!==", "public.mood", "public.mood"));
  EXPECT_FALSE(far.has_commutator());
  EXPECT_FALSE(far.has_restriction_estimator());
  EXPECT_FALSE(far.has_join_estimator());
  EXPECT_FALSE(far.hashes());
  EXPECT_EQ(gathered.section().header.status(), v1::SECTION_STATUS_COMPLETE);
}

TEST_P(Operators, OfOneOperandHaveNoneOnTheOtherSide) {
  Run("CREATE OPERATOR @#@ (FUNCTION = numeric_abs, RIGHTARG = numeric)");
  if (major() < 14) Run("CREATE OPERATOR #@# (FUNCTION = numeric_fac, LEFTARG = bigint)");
  const Gathered gathered = Gather();
  const v1::OperatorStructure prefix = OperatorOf(gathered, OperatorKey("@#@", "NONE", "numeric"));
  EXPECT_EQ(prefix.kind(), "prefix");
  EXPECT_FALSE(prefix.has_left());
  EXPECT_EQ(NameOf(prefix.right().type()), "pg_catalog.numeric");
  if (major() >= 14) return;
  const v1::OperatorStructure postfix = OperatorOf(gathered, OperatorKey("#@#", "bigint", "NONE"));
  EXPECT_EQ(postfix.kind(), "postfix");
  EXPECT_FALSE(postfix.has_right());
}

TEST_P(Operators, ThatAreOnlyAnnouncedAreLeftOut) {
  Run(absl::StrCat(kMoods, kNear));
  EXPECT_EQ(Ask("SELECT count(*) FROM pg_operator WHERE oid >= 16384").front(), "2");
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("operator"), ElementsAre("public.===.public.mood.public.mood"));
  EXPECT_EQ(
      NameOf(OperatorOf(gathered, OperatorKey("===", "public.mood", "public.mood")).negator()),
      "public.!==(public.mood, public.mood)");
}

TEST_P(Operators, NameThoseOfTheServerToo) {
  Run("CREATE OPERATOR === (FUNCTION = point_eq, LEFTARG = point, RIGHTARG = point,"
      "  NEGATOR = OPERATOR(pg_catalog.<<));"
      "CREATE TABLE t (a int, EXCLUDE USING btree (a WITH =))");
  const Gathered gathered = Gather();
  EXPECT_EQ(NameOf(OperatorOf(gathered, OperatorKey("===", "point", "point")).negator()),
            "pg_catalog.<<(point, point)");
  EXPECT_THAT(gathered.Constraint("t", "t_a_excl").operators(), ElementsAre("="));
}

TEST_P(Operators, OfAnExtensionAreItsMembers) {
  Run("CREATE EXTENSION hstore");
  const Gathered gathered = Gather();
  for (const char* const kind : {"operator", "operator_class", "operator_family", "cast"}) {
    EXPECT_THAT(gathered.Names(kind), IsEmpty()) << kind;
  }
  EXPECT_EQ(gathered.section().header.status(), v1::SECTION_STATUS_COMPLETE);
}

TEST_P(Operators, ChangeByOnePropertyAtATime) {
  Run(absl::StrCat(kMoods, kNear, kFar, "CREATE SCHEMA app"));
  const std::string near = "operator public.===(public.mood, public.mood)";
  const std::string far = "operator public.!==(public.mood, public.mood)";
  ExpectChanges({
      {"ALTER OPERATOR === (mood, mood) SET (RESTRICT = NONE)",
       {near + " structure: restriction_estimator pg_catalog.eqsel(internal, oid, internal, "
               "integer) -> nothing"}},
      {"ALTER OPERATOR === (mood, mood) SET (JOIN = neqjoinsel)",
       {near + " structure: join_estimator pg_catalog.eqjoinsel(internal, oid, internal, smallint, "
               "internal) -> pg_catalog.neqjoinsel(internal, oid, internal, smallint, internal)"}},
      {"ALTER OPERATOR !== (mood, mood) SET (MERGES)",
       {far + " structure: merges false -> true"},
       17},
      {"ALTER OPERATOR !== (mood, mood) SET (HASHES)",
       {far + " structure: hashes false -> true"},
       17},
      {"COMMENT ON OPERATOR === (mood, mood) IS 'much alike'",
       {near + " docs: comment nothing -> much alike"}},
      {"COMMENT ON OPERATOR === (mood, mood) IS 'alike'",
       {near + " docs: comment much alike -> alike"}},
      {absl::StrCat("ALTER OPERATOR === (mood, mood) OWNER TO ", Role()),
       {near + " access: owner postgres -> " + Role()}},
      {"ALTER OPERATOR === (mood, mood) SET SCHEMA app",
       {"renamed operator app.===(public.mood, public.mood) was public.===(public.mood, "
        "public.mood)",
        "follows: " + far + " structure"}},
      {"ALTER OPERATOR app.=== (mood, mood) SET SCHEMA public; ALTER FUNCTION near(mood, mood) "
       "RENAME TO close; ALTER FUNCTION close(mood, mood) RENAME TO near",
       {"renamed " + near + " was app.===(public.mood, public.mood)",
        "follows: " + far + " structure"}},
      {"DROP OPERATOR !== (mood, mood)",
       {"- " + far, near + " structure: negator public.!==(public.mood, public.mood) -> nothing"}},
  });
}

TEST_P(Operators, ThatAreMadeAgainAreTheSame) {
  const std::string make = "CREATE OPERATOR === (FUNCTION = near, LEFTARG = mood, RIGHTARG = mood)";
  Run(absl::StrCat(kMoods, make));
  ExpectChanges({{absl::StrCat("DROP OPERATOR === (mood, mood);", make), {}}});
}

TEST_P(Operators, AreRenamedWithTheTypesThatTheyAreCalledBy) {
  Run(absl::StrCat(kMoods, kNear, kFar));
  const Gathered before = Gather();
  Run("ALTER TYPE mood RENAME TO feeling");
  EXPECT_THAT(Differences(before, Gather()),
              Contains("renamed operator public.===(public.feeling, public.feeling) was "
                       "public.===(public.mood, public.mood)"));
}

TEST_P(Operators, KeepTheSecretsOfTheirComments) {
  Run(absl::StrCat(kMoods, kNear,
                   "COMMENT ON OPERATOR === (mood, mood) IS 'password = ''s3cret-1'''"));
  EXPECT_THAT(Gather().Mentioning("s3cret"), IsEmpty());
}

}  // namespace
}  // namespace varve::testing
