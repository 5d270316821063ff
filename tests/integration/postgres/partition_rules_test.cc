// Rules about partitions, inheritance, triggers and extensions.
#include "tests/integration/postgres/rules_case.h"

namespace varve::testing {
namespace {

class PartitionRules : public RulesCase {};
VARVE_ON_EVERY_POSTGRES(PartitionRules);

TEST_P(PartitionRules, OfPartitions) {
  ExpectRulesSideBySide({
      {"pg/partitioned-without-partitions",
       "CREATE TABLE p (id int) PARTITION BY RANGE (id);"
       "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)",
       "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20) PARTITION BY LIST (id);"
       "CREATE TABLE q (id int) PARTITION BY HASH (id)",
       {"p2", "q"}},
      {"pg/default-partition-only",
       "CREATE TABLE p (id int) PARTITION BY RANGE (id);"
       "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);"
       "CREATE TABLE pd PARTITION OF p DEFAULT",
       "CREATE TABLE q (id int) PARTITION BY LIST (id); CREATE TABLE qd PARTITION OF q DEFAULT",
       {"q"}},
      {"pg/default-partition-holds-rows",
       "CREATE TABLE p (id int) PARTITION BY RANGE (id); CREATE TABLE pd PARTITION OF p DEFAULT;"
       "CREATE TABLE l (id int) PARTITION BY LIST (id); CREATE TABLE ld PARTITION OF l DEFAULT;"
       "CREATE TABLE e (id int) PARTITION BY RANGE (id); CREATE TABLE ed PARTITION OF e DEFAULT;"
       "INSERT INTO l VALUES (1); ANALYZE pd, ld",
       "INSERT INTO p VALUES (1), (2); ANALYZE pd",
       {"pd"}},
      {"pg/partition-without-parents-index",
       "CREATE TABLE p (id int) PARTITION BY RANGE (id);"
       "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10); CREATE INDEX ON p (id);"
       "CREATE INDEX ON p1 ((id + 1))",
       "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);"
       "CREATE INDEX i ON ONLY p (id DESC)",
       {"i"}},
  });
}

TEST_P(PartitionRules, OfGapsBetweenThem) {
  ExpectRulesSideBySide({
      {"pg/partition-gap",
       "CREATE TABLE p (id bigint) PARTITION BY RANGE (id);"
       "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (-10) TO (9);"
       "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (9) TO (10);"
       "CREATE TABLE p3 PARTITION OF p FOR VALUES FROM (10) TO (MAXVALUE);"
       "CREATE TABLE p4 PARTITION OF p FOR VALUES FROM (MINVALUE) TO (-10)",
       "CREATE TABLE g (id int) PARTITION BY RANGE (id);"
       "CREATE TABLE g1 PARTITION OF g FOR VALUES FROM (-5) TO (9);"
       "CREATE TABLE g2 PARTITION OF g FOR VALUES FROM (10) TO (20)",
       {"g"}},
      {"pg/partition-gap",
       "CREATE TABLE d (at date) PARTITION BY RANGE (at);"
       "CREATE TABLE d1 PARTITION OF d FOR VALUES FROM ('2024-02-01') TO ('2024-03-01');"
       "CREATE TABLE d2 PARTITION OF d FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');"
       "CREATE TABLE with_default (at date) PARTITION BY RANGE (at);"
       "CREATE TABLE w1 PARTITION OF with_default FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');"
       "CREATE TABLE w2 PARTITION OF with_default FOR VALUES FROM ('2024-03-01') TO ('2024-04-01');"
       "CREATE TABLE wd PARTITION OF with_default DEFAULT;"
       "CREATE TABLE words (w text) PARTITION BY RANGE (w);"
       "CREATE TABLE words1 PARTITION OF words FOR VALUES FROM ('a') TO ('b');"
       "CREATE TABLE words2 PARTITION OF words FOR VALUES FROM ('c') TO ('d')",
       "CREATE TABLE t (at timestamptz) PARTITION BY RANGE (at);"
       "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');"
       "CREATE TABLE t2 PARTITION OF t FOR VALUES FROM ('2024-03-01') TO ('2024-04-01')",
       {"t"}},
      {"pg/partition-gap",
       "CREATE TABLE h (id int) PARTITION BY HASH (id);"
       "CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 0);"
       "CREATE TABLE h2 PARTITION OF h FOR VALUES WITH (MODULUS 4, REMAINDER 1);"
       "CREATE TABLE h3 PARTITION OF h FOR VALUES WITH (MODULUS 4, REMAINDER 3)",
       "DROP TABLE h2",
       {"h"}},
  });
}

TEST_P(PartitionRules, OfWhatChildrenDoNotInherit) {
  ExpectRulesSideBySide({
      {"pg/inherited-child-without-constraints",
       "CREATE TABLE r (id int PRIMARY KEY);"
       "CREATE TABLE parent (id int PRIMARY KEY, r int REFERENCES r ON DELETE CASCADE, n int,"
       "  CHECK (n > 0), UNIQUE (n, r));"
       "CREATE TABLE child (PRIMARY KEY (id), FOREIGN KEY (r) REFERENCES r) INHERITS (parent);"
       "CREATE UNIQUE INDEX ON child (r, n)",
       "CREATE TABLE bare () INHERITS (parent);"
       "CREATE TABLE other (own int PRIMARY KEY, UNIQUE (n, r), FOREIGN KEY (r) REFERENCES r)"
       "  INHERITS (parent)",
       {"bare(n, r)", "bare.r", "other.id"}},
  });
}

constexpr char kTrigger[] =
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
    "CREATE TABLE a (id int);"
    "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f();"
    "CREATE TRIGGER u BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f()";

TEST_P(PartitionRules, OfTriggersAndRewriteRules) {
  ExpectRulesSideBySide({
      {"pg/disabled-trigger",
       kTrigger,
       "ALTER TABLE a DISABLE TRIGGER u; ALTER TABLE a ENABLE REPLICA TRIGGER t",
       {"a.u"}},
      {"pg/replica-trigger",
       kTrigger,
       "ALTER TABLE a ENABLE REPLICA TRIGGER t; ALTER TABLE a ENABLE ALWAYS TRIGGER u",
       {"a.t", "a.u"}},
      {"pg/rewrite-rule",
       "CREATE TABLE a (id int); CREATE VIEW v AS SELECT id FROM a;"
       "CREATE RULE r AS ON INSERT TO v DO INSTEAD INSERT INTO a VALUES (new.id)",
       "CREATE RULE r AS ON DELETE TO a DO INSTEAD NOTHING",
       {"a.r"}},
      {"pg/disabled-rewrite-rule",
       "CREATE TABLE a (id int); CREATE RULE r AS ON DELETE TO a DO INSTEAD NOTHING",
       "ALTER TABLE a DISABLE RULE r",
       {"a.r"}},
  });
}

TEST_P(PartitionRules, OfAPartitionsOwnTrigger) {
  ExpectRulesSideBySide({
      {"pg/disabled-trigger",
       "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
       "CREATE TABLE w (id int) PARTITION BY LIST (id);"
       "CREATE TABLE w1 PARTITION OF w FOR VALUES IN (1);"
       "CREATE TRIGGER t AFTER INSERT ON w FOR EACH ROW EXECUTE FUNCTION f()",
       "ALTER TABLE w1 DISABLE TRIGGER t",
       {"w1.t"}},
  });
}

TEST_P(PartitionRules, OfEventTriggersAndExtensions) {
  ExpectRules({
      {"pg/disabled-event-trigger",
       "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
       "CREATE EVENT TRIGGER e ON sql_drop EXECUTE FUNCTION f()",
       "ALTER EVENT TRIGGER e DISABLE",
       {"e"}},
      {"pg/extension-outdated",
       "CREATE EXTENSION hstore",
       "DROP EXTENSION hstore; CREATE EXTENSION hstore VERSION '1.5'",
       {"hstore"}},
      {"pg/extension-in-public",
       "CREATE SCHEMA app; CREATE EXTENSION hstore SCHEMA app",
       "DROP EXTENSION hstore; CREATE EXTENSION hstore SCHEMA public",
       {"hstore"}},
  });
}

TEST_P(PartitionRules, OfCollations) {
  ExpectRulesSideBySide({
      {"pg/collation-version-mismatch",
       "CREATE COLLATION de (provider = icu, locale = 'de'); CREATE COLLATION c (locale = 'C')",
       "CREATE COLLATION fr (provider = icu, locale = 'fr');"
       "UPDATE pg_collation SET collversion = '0' WHERE collname = 'fr' AND oid >= 16384",
       {"fr"}},
  });
}

}  // namespace
}  // namespace varve::testing
