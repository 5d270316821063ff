// Single changes of partitions: what CREATE TABLE … PARTITION OF says of them, and a DETACH that
// does not come to its end.
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/integration/postgres/postgres_case.h"
#include "tests/support/change_count.h"

namespace varve::testing {
namespace {

class PartitionChanges : public PostgresCase {
 protected:
  // A session that has read the table holds up the second half of DETACH … CONCURRENTLY, which is
  // cancelled then.
  void DetachHalfway(const std::string& whole, const std::string& part) const {
    const auto reader = Open();
    VARVE_ASSERT_OK(reader->Run(absl::StrCat("BEGIN; SELECT * FROM ", whole)));
    const auto detacher = Open();
    VARVE_ASSERT_OK(detacher->Send(
        absl::StrCat("ALTER TABLE ", whole, " DETACH PARTITION ", part, " CONCURRENTLY")));
    const std::string pending =
        absl::StrCat("SELECT count(*) FROM pg_inherits WHERE inhdetachpending AND inhrelid = '",
                     part, "'::regclass");
    const absl::Time end = absl::Now() + absl::Seconds(30);
    while (Ask(pending).front() == "0" && absl::Now() < end) absl::SleepFor(absl::Milliseconds(5));
    Run(absl::StrCat("SELECT pg_terminate_backend(", detacher->backend_pid(), ")"));
    ASSERT_EQ(Ask(pending).front(), "1");
  }
};
VARVE_ON_EVERY_POSTGRES(PartitionChanges);

TEST_P(PartitionChanges, ByADetachThatDoesNotEnd) {
  if (major() < 14) GTEST_SKIP() << "of 14 and newer";
  Run("CREATE TABLE whole (id int) PARTITION BY RANGE (id); CREATE TABLE part PARTITION OF whole "
      "FOR VALUES FROM (1) TO (10)");
  const std::string structure = "table public.part structure: ";
  const Gathered before = Gather();
  DetachHalfway("whole", "part");
  CountSingleChange();
  EXPECT_THAT(Differences(before, Gather()),
              ::testing::UnorderedElementsAre(
                  structure + "constraints.part_id_check nothing -> check columns [id]",
                  "table public.part expressions: constraints.part_id_check nothing -> ((id IS NOT "
                  "NULL) AND (id >= 1) AND (id < 10))",
                  "table public.part state: detach_pending false -> true"));
  ExpectChanges({
      {"ALTER TABLE whole DETACH PARTITION part FINALIZE",
       {structure + "columns.id.inherited true -> false",
        structure + "columns.id.not_local true -> false",
        structure + "parents [public.whole] -> nothing", structure + "partition true -> false",
        "table public.part expressions: partition_bound FOR VALUES FROM (1) TO (10) -> nothing",
        "table public.part state: detach_pending true -> false"}},
  });
}

TEST_P(PartitionChanges, ByWhatTheyAreMadeWith) {
  Run("CREATE ACCESS METHOD other TYPE TABLE HANDLER heap_tableam_handler; CREATE TABLE whole (id "
      "int, note text) PARTITION BY LIST (id); CREATE TABLE part PARTITION OF whole FOR VALUES IN "
      "(1)");
  const std::string structure = "table public.part structure: ";
  const std::string expressions = "table public.part expressions: ";
  const std::string again = "DROP TABLE part; CREATE TABLE part PARTITION OF whole ";
  ExpectChanges({
      {again + "DEFAULT", {expressions + "partition_bound FOR VALUES IN (1) -> DEFAULT"}},
      {again + "FOR VALUES IN (1, 2)",
       {expressions + "partition_bound DEFAULT -> FOR VALUES IN (1, 2)"}},
      {again + "(note DEFAULT 'x') FOR VALUES IN (1, 2)",
       {structure + "columns.note.has_default false -> true",
        expressions + "columns.note nothing -> 'x'::text"}},
      {again + "(CONSTRAINT c CHECK (id > 0)) FOR VALUES IN (1, 2)",
       {structure + "columns.note.has_default true -> false",
        structure + "constraints.c nothing -> check columns [id]",
        expressions + "columns.note 'x'::text -> nothing",
        expressions + "constraints.c nothing -> (id > 0)"}},
      {again + "FOR VALUES IN (1, 2) WITH (fillfactor = 60)",
       {structure + "constraints.c check columns [id] -> nothing",
        structure + "storage_parameters.fillfactor nothing -> value 60",
        expressions + "constraints.c (id > 0) -> nothing"}},
      {again + "FOR VALUES IN (1, 2) USING other",
       {structure + "storage_parameters.fillfactor value 60 -> nothing",
        structure + "access_method heap -> other"}},
      {"DROP TABLE part; CREATE UNLOGGED TABLE part PARTITION OF whole FOR VALUES IN (1, 2)",
       {structure + "persistence permanent -> unlogged",
        structure + "access_method other -> heap"}},
      {"DROP TABLE part; CREATE TABLE part (id int, note text); ALTER TABLE whole ATTACH PARTITION "
       "part FOR VALUES IN (1, 2)",
       {structure + "persistence unlogged -> permanent"}},
  });
}

}  // namespace
}  // namespace varve::testing
