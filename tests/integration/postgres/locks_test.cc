// What other sessions hold: its expressions are unseen, all else is read, and nobody waits long.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class Locks : public PostgresCase {
 protected:
  // No figures: their warnings are measures_test's.
  PostgresConfig Plain() const {
    PostgresConfig config = Config();
    config.include_measures = false;
    return config;
  }
};
VARVE_ON_EVERY_POSTGRES(Locks);

constexpr const char* kTables =
    "CREATE TABLE busy (id int CHECK (id > 0), a int DEFAULT 5,"
    "  b int GENERATED ALWAYS AS (a * 2) STORED);"
    "CREATE INDEX busy_i ON busy ((a + 1));"
    "CREATE VIEW over_busy AS SELECT id FROM busy;"
    "CREATE TABLE free (id int CHECK (id > 0), c int GENERATED ALWAYS AS (id * 2) STORED);"
    "CREATE VIEW over_free AS SELECT id FROM free";

TEST_P(Locks, HideTheExpressionsOfATableAndOfTheViewsOnIt) {
  Run(kTables);
  const auto holder = Open();
  VARVE_ASSERT_OK(holder->Run("BEGIN; LOCK TABLE busy IN ACCESS EXCLUSIVE MODE"));
  const Gathered gathered = Gather(Plain());
  EXPECT_EQ(gathered.SightOf(TableKey("busy"), v1::FACET_STRUCTURE), v1::SIGHT_CAPTURED);
  EXPECT_EQ(gathered.SightOf(TableKey("busy"), v1::FACET_EXPRESSIONS), v1::SIGHT_LOCKED);
  EXPECT_EQ(gathered.SightOf({"view", {"public", "over_busy"}}, v1::FACET_EXPRESSIONS),
            v1::SIGHT_LOCKED);
  EXPECT_EQ(gathered.SightOf(TableKey("free"), v1::FACET_EXPRESSIONS), v1::SIGHT_CAPTURED);
  EXPECT_EQ(gathered.SightOf({"view", {"public", "over_free"}}, v1::FACET_EXPRESSIONS),
            v1::SIGHT_CAPTURED);
  EXPECT_EQ(gathered.section().header.status(), v1::SECTION_STATUS_PARTIAL);
  EXPECT_THAT(gathered.Errors(),
              ElementsAre("reading expressions of 2 objects | locked by another session while it "
                          "was to be read | read again when that session is done"));
}

TEST_P(Locks, AreNamedInTheCoverageOfWhatTheyHide) {
  Run(kTables);
  const auto holder = Open();
  VARVE_ASSERT_OK(holder->Run("BEGIN; LOCK TABLE busy IN ACCESS EXCLUSIVE MODE"));
  std::vector<std::string> locked;
  const Gathered gathered = Gather(Plain());
  for (const v1::CoverageEntry& entry : gathered.view().coverage().entries()) {
    if (entry.state() != v1::SIGHT_LOCKED) continue;
    locked.push_back(absl::StrCat(entry.kind(), " ", absl::StrJoin(entry.scope(), ".")));
  }
  EXPECT_THAT(locked, UnorderedElementsAre("table public.busy", "view public.over_busy"));
}

TEST_P(Locks, OfASessionThatOnlyWaitsForOneHideTheSame) {
  Run(kTables);
  const auto reader = Open();
  VARVE_ASSERT_OK(reader->Run("BEGIN; SELECT * FROM busy"));
  const auto migration = Open();
  VARVE_ASSERT_OK(migration->Send("ALTER TABLE busy ADD d int"));
  const std::string waiting =
      "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'busy'::regclass";
  while (Ask(waiting).front() != "1") {
  }
  const Gathered gathered = Gather(Plain());
  EXPECT_EQ(gathered.SightOf(TableKey("busy"), v1::FACET_EXPRESSIONS), v1::SIGHT_LOCKED);
  EXPECT_EQ(gathered.SightOf(TableKey("free"), v1::FACET_EXPRESSIONS), v1::SIGHT_CAPTURED);
}

TEST_P(Locks, ThatAreGoneLeaveNoDifference) {
  Run(kTables);
  const Gathered before = Gather(Plain());
  {
    const auto holder = Open();
    VARVE_ASSERT_OK(holder->Run("BEGIN; LOCK TABLE busy IN ACCESS EXCLUSIVE MODE"));
    EXPECT_THAT(Differences(before, Gather(Plain())),
                ElementsAre("cannot say: table public.busy expressions",
                            "cannot say: view public.over_busy expressions"));
  }
  EXPECT_THAT(Differences(before, Gather(Plain())), IsEmpty());
}

TEST_P(Locks, DoNotHideWhatNobodyHasToOpen) {
  Run("CREATE TABLE busy (id int DEFAULT 5, at timestamptz DEFAULT now())");
  const auto holder = Open();
  VARVE_ASSERT_OK(holder->Run("BEGIN; LOCK TABLE busy IN ACCESS EXCLUSIVE MODE"));
  const Gathered gathered = Gather(Plain());
  EXPECT_EQ(gathered.ColumnExpression("busy", "id"), "5");
  EXPECT_THAT(gathered.Errors(), IsEmpty());
}

// Each of them costs no more than the others: what is suspect is tried within one budget.
TEST_P(Locks, OnManyTablesHideThoseAlone) {
  std::string create, lock = "BEGIN";
  for (int i = 0; i < 120; ++i) {
    absl::StrAppend(&create, "CREATE TABLE t", i, " (id int CHECK (id > 0));");
    if (i % 3 == 0) absl::StrAppend(&lock, ";LOCK TABLE t", i, " IN ACCESS EXCLUSIVE MODE");
  }
  Run(create);
  const auto holder = Open();
  VARVE_ASSERT_OK(holder->Run(lock));
  const Gathered gathered = Gather(Plain());
  for (int i = 0; i < 120; ++i) {
    EXPECT_EQ(gathered.SightOf(TableKey(absl::StrCat("t", i)), v1::FACET_EXPRESSIONS),
              i % 3 == 0 ? v1::SIGHT_LOCKED : v1::SIGHT_CAPTURED)
        << i;
  }
}

}  // namespace
}  // namespace varve::testing
