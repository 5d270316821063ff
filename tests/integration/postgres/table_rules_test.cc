// Rules about tables as a whole, about enums, names and comments.
#include "tests/integration/postgres/rules_case.h"

namespace varve::testing {
namespace {

class TableRules : public RulesCase {};
VARVE_ON_EVERY_POSTGRES(TableRules);

TEST_P(TableRules, OfHowTablesAreKept) {
  ExpectRulesSideBySide({
      {"pg/unlogged-table",
       "CREATE TABLE a (id int)",
       "CREATE UNLOGGED TABLE b (id int);"
       "CREATE TABLE w (id int) PARTITION BY LIST (id);"
       "CREATE UNLOGGED TABLE w1 PARTITION OF w FOR VALUES IN (1)",
       {"b", "w1"}},
      {"pg/autovacuum-off",
       "CREATE TABLE a (id int) WITH (autovacuum_enabled = true, fillfactor = 90)",
       "CREATE TABLE b (id int) WITH (autovacuum_enabled = off);"
       "CREATE TABLE c (note text) WITH (toast.autovacuum_enabled = false)",
       {"b", "c"}},
      {"pg/never-analysed",
       "CREATE TABLE a (id int); INSERT INTO a SELECT generate_series(1, 10000); ANALYZE a;"
       "CREATE TABLE few (id int); INSERT INTO few SELECT generate_series(1, 100)",
       "CREATE TABLE b (id int); INSERT INTO b SELECT generate_series(1, 10000)",
       {"b"},
       15},
      {"pg/temporary-looking-table",
       "CREATE TABLE temperature (id int); CREATE TABLE threshold (id int)",
       "CREATE TABLE orders_old (id int); CREATE TABLE \"TMP_orders\" (id int)",
       {"TMP_orders", "orders_old"}},
  });
}

TEST_P(TableRules, OfColumns) {
  ExpectRulesSideBySide({
      {"pg/single-column-table", "CREATE TABLE a (b int, c int)", "CREATE TABLE d (e int)", {"d"}},
      {"pg/many-columns",
       "CREATE FUNCTION wide(name text, columns int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN "
       "EXECUTE (SELECT format('CREATE TABLE %I (%s)', name, string_agg('c' || i || 'x int', ','))"
       " FROM generate_series(1, columns) AS i); END $$; SELECT wide('a', 100)",
       "SELECT wide('b', 101)",
       {"b"}},
      {"pg/all-columns-nullable",
       "CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL, c int);"
       "CREATE TABLE keys (id int PRIMARY KEY)",
       "CREATE TABLE d (id int PRIMARY KEY, e int, f int); CREATE TABLE g (h int)",
       {"d", "g"}},
      {"pg/repeating-columns",
       "CREATE TABLE a (sha1 text, sha256 text, sha512 text, line1 text, line2 text)",
       "CREATE TABLE b (phone_1 text, phone_2 text, phone_3 text, name text)",
       {"b.phone_1"}},
      {"pg/default-text-null",
       "CREATE TABLE a (b text DEFAULT NULL, c text DEFAULT 'nullable', d text DEFAULT 'x')",
       "CREATE TABLE e (f text DEFAULT 'NULL', \"G\" varchar(9) DEFAULT 'null')",
       {"e.G", "e.f"}},
      {"pg/empty-default-on-nullable",
       "CREATE TABLE a (b text NOT NULL DEFAULT '', c text DEFAULT 'x', d text)",
       "CREATE TABLE e (f varchar(9) DEFAULT '')",
       {"e.f"}},
      {"pg/column-setting",
       "CREATE TABLE a (b text, c int)",
       "CREATE TABLE d (e text, f int, g text); ALTER TABLE d ALTER e SET STORAGE external,"
       "  ALTER f SET STATISTICS 500",
       {"d.e", "d.f"}},
  });
}

TEST_P(TableRules, OfEnums) {
  ExpectRulesSideBySide({
      {"pg/enum-unused",
       "CREATE TYPE of_column AS ENUM ('a'); CREATE TABLE a (b of_column);"
       "CREATE TYPE of_array AS ENUM ('a'); CREATE TABLE b (b of_array[]);"
       "CREATE TYPE of_domain AS ENUM ('a'); CREATE DOMAIN d AS of_domain;"
       "CREATE TYPE of_view AS ENUM ('a'); CREATE VIEW v AS SELECT 'a'::of_view::text AS x;"
       "CREATE TYPE of_argument AS ENUM ('a');"
       "CREATE FUNCTION f(a of_argument) RETURNS int LANGUAGE sql AS 'SELECT 1';"
       "CREATE TYPE of_body AS ENUM ('a');"
       "CREATE FUNCTION g() RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN ''a''::of_body; END'",
       "CREATE TYPE lonely AS ENUM ('a'); DROP TABLE a",
       {"lonely", "of_column"}},
      {"pg/check-instead-of-enum",
       "CREATE TYPE mood AS ENUM ('sad', 'happy');"
       "CREATE TABLE a (m mood, fewer text CHECK (fewer IN ('sad')),"
       "  more text CHECK (more IN ('sad', 'happy', 'odd')), free text CHECK (free <> 'sad'),"
       "  two text, CHECK (two IN ('sad', 'happy') OR more = 'odd'))",
       "CREATE TABLE b (\"M\" text CHECK (\"M\" IN ('happy', 'sad')),"
       "  n varchar(9) DEFAULT 'sad' CHECK (n IN ('sad', 'happy')))",
       {"b.M", "b.n"}},
  });
}

TEST_P(TableRules, OfNames) {
  const std::string longest(63, 'a');
  const std::string long_one = "CREATE TABLE " + longest.substr(1) + " (id int)";
  const std::string too_long = "CREATE TABLE " + longest + " (" + std::string(70, 'b') + " int)";
  const std::vector<std::string> cut = {longest, longest + "." + std::string(63, 'b')};
  ExpectRulesSideBySide({
      {"pg/quoted-name",
       "CREATE TABLE plain_1 (_id int, \"user\" int)",
       "CREATE TABLE \"Orders\" (\"Order Id\" int, caf\xc3\xa9 int);"
       "CREATE FUNCTION \"F\"(int) RETURNS int LANGUAGE sql AS 'SELECT 1';"
       "CREATE FUNCTION \"F\"(text) RETURNS int LANGUAGE sql AS 'SELECT 1'",
       {"F(integer)", "Orders", "Orders.Order Id", "Orders.caf\xc3\xa9"}},
      {"pg/reserved-word",
       "CREATE TABLE users (name text, value int, type text);"
       "CREATE FUNCTION \"left\"() RETURNS int LANGUAGE sql AS 'SELECT 1'",
       "CREATE TABLE \"user\" (\"order\" int); CREATE VIEW \"left\" AS SELECT 1 AS x",
       {"left", "user", "user.order"}},
      {"pg/truncated-name", long_one.c_str(), too_long.c_str(), cut},
      {"pg/missing-comment",
       "CREATE TABLE a (id int); COMMENT ON TABLE a IS 'said'",
       "CREATE TABLE b (id int); CREATE VIEW v AS SELECT 1 AS x;"
       "CREATE MATERIALIZED VIEW m AS SELECT 1 AS x",
       {"b", "m", "v"}},
      {"pg/missing-column-comment",
       "CREATE TABLE a (id int); COMMENT ON COLUMN a.id IS 'said'",
       "ALTER TABLE a ADD b int",
       {"a.b"}},
  });
}

TEST_P(TableRules, OfNamesInTwoStyles) {
  ExpectRules({
      {"pg/singular-and-plural",
       "CREATE TABLE orders (id int); CREATE TABLE order_lines (id int);"
       "CREATE TABLE order_status (id int); CREATE TABLE order_history (id int)",
       "CREATE TABLE customer (id int); CREATE TABLE \"orderAddress\" (id int)",
       {"public.customer", "public.orderAddress"}},
      {"pg/singular-and-plural",
       "CREATE TABLE customer (id int); CREATE TABLE person (id int)",
       "CREATE TABLE orders (id int)",
       {"public.orders"}},
      {"pg/mixed-naming",
       "CREATE TABLE order_lines (order_id int, total int, \"URL\" text)",
       "CREATE TABLE \"orderNotes\" (note text)",
       {"public.orderNotes"}},
      {"pg/mixed-naming",
       "CREATE TABLE \"orderLines\" (\"orderId\" int, total int)",
       "CREATE TABLE notes (order_id int)",
       {"public.notes.order_id"}},
  });
}

}  // namespace
}  // namespace varve::testing
