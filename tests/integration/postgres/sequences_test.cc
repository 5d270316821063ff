// Sequences: free ones, those of serial and of identity columns.
#include "absl/strings/str_cat.h"
#include "snapshot/postgres_type.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

class Sequences : public PostgresCase {};
VARVE_ON_EVERY_POSTGRES(Sequences);

v1::SequenceStructure SequenceOf(const Gathered& gathered, const std::string& name) {
  return gathered.Shape({"sequence", {"public", name}}, v1::FACET_STRUCTURE).sequence();
}

TEST_P(Sequences, ReadAsTheCatalogListsThem) {
  Run("CREATE SEQUENCE plain; CREATE SEQUENCE odd AS smallint INCREMENT -3 MINVALUE -99 MAXVALUE 7"
      "  START 5 CACHE 20 CYCLE");
  const Gathered gathered = Gather();
  const auto rows = Query(
      "SELECT sequencename, data_type, start_value, min_value, max_value, "
      "increment_by, cache_size, cycle FROM pg_sequences ORDER BY 1");
  ASSERT_EQ(gathered.Names("sequence").size(), rows.size());
  for (const auto& row : rows) {
    const v1::SequenceStructure sequence = SequenceOf(gathered, row[0]);
    EXPECT_EQ(TypeText(sequence.type()), row[1]);
    EXPECT_EQ(
        absl::StrCat(sequence.start(), " ", sequence.minimum(), " ", sequence.maximum(), " ",
                     sequence.increment(), " ", sequence.cache(), " ",
                     sequence.cycle() ? "t" : "f"),
        absl::StrCat(row[2], " ", row[3], " ", row[4], " ", row[5], " ", row[6], " ", row[7]));
    EXPECT_FALSE(sequence.has_owner_table());
  }
}

TEST_P(Sequences, SayWhichColumnOwnsThem) {
  Run("CREATE TABLE t (a serial, b int GENERATED ALWAYS AS IDENTITY)");
  const Gathered gathered = Gather();
  const v1::SequenceStructure serial = SequenceOf(gathered, "t_a_seq");
  EXPECT_EQ(DisplayName(KeyOf(serial.owner_table())), "public.t");
  EXPECT_EQ(serial.owner_column(), "a");
  EXPECT_FALSE(serial.of_identity());
  EXPECT_EQ(SequenceOf(gathered, "t_b_seq").owner_column(), "b");
  EXPECT_TRUE(SequenceOf(gathered, "t_b_seq").of_identity());
}

TEST_P(Sequences, ChangeByOnePropertyAtATime) {
  Run("CREATE SEQUENCE s; CREATE TABLE t (id bigint)");
  ExpectChanges({
      {"ALTER SEQUENCE s INCREMENT 5", {"sequence public.s structure: increment 1 -> 5"}},
      {"ALTER SEQUENCE s CYCLE", {"sequence public.s structure: cycle false -> true"}},
      {"ALTER SEQUENCE s CACHE 10", {"sequence public.s structure: cache 1 -> 10"}},
      {"ALTER SEQUENCE s MAXVALUE 1000",
       {"sequence public.s structure: maximum 9223372036854775807 -> 1000"}},
      {"ALTER SEQUENCE s OWNED BY t.id",
       {"sequence public.s structure: owner_table nothing -> public.t",
        "sequence public.s structure: owner_column nothing -> id"}},
      {"SELECT nextval('s')", {}},
      {"DROP SEQUENCE s", {"- sequence public.s"}},
  });
}

}  // namespace
}  // namespace varve::testing
