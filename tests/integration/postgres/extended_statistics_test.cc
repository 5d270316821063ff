// Extended statistics: what they are of, and their expressions.
#include "tests/integration/postgres/owned_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ExtendedStatistics : public OwnedCase {
 protected:
  void SetUp() override {
    OwnedCase::SetUp();
    Run("CREATE TABLE t (a int, b int, c int, d text); CREATE SCHEMA app;"
        "CREATE STATISTICS every ON a, b FROM t; CREATE STATISTICS app.two (mcv, ndistinct) ON c, a"
        "  FROM t");
  }
};
VARVE_ON_EVERY_POSTGRES(ExtendedStatistics);

EntityKey Named(const std::string& name, const std::string& schema = "public") {
  return {"extended_statistics", {schema, name}};
}

TEST_P(ExtendedStatistics, SayWhatTheyAreOf) {
  const Gathered gathered = Gather();
  const v1::ExtendedStatisticsStructure every =
      gathered.Shape(Named("every"), v1::FACET_STRUCTURE).extended_statistics();
  EXPECT_EQ(DisplayName(KeyOf(every.table())), "public.t");
  EXPECT_THAT(every.columns(), ElementsAre("a", "b"));
  EXPECT_THAT(every.kinds(), ElementsAre("dependencies", "mcv", "ndistinct"));
  EXPECT_FALSE(every.has_expressions());
  EXPECT_FALSE(every.has_target());
  const v1::ExtendedStatisticsStructure two =
      gathered.Shape(Named("two", "app"), v1::FACET_STRUCTURE).extended_statistics();
  EXPECT_THAT(two.columns(), ElementsAre("a", "c"));
  EXPECT_THAT(two.kinds(), ElementsAre("mcv", "ndistinct"));
}

TEST_P(ExtendedStatistics, HaveTheirExpressionsDeparsed) {
  if (major() < 14) GTEST_SKIP() << "14 and newer";
  Run("CREATE STATISTICS one ON (a + b) FROM t;"
      "CREATE STATISTICS more ON c, lower(d), (a * 2), (d || ', \"x\"') FROM t");
  const Gathered gathered = Gather();
  const auto expressions = [&](const std::string& name) {
    return gathered.Shape(Named(name), v1::FACET_EXPRESSIONS).extended_statistics_expressions();
  };
  EXPECT_THAT(expressions("every").expressions(), IsEmpty());
  EXPECT_THAT(expressions("one").expressions(), ElementsAre("(a + b)"));
  EXPECT_THAT(expressions("more").expressions(),
              ElementsAre("lower(d)", "(a * 2)", "(d || ', \"x\"'::text)"));
  const v1::ExtendedStatisticsStructure one =
      gathered.Shape(Named("one"), v1::FACET_STRUCTURE).extended_statistics();
  EXPECT_THAT(one.kinds(), IsEmpty());
  EXPECT_TRUE(one.has_expressions());
}

TEST_P(ExtendedStatistics, OfALockedTableKeepTheirStructure) {
  if (major() < 14) GTEST_SKIP() << "14 and newer";
  Run("CREATE STATISTICS one ON (a + b) FROM t");
  const auto other = Open();
  VARVE_ASSERT_OK(other->Run("BEGIN"));
  VARVE_ASSERT_OK(other->Run("LOCK TABLE t IN ACCESS EXCLUSIVE MODE"));
  const Gathered gathered = Gather();
  EXPECT_EQ(gathered.SightOf(Named("one"), v1::FACET_STRUCTURE), v1::SIGHT_CAPTURED);
  EXPECT_EQ(gathered.SightOf(Named("one"), v1::FACET_EXPRESSIONS), v1::SIGHT_LOCKED);
  EXPECT_EQ(gathered.SightOf(Named("every"), v1::FACET_EXPRESSIONS), v1::SIGHT_CAPTURED);
  // The table has no expressions of its own that a lock could hide.
  EXPECT_EQ(gathered.SightOf(TableKey("t"), v1::FACET_EXPRESSIONS), v1::SIGHT_CAPTURED);
  VARVE_EXPECT_OK(other->Run("ROLLBACK"));
}

TEST_P(ExtendedStatistics, OfSecretsLoseThem) {
  if (major() < 14) GTEST_SKIP() << "14 and newer";
  Run("CREATE STATISTICS s ON (d = 'postgresql://u:s3cret@h/d'), a FROM t");
  EXPECT_THAT(Gather().Mentioning("s3cret"), IsEmpty());
}

TEST_P(ExtendedStatistics, AreSeenByWhoMayOnlyConnect) {
  if (major() >= 14) Run("CREATE STATISTICS one ON (a + b) FROM t");
  const Gathered guests = Gather(Config(Guest()));
  EXPECT_THAT(Differences(Gather(), guests), IsEmpty());
  EXPECT_THAT(guests.Errors(), IsEmpty());
}

TEST_P(ExtendedStatistics, FollowWhatIsRenamed) {
  if (major() < 14) GTEST_SKIP() << "14 and newer";
  Run("DROP STATISTICS every, app.two; CREATE STATISTICS one ON (a + b), (c * 2) FROM t");
  ExpectChanges({{"ALTER TABLE t RENAME COLUMN b TO bb",
                  {"renamed column public.t.bb was public.t.b",
                   "follows: extended_statistics public.one expressions"}}});
}

TEST_P(ExtendedStatistics, ChangeByOnePropertyAtATime) {
  const std::string one = "extended_statistics public.one";
  ExpectChanges({
      {"ALTER STATISTICS every SET STATISTICS 300",
       {"extended_statistics public.every structure: target nothing -> 300"},
       13},
      {"ALTER STATISTICS every SET STATISTICS 0",
       {"extended_statistics public.every structure: target 300 -> 0"},
       13},
      {"ALTER STATISTICS every SET STATISTICS -1",
       {"extended_statistics public.every structure: target 0 -> nothing"},
       13},
      {"DROP STATISTICS every; CREATE STATISTICS every ON b, a FROM t", {}},
      {"DROP STATISTICS every; CREATE STATISTICS every (ndistinct) ON a, b FROM t",
       {"extended_statistics public.every structure: kinds [dependencies, mcv, ndistinct] -> "
        "[ndistinct]"}},
      {"DROP STATISTICS every; CREATE STATISTICS every (ndistinct) ON a, b, c FROM t",
       {"extended_statistics public.every structure: columns [a, b] -> [a, b, c]"}},
      {"ANALYZE t", {}},
      {absl::StrCat("ALTER STATISTICS every OWNER TO ", Owner()),
       {absl::StrCat("extended_statistics public.every access: owner postgres -> ", Owner())}},
      {"COMMENT ON STATISTICS every IS 'e'",
       {"extended_statistics public.every docs: comment nothing -> e"}},
      {"CREATE STATISTICS one ON (a + b), (a - b) FROM t", {"+ " + one}, 14},
      {"DROP STATISTICS one; CREATE STATISTICS one ON (a + b), (a * b) FROM t",
       {one + " expressions: expressions [(a + b), (a - b)] -> [(a + b), (a * b)]"},
       14},
      {"DROP STATISTICS one", {"- " + one}, 14},
      {"ALTER TABLE t RENAME COLUMN b TO bb",
       {"renamed column public.t.bb was public.t.b",
        "follows: extended_statistics public.every structure"}},
      {"ALTER TABLE t RENAME TO tt",
       {"renamed table public.tt was public.t",
        "follows: extended_statistics public.every structure",
        "follows: extended_statistics app.two structure"}},
      {"ALTER STATISTICS every SET SCHEMA app",
       {"renamed extended_statistics app.every was public.every"}},
      {"DROP TABLE tt",
       {"- table public.tt", "- extended_statistics app.every", "- extended_statistics app.two"}},
  });
}

}  // namespace
}  // namespace varve::testing
