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

class UnusedIndexRule : public RulesCase {
 protected:
  // What the rule says; of a database whose statistics were reset so much earlier than they were,
  // since nobody can wait for it.
  CheckResult Said(absl::Duration earlier) const {
    Section section = Gather().section();
    for (v1::EntityMeasures& entity : *section.measures.Edit().mutable_entities()) {
      for (v1::Measure& measure : *entity.mutable_measures()) {
        absl::Time time;
        std::string why;
        if (measure.name() != "statistics_reset_at") continue;
        EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, measure.text(), &time, &why)) << why;
        measure.set_text(
            absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", time - earlier, absl::UTCTimeZone()));
      }
    }
    Snapshot snapshot;
    *snapshot.header.add_sections() = section.header;
    snapshot.sections.push_back(std::move(section));
    const absl::StatusOr<CheckResult> result = Check(snapshot, {"pg/unused-index"});
    EXPECT_THAT(result, IsOk());
    return result.value_or(CheckResult());
  }
  CheckResult SaidLater() const { return Said(absl::Hours(15 * 24)); }
};
VARVE_ON_EVERY_POSTGRES(UnusedIndexRule);

std::vector<std::string> ObjectsOf(const CheckResult& result) {
  std::vector<std::string> objects;
  for (const Finding& finding : result.findings) objects.push_back(finding.object);
  return objects;
}

TEST_P(UnusedIndexRule, FindsWhatNothingScans) {
  Run("CREATE TABLE keyed (id int PRIMARY KEY);"
      "CREATE TABLE a (b int, c int, d int UNIQUE, r int REFERENCES keyed);"
      "CREATE TABLE small (b int); CREATE INDEX ON small (b);"
      "CREATE TABLE p (b int) PARTITION BY LIST (b); CREATE TABLE p1 PARTITION OF p DEFAULT;"
      "INSERT INTO keyed SELECT generate_series(1, 100000);"
      "INSERT INTO a SELECT id, id, id, id FROM keyed; INSERT INTO p SELECT b FROM a;"
      "CREATE MATERIALIZED VIEW m AS SELECT c FROM a;"
      "CREATE INDEX used ON a (b); CREATE INDEX of_key ON a (r); CREATE UNIQUE INDEX ON a (c);"
      "CREATE INDEX sorts ON a (c); CLUSTER a USING sorts; CREATE INDEX whole ON p (b)");
  Run("SET enable_seqscan = off; SELECT c FROM a WHERE b = 5");
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  while (Ask("SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'used'") ==
         std::vector<std::string>{"0"}) {
    ASSERT_LT(absl::Now(), deadline) << "the scan was not counted";
    absl::SleepFor(absl::Milliseconds(20));
  }
  const CheckResult healthy = SaidLater();
  EXPECT_THAT(ObjectsOf(healthy), ::testing::IsEmpty());
  EXPECT_THAT(healthy.cannot_say, ::testing::IsEmpty());

  Run("CREATE INDEX unused ON a (c); CREATE INDEX own ON p1 (b); CREATE INDEX of_view ON m (c)");
  const CheckResult young = Said(absl::ZeroDuration());
  EXPECT_THAT(ObjectsOf(young), ::testing::IsEmpty());
  ASSERT_EQ(young.cannot_say.size(), 1u);
  EXPECT_THAT(young.cannot_say[0].reason,
              ::testing::MatchesRegex("statistics were reset .* ago; it needs 14 d"));
  const CheckResult broken = SaidLater();
  EXPECT_THAT(broken.cannot_say, ::testing::IsEmpty());
  EXPECT_THAT(ObjectsOf(broken),
              ::testing::ElementsAre("public.of_view", "public.own", "public.unused"));
  for (const Finding& finding : broken.findings) Run(finding.remedy);
  EXPECT_THAT(ObjectsOf(SaidLater()), ::testing::IsEmpty());
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
