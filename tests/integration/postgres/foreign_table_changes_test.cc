// Single changes of foreign tables.
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/role_case.h"

namespace varve::testing {
namespace {

class ForeignTableChanges : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(ForeignTableChanges);

TEST_P(ForeignTableChanges, ByEachClause) {
  Run("CREATE SCHEMA app; CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER far FOREIGN DATA "
      "WRAPPER nowhere; CREATE SERVER farther FOREIGN DATA WRAPPER nowhere; CREATE FUNCTION note() "
      "RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TABLE parent (id int); "
      "CREATE FOREIGN TABLE f (id int) SERVER far");
  const std::string structure = "table public.f structure: ";
  const std::string expressions = "table public.f expressions: ";
  ExpectChanges({
      {"ALTER FOREIGN TABLE f ADD note text COLLATE \"C\"",
       {structure + "columns.note nothing -> text collation pg_catalog.C"}},
      {"ALTER FOREIGN TABLE f ALTER note TYPE varchar(9)",
       {structure + "columns.note.type text -> character varying(9)",
        structure + "columns.note.collation pg_catalog.C -> nothing"}},
      {"ALTER FOREIGN TABLE f ALTER note SET DEFAULT 'x'",
       {structure + "columns.note.has_default false -> true",
        expressions + "columns.note nothing -> 'x'::character varying"}},
      {"ALTER FOREIGN TABLE f ALTER note DROP DEFAULT",
       {structure + "columns.note.has_default true -> false",
        expressions + "columns.note 'x'::character varying -> nothing"}},
      {"ALTER FOREIGN TABLE f ALTER note SET STATISTICS 7",
       {structure + "columns.note.statistics_target nothing -> 7"}},
      {"ALTER FOREIGN TABLE f ALTER note SET (n_distinct = 3)",
       {structure + "columns.note.options.n_distinct nothing -> value 3"}},
      {"ALTER FOREIGN TABLE f ALTER note RESET (n_distinct)",
       {structure + "columns.note.options.n_distinct value 3 -> nothing"}},
      {"ALTER FOREIGN TABLE f ALTER note SET STORAGE EXTERNAL",
       {structure + "columns.note.storage nothing -> external"}},
      {"ALTER FOREIGN TABLE f ALTER note OPTIONS (ADD column_name 'N')",
       {structure + "columns.note.fdw_options.column_name nothing -> value N"}},
      {"ALTER FOREIGN TABLE f ALTER note OPTIONS (SET column_name 'M', ADD more '1')",
       {structure + "columns.note.fdw_options.column_name.value N -> M",
        structure + "columns.note.fdw_options.more nothing -> value 1"}},
      {"ALTER FOREIGN TABLE f ALTER note OPTIONS (DROP column_name)",
       {structure + "columns.note.fdw_options.column_name value M -> nothing"}},
      {"ALTER FOREIGN TABLE f ADD CONSTRAINT c CHECK (id > 0) NOT VALID",
       {structure + "constraints.c nothing -> check columns [id] not valid",
        expressions + "constraints.c nothing -> (id > 0)"}},
      {"ALTER FOREIGN TABLE f VALIDATE CONSTRAINT c",
       {structure + "constraints.c.not_valid true -> false"}},
      {"ALTER FOREIGN TABLE f DROP CONSTRAINT c",
       {structure + "constraints.c check columns [id] -> nothing",
        expressions + "constraints.c (id > 0) -> nothing"}},
      {"CREATE TRIGGER one BEFORE INSERT ON f FOR EACH ROW EXECUTE FUNCTION note()",
       {structure + "triggers.one nothing -> timing before events [insert] for each row function "
                    "public.note() enabled origin"}},
      {"ALTER FOREIGN TABLE f DISABLE TRIGGER one",
       {structure + "triggers.one.enabled origin -> disabled"}},
      {"ALTER FOREIGN TABLE f INHERIT parent",
       {structure + "columns.id.inherited false -> true",
        structure + "parents nothing -> [public.parent]"}},
      {"ALTER FOREIGN TABLE f NO INHERIT parent",
       {structure + "columns.id.inherited true -> false",
        structure + "parents [public.parent] -> nothing"}},
      {"ALTER FOREIGN TABLE f OPTIONS (ADD table_name 'g', other 'h')",
       {structure + "foreign.options.other nothing -> value h",
        structure + "foreign.options.table_name nothing -> value g"}},
      {"ALTER FOREIGN TABLE f OPTIONS (SET table_name 'i', DROP other)",
       {structure + "foreign.options.other value h -> nothing",
        structure + "foreign.options.table_name.value g -> i"}},
      {"ALTER FOREIGN TABLE f RENAME COLUMN note TO remark",
       {"renamed column public.f.remark was public.f.note"}},
      {"ALTER FOREIGN TABLE f DROP remark",
       {structure + "columns.remark character varying(9) storage external statistics target 7 fdw "
                    "options [more value 1] -> nothing"}},
      {absl::StrCat("ALTER FOREIGN TABLE f OWNER TO ", Role()),
       {absl::StrCat("table public.f access: owner postgres -> ", Role())}},
      {"COMMENT ON FOREIGN TABLE f IS 'far'", {"table public.f docs: comment nothing -> far"}},
      {"ALTER FOREIGN TABLE f SET SCHEMA app", {"renamed table app.f was public.f"}},
      {"ALTER FOREIGN TABLE app.f RENAME TO g", {"renamed table app.g was app.f"}},
      {"CREATE FOREIGN TABLE g (id int) SERVER far", {"+ table public.g"}},
      {"DROP FOREIGN TABLE g; CREATE FOREIGN TABLE g (id int) SERVER farther",
       {"table public.g structure: foreign.server far -> farther"}},
      {"DROP FOREIGN TABLE g; CREATE FOREIGN TABLE g (id int OPTIONS (n '1')) SERVER farther "
       "OPTIONS (t '2')",
       {"table public.g structure: columns.id.fdw_options.n nothing -> value 1",
        "table public.g structure: foreign.options.t nothing -> value 2"}},
      {"DROP FOREIGN TABLE g; CREATE FOREIGN TABLE g () INHERITS (parent) SERVER farther",
       {"table public.g structure: columns.id.fdw_options.n value 1 -> nothing",
        "table public.g structure: columns.id.inherited false -> true",
        "table public.g structure: columns.id.not_local false -> true",
        "table public.g structure: parents nothing -> [public.parent]",
        "table public.g structure: foreign.options.t value 2 -> nothing"}},
      {"DROP FOREIGN TABLE g", {"- table public.g"}},
      {"CREATE TABLE whole (id int) PARTITION BY LIST (id)", {"+ table public.whole"}},
      {"CREATE FOREIGN TABLE part PARTITION OF whole FOR VALUES IN (1) SERVER far",
       {"+ table public.part"}},
  });
}

}  // namespace
}  // namespace varve::testing
