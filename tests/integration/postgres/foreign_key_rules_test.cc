// Rules about foreign keys.
#include "tests/integration/postgres/rules_case.h"

namespace varve::testing {
namespace {

class ForeignKeyRules : public RulesCase {};
VARVE_ON_EVERY_POSTGRES(ForeignKeyRules);

TEST_P(ForeignKeyRules, FindWhatIsWrongAndNothingElse) {
  ExpectRulesSideBySide({
      {"pg/fk-without-index",
       "CREATE TABLE t (id int PRIMARY KEY, tenant int, UNIQUE (id, tenant));"
       "CREATE TABLE a (t int REFERENCES t, \"time\" int REFERENCES t, x int, y int,"
       "  FOREIGN KEY (x, y) REFERENCES t (id, tenant));"
       "CREATE INDEX ON a (t, x); CREATE INDEX ON a (\"time\") WHERE \"time\" IS NOT NULL;"
       "CREATE INDEX ON a (y, x) WHERE x IS NOT NULL AND y IS NOT NULL",
       "CREATE TABLE b (t int REFERENCES t, u int REFERENCES t, v int);"
       "CREATE INDEX ON b (v, t); CREATE INDEX ON b (u) WHERE v > 0",
       {"b.t", "b.u"}},
      {"pg/fk-without-index",
       "CREATE EXTENSION btree_gist; CREATE TABLE t (id int, at daterange, PRIMARY KEY (id, at "
       "WITHOUT OVERLAPS)); CREATE TABLE a (t int, at daterange, FOREIGN KEY (t, PERIOD at) "
       "REFERENCES t (id, PERIOD at)); CREATE INDEX ON a USING gist (t, at);"
       "CREATE TABLE u (id int PRIMARY KEY); CREATE TABLE b (u int REFERENCES u NOT ENFORCED)",
       "CREATE TABLE c (u int REFERENCES u)",
       {"c.u"},
       18},
      {"pg/fk-type-mismatch",
       "CREATE DOMAIN d AS text; CREATE TABLE n (name varchar(9) PRIMARY KEY);"
       "CREATE TABLE a (n d REFERENCES n)",
       "CREATE TABLE s (id int PRIMARY KEY); CREATE TABLE b (s bigint REFERENCES s);"
       "CREATE TABLE t (id bigint PRIMARY KEY); CREATE TABLE c (t int REFERENCES t)",
       {"b.s", "c.t"}},
      {"pg/duplicate-fk",
       "CREATE TABLE t (x int, y int, PRIMARY KEY (x, y)); CREATE TABLE u (x int PRIMARY KEY);"
       "CREATE TABLE a (x int REFERENCES u, y int, z int, FOREIGN KEY (x, y) REFERENCES t,"
       "  FOREIGN KEY (x, z) REFERENCES t)",
       "ALTER TABLE a ADD CONSTRAINT again FOREIGN KEY (y, x) REFERENCES t (y, x);"
       "ALTER TABLE a ADD CONSTRAINT other FOREIGN KEY (x, y) REFERENCES t ON DELETE CASCADE;"
       "ALTER TABLE a ADD CONSTRAINT unproven FOREIGN KEY (x, y) REFERENCES t NOT VALID",
       {"a.again", "a.other", "a.unproven"}},
      {"pg/fk-partly-null",
       "CREATE TABLE t (id int, tenant int, PRIMARY KEY (id, tenant));"
       "CREATE TABLE a (x int NOT NULL, y int, FOREIGN KEY (x, y) REFERENCES t);"
       "CREATE TABLE c (x int, y int, FOREIGN KEY (x, y) REFERENCES t MATCH FULL);"
       "CREATE TABLE d (x int, y int, FOREIGN KEY (x, y) REFERENCES t,"
       "  CHECK ((x IS NULL) = (y IS NULL)))",
       "CREATE TABLE b (x int, \"user\" int, FOREIGN KEY (x, \"user\") REFERENCES t)",
       {"b(x, user)"}},
      {"pg/fk-to-itself",
       "CREATE TABLE a (id int PRIMARY KEY, parent int REFERENCES a)",
       "ALTER TABLE a ADD CONSTRAINT itself FOREIGN KEY (id) REFERENCES a (id)",
       {"a.id"}},
      {"pg/fk-with-sequence",
       "CREATE TABLE t (id serial PRIMARY KEY); CREATE TABLE a (t int DEFAULT 1 REFERENCES t)",
       "CREATE TABLE b (t serial REFERENCES t)",
       {"b.t"}},
      {"pg/fk-action-fails",
       "CREATE TABLE t (id int PRIMARY KEY);"
       "CREATE TABLE a (t int REFERENCES t ON DELETE SET NULL);"
       "CREATE TABLE b (t int NOT NULL DEFAULT 1 REFERENCES t ON DELETE SET DEFAULT)",
       "CREATE TABLE c (t int NOT NULL REFERENCES t ON DELETE SET NULL);"
       "CREATE TABLE d (t int PRIMARY KEY REFERENCES t ON UPDATE SET NULL);"
       "CREATE TABLE e (t int NOT NULL REFERENCES t ON UPDATE SET DEFAULT)",
       {"c.t", "d.t", "e.t"}},
      {"pg/fk-action-fails",
       "CREATE TABLE t (id int, tenant int, PRIMARY KEY (id, tenant));"
       "CREATE TABLE a (t int, tenant int NOT NULL,"
       "  FOREIGN KEY (t, tenant) REFERENCES t ON DELETE SET NULL (t))",
       "CREATE TABLE b (t int, tenant int NOT NULL,"
       "  FOREIGN KEY (t, tenant) REFERENCES t ON DELETE SET NULL)",
       {"b(t, tenant)"},
       15},
  });
}

TEST_P(ForeignKeyRules, DropOnlyAKeyThatHoldsNoMoreThanTheOther) {
  Run("CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE a (t int);"
      "ALTER TABLE a ADD CONSTRAINT first FOREIGN KEY (t) REFERENCES t NOT VALID;"
      "ALTER TABLE a ADD CONSTRAINT same FOREIGN KEY (t) REFERENCES t NOT VALID;"
      "ALTER TABLE a ADD CONSTRAINT valid FOREIGN KEY (t) REFERENCES t");
  std::vector<std::string> remedies;
  for (const Finding& each : FindingsOf("pg/duplicate-fk")) {
    remedies.push_back(each.object + ": " + each.remedy);
  }
  EXPECT_THAT(remedies,
              ::testing::ElementsAre("public.a.same: alter table public.a drop constraint same;",
                                     "public.a.valid: "));
}

TEST_P(ForeignKeyRules, OfPolicyFindWhatTheyAreNamedFor) {
  ExpectRulesSideBySide({
      {"pg/fk-without-action",
       "CREATE TABLE t (id int PRIMARY KEY);"
       "CREATE TABLE a (t int REFERENCES t ON DELETE RESTRICT)",
       "CREATE TABLE b (t int REFERENCES t)",
       {"b.t"}},
      {"pg/fk-cycle",
       "CREATE TABLE a (id int PRIMARY KEY, a int REFERENCES a);"
       "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a)",
       "CREATE TABLE c (id int PRIMARY KEY, b int REFERENCES b);"
       "ALTER TABLE a ADD c int REFERENCES c",
       {"a"}},
      {"pg/id-without-fk",
       "CREATE TABLE parties (id int PRIMARY KEY); CREATE TABLE tasks (id int PRIMARY KEY);"
       "CREATE TABLE a (party_id int REFERENCES parties, task_id text, thing_id int, id int)",
       "CREATE TABLE b (party_id int, task_id int)",
       {"b.party_id", "b.task_id"}},
  });
}

TEST_P(ForeignKeyRules, OfOwners) {
  const std::string role = database() + "_other";
  const std::string broken = "CREATE ROLE " + role + "; ALTER SCHEMA app OWNER TO " + role;
  ExpectRules({{"pg/fk-crosses-owners",
                "CREATE SCHEMA app; CREATE TABLE app.t (id int PRIMARY KEY);"
                "CREATE TABLE a (t int REFERENCES app.t)",
                broken.c_str(),
                {"public.a.t"}}});
  Run("DROP SCHEMA app CASCADE; DROP ROLE " + role);
}

}  // namespace
}  // namespace varve::testing
