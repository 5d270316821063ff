// Operator classes and families.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "snapshot/postgres_type.h"
#include "tests/integration/postgres/role_case.h"

namespace varve::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;

class OperatorClasses : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(OperatorClasses);

constexpr const char* kReversed =
    "CREATE FUNCTION reversed(int, int) RETURNS int LANGUAGE sql IMMUTABLE STRICT "
    "AS 'SELECT btint4cmp($2, $1)';"
    "CREATE OPERATOR FAMILY down USING btree;"
    "CREATE OPERATOR CLASS int4_down FOR TYPE int USING btree FAMILY down AS"
    "  OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <,"
    "  FUNCTION 1 reversed(int, int);";

v1::OperatorClassStructure ClassOf(const Gathered& gathered, const std::string& name,
                                   const std::string& method) {
  return gathered.Shape({"operator_class", {"public", name, method}}, v1::FACET_STRUCTURE)
      .operator_class();
}

v1::OperatorFamilyStructure FamilyOf(const Gathered& gathered, const std::string& name,
                                     const std::string& method) {
  return gathered.Shape({"operator_family", {"public", name, method}}, v1::FACET_STRUCTURE)
      .operator_family();
}

std::string NameOf(const v1::Identity& identity) { return DisplayName(KeyOf(identity)); }

// "1 integer integer pg_catalog.>(integer, integer)", and functions in the same form.
template <typename Shape>
std::vector<std::string> MembersOf(const Shape& shape) {
  std::vector<std::string> members;
  for (const v1::OperatorMember& member : shape.operators()) {
    members.push_back(absl::StrCat(member.strategy(), " ", TypeText(member.left()), " ",
                                   TypeText(member.right()), " ", NameOf(member.operator_())));
  }
  for (const v1::FunctionMember& member : shape.functions()) {
    members.push_back(absl::StrCat(member.number(), " ", TypeText(member.left()), " ",
                                   TypeText(member.right()), " ", NameOf(member.function())));
  }
  return members;
}

TEST_P(OperatorClasses, SayWhatAnIndexDoesWithThem) {
  Run(kReversed);
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("operator_class"), ElementsAre("public.int4_down.btree"));
  const v1::OperatorClassStructure down = ClassOf(gathered, "int4_down", "btree");
  EXPECT_EQ(down.method(), "btree");
  EXPECT_EQ(TypeText(down.type()), "integer");
  EXPECT_FALSE(down.is_default());
  EXPECT_FALSE(down.has_storage());
  EXPECT_EQ(NameOf(down.family()), "public.down USING btree");
  EXPECT_THAT(MembersOf(down), UnorderedElementsAreArray({
                                   "1 integer integer pg_catalog.>(integer, integer)",
                                   "2 integer integer pg_catalog.>=(integer, integer)",
                                   "3 integer integer pg_catalog.=(integer, integer)",
                                   "4 integer integer pg_catalog.<=(integer, integer)",
                                   "5 integer integer pg_catalog.<(integer, integer)",
                                   "1 integer integer public.reversed(integer, integer)",
                               }));
  EXPECT_THAT(MembersOf(FamilyOf(gathered, "down", "btree")), IsEmpty());
  EXPECT_EQ(gathered.section().header.status(), v1::SECTION_STATUS_COMPLETE);
}

TEST_P(OperatorClasses, HaveTheMembersThatDependOnThem) {
  Run(absl::StrCat(kReversed,
                   "ALTER OPERATOR FAMILY down USING btree ADD OPERATOR 3 = (int, bigint),"
                   "  FUNCTION 1 (int, bigint) btint48cmp(int, bigint)"));
  const Gathered gathered = Gather();
  EXPECT_EQ(MembersOf(ClassOf(gathered, "int4_down", "btree")).size(), 6u);
  EXPECT_THAT(MembersOf(FamilyOf(gathered, "down", "btree")),
              ElementsAre("3 integer bigint pg_catalog.=(integer, bigint)",
                          "1 integer bigint pg_catalog.btint48cmp(integer, bigint)"));
}

TEST_P(OperatorClasses, OfGistHaveStorageAndOrderByAFamily) {
  Run("CREATE OPERATOR CLASS spots FOR TYPE point USING gist AS"
      "  OPERATOR 1 << (point, point),"
      "  OPERATOR 15 <-> (point, point) FOR ORDER BY pg_catalog.float_ops,"
      "  FUNCTION 1 gist_point_consistent(internal, point, smallint, oid, internal),"
      "  FUNCTION 2 gist_box_union(internal, internal),"
      "  FUNCTION 3 gist_point_compress(internal),"
      "  FUNCTION 5 gist_box_penalty(internal, internal, internal),"
      "  FUNCTION 6 gist_box_picksplit(internal, internal),"
      "  FUNCTION 7 gist_box_same(box, box, internal),"
      "  FUNCTION 8 gist_point_distance(internal, point, smallint, oid, internal),"
      "  STORAGE box");
  const Gathered gathered = Gather();
  const v1::OperatorClassStructure spots = ClassOf(gathered, "spots", "gist");
  EXPECT_EQ(TypeText(spots.storage()), "box");
  EXPECT_EQ(NameOf(spots.family()), "public.spots USING gist");
  // What is loose of them is the server's choice.
  std::vector<v1::OperatorMember> operators(spots.operators().begin(), spots.operators().end());
  const v1::OperatorFamilyStructure family = FamilyOf(gathered, "spots", "gist");
  operators.insert(operators.end(), family.operators().begin(), family.operators().end());
  ASSERT_EQ(operators.size(), 2u);
  for (const v1::OperatorMember& member : operators) {
    EXPECT_EQ(member.has_order_by(), member.strategy() == 15);
    if (member.has_order_by()) {
      EXPECT_EQ(NameOf(member.order_by()), "pg_catalog.float_ops USING btree");
    }
  }
  EXPECT_EQ(spots.functions_size() + family.functions_size(), 7);
  for (const auto& row : Query(
           "SELECT count(*) FILTER (WHERE refclassid = 2616), count(*) FILTER (WHERE refclassid = "
           "2753 AND refobjid = amopfamily) FROM pg_depend JOIN pg_amop o ON classid = 2602 AND "
           "objid = o.oid WHERE o.oid >= 16384")) {
    EXPECT_EQ(absl::StrCat(spots.operators_size()), row[0]);
    EXPECT_EQ(absl::StrCat(family.operators_size()), row[1]);
  }
}

TEST_P(OperatorClasses, OfOneNameAreToldApartByTheirMethod) {
  Run("CREATE OPERATOR CLASS same FOR TYPE int USING btree AS OPERATOR 1 <, OPERATOR 2 <=,"
      "  OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int, int);"
      "CREATE OPERATOR CLASS same FOR TYPE int USING hash AS OPERATOR 1 =, FUNCTION 1 "
      "hashint4(int);"
      "CREATE TABLE t (a int); CREATE INDEX b ON t USING btree (a same);"
      "CREATE INDEX h ON t USING hash (a same)");
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("operator_class"),
              ElementsAre("public.same.btree", "public.same.hash"));
  EXPECT_THAT(gathered.Names("operator_family"),
              ElementsAre("public.same.btree", "public.same.hash"));
  EXPECT_EQ(NameOf(gathered.Index("t", "b").keys(0).operator_class()), "public.same USING btree");
  EXPECT_EQ(NameOf(gathered.Index("t", "h").keys(0).operator_class()), "public.same USING hash");
}

TEST_P(OperatorClasses, ThatServeByDefaultSaySo) {
  Run("CREATE TYPE mood AS (n int);"
      "CREATE FUNCTION hash_of(mood) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';"
      "CREATE FUNCTION same(mood, mood) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT true';"
      "CREATE OPERATOR === (FUNCTION = same, LEFTARG = mood, RIGHTARG = mood);"
      "CREATE OPERATOR CLASS mood_ops DEFAULT FOR TYPE mood USING hash AS OPERATOR 1 ===,"
      "  FUNCTION 1 hash_of(mood)");
  EXPECT_TRUE(ClassOf(Gather(), "mood_ops", "hash").is_default());
}

TEST_P(OperatorClasses, ChangeByOnePropertyAtATime) {
  Run(absl::StrCat(kReversed, "CREATE SCHEMA app"));
  const std::string family = "operator_family public.down USING btree";
  const std::string down = "operator_class public.int4_down USING btree";
  ExpectChanges({
      {"ALTER OPERATOR FAMILY down USING btree ADD OPERATOR 3 = (int, bigint)",
       {family + " structure: operators.3 integer bigint nothing -> operator pg_catalog.=(integer, "
                 "bigint)"}},
      {"ALTER OPERATOR FAMILY down USING btree ADD FUNCTION 1 (int, bigint) btint48cmp(int, "
       "bigint)",
       {family + " structure: functions.1 integer bigint nothing -> function "
                 "pg_catalog.btint48cmp(integer, bigint)"}},
      {"ALTER OPERATOR FAMILY down USING btree DROP OPERATOR 3 (int, bigint)",
       {family + " structure: operators.3 integer bigint operator pg_catalog.=(integer, bigint) -> "
                 "nothing"}},
      {"COMMENT ON OPERATOR FAMILY down USING btree IS 'downwards'",
       {family + " docs: comment nothing -> downwards"}},
      {"COMMENT ON OPERATOR CLASS int4_down USING btree IS 'of numbers'",
       {down + " docs: comment nothing -> of numbers"}},
      {absl::StrCat("ALTER OPERATOR FAMILY down USING btree OWNER TO ", Role()),
       {family + " access: owner postgres -> " + Role()}},
      {absl::StrCat("ALTER OPERATOR CLASS int4_down USING btree OWNER TO ", Role()),
       {down + " access: owner postgres -> " + Role()}},
      {"ALTER OPERATOR CLASS int4_down USING btree RENAME TO int4_back",
       {"renamed operator_class public.int4_back USING btree was public.int4_down USING btree"}},
      {"ALTER OPERATOR FAMILY down USING btree RENAME TO back",
       {"renamed operator_family public.back USING btree was public.down USING btree",
        "follows: operator_class public.int4_back USING btree structure"}},
      {"ALTER OPERATOR CLASS int4_back USING btree SET SCHEMA app",
       {"renamed operator_class app.int4_back USING btree was public.int4_back USING btree"}},
      {"DROP OPERATOR CLASS app.int4_back USING btree",
       {"- operator_class app.int4_back USING btree"}},
      {"DROP OPERATOR FAMILY back USING btree", {"- operator_family public.back USING btree"}},
  });
}

TEST_P(OperatorClasses, ThatAreMadeAgainAreTheSame) {
  Run(kReversed);
  ExpectChanges({{absl::StrCat("DROP OPERATOR FAMILY down USING btree CASCADE;"
                               "DROP FUNCTION reversed(int, int);",
                               kReversed),
                  {}}});
}

TEST_P(OperatorClasses, CarryTheIndexesThatNameThemAlong) {
  Run(absl::StrCat(kReversed, "CREATE TABLE t (a int); CREATE INDEX i ON t (a int4_down)"));
  ExpectChanges({
      {"ALTER OPERATOR CLASS int4_down USING btree RENAME TO int4_back",
       {"renamed operator_class public.int4_back USING btree was public.int4_down USING btree",
        "follows: table public.t structure"}},
  });
}

}  // namespace
}  // namespace varve::testing
