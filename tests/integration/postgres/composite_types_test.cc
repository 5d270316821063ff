// Composite types that stand on their own.
#include "snapshot/postgres_type.h"
#include "tests/integration/postgres/role_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

class CompositeTypes : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(CompositeTypes);

EntityKey CompositeKey(const std::string& name) { return {"composite_type", {"public", name}}; }

v1::CompositeTypeStructure CompositeOf(const Gathered& gathered, const std::string& name) {
  return gathered.Shape(CompositeKey(name), v1::FACET_STRUCTURE).composite_type();
}

TEST_P(CompositeTypes, ReadAsTheCatalogListsThem) {
  Run("CREATE TYPE inner_pair AS (a int); CREATE TYPE pair AS (z numeric(12,2)[], gone int,"
      "  b text COLLATE \"C\", c inner_pair); ALTER TYPE pair DROP ATTRIBUTE gone;"
      "CREATE TYPE empty AS (); CREATE TABLE t (id int); CREATE VIEW v AS SELECT 1 AS one");
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("composite_type"),
              ElementsAre("public.empty", "public.inner_pair", "public.pair"));
  const v1::CompositeTypeStructure pair = CompositeOf(gathered, "pair");
  std::vector<std::string> types;
  for (const v1::Column& attribute : pair.attributes()) types.push_back(TypeText(attribute.type()));
  EXPECT_THAT(NamesOf(pair.attributes()), ElementsAre("z", "b", "c"));
  EXPECT_THAT(
      types, ElementsAreArray(Ask("SET search_path = pg_catalog; SELECT format_type(atttypid, "
                                  "atttypmod) FROM pg_attribute WHERE attrelid = "
                                  "'public.pair'::regclass AND NOT attisdropped ORDER BY attnum")));
  EXPECT_EQ(DisplayName(KeyOf(pair.attributes(1).collation())), "pg_catalog.C");
  EXPECT_THAT(CompositeOf(gathered, "empty").attributes(), IsEmpty());
}

TEST_P(CompositeTypes, ChangeByOnePropertyAtATime) {
  Run("CREATE TYPE pair AS (a int, b text); GRANT USAGE ON TYPE pair TO postgres;"
      "CREATE SCHEMA app");
  ExpectChanges({
      {"ALTER TYPE pair ADD ATTRIBUTE c date",
       {"composite_type public.pair structure: attributes.c nothing -> date"}},
      {"ALTER TYPE pair ALTER ATTRIBUTE c TYPE timestamptz(3)",
       {"composite_type public.pair structure: attributes.c.type date -> timestamp(3) with time "
        "zone"}},
      {"ALTER TYPE pair ALTER ATTRIBUTE b TYPE text COLLATE \"C\"",
       {"composite_type public.pair structure: attributes.b.collation nothing -> pg_catalog.C"}},
      {"ALTER TYPE pair RENAME ATTRIBUTE c TO made",
       {"renamed column public.pair.made was public.pair.c"}},
      {"COMMENT ON TYPE pair IS 'of the type'",
       {"composite_type public.pair docs: comment nothing -> of the type"}},
      {"COMMENT ON COLUMN pair.made IS 'of the attribute'",
       {"composite_type public.pair docs: elements.column made nothing -> comment of the "
        "attribute"}},
      {"ALTER TYPE pair DROP ATTRIBUTE made",
       {"composite_type public.pair structure: attributes.made timestamp(3) with time zone -> "
        "nothing",
        "composite_type public.pair docs: elements.column made comment of the attribute -> "
        "nothing"}},
      {"ALTER TYPE pair ADD ATTRIBUTE x int; ALTER TYPE pair DROP ATTRIBUTE x", {}},
      {absl::StrCat("GRANT USAGE ON TYPE pair TO ", Role()),
       {absl::StrCat("composite_type public.pair access: grants.", Role(),
                     " postgres nothing -> privileges [USAGE]")}},
      {absl::StrCat("REVOKE USAGE ON TYPE pair FROM ", Role()),
       {absl::StrCat("composite_type public.pair access: grants.", Role(),
                     " postgres privileges [USAGE] -> nothing")}},
      {"ALTER TYPE pair RENAME TO two", {"renamed composite_type public.two was public.pair"}},
      {"ALTER TYPE two SET SCHEMA app", {"renamed composite_type app.two was public.two"}},
      {"DROP TYPE app.two", {"- composite_type app.two"}},
  });
}

TEST_P(CompositeTypes, MayBeRenamedWithTheirAttributesAtOnce) {
  Run("CREATE TYPE pair AS (a int, b text); CREATE TABLE t (p pair)");
  ExpectChanges(
      {{"ALTER TYPE pair RENAME ATTRIBUTE a TO one; ALTER TYPE pair RENAME TO two",
        {"renamed composite_type public.two was public.pair",
         "renamed column public.two.one was public.pair.a", "follows: table public.t structure"}}});
}

TEST_P(CompositeTypes, SayWhoOwnsThemAndTheirLabels) {
  Run("CREATE TYPE pair AS (a int, b text)");
  ExpectChanges({
      {absl::StrCat("ALTER TYPE pair OWNER TO ", Role()),
       {absl::StrCat("composite_type public.pair access: owner postgres -> ", Role())}},
      {"INSERT INTO pg_seclabel VALUES ('pair'::regtype, 'pg_type'::regclass, 0, 'selinux', 'x')",
       {"composite_type public.pair access: labels.selinux nothing -> label x"}},
      {"INSERT INTO pg_seclabel VALUES ('pair'::regclass, 'pg_class'::regclass, 1, 'selinux', 'y')",
       {"composite_type public.pair access: columns.a nothing -> labels [provider selinux label "
        "y]"}},
  });
}

TEST_P(CompositeTypes, MadeAgainAreTheSame) {
  Run("CREATE TYPE pair AS (gone int, a int, b text); ALTER TYPE pair DROP ATTRIBUTE gone");
  ExpectChanges({{"DROP TYPE pair; CREATE TYPE pair AS (a int, b text)", {}}});
}

TEST_P(CompositeTypes, KeepTheirSecretsToThemselves) {
  Run("CREATE TYPE pair AS (a int); COMMENT ON TYPE pair IS 'log in with password=s3cret-a';"
      "COMMENT ON COLUMN pair.a IS 'https://app:s3cret-b@example.com/x'");
  EXPECT_THAT(Gather().Mentioning("s3cret"), IsEmpty());
}

}  // namespace
}  // namespace varve::testing
