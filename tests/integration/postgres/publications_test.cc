// Publications: tables with their columns and row filters, schemas, what is published.
#include "tests/integration/postgres/owned_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Publications : public OwnedCase {
 protected:
  void SetUp() override {
    OwnedCase::SetUp();
    Run("CREATE TABLE a (id int PRIMARY KEY, n int, note text); CREATE SCHEMA app;"
        "CREATE TABLE app.b (id int PRIMARY KEY); CREATE TABLE c (id int)");
  }
};
VARVE_ON_EVERY_POSTGRES(Publications);

EntityKey Named(const std::string& name) { return {"publication", {name}}; }

v1::PublicationStructure StructureOf(const Gathered& gathered, const std::string& name) {
  return gathered.Shape(Named(name), v1::FACET_STRUCTURE).publication();
}

TEST_P(Publications, AreAsTheCatalogListsThem) {
  Run("CREATE PUBLICATION every FOR ALL TABLES; CREATE PUBLICATION none WITH (publish = 'insert');"
      "CREATE PUBLICATION picked FOR TABLE a, app.b WITH (publish = 'update, delete, truncate')");
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("publication"), ElementsAre("every", "none", "picked"));
  EXPECT_TRUE(StructureOf(gathered, "every").all_tables());
  const v1::PublicationStructure none = StructureOf(gathered, "none");
  EXPECT_FALSE(none.all_tables());
  EXPECT_TRUE(none.insert());
  EXPECT_FALSE(none.update() || none.delete_() || none.truncate() || none.via_root());
  EXPECT_THAT(none.tables(), IsEmpty());
  const v1::PublicationStructure picked = StructureOf(gathered, "picked");
  EXPECT_FALSE(picked.insert());
  EXPECT_TRUE(picked.update() && picked.delete_() && picked.truncate());
  ASSERT_EQ(picked.tables_size(), 2);
  EXPECT_EQ(DisplayName(KeyOf(picked.tables(0).table())), "app.b");
  EXPECT_EQ(DisplayName(KeyOf(picked.tables(1).table())), "public.a");
  EXPECT_THAT(picked.tables(1).columns(), IsEmpty());
  EXPECT_FALSE(picked.tables(1).has_filter());
}

TEST_P(Publications, HaveColumnsFiltersAndSchemas) {
  if (major() < 15) GTEST_SKIP() << "15 and newer";
  Run("CREATE PUBLICATION p FOR TABLE a (note, id) WHERE (n > 10 AND note <> 'x'),"
      "  c WHERE (id = 1); CREATE PUBLICATION q FOR TABLES IN SCHEMA app, public");
  const Gathered gathered = Gather();
  const v1::PublicationStructure p = StructureOf(gathered, "p");
  ASSERT_EQ(p.tables_size(), 2);
  EXPECT_THAT(p.tables(0).columns(), ElementsAre("id", "note"));
  EXPECT_TRUE(p.tables(0).has_filter());
  const v1::PublicationExpressions texts =
      gathered.Shape(Named("p"), v1::FACET_EXPRESSIONS).publication_expressions();
  ASSERT_EQ(texts.tables_size(), 2);
  EXPECT_EQ(DisplayName(KeyOf(texts.tables(0).table())), "public.a");
  EXPECT_EQ(texts.tables(0).where(), "((n > 10) AND (note <> 'x'::text))");
  const v1::PublicationStructure q = StructureOf(gathered, "q");
  ASSERT_EQ(q.schemas_size(), 2);
  EXPECT_EQ(DisplayName(KeyOf(q.schemas(0))), "app");
  EXPECT_THAT(q.tables(), IsEmpty());
}

TEST_P(Publications, OfALockedTableLoseTheirFiltersAlone) {
  if (major() < 15) GTEST_SKIP() << "15 and newer";
  Run("CREATE PUBLICATION p FOR TABLE c WHERE (id = 1); CREATE PUBLICATION q FOR TABLE c;"
      "CREATE PUBLICATION r FOR TABLE a WHERE (id = 2)");
  const auto other = Open();
  VARVE_ASSERT_OK(other->Run("BEGIN"));
  VARVE_ASSERT_OK(other->Run("LOCK TABLE c IN ACCESS EXCLUSIVE MODE"));
  const Gathered gathered = Gather();
  EXPECT_EQ(gathered.SightOf(Named("p"), v1::FACET_STRUCTURE), v1::SIGHT_CAPTURED);
  EXPECT_EQ(gathered.SightOf(Named("p"), v1::FACET_EXPRESSIONS), v1::SIGHT_LOCKED);
  EXPECT_EQ(gathered.SightOf(Named("q"), v1::FACET_EXPRESSIONS), v1::SIGHT_CAPTURED);
  EXPECT_EQ(gathered.SightOf(Named("r"), v1::FACET_EXPRESSIONS), v1::SIGHT_CAPTURED);
  EXPECT_EQ(gathered.SightOf(TableKey("c"), v1::FACET_EXPRESSIONS), v1::SIGHT_CAPTURED);
  VARVE_EXPECT_OK(other->Run("ROLLBACK"));
}

TEST_P(Publications, OfSecretsLoseThem) {
  if (major() < 15) GTEST_SKIP() << "15 and newer";
  Run("CREATE PUBLICATION p FOR TABLE a WHERE (note = 'postgresql://u:s3cret@h/d')");
  EXPECT_THAT(Gather().Mentioning("s3cret"), IsEmpty());
}

TEST_P(Publications, AreSeenByWhoMayOnlyConnect) {
  Run("REVOKE ALL ON SCHEMA app, public FROM PUBLIC; CREATE PUBLICATION p FOR TABLE a, app.b");
  if (major() >= 15) Run("CREATE PUBLICATION q FOR TABLE a WHERE (n > 10), TABLES IN SCHEMA app");
  const Gathered guests = Gather(Config(Guest()));
  EXPECT_THAT(Differences(Gather(), guests), IsEmpty());
  EXPECT_THAT(guests.Errors(), IsEmpty());
}

TEST_P(Publications, ThatAreDeniedCostWhatTheyFeedAlone) {
  Run("CREATE PUBLICATION p FOR TABLE a; REVOKE SELECT ON pg_catalog.pg_publication_rel FROM "
      "PUBLIC");
  const Gathered guests = Gather(Config(Guest()));
  EXPECT_EQ(guests.SightOf(Named("p"), v1::FACET_STRUCTURE), v1::SIGHT_UNSPECIFIED);
  EXPECT_EQ(guests.SightOf(Named("p"), v1::FACET_ACCESS), v1::SIGHT_CAPTURED);
  EXPECT_EQ(guests.SightOf(TableKey("a"), v1::FACET_STRUCTURE), v1::SIGHT_CAPTURED);
}

TEST_P(Publications, ChangeByOnePropertyAtATime) {
  Run("CREATE PUBLICATION p FOR TABLE a");
  const std::string structure = "publication p structure: ";
  std::vector<std::string> renames = {"renamed table public.d was public.c",
                                      "follows: publication p structure"};
  if (major() >= 15) renames.emplace_back("follows: publication p expressions");
  ExpectChanges({
      {"ALTER PUBLICATION p ADD TABLE app.b", {structure + "tables.app.b nothing -> table app.b"}},
      {"ALTER PUBLICATION p SET TABLE app.b, a", {}},
      {"ALTER PUBLICATION p DROP TABLE app.b", {structure + "tables.app.b table app.b -> nothing"}},
      {"ALTER PUBLICATION p SET TABLE c",
       {structure + "tables.public.a table public.a -> nothing",
        structure + "tables.public.c nothing -> table public.c"}},
      {"ALTER PUBLICATION p SET (publish = 'insert, update, delete')",
       {structure + "truncate true -> false"}},
      {"ALTER PUBLICATION p SET (publish_via_partition_root = true)",
       {structure + "via_root false -> true"},
       13},
      {"ALTER PUBLICATION p SET (publish_generated_columns = stored)",
       {structure + "generated_columns nothing -> stored"},
       18},
      {"ALTER PUBLICATION p SET TABLE c (id)",
       {structure + "tables.public.c.columns nothing -> [id]"},
       15},
      {"ALTER PUBLICATION p SET TABLE c (id) WHERE (id > 1)",
       {structure + "tables.public.c.has_filter false -> true",
        "publication p expressions: tables.public.c nothing -> where (id > 1)"},
       15},
      {"ALTER PUBLICATION p SET TABLE c (id) WHERE (id > 2)",
       {"publication p expressions: tables.public.c.where (id > 1) -> (id > 2)"},
       15},
      {"ALTER PUBLICATION p SET TABLE c; ALTER PUBLICATION p SET TABLE c WHERE (id > 2)",
       {structure + "tables.public.c.columns [id] -> nothing"},
       15},
      {"ALTER PUBLICATION p ADD TABLES IN SCHEMA app",
       {structure + "schemas nothing -> [app]"},
       15},
      {"ALTER PUBLICATION p DROP TABLES IN SCHEMA app",
       {structure + "schemas [app] -> nothing"},
       15},
      {absl::StrCat("ALTER PUBLICATION p OWNER TO ", Owner()),
       {absl::StrCat("publication p access: owner postgres -> ", Owner())}},
      {"COMMENT ON PUBLICATION p IS 'x'", {"publication p docs: comment nothing -> x"}},
      {"ALTER TABLE c RENAME TO d", renames},
      {"ALTER PUBLICATION p RENAME TO q", {"renamed publication q was p"}},
      {"DROP PUBLICATION q", {"- publication q"}},
  });
}

TEST_P(Publications, FollowWhatIsRenamed) {
  if (major() < 15) GTEST_SKIP() << "15 and newer";
  Run("CREATE PUBLICATION p FOR TABLE a (id, n);"
      "CREATE PUBLICATION q FOR TABLE a WHERE (n > 1), TABLES IN SCHEMA app");
  const std::string moved = "follows: table area.b ";
  ExpectChanges({
      {"ALTER TABLE a RENAME COLUMN n TO m",
       {"renamed column public.a.m was public.a.n", "follows: publication p structure",
        "follows: publication q expressions"}},
      {"ALTER SCHEMA app RENAME TO area",
       {"renamed schema area was app", "follows: publication q structure", moved + "structure",
        moved + "expressions", moved + "access", moved + "docs", moved + "state"}},
  });
}

}  // namespace
}  // namespace varve::testing
