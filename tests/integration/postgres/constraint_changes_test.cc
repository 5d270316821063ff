// Single changes of constraints: each clause of keys, references, checks and exclusions.
#include <string>

#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

class ConstraintChanges : public PostgresCase {};
VARVE_ON_EVERY_POSTGRES(ConstraintChanges);

TEST_P(ConstraintChanges, OfKeys) {
  Run("CREATE TABLE t (a int NOT NULL, b int NOT NULL, c int, d text); CREATE TABLE o (x int, y "
      "int, CONSTRAINT o_pk PRIMARY KEY (x, y)); CREATE TABLE p (x int, y int, CONSTRAINT p_pk "
      "PRIMARY KEY (x, y))");
  const std::string structure = "table public.t structure: ";
  const std::string state = "table public.t state: ";
  const std::string primary = "ALTER TABLE t DROP CONSTRAINT pk, ADD CONSTRAINT pk PRIMARY KEY ";
  const std::string unique = "ALTER TABLE t DROP CONSTRAINT u, ADD CONSTRAINT u UNIQUE ";
  ExpectChanges({
      {"ALTER TABLE t ADD PRIMARY KEY (a)",
       {structure + "constraints.t_pkey nothing -> primary key columns [a] index t_pkey",
        structure + "indexes.t_pkey nothing -> method btree unique primary keys [a] of constraint",
        state + "indexes.t_pkey nothing -> valid ready"}},
      {"ALTER TABLE t DROP CONSTRAINT t_pkey",
       {structure + "constraints.t_pkey primary key columns [a] index t_pkey -> nothing",
        structure + "indexes.t_pkey method btree unique primary keys [a] of constraint -> nothing",
        state + "indexes.t_pkey valid ready -> nothing"}},
      {"ALTER TABLE t ADD CONSTRAINT pk PRIMARY KEY (a, b)",
       {structure + "constraints.pk nothing -> primary key columns [a, b] index pk",
        structure + "indexes.pk nothing -> method btree unique primary keys [a, b] of constraint",
        state + "indexes.pk nothing -> valid ready"}},
      {primary + "(b, a)",
       {structure + "constraints.pk.columns [a, b] -> [b, a]",
        structure + "indexes.pk.keys [a, b] -> [b, a]"}},
      {primary + "(b, a) INCLUDE (c)", {structure + "indexes.pk.included nothing -> [c]"}},
      {primary + "(b, a) WITH (fillfactor = 70)",
       {structure + "indexes.pk.included [c] -> nothing",
        structure + "indexes.pk.storage_parameters.fillfactor nothing -> value 70"}},
      {primary + "(b, a) DEFERRABLE",
       {structure + "constraints.pk.deferrable false -> true",
        structure + "indexes.pk.storage_parameters.fillfactor value 70 -> nothing"}},
      {primary + "(b, a) DEFERRABLE INITIALLY DEFERRED",
       {structure + "constraints.pk.initially_deferred false -> true"}},
      {"ALTER TABLE t DROP CONSTRAINT pk",
       {structure + "constraints.pk primary key columns [b, a] deferrable initially deferred index "
                    "pk -> nothing",
        structure + "indexes.pk method btree unique primary keys [b, a] of constraint -> nothing",
        state + "indexes.pk valid ready -> nothing"}},
      {"CREATE UNIQUE INDEX of_a ON t (a)",
       {structure + "indexes.of_a nothing -> method btree unique keys [a]",
        state + "indexes.of_a nothing -> valid ready"}},
      {"ALTER TABLE t ADD CONSTRAINT pk PRIMARY KEY USING INDEX of_a",
       {structure + "constraints.pk nothing -> primary key columns [a] index pk",
        structure + "indexes.of_a method btree unique keys [a] -> nothing",
        structure + "indexes.pk nothing -> method btree unique primary keys [a] of constraint",
        state + "indexes.of_a valid ready -> nothing",
        state + "indexes.pk nothing -> valid ready"}},
      {"ALTER TABLE t RENAME CONSTRAINT pk TO pkey",
       {structure + "constraints.pk primary key columns [a] index pk -> nothing",
        structure + "constraints.pkey nothing -> primary key columns [a] index pkey",
        structure + "indexes.pk method btree unique primary keys [a] of constraint -> nothing",
        structure + "indexes.pkey nothing -> method btree unique primary keys [a] of constraint",
        state + "indexes.pk valid ready -> nothing",
        state + "indexes.pkey nothing -> valid ready"}},
      {"ALTER TABLE t DROP CONSTRAINT IF EXISTS nowhere", {}},
      {"ALTER TABLE t ADD CONSTRAINT u UNIQUE (b)",
       {structure + "constraints.u nothing -> unique columns [b] index u",
        structure + "indexes.u nothing -> method btree unique keys [b] of constraint",
        state + "indexes.u nothing -> valid ready"}},
      {unique + "(b, c)",
       {structure + "constraints.u.columns [b] -> [b, c]",
        structure + "indexes.u.keys [b] -> [b, c]"}},
      {unique + "NULLS NOT DISTINCT (b, c)",
       {structure + "indexes.u.nulls_not_distinct false -> true"},
       15},
      {unique + "(b, c)", {structure + "indexes.u.nulls_not_distinct true -> false"}, 15},
      {unique + "(b) INCLUDE (c)",
       {structure + "constraints.u.columns [b, c] -> [b]",
        structure + "indexes.u.keys [b, c] -> [b]",
        structure + "indexes.u.included nothing -> [c]"}},
      {unique + "(b) WITH (fillfactor = 80)",
       {structure + "indexes.u.included [c] -> nothing",
        structure + "indexes.u.storage_parameters.fillfactor nothing -> value 80"}},
      {unique + "(b) DEFERRABLE",
       {structure + "constraints.u.deferrable false -> true",
        structure + "indexes.u.storage_parameters.fillfactor value 80 -> nothing"}},
      {unique + "(b) INITIALLY DEFERRED",
       {structure + "constraints.u.initially_deferred false -> true"}},
      {"COMMENT ON CONSTRAINT u ON t IS 'one of each'",
       {"table public.t docs: elements.constraint u nothing -> comment one of each"}},
      {"ALTER TABLE t DROP CONSTRAINT u",
       {structure +
            "constraints.u unique columns [b] deferrable initially deferred index u -> nothing",
        structure + "indexes.u method btree unique keys [b] of constraint -> nothing",
        "table public.t docs: elements.constraint u comment one of each -> nothing",
        state + "indexes.u valid ready -> nothing"}},
      {"CREATE UNIQUE INDEX of_b ON t (b); ALTER TABLE t ADD UNIQUE USING INDEX of_b",
       {structure + "constraints.of_b nothing -> unique columns [b] index of_b",
        structure + "indexes.of_b nothing -> method btree unique keys [b] of constraint",
        state + "indexes.of_b nothing -> valid ready"}},
      {"ALTER TABLE t RENAME CONSTRAINT of_b TO x; ALTER TABLE t RENAME CONSTRAINT x TO of_b", {}},
  });
}

TEST_P(ConstraintChanges, OfReferences) {
  Run("CREATE TABLE t (a int NOT NULL, b int NOT NULL, c int, d text); CREATE TABLE o (x int, y "
      "int, CONSTRAINT o_pk PRIMARY KEY (x, y)); CREATE TABLE p (x int, y int, CONSTRAINT p_pk "
      "PRIMARY KEY (x, y));CREATE TABLE whole (a int, b int) PARTITION BY LIST (a)");
  const std::string structure = "table public.t structure: ";
  const std::string again =
      "ALTER TABLE t DROP CONSTRAINT r, ADD CONSTRAINT r FOREIGN KEY (b, a) REFERENCES p (y, x)";
  const std::string of_q = "table public.q structure: ";
  ExpectChanges({
      {"ALTER TABLE t ADD CONSTRAINT r FOREIGN KEY (a, b) REFERENCES o",
       {structure +
        "constraints.r nothing -> foreign key columns [a, b] references public.o referenced "
        "columns [x, y] on update no action on delete no action match simple"}},
      {"ALTER TABLE t DROP CONSTRAINT r, ADD CONSTRAINT r FOREIGN KEY (b, a) REFERENCES o",
       {structure + "constraints.r.columns [a, b] -> [b, a]"}},
      {"ALTER TABLE t DROP CONSTRAINT r, ADD CONSTRAINT r FOREIGN KEY (b, a) REFERENCES o (y, x)",
       {structure + "constraints.r.referenced_columns [x, y] -> [y, x]"}},
      {again + "", {structure + "constraints.r.references public.o -> public.p"}},
      {again + " MATCH FULL", {structure + "constraints.r.match simple -> full"}},
      {again + " MATCH SIMPLE", {structure + "constraints.r.match full -> simple"}},
      {again + " ON DELETE CASCADE", {structure + "constraints.r.on_delete no action -> cascade"}},
      {again + " ON DELETE SET NULL", {structure + "constraints.r.on_delete cascade -> set null"}},
      {again + " ON DELETE SET NULL (b)",
       {structure + "constraints.r.delete_set_columns nothing -> [b]"},
       15},
      {again + " ON DELETE SET NULL",
       {structure + "constraints.r.delete_set_columns [b] -> nothing"},
       15},
      {again + " ON DELETE SET DEFAULT",
       {structure + "constraints.r.on_delete set null -> set default"}},
      {again + " ON DELETE SET DEFAULT (b)",
       {structure + "constraints.r.delete_set_columns nothing -> [b]"},
       15},
      {again + " ON DELETE SET DEFAULT",
       {structure + "constraints.r.delete_set_columns [b] -> nothing"},
       15},
      {again + " ON DELETE RESTRICT",
       {structure + "constraints.r.on_delete set default -> restrict"}},
      {again + " ON DELETE NO ACTION",
       {structure + "constraints.r.on_delete restrict -> no action"}},
      {again + " ON UPDATE CASCADE", {structure + "constraints.r.on_update no action -> cascade"}},
      {again + " ON UPDATE SET NULL", {structure + "constraints.r.on_update cascade -> set null"}},
      {again + " ON UPDATE SET DEFAULT",
       {structure + "constraints.r.on_update set null -> set default"}},
      {again + " ON UPDATE RESTRICT",
       {structure + "constraints.r.on_update set default -> restrict"}},
      {again + " DEFERRABLE",
       {structure + "constraints.r.on_update restrict -> no action",
        structure + "constraints.r.deferrable false -> true"}},
      {"ALTER TABLE t ALTER CONSTRAINT r DEFERRABLE INITIALLY DEFERRED",
       {structure + "constraints.r.initially_deferred false -> true"}},
      {"ALTER TABLE t ALTER CONSTRAINT r NOT DEFERRABLE",
       {structure + "constraints.r.deferrable true -> false",
        structure + "constraints.r.initially_deferred true -> false"}},
      {again + " NOT VALID", {structure + "constraints.r.not_valid false -> true"}},
      {"ALTER TABLE t VALIDATE CONSTRAINT r",
       {structure + "constraints.r.not_valid true -> false"}},
      {"ALTER TABLE t VALIDATE CONSTRAINT r", {}},
      {"ALTER TABLE t RENAME CONSTRAINT r TO s",
       {structure +
            "constraints.r foreign key columns [b, a] references public.p referenced columns [y, "
            "x] on update no action on delete no action match simple -> nothing",
        structure +
            "constraints.s nothing -> foreign key columns [b, a] references public.p referenced "
            "columns [y, x] on update no action on delete no action match simple"}},
      {"COMMENT ON CONSTRAINT s ON t IS 'whose'",
       {"table public.t docs: elements.constraint s nothing -> comment whose"}},
      {"ALTER TABLE t ALTER CONSTRAINT s NOT ENFORCED",
       {structure + "constraints.s.not_valid false -> true",
        structure + "constraints.s.not_enforced false -> true"},
       18},
      {"ALTER TABLE t ALTER CONSTRAINT s ENFORCED",
       {structure + "constraints.s.not_valid true -> false",
        structure + "constraints.s.not_enforced true -> false"},
       18},
      {"ALTER TABLE whole ADD CONSTRAINT w FOREIGN KEY (a, b) REFERENCES o",
       {"table public.whole structure: constraints.w nothing -> foreign key columns [a, b] "
        "references public.o referenced columns [x, y] on update no action on delete no action "
        "match simple"}},
      {"ALTER TABLE p RENAME TO q",
       {"renamed table public.q was public.p", "follows: table public.t structure"}},
      {"ALTER TABLE q DROP CONSTRAINT p_pk CASCADE",
       {of_q + "constraints.p_pk primary key columns [x, y] index p_pk -> nothing",
        of_q + "indexes.p_pk method btree unique primary keys [x, y] of constraint -> nothing",
        "table public.q state: indexes.p_pk valid ready -> nothing",
        structure +
            "constraints.s foreign key columns [b, a] references public.q referenced columns [y, "
            "x] on update no action on delete no action match simple -> nothing",
        "table public.t docs: elements.constraint s comment whose -> nothing"}},
  });
}

TEST_P(ConstraintChanges, OfChecksAndExclusions) {
  Run("CREATE TABLE t (a int, b int, r int4range, q int4range)");
  const std::string structure = "table public.t structure: ";
  const std::string expressions = "table public.t expressions: ";
  const std::string check = "ALTER TABLE t DROP CONSTRAINT c, ADD CONSTRAINT c ";
  const std::string exclusion = "ALTER TABLE t DROP CONSTRAINT x, ADD CONSTRAINT x EXCLUDE ";
  ExpectChanges({
      {"ALTER TABLE t ADD CHECK (a > 0)",
       {structure + "constraints.t_a_check nothing -> check columns [a]",
        expressions + "constraints.t_a_check nothing -> (a > 0)"}},
      {"ALTER TABLE t DROP CONSTRAINT t_a_check",
       {structure + "constraints.t_a_check check columns [a] -> nothing",
        expressions + "constraints.t_a_check (a > 0) -> nothing"}},
      {"ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)",
       {structure + "constraints.c nothing -> check columns [a]",
        expressions + "constraints.c nothing -> (a > 0)"}},
      {check + "CHECK (a > b)",
       {structure + "constraints.c.columns [a] -> [a, b]",
        expressions + "constraints.c.expression (a > 0) -> (a > b)"}},
      {check + "CHECK (a > b) NO INHERIT", {structure + "constraints.c.no_inherit false -> true"}},
      {check + "CHECK (a > b) NOT VALID",
       {structure + "constraints.c.not_valid false -> true",
        structure + "constraints.c.no_inherit true -> false"}},
      {"ALTER TABLE t VALIDATE CONSTRAINT c",
       {structure + "constraints.c.not_valid true -> false"}},
      {"ALTER TABLE t RENAME CONSTRAINT c TO k",
       {structure + "constraints.c check columns [a, b] -> nothing",
        structure + "constraints.k nothing -> check columns [a, b]",
        expressions + "constraints.c (a > b) -> nothing",
        expressions + "constraints.k nothing -> (a > b)"}},
      {"ALTER TABLE t ADD CONSTRAINT c CHECK (b > 0) NOT ENFORCED",
       {structure + "constraints.c nothing -> check columns [b] not valid not enforced",
        expressions + "constraints.c nothing -> (b > 0)"},
       18},
      {"ALTER TABLE t ADD CONSTRAINT x EXCLUDE USING gist (r WITH &&)",
       {structure + "constraints.x nothing -> exclusion columns [r] operators [&&] index x",
        structure + "indexes.x nothing -> method gist keys [r] of constraint",
        expressions + "constraints.x nothing -> EXCLUDE USING gist (r WITH &&)",
        "table public.t state: indexes.x nothing -> valid ready"}},
      {exclusion + "USING gist (r WITH &&, q WITH =)",
       {structure + "constraints.x.columns [r] -> [r, q]",
        structure + "constraints.x.operators [&&] -> [&&, =]",
        structure + "indexes.x.keys [r] -> [r, q]",
        expressions + "constraints.x.expression EXCLUDE USING gist (r WITH &&) -> EXCLUDE USING "
                      "gist (r WITH &&, q WITH =)"}},
      {exclusion + "USING gist (r WITH &&, q WITH &&)",
       {structure + "constraints.x.operators [&&, =] -> [&&, &&]",
        expressions + "constraints.x.expression EXCLUDE USING gist (r WITH &&, q WITH =) -> "
                      "EXCLUDE USING gist (r WITH &&, q WITH &&)"}},
      {exclusion + "USING gist (r WITH &&, q range_ops WITH &&)", {}},
      {exclusion + "USING gist (r WITH &&) INCLUDE (q)",
       {structure + "constraints.x.columns [r, q] -> [r]",
        structure + "constraints.x.operators [&&, &&] -> [&&]",
        structure + "indexes.x.keys [r, q] -> [r]", structure + "indexes.x.included nothing -> [q]",
        expressions + "constraints.x.expression EXCLUDE USING gist (r WITH &&, q WITH &&) -> "
                      "EXCLUDE USING gist (r WITH &&) INCLUDE (q)"}},
      {exclusion + "USING gist (r WITH &&) WITH (fillfactor = 60)",
       {structure + "indexes.x.included [q] -> nothing",
        structure + "indexes.x.storage_parameters.fillfactor nothing -> value 60",
        expressions + "constraints.x.expression EXCLUDE USING gist (r WITH &&) INCLUDE (q) -> "
                      "EXCLUDE USING gist (r WITH &&) WITH (fillfactor='60')"}},
      {exclusion + "USING gist (r WITH &&) WHERE (a > 0)",
       {structure + "indexes.x.partial false -> true",
        structure + "indexes.x.storage_parameters.fillfactor value 60 -> nothing",
        expressions + "constraints.x.expression EXCLUDE USING gist (r WITH &&) WITH "
                      "(fillfactor='60') -> EXCLUDE USING gist (r WITH &&) WHERE ((a > 0))",
        expressions + "indexes.x nothing -> predicate (a > 0)"}},
      {exclusion + "USING gist (r WITH &&) WHERE (a > 1)",
       {expressions + "constraints.x.expression EXCLUDE USING gist (r WITH &&) WHERE ((a > 0)) -> "
                      "EXCLUDE USING gist (r WITH &&) WHERE ((a > 1))",
        expressions + "indexes.x.predicate (a > 0) -> (a > 1)"}},
      {exclusion + "USING gist (r WITH &&) DEFERRABLE",
       {structure + "constraints.x.deferrable false -> true",
        structure + "indexes.x.partial true -> false",
        expressions + "constraints.x.expression EXCLUDE USING gist (r WITH &&) WHERE ((a > 1)) -> "
                      "EXCLUDE USING gist (r WITH &&) DEFERRABLE",
        expressions + "indexes.x predicate (a > 1) -> nothing"}},
      {exclusion + "USING gist (r WITH &&) DEFERRABLE INITIALLY DEFERRED",
       {structure + "constraints.x.initially_deferred false -> true",
        expressions + "constraints.x.expression EXCLUDE USING gist (r WITH &&) DEFERRABLE -> "
                      "EXCLUDE USING gist (r WITH &&) DEFERRABLE INITIALLY DEFERRED"}},
      {exclusion + "USING gist ((r * q) WITH &&)",
       {structure + "constraints.x.columns [r] -> []",
        structure + "constraints.x.deferrable true -> false",
        structure + "constraints.x.initially_deferred true -> false",
        structure + "indexes.x.keys [r] -> []",
        expressions + "constraints.x.expression EXCLUDE USING gist (r WITH &&) DEFERRABLE "
                      "INITIALLY DEFERRED -> EXCLUDE USING gist (((r * q)) WITH &&)",
        expressions + "indexes.x nothing -> keys [((r * q))]"}},
      {exclusion + "USING spgist (r WITH &&)",
       {structure + "constraints.x.columns [] -> [r]",
        structure + "indexes.x.method gist -> spgist", structure + "indexes.x.keys [] -> [r]",
        expressions + "constraints.x.expression EXCLUDE USING gist (((r * q)) WITH &&) -> EXCLUDE "
                      "USING spgist (r WITH &&)",
        expressions + "indexes.x keys [((r * q))] -> nothing"}},
      {exclusion + "(a WITH =)",
       {structure + "constraints.x.columns [r] -> [a]",
        structure + "constraints.x.operators [&&] -> [=]",
        structure + "indexes.x.method spgist -> btree", structure + "indexes.x.keys [r] -> [a]",
        expressions + "constraints.x.expression EXCLUDE USING spgist (r WITH &&) -> EXCLUDE USING "
                      "btree (a WITH =)"}},
      {"COMMENT ON CONSTRAINT x ON t IS 'never two'",
       {"table public.t docs: elements.constraint x nothing -> comment never two"}},
      {"ALTER TABLE t DROP CONSTRAINT x",
       {structure + "constraints.x exclusion columns [a] operators [=] index x -> nothing",
        structure + "indexes.x method btree keys [a] of constraint -> nothing",
        expressions + "constraints.x EXCLUDE USING btree (a WITH =) -> nothing",
        "table public.t docs: elements.constraint x comment never two -> nothing",
        "table public.t state: indexes.x valid ready -> nothing"}},
  });
}

}  // namespace
}  // namespace varve::testing
