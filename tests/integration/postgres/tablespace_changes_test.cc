// Single changes of where things lie: TABLESPACE in each statement that has it.
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

class TablespaceChanges : public PostgresCase {
 protected:
  // A tablespace is the whole server's, and each test's database has a name that no other has.
  std::string Space() const { return absl::StrCat("space_of_", database()); }

  void SetUp() override {
    PostgresCase::SetUp();
    const auto session = Open();
    VARVE_ASSERT_OK(session->Run("SET allow_in_place_tablespaces = on"));
    VARVE_ASSERT_OK(session->Run(absl::StrCat("CREATE TABLESPACE ", Space(), " LOCATION ''")));
  }
  void TearDown() override {
    Run("DROP SCHEMA public CASCADE");
    Run(absl::StrCat("DROP TABLESPACE ", Space()));
    PostgresCase::TearDown();
  }
};
VARVE_ON_EVERY_POSTGRES(TablespaceChanges);

TEST_P(TablespaceChanges, ByWhatThingsAreMadeWith) {
  Run("CREATE TABLE t (id int); CREATE MATERIALIZED VIEW m AS SELECT 1 AS id");
  const std::string structure = "table public.t structure: ";
  const std::string state = "table public.t state: ";
  const std::string view = "materialized_view public.m structure: ";
  const std::string in_space = absl::StrCat(" TABLESPACE ", Space());
  ExpectChanges({
      {absl::StrCat("DROP TABLE t; CREATE TABLE t (id int)", in_space),
       {absl::StrCat(structure, "tablespace nothing -> ", Space())}},
      {absl::StrCat("DROP TABLE t; CREATE TABLE t", in_space, " AS SELECT 1 AS id"), {}},
      {"DROP TABLE t; CREATE TABLE t (id int) TABLESPACE pg_default",
       {absl::StrCat(structure, "tablespace ", Space(), " -> nothing")}},
      {absl::StrCat("CREATE INDEX i ON t (id)", in_space),
       {absl::StrCat(structure, "indexes.i nothing -> method btree keys [id] tablespace ", Space()),
        state + "indexes.i nothing -> valid ready"}},
      {"DROP INDEX i; CREATE INDEX i ON t (id) TABLESPACE pg_default",
       {absl::StrCat(structure, "indexes.i.tablespace ", Space(), " -> nothing")}},
      {absl::StrCat("ALTER TABLE t ADD CONSTRAINT u UNIQUE (id) USING INDEX", in_space),
       {structure + "constraints.u nothing -> unique columns [id] index u",
        absl::StrCat(structure,
                     "indexes.u nothing -> method btree unique keys [id] of constraint tablespace ",
                     Space()),
        state + "indexes.u nothing -> valid ready"}},
      {absl::StrCat("ALTER TABLE t ADD CONSTRAINT x EXCLUDE (id WITH =) USING INDEX", in_space),
       {structure + "constraints.x nothing -> exclusion columns [id] operators [=] index x",
        absl::StrCat(structure,
                     "indexes.x nothing -> method btree keys [id] of constraint tablespace ",
                     Space()),
        "table public.t expressions: constraints.x nothing -> EXCLUDE USING btree (id WITH =)",
        state + "indexes.x nothing -> valid ready"}},
      {absl::StrCat("DROP MATERIALIZED VIEW m; CREATE MATERIALIZED VIEW m", in_space,
                    " AS SELECT 1 AS id"),
       {absl::StrCat(view, "tablespace nothing -> ", Space())}},
      {"DROP MATERIALIZED VIEW m; CREATE MATERIALIZED VIEW m AS SELECT 1 AS id",
       {absl::StrCat(view, "tablespace ", Space(), " -> nothing")}},
      {absl::StrCat("CREATE TABLE whole (id int) PARTITION BY LIST (id)", in_space),
       {"+ table public.whole"}},
      // A partition lies where its table says.
      {"CREATE TABLE part PARTITION OF whole FOR VALUES IN (1)", {"+ table public.part"}},
      {"DROP TABLE part; CREATE TABLE part PARTITION OF whole FOR VALUES IN (1) TABLESPACE "
       "pg_default",
       {absl::StrCat("table public.part structure: tablespace ", Space(), " -> nothing")}},
      {"ALTER TABLE whole SET TABLESPACE pg_default",
       {absl::StrCat("table public.whole structure: tablespace ", Space(), " -> nothing")}},
  });
}

TEST_P(TablespaceChanges, ByWhatMovesThings) {
  Run("CREATE TABLE t (id int); CREATE INDEX i ON t (id); CREATE MATERIALIZED VIEW m AS SELECT 1 "
      "AS id");
  const std::string to_table = "table public.t structure: tablespace ";
  const std::string to_index = "table public.t structure: indexes.i.tablespace ";
  const std::string to_view = "materialized_view public.m structure: tablespace ";
  const std::string there = absl::StrCat("nothing -> ", Space());
  const std::string back = absl::StrCat(Space(), " -> nothing");
  const std::string all = absl::StrCat(" ALL IN TABLESPACE ", Space());
  ExpectChanges({
      {absl::StrCat("ALTER TABLE t SET TABLESPACE ", Space()), {to_table + there}},
      {absl::StrCat("ALTER TABLE t SET TABLESPACE ", Space()), {}},
      {absl::StrCat("ALTER INDEX i SET TABLESPACE ", Space()), {to_index + there}},
      {absl::StrCat("ALTER MATERIALIZED VIEW m SET TABLESPACE ", Space()), {to_view + there}},
      {absl::StrCat("ALTER TABLE", all, " SET TABLESPACE pg_default"), {to_table + back}},
      {absl::StrCat("ALTER INDEX", all, " OWNED BY postgres SET TABLESPACE pg_default NOWAIT"),
       {to_index + back}},
      {absl::StrCat("ALTER MATERIALIZED VIEW", all, " SET TABLESPACE pg_default"),
       {to_view + back}},
      {absl::StrCat("REINDEX (TABLESPACE ", Space(), ") INDEX i"), {to_index + there}, 14},
      {"REINDEX (TABLESPACE pg_default) INDEX CONCURRENTLY i", {to_index + back}, 14},
      {"CLUSTER t USING i; ALTER TABLE t SET WITHOUT CLUSTER", {}},
  });
}

}  // namespace
}  // namespace varve::testing
