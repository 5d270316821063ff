// Single changes of columns: each clause by which one is added and altered.
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/role_case.h"

namespace varve::testing {
namespace {

class ColumnChanges : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(ColumnChanges);

TEST_P(ColumnChanges, ByWhatTheyAreAddedWith) {
  Run("CREATE TABLE t (id int); CREATE TABLE other (id int PRIMARY KEY); CREATE DOMAIN price AS "
      "numeric(9,2)");
  const std::string structure = "table public.t structure: ";
  const std::string expressions = "table public.t expressions: ";
  ExpectChanges({
      {"ALTER TABLE t ADD COLUMN a text COLLATE \"C\"",
       {structure + "columns.a nothing -> text collation pg_catalog.C"}},
      {"ALTER TABLE t ADD a varchar(9)[] DEFAULT '{x}', DROP COLUMN a",
       {structure + "columns.a.type text -> character varying(9)[]",
        structure + "columns.a.has_default false -> true",
        structure + "columns.a.collation pg_catalog.C -> nothing",
        expressions + "columns.a nothing -> '{x}'::character varying[]"}},
      {"ALTER TABLE t DROP COLUMN a",
       {structure + "columns.a character varying(9)[] has default -> nothing",
        expressions + "columns.a '{x}'::character varying[] -> nothing"}},
      {"ALTER TABLE t ADD a int DEFAULT 7",
       {structure + "columns.a nothing -> integer has default",
        expressions + "columns.a nothing -> 7"}},
      {"ALTER TABLE t ADD b int GENERATED ALWAYS AS (id * 2) STORED",
       {structure + "columns.b nothing -> integer generated stored",
        expressions + "columns.b nothing -> (id * 2)"}},
      {"ALTER TABLE t ADD c int REFERENCES other ON DELETE CASCADE",
       {structure + "columns.c nothing -> integer",
        structure +
            "constraints.t_c_fkey nothing -> foreign key columns [c] references public.other "
            "referenced columns [id] on update no action on delete cascade match simple"}},
      {"ALTER TABLE t ADD d int CONSTRAINT small CHECK (d < 9)",
       {structure + "columns.d nothing -> integer",
        structure + "constraints.small nothing -> check columns [d]",
        expressions + "constraints.small nothing -> (d < 9)"}},
      {"ALTER TABLE t ADD e int CONSTRAINT alone UNIQUE",
       {structure + "columns.e nothing -> integer",
        structure + "constraints.alone nothing -> unique columns [e] index alone",
        structure + "indexes.alone nothing -> method btree unique keys [e] of constraint",
        "table public.t state: indexes.alone nothing -> valid ready"}},
      {"ALTER TABLE t ADD f price", {structure + "columns.f nothing -> public.price"}},
      {"ALTER TABLE t ADD g interval day to second(3)",
       {structure + "columns.g nothing -> interval day to second(3)"}},
      {"ALTER TABLE t ADD h timestamptz(3) DEFAULT now()",
       {structure + "columns.h nothing -> timestamp(3) with time zone has default",
        expressions + "columns.h nothing -> now()"}},
      {"ALTER TABLE t ADD i text COMPRESSION pglz",
       {structure + "columns.i nothing -> text compression pglz"},
       14},
      {"ALTER TABLE t ADD j text STORAGE external",
       {structure + "columns.j nothing -> text storage external"},
       16},
      {"ALTER TABLE t ADD k text, ADD l text",
       {structure + "columns.k nothing -> text", structure + "columns.l nothing -> text"}},
      {"ALTER TABLE t ADD COLUMN IF NOT EXISTS a text", {}},
      {"ALTER TABLE t DROP COLUMN IF EXISTS nowhere", {}},
      {"ALTER TABLE t DROP l, DROP k",
       {structure + "columns.k text -> nothing", structure + "columns.l text -> nothing"}},
      {"ALTER TABLE t ADD z int; ALTER TABLE t DROP z", {}},
  });
}

TEST_P(ColumnChanges, ByTheirTypeAndDefault) {
  Run("CREATE TABLE t (id int, name varchar(9), total numeric, at timestamp, tags text[], doubled "
      "int GENERATED ALWAYS AS (id * 2) STORED); CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE "
      "DOMAIN short AS varchar(4); CREATE SEQUENCE numbers");
  const std::string structure = "table public.t structure: ";
  const std::string expressions = "table public.t expressions: ";
  ExpectChanges({
      {"ALTER TABLE t ALTER name TYPE varchar(12)",
       {structure + "columns.name.type character varying(9) -> character varying(12)"}},
      {"ALTER TABLE t ALTER COLUMN name SET DATA TYPE varchar",
       {structure + "columns.name.type character varying(12) -> character varying"}},
      {"ALTER TABLE t ALTER name TYPE char(3)",
       {structure + "columns.name.type character varying -> character(3)"}},
      {"ALTER TABLE t ALTER name TYPE short",
       {structure + "columns.name.type character(3) -> public.short"}},
      {"ALTER TABLE t ALTER name TYPE mood USING name::text::mood",
       {structure + "columns.name.type public.short -> public.mood"}},
      {"ALTER TABLE t ALTER at TYPE timestamp(3)",
       {structure +
        "columns.at.type timestamp without time zone -> timestamp(3) without time zone"}},
      {"ALTER TABLE t ALTER at TYPE timestamptz USING at AT TIME ZONE 'UTC'",
       {structure + "columns.at.type timestamp(3) without time zone -> timestamp with time zone"}},
      {"ALTER TABLE t ALTER tags TYPE varchar(5)[]",
       {structure + "columns.tags.type text[] -> character varying(5)[]"}},
      {"ALTER TABLE t ALTER total TYPE numeric(9)",
       {structure + "columns.total.type numeric -> numeric(9,0)"}},
      {"ALTER TABLE t ALTER total TYPE bigint USING total::bigint",
       {structure + "columns.total.type numeric(9,0) -> bigint"}},
      {"ALTER TABLE t ALTER total SET DEFAULT nextval('numbers')",
       {structure + "columns.total.has_default false -> true",
        expressions + "columns.total nothing -> nextval('public.numbers'::regclass)"}},
      {"ALTER TABLE t ALTER total DROP DEFAULT",
       {structure + "columns.total.has_default true -> false",
        expressions + "columns.total nextval('public.numbers'::regclass) -> nothing"}},
      {"ALTER TABLE t ALTER name SET DEFAULT 'good', ALTER total SET DEFAULT 1",
       {structure + "columns.name.has_default false -> true",
        structure + "columns.total.has_default false -> true",
        expressions + "columns.name nothing -> 'good'::public.mood",
        expressions + "columns.total nothing -> 1"}},
      {"ALTER TABLE t ALTER name SET DEFAULT NULL",
       {structure + "columns.name.has_default true -> false",
        expressions + "columns.name 'good'::public.mood -> nothing"}},
      {"ALTER TABLE t ALTER name DROP DEFAULT", {}},
      {"ALTER TABLE t DROP doubled; ALTER TABLE t ADD doubled int GENERATED ALWAYS AS (id * 3) "
       "STORED",
       {expressions + "columns.doubled.expression (id * 2) -> (id * 3)"}},
      {"ALTER TABLE t ALTER doubled SET EXPRESSION AS (id * 4)",
       {expressions + "columns.doubled.expression (id * 3) -> (id * 4)"},
       17},
      {"ALTER TABLE t ALTER doubled SET EXPRESSION AS (id * 3)",
       {expressions + "columns.doubled.expression (id * 4) -> (id * 3)"},
       17},
      {"ALTER TABLE t DROP doubled; ALTER TABLE t ADD doubled int GENERATED ALWAYS AS (id * 3) "
       "VIRTUAL",
       {structure + "columns.doubled.generated stored -> virtual"},
       18},
      {"ALTER TABLE t DROP doubled; ALTER TABLE t ADD doubled int GENERATED ALWAYS AS (id * 3) "
       "STORED",
       {structure + "columns.doubled.generated virtual -> stored"},
       18},
      {"ALTER TABLE t ALTER doubled DROP EXPRESSION",
       {structure + "columns.doubled.generated stored -> nothing",
        expressions + "columns.doubled (id * 3) -> nothing"},
       13},
      {"ALTER TABLE t RENAME COLUMN name TO called",
       {"renamed column public.t.called was public.t.name"}},
      {"ALTER TABLE t RENAME total TO x; ALTER TABLE t RENAME at TO total; ALTER TABLE t RENAME x "
       "TO at",
       {"renamed column public.t.at was public.t.total",
        "renamed column public.t.total was public.t.at"}},
  });
}

TEST_P(ColumnChanges, ByTheirNumbering) {
  Run("CREATE TABLE t (id int NOT NULL)");
  const std::string structure = "sequence public.t_id_seq structure: ";
  ExpectChanges({
      {"ALTER TABLE t ALTER id ADD GENERATED BY DEFAULT AS IDENTITY (START 5 INCREMENT 2 CACHE 3)",
       {"+ sequence public.t_id_seq",
        "table public.t structure: columns.id.identity nothing -> by default"}},
      {"ALTER TABLE t ALTER id SET GENERATED ALWAYS",
       {"table public.t structure: columns.id.identity by default -> always"}},
      {"ALTER TABLE t ALTER id SET INCREMENT BY 3", {structure + "increment 2 -> 3"}},
      {"ALTER TABLE t ALTER id SET START WITH 7", {structure + "start 5 -> 7"}},
      {"ALTER TABLE t ALTER id SET MINVALUE 2", {structure + "minimum 1 -> 2"}},
      {"ALTER TABLE t ALTER id SET MAXVALUE 900", {structure + "maximum 2147483647 -> 900"}},
      {"ALTER TABLE t ALTER id SET CACHE 4", {structure + "cache 3 -> 4"}},
      {"ALTER TABLE t ALTER id SET CYCLE", {structure + "cycle false -> true"}},
      {"ALTER TABLE t ALTER id RESTART WITH 9", {}},
      {"ALTER TABLE t ALTER id RESTART", {}},
      {"ALTER TABLE t ALTER id SET GENERATED BY DEFAULT SET NO CYCLE",
       {structure + "cycle true -> false",
        "table public.t structure: columns.id.identity always -> by default"}},
      {"ALTER TABLE t ALTER id TYPE bigint",
       {structure + "type integer -> bigint",
        "table public.t structure: columns.id.type integer -> bigint"}},
      {"ALTER TABLE t ALTER id DROP IDENTITY",
       {"- sequence public.t_id_seq",
        "table public.t structure: columns.id.identity by default -> nothing"}},
      {"ALTER TABLE t ALTER id DROP IDENTITY IF EXISTS", {}},
  });
}

TEST_P(ColumnChanges, ByWhatIsRequired) {
  Run("CREATE TABLE t (id int, b int)");
  const std::string structure = "table public.t structure: ";
  const std::string expressions = "table public.t expressions: ";
  ExpectChanges({
      {"ALTER TABLE t ALTER id SET NOT NULL",
       {structure + "columns.id.not_null false -> true"},
       0,
       18},
      {"ALTER TABLE t ALTER id SET NOT NULL",
       {structure + "columns.id.not_null false -> true",
        structure + "constraints.t_id_not_null nothing -> not null columns [id]"},
       18},
      {"ALTER TABLE t ALTER id SET NOT NULL", {}},
      {"ALTER TABLE t ALTER id DROP NOT NULL",
       {structure + "columns.id.not_null true -> false"},
       0,
       18},
      {"ALTER TABLE t ALTER id DROP NOT NULL",
       {structure + "columns.id.not_null true -> false",
        structure + "constraints.t_id_not_null not null columns [id] -> nothing"},
       18},
      {"ALTER TABLE t ALTER id DROP NOT NULL", {}},
      {"ALTER TABLE t ADD c int NOT NULL",
       {structure + "columns.c nothing -> integer not null"},
       0,
       18},
      {"ALTER TABLE t ADD c int NOT NULL",
       {structure + "columns.c nothing -> integer not null",
        structure + "constraints.t_c_not_null nothing -> not null columns [c]"},
       18},
      {"ALTER TABLE t ADD d int NOT NULL DEFAULT 3",
       {structure + "columns.d nothing -> integer not null has default",
        expressions + "columns.d nothing -> 3"},
       0,
       18},
      {"ALTER TABLE t ADD d int NOT NULL DEFAULT 3",
       {structure + "columns.d nothing -> integer not null has default",
        structure + "constraints.t_d_not_null nothing -> not null columns [d]",
        expressions + "columns.d nothing -> 3"},
       18},
      {"ALTER TABLE t ADD e serial",
       {"+ sequence public.t_e_seq",
        structure + "columns.e nothing -> integer not null has default",
        expressions + "columns.e nothing -> nextval('public.t_e_seq'::regclass)"},
       0,
       18},
      {"ALTER TABLE t ADD e serial",
       {"+ sequence public.t_e_seq",
        structure + "columns.e nothing -> integer not null has default",
        structure + "constraints.t_e_not_null nothing -> not null columns [e]",
        expressions + "columns.e nothing -> nextval('public.t_e_seq'::regclass)"},
       18},
  });
}

TEST_P(ColumnChanges, ByHowTheyAreKept) {
  Run("CREATE TABLE t (id int, note text)");
  const std::string access = "table public.t access: ";
  const std::string structure = "table public.t structure: ";
  ExpectChanges({
      {"ALTER TABLE t ALTER id SET (n_distinct_inherited = -0.25)",
       {structure + "columns.id.options.n_distinct_inherited nothing -> value -0.25"}},
      {"ALTER TABLE t ALTER id SET (n_distinct = 5, n_distinct_inherited = 6)",
       {structure + "columns.id.options.n_distinct_inherited.value -0.25 -> 6",
        structure + "columns.id.options.n_distinct nothing -> value 5"}},
      {"ALTER TABLE t ALTER id RESET (n_distinct, n_distinct_inherited)",
       {structure + "columns.id.options.n_distinct value 5 -> nothing",
        structure + "columns.id.options.n_distinct_inherited value 6 -> nothing"}},
      {"ALTER TABLE t ALTER note SET STORAGE DEFAULT", {}, 16},
      {"COMMENT ON COLUMN t.note IS 'said'",
       {"table public.t docs: elements.column note nothing -> comment said"}},
      {"COMMENT ON COLUMN t.note IS 'told'",
       {"table public.t docs: elements.column note.comment said -> told"}},
      {absl::StrCat("GRANT SELECT (note) ON t TO ", Role()),
       {absl::StrCat(access, "columns.note nothing -> grants [grantee ", Role(),
                     " grantor postgres privileges [SELECT]]")}},
      {absl::StrCat("GRANT SELECT (note), UPDATE (note), INSERT (id), REFERENCES (id) ON t TO ",
                    Role()),
       {absl::StrCat(access, "columns.note.grants.", Role(),
                     " postgres.privileges [SELECT] -> [SELECT, UPDATE]"),
        absl::StrCat(access, "columns.id nothing -> grants [grantee ", Role(),
                     " grantor postgres privileges [INSERT, REFERENCES]]")}},
      {absl::StrCat("GRANT SELECT (note) ON t TO ", Role(), " WITH GRANT OPTION"),
       {absl::StrCat(access, "columns.note.grants.", Role(),
                     " postgres.grantable nothing -> [SELECT]")}},
      {absl::StrCat("REVOKE SELECT (note) ON t FROM ", Role()),
       {absl::StrCat(access, "columns.note.grants.", Role(),
                     " postgres.privileges [SELECT, UPDATE] -> [UPDATE]"),
        absl::StrCat(access, "columns.note.grants.", Role(),
                     " postgres.grantable [SELECT] -> nothing")}},
      {"GRANT ALL (note) ON t TO PUBLIC",
       {access + "columns.note.grants.public postgres nothing -> privileges [INSERT, REFERENCES, "
                 "SELECT, UPDATE]"}},
      {absl::StrCat("REVOKE ALL (id, note) ON t FROM PUBLIC, ", Role()),
       {absl::StrCat(access, "columns.id grants [grantee ", Role(),
                     " grantor postgres privileges [INSERT, REFERENCES]] -> nothing"),
        absl::StrCat(access,
                     "columns.note grants [grantee public grantor postgres privileges [INSERT, "
                     "REFERENCES, SELECT, UPDATE], grantee ",
                     Role(), " grantor postgres privileges [UPDATE]] -> nothing")}},
  });
}

}  // namespace
}  // namespace varve::testing
