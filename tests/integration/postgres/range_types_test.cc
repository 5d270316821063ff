// Range types and their multiranges.
#include "snapshot/postgres_type.h"
#include "tests/integration/postgres/role_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RangeTypes : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(RangeTypes);

v1::RangeTypeStructure RangeOf(const Gathered& gathered, const std::string& name) {
  return gathered.Shape({"range_type", {"public", name}}, v1::FACET_STRUCTURE).range_type();
}

std::string NameOf(const v1::Identity& identity) {
  return absl::StrCat(identity.kind(), " ", DisplayName(KeyOf(identity)));
}

TEST_P(RangeTypes, ReadAsTheCatalogListsThem) {
  Run("CREATE TYPE span AS RANGE (subtype = float8, subtype_diff = float8mi);"
      "CREATE TYPE word AS RANGE (subtype = text, collation = \"C\","
      "  subtype_opclass = text_pattern_ops)");
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("range_type"), ElementsAre("public.span", "public.word"));
  const v1::RangeTypeStructure span = RangeOf(gathered, "span");
  EXPECT_EQ(TypeText(span.subtype()), "double precision");
  EXPECT_EQ(NameOf(span.subtype_diff()),
            "function pg_catalog.float8mi(double precision, double precision)");
  EXPECT_FALSE(span.has_subtype_operator_class());
  EXPECT_FALSE(span.has_collation());
  EXPECT_FALSE(span.has_canonical());
  const v1::RangeTypeStructure word = RangeOf(gathered, "word");
  EXPECT_EQ(NameOf(word.subtype_operator_class()),
            "operator_class pg_catalog.text_pattern_ops USING btree");
  EXPECT_EQ(NameOf(word.collation()), "collation pg_catalog.C");
  EXPECT_FALSE(word.has_subtype_diff());
}

TEST_P(RangeTypes, NameTheFunctionThatMakesThemCanonical) {
  // One that is in the server, under a name of the database: no C is needed.
  Run("CREATE TYPE whole; CREATE FUNCTION canonical(whole) RETURNS whole LANGUAGE internal STRICT "
      "IMMUTABLE AS 'int4range_canonical';"
      "CREATE TYPE whole AS RANGE (subtype = int4, canonical = canonical)");
  EXPECT_EQ(NameOf(RangeOf(Gather(), "whole").canonical()),
            "function public.canonical(public.whole)");
}

TEST_P(RangeTypes, NameTheirMultirange) {
  if (major() < 14) GTEST_SKIP() << "multiranges are of 14 and newer";
  Run("CREATE SCHEMA app; CREATE TYPE span AS RANGE (subtype = float8);"
      "CREATE TYPE word AS RANGE (subtype = text, multirange_type_name = app.words)");
  const Gathered gathered = Gather();
  EXPECT_EQ(NameOf(RangeOf(gathered, "span").multirange()),
            "multirange_type public.span_multirange");
  EXPECT_EQ(NameOf(RangeOf(gathered, "word").multirange()), "multirange_type app.words");
  ExpectChanges({{"ALTER TYPE app.words RENAME TO phrases",
                  {"range_type public.word structure: multirange app.words -> app.phrases"}}});
}

TEST_P(RangeTypes, BringNoFunctionsOfTheirOwn) {
  Run("CREATE TYPE span AS RANGE (subtype = float8);"
      "CREATE FUNCTION span() RETURNS int LANGUAGE sql AS 'SELECT 1'");
  EXPECT_THAT(Gather().Names("function"), ElementsAre("public.span"));
}

TEST_P(RangeTypes, ChangeByOnePropertyAtATime) {
  Run("CREATE TYPE span AS RANGE (subtype = float8); GRANT USAGE ON TYPE span TO postgres;"
      "CREATE SCHEMA app");
  ExpectChanges({
      {"COMMENT ON TYPE span IS 'of the range'",
       {"range_type public.span docs: comment nothing -> of the range"}},
      {absl::StrCat("GRANT USAGE ON TYPE span TO ", Role()),
       {absl::StrCat("range_type public.span access: grants.", Role(),
                     " postgres nothing -> privileges [USAGE]")}},
      {absl::StrCat("REVOKE USAGE ON TYPE span FROM ", Role()),
       {absl::StrCat("range_type public.span access: grants.", Role(),
                     " postgres privileges [USAGE] -> nothing")}},
      {"INSERT INTO pg_seclabel VALUES ('span'::regtype, 'pg_type'::regclass, 0, 'selinux', 'x')",
       {"range_type public.span access: labels.selinux nothing -> label x"}},
      {"ALTER TYPE span RENAME TO reach", {"renamed range_type public.reach was public.span"}},
      {"ALTER TYPE reach SET SCHEMA app", {"renamed range_type app.reach was public.reach"}},
      {"DROP TYPE app.reach", {"- range_type app.reach"}},
  });
}

TEST_P(RangeTypes, MadeAgainAreTheSameOrSayWhatDiffers) {
  Run("CREATE TYPE word AS RANGE (subtype = text)");
  ExpectChanges({
      {"DROP TYPE word; CREATE TYPE word AS RANGE (subtype = text)", {}},
      {"DROP TYPE word; CREATE TYPE word AS RANGE (subtype = text, collation = \"C\")",
       {"range_type public.word structure: collation nothing -> pg_catalog.C"}},
      {"DROP TYPE word; CREATE TYPE word AS RANGE (subtype = text, collation = \"C\","
       "  subtype_opclass = text_pattern_ops)",
       {"range_type public.word structure: subtype_operator_class nothing -> "
        "pg_catalog.text_pattern_ops USING btree"}},
      {"DROP TYPE word; CREATE TYPE word AS RANGE (subtype = varchar, collation = \"C\","
       "  subtype_opclass = varchar_pattern_ops)",
       {"range_type public.word structure: subtype text -> character varying",
        "range_type public.word structure: subtype_operator_class pg_catalog.text_pattern_ops "
        "USING btree -> "
        "pg_catalog.varchar_pattern_ops USING btree"}},
  });
}

TEST_P(RangeTypes, SayWhoOwnsThem) {
  Run("CREATE TYPE span AS RANGE (subtype = float8)");
  ExpectChanges({{absl::StrCat("ALTER TYPE span OWNER TO ", Role()),
                  {absl::StrCat("range_type public.span access: owner postgres -> ", Role())}}});
}

TEST_P(RangeTypes, KeepTheirSecretsToThemselves) {
  Run("CREATE TYPE span AS RANGE (subtype = float8);"
      "COMMENT ON TYPE span IS 'log in with password=s3cret'");
  EXPECT_THAT(Gather().Mentioning("s3cret"), IsEmpty());
}

}  // namespace
}  // namespace varve::testing
