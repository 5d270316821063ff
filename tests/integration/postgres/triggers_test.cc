// Triggers of tables and views.
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

class Triggers : public PostgresCase {};
VARVE_ON_EVERY_POSTGRES(Triggers);

constexpr const char* kFunction =
    "CREATE TABLE t (id int, a int, b text);"
    "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';";

TEST_P(Triggers, AreThoseThatTheCatalogLists) {
  Run(kFunction);
  Run("ALTER TABLE t ADD PRIMARY KEY (id); CREATE TABLE u (t int REFERENCES t);"
      "CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION note();"
      "CREATE TRIGGER two AFTER DELETE ON t EXECUTE FUNCTION note()");
  const Gathered gathered = Gather();
  EXPECT_THAT(NamesOf(gathered.Table("t").triggers()),
              ElementsAreArray(Ask("SELECT DISTINCT trigger_name FROM "
                                   "information_schema.triggers ORDER BY 1")));
  EXPECT_THAT(gathered.Table("u").triggers(), IsEmpty());
}

TEST_P(Triggers, SayWhenTheyFire) {
  Run(kFunction);
  Run("CREATE TRIGGER one BEFORE INSERT OR UPDATE OF a, b ON t FOR EACH ROW"
      "  WHEN (NEW.a > 1 AND NEW.b <> ') WHEN (') EXECUTE FUNCTION note('x', 'it''s', '');"
      "CREATE TRIGGER two AFTER DELETE OR TRUNCATE ON t EXECUTE FUNCTION note()");
  const Gathered gathered = Gather();
  const v1::Trigger one = gathered.Trigger("t", "one");
  EXPECT_EQ(one.timing(), "before");
  EXPECT_THAT(one.events(), ElementsAre("insert", "update"));
  EXPECT_THAT(one.columns(), ElementsAre("a", "b"));
  EXPECT_TRUE(one.for_each_row());
  EXPECT_EQ(one.function().kind(), "function");
  EXPECT_EQ(DisplayName(KeyOf(one.function())), "public.note()");
  EXPECT_THAT(one.arguments(), ElementsAre("x", "it's", ""));
  EXPECT_EQ(one.enabled(), "origin");
  EXPECT_TRUE(one.has_when());
  const v1::Trigger two = gathered.Trigger("t", "two");
  EXPECT_EQ(two.timing(), "after");
  EXPECT_THAT(two.events(), ElementsAre("delete", "truncate"));
  EXPECT_FALSE(two.for_each_row());
  const auto texts = gathered.TableExpressions("t").triggers();
  ASSERT_EQ(texts.size(), 1);
  EXPECT_EQ(texts[0].when(), "((new.a > 1) AND (new.b <> ') WHEN ('::text))");
}

TEST_P(Triggers, OfConstraintsSayHowTheyAreDeferred) {
  Run(kFunction);
  Run("CREATE TABLE u (id int);"
      "CREATE CONSTRAINT TRIGGER later AFTER UPDATE ON t FROM u DEFERRABLE INITIALLY DEFERRED"
      "  FOR EACH ROW EXECUTE FUNCTION note()");
  const Gathered gathered = Gather();
  const v1::Trigger later = gathered.Trigger("t", "later");
  EXPECT_TRUE(later.constraint());
  EXPECT_TRUE(later.deferrable());
  EXPECT_TRUE(later.initially_deferred());
  EXPECT_EQ(DisplayName(KeyOf(later.referenced())), "public.u");
  EXPECT_THAT(gathered.Table("t").constraints(), IsEmpty());
}

TEST_P(Triggers, NameTheirTransitionTables) {
  Run(kFunction);
  Run("CREATE TRIGGER moved AFTER UPDATE ON t REFERENCING OLD TABLE AS was NEW TABLE AS is_now"
      "  EXECUTE FUNCTION note()");
  const v1::Trigger moved = Gather().Trigger("t", "moved");
  EXPECT_EQ(moved.old_table(), "was");
  EXPECT_EQ(moved.new_table(), "is_now");
}

TEST_P(Triggers, OfViewsFireInstead) {
  Run(kFunction);
  Run("CREATE VIEW v AS SELECT * FROM t;"
      "CREATE TRIGGER instead INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION note()");
  const auto triggers =
      Gather().Shape({"view", {"public", "v"}}, v1::FACET_STRUCTURE).view().triggers();
  ASSERT_EQ(triggers.size(), 1);
  EXPECT_EQ(triggers[0].timing(), "instead of");
}

TEST_P(Triggers, OfThePartitionedTableAreItsAlone) {
  Run(kFunction);
  Run("CREATE TABLE parts (id int) PARTITION BY LIST (id);"
      "CREATE TABLE part PARTITION OF parts FOR VALUES IN (1);"
      "CREATE TRIGGER one AFTER INSERT ON parts FOR EACH ROW EXECUTE FUNCTION note()");
  const Gathered gathered = Gather();
  EXPECT_EQ(gathered.Table("parts").triggers_size(), 1);
  EXPECT_EQ(gathered.Table("part").triggers_size(), 0);
}

TEST_P(Triggers, MayCallTheServersOwnFunctions) {
  Run("CREATE TABLE t (a text, v tsvector);"
      "CREATE TRIGGER fill BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION"
      "  tsvector_update_trigger(v, 'pg_catalog.english', a)");
  EXPECT_EQ(DisplayName(KeyOf(Gather().Trigger("t", "fill").function())),
            "pg_catalog.tsvector_update_trigger()");
}

TEST_P(Triggers, ChangeByOnePropertyAtATime) {
  Run(kFunction);
  Run("CREATE TRIGGER one AFTER UPDATE ON t FOR EACH ROW WHEN (OLD.a = 1) EXECUTE FUNCTION note()");
  ExpectChanges({
      {"ALTER TABLE t DISABLE TRIGGER one",
       {"table public.t structure: triggers.one.enabled origin -> disabled"}},
      {"ALTER TABLE t ENABLE ALWAYS TRIGGER one",
       {"table public.t structure: triggers.one.enabled disabled -> always"}},
      {"ALTER TABLE t ENABLE REPLICA TRIGGER one",
       {"table public.t structure: triggers.one.enabled always -> replica"}},
      {"DROP TRIGGER one ON t; CREATE TRIGGER one AFTER UPDATE ON t FOR EACH ROW WHEN (OLD.a = 2) "
       "EXECUTE FUNCTION note(); ALTER TABLE t ENABLE REPLICA TRIGGER one",
       {"table public.t expressions: triggers.one.when (old.a = 1) -> (old.a = 2)"}},
      {"DROP TRIGGER one ON t",
       {"table public.t structure: triggers.one timing after events [update] for each row function "
        "public.note() enabled replica has when -> nothing",
        "table public.t expressions: triggers.one when (old.a = 2) -> nothing"}},
  });
}

}  // namespace
}  // namespace varve::testing
