// Rules about primary and unique keys, and about constraints in general.
#include "tests/integration/postgres/rules_case.h"

namespace varve::testing {
namespace {

class KeyRules : public RulesCase {};
VARVE_ON_EVERY_POSTGRES(KeyRules);

TEST_P(KeyRules, FindWhatIsWrongAndNothingElse) {
  ExpectRulesSideBySide({
      {"pg/table-without-primary-key",
       "CREATE TABLE a (id int PRIMARY KEY);"
       "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id);"
       "CREATE TABLE p1 PARTITION OF p DEFAULT",
       "CREATE TABLE b (id int UNIQUE);"
       "CREATE TABLE q (id int) PARTITION BY RANGE (id); CREATE TABLE q1 PARTITION OF q DEFAULT",
       {"b", "q"}},
      {"pg/wide-primary-key",
       "CREATE TABLE a (b int, c int, d int, e int, PRIMARY KEY (b, c, d, e))",
       "CREATE TABLE w (b int, c int, d int, e int, f int, PRIMARY KEY (b, c, d, e, f))",
       {"w"}},
      {"pg/primary-key-not-first",
       "CREATE TABLE a (b int, c int, d int, PRIMARY KEY (c, b))",
       "CREATE TABLE w (b int, c int PRIMARY KEY)",
       {"w"}},
      {"pg/small-primary-key",
       "CREATE TABLE a (id bigint PRIMARY KEY); CREATE TABLE b (id text PRIMARY KEY);"
       "CREATE TABLE c (d int, e int, PRIMARY KEY (d, e))",
       "CREATE DOMAIN d AS int; CREATE TABLE \"order\" (\"user\" d PRIMARY KEY);"
       "CREATE TABLE s (id smallint PRIMARY KEY)",
       {"order.user", "s.id"}},
      {"pg/float-key",
       "CREATE TABLE a (id int PRIMARY KEY, f float8); CREATE TABLE n (id numeric PRIMARY KEY)",
       "CREATE TABLE b (id real PRIMARY KEY); CREATE TABLE c (d int, e float8, UNIQUE (d, e))",
       {"b.id", "c.e"}},
      {"pg/unique-over-nullable",
       "CREATE TABLE a (b int NOT NULL UNIQUE, c int, d int UNIQUE NULLS NOT DISTINCT)",
       "CREATE TABLE e (f int NOT NULL, g int, CONSTRAINT u UNIQUE (f, g))",
       {"e(f, g)"},
       15},
      {"pg/unique-contains-primary-key",
       "CREATE TABLE a (id int PRIMARY KEY, b int, UNIQUE (id, b));"
       "CREATE TABLE c (d int, e int, FOREIGN KEY (e, d) REFERENCES a (b, id));"
       "CREATE TABLE r (id int PRIMARY KEY, b int NOT NULL, CONSTRAINT w UNIQUE (id, b));"
       "ALTER TABLE r REPLICA IDENTITY USING INDEX w",
       "CREATE TABLE f (id int PRIMARY KEY, b int, CONSTRAINT u UNIQUE (b, id))",
       {"f(b, id)"}},
      {"pg/not-valid-constraint",
       "CREATE TABLE a (b int CHECK (b > 0)); CREATE DOMAIN d AS int CHECK (VALUE > 0)",
       "ALTER TABLE a ADD CONSTRAINT c CHECK (b > 1) NOT VALID;"
       "ALTER DOMAIN d ADD CONSTRAINT e CHECK (VALUE > 1) NOT VALID;"
       "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE f (t int);"
       "ALTER TABLE f ADD CONSTRAINT g FOREIGN KEY (t) REFERENCES t NOT VALID",
       {"a.c", "d.e", "f.g"}},
      {"pg/not-valid-constraint",
       "CREATE TABLE a (b int, CHECK (b > 0) NOT ENFORCED)",
       "ALTER TABLE a ADD CONSTRAINT c CHECK (b > 1) NOT VALID",
       {"a.c"},
       18},
  });
}

TEST_P(KeyRules, OfWhatIsPublished) {
  ExpectRules({
      {"pg/published-table-without-identity",
       "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int);"
       "ALTER TABLE b REPLICA IDENTITY FULL;"
       "CREATE TABLE not_published (c int); CREATE PUBLICATION p FOR TABLE a, b",
       "CREATE TABLE c (id int); ALTER PUBLICATION p ADD TABLE c;"
       "CREATE TABLE d (id int PRIMARY KEY); ALTER TABLE d REPLICA IDENTITY NOTHING;"
       "ALTER PUBLICATION p ADD TABLE d",
       {"public.c", "public.d"}},
      {"pg/published-table-without-identity",
       "CREATE TABLE a (id int); CREATE UNLOGGED TABLE u (id int);"
       "CREATE PUBLICATION p FOR ALL TABLES WITH (publish = 'insert')",
       "ALTER PUBLICATION p SET (publish = 'insert, delete')",
       {"public.a"}},
      {"pg/published-table-without-identity",
       "CREATE SCHEMA app; CREATE TABLE a (id int); CREATE TABLE app.b (id int PRIMARY KEY);"
       "CREATE PUBLICATION p FOR TABLES IN SCHEMA app",
       "CREATE TABLE app.c (id int)",
       {"app.c"},
       15},
  });
}

}  // namespace
}  // namespace varve::testing
