// Rules about indexes.
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/integration/postgres/rules_case.h"

namespace varve::testing {
namespace {

class IndexRules : public RulesCase {};
VARVE_ON_EVERY_POSTGRES(IndexRules);

TEST_P(IndexRules, FindWhatIsWrongAndNothingElse) {
  ExpectRulesSideBySide({
      {"pg/duplicate-index",
       "CREATE TABLE a (b int, c int, d text); CREATE INDEX ON a (b);"
       "CREATE INDEX ON a (b) WHERE c > 0; CREATE INDEX ON a (lower(d));"
       "CREATE INDEX ON a USING hash (b); CREATE INDEX ON a (b DESC)",
       "CREATE INDEX again ON a (b); CREATE INDEX lower_again ON a (lower(d));"
       "CREATE TABLE p (b int) PARTITION BY LIST (b); CREATE INDEX p_1 ON p (b);"
       "CREATE INDEX p_2 ON p (b); CREATE TABLE p1 PARTITION OF p DEFAULT;"
       "CREATE TABLE u (b int CONSTRAINT u_key UNIQUE); CREATE INDEX plain ON u (b)",
       {"again", "lower_again", "p_2", "plain"}},
      {"pg/redundant-index",
       "CREATE TABLE a (b int, c int, d text, EXCLUDE USING btree (c WITH =));"
       "CREATE INDEX ON a (b, c); CREATE INDEX ON a (c, b); CREATE UNIQUE INDEX ON a (b); CREATE "
       "INDEX ON a (b DESC);"
       "CREATE INDEX ON a (b) WHERE c > 0; CREATE INDEX ON a (lower(d));"
       "CREATE INDEX ON a (upper(d), b); CREATE INDEX ON a (b) INCLUDE (d);"
       "CREATE INDEX ON a (d text_pattern_ops); CREATE INDEX ON a (d, b);"
       "CREATE INDEX ON a (b NULLS FIRST); CREATE INDEX ON a (b DESC NULLS LAST);"
       "CREATE INDEX ON a (d COLLATE \"C\")",
       "CREATE INDEX short ON a (b); CREATE INDEX text ON a (upper(d));"
       "CREATE INDEX part ON a (c) WHERE b > 0; CREATE INDEX ON a (c, d) WHERE b > 0",
       {"part", "short", "text"}},
      {"pg/btree-on-container",
       "CREATE TABLE a (b jsonb, c int[], d text); CREATE INDEX ON a USING gin (b);"
       "CREATE INDEX ON a ((b ->> 'x')); CREATE INDEX ON a (d); CREATE UNIQUE INDEX ON a (c)",
       "CREATE INDEX x ON a (b); CREATE INDEX y ON a (d, c)",
       {"x", "y"}},
      {"pg/many-indexes",
       "CREATE TABLE a (b int); DO $$ BEGIN FOR i IN 1..10 LOOP CREATE INDEX ON a (b); END LOOP; "
       "END $$",
       "CREATE INDEX ON a (b)",
       {"a"}},
  });
}

// The server counts scans when it comes to it.
TEST_P(IndexRules, OfALargeTableThatIsReadThrough) {
  Run("CREATE TABLE a (b int); CREATE TABLE small (b int); CREATE TABLE keyed (b int PRIMARY KEY);"
      "CREATE TABLE p (b int) PARTITION BY LIST (b); CREATE TABLE p1 PARTITION OF p DEFAULT;"
      "INSERT INTO a SELECT generate_series(1, 20000); INSERT INTO small VALUES (1);"
      "INSERT INTO keyed SELECT b FROM a; INSERT INTO p SELECT b FROM a;"
      "ANALYZE a, keyed, small, p1");
  EXPECT_THAT(FindingsOf("pg/large-table-without-index"), ::testing::IsEmpty());
  Run("SET enable_indexonlyscan = off; DO $$ BEGIN FOR i IN 1..100 LOOP PERFORM count(*) FROM a;"
      " PERFORM count(*) FROM small; PERFORM count(*) FROM keyed; PERFORM count(*) FROM p;"
      " END LOOP; END $$");
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  while (Ask("SELECT min(seq_scan) >= 100 FROM pg_stat_user_tables WHERE relname <> 'p'") !=
         std::vector<std::string>{"t"}) {
    ASSERT_LT(absl::Now(), deadline) << "the scans were not counted";
    absl::SleepFor(absl::Milliseconds(20));
  }
  const std::vector<Finding> findings = FindingsOf("pg/large-table-without-index");
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].object, "public.a");
}

// What cannot be built leaves an index behind, which no transaction takes back.
TEST_P(IndexRules, OfAnIndexThatCouldNotBeBuilt) {
  Run("CREATE TABLE a (b int); INSERT INTO a VALUES (1), (1); CREATE INDEX good ON a (b)");
  EXPECT_THAT(FindingsOf("pg/invalid-index"), ::testing::IsEmpty());
  EXPECT_FALSE(server().Run(database(), "CREATE UNIQUE INDEX CONCURRENTLY bad ON a (b)").ok());
  const std::vector<Finding> findings = FindingsOf("pg/invalid-index");
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].object, "public.bad");
  Run("DELETE FROM a");
  Run(findings[0].remedy);
  EXPECT_THAT(FindingsOf("pg/invalid-index"), ::testing::IsEmpty());
}

}  // namespace
}  // namespace varve::testing
