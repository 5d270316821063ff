// Rules about types of columns.
#include "tests/integration/postgres/rules_case.h"

namespace varve::testing {
namespace {

class ColumnTypeRules : public RulesCase {};
VARVE_ON_EVERY_POSTGRES(ColumnTypeRules);

TEST_P(ColumnTypeRules, FindWhatIsWrongAndNothingElse) {
  ExpectRulesSideBySide({
      {"pg/float-for-money",
       "CREATE TABLE a (price numeric, price_ratio float8, feed real, prices float8[])",
       "CREATE TABLE b (unit_price real NOT NULL DEFAULT 0, \"Balance\" float8)",
       {"b.Balance", "b.unit_price"}},
      {"pg/internal-type",
       "CREATE TABLE a (n text, c char(1))",
       "CREATE TABLE b (n name, c \"char\" DEFAULT 'x')",
       {"b.c", "b.n"}},
      {"pg/money-type",
       "CREATE TABLE a (m numeric)",
       "CREATE DOMAIN d AS money; CREATE TABLE b (m money, n d)",
       {"b.m", "b.n"}},
      {"pg/reg-type",
       "CREATE TABLE a (c regclass, t regtype, r regrole, o oid)",
       "CREATE TABLE b (p regproc, n regnamespace)",
       {"b.n", "b.p"}},
      {"pg/timetz-type",
       "CREATE TABLE a (t time, z timestamptz)",
       "CREATE TABLE b (t timetz)",
       {"b.t"}},
  });
}

TEST_P(ColumnTypeRules, OfPolicyFindWhatTheyAreNamedFor) {
  ExpectRulesSideBySide({
      {"pg/char-type",
       "CREATE TABLE a (t text, v varchar(9), c \"char\")",
       "CREATE DOMAIN d AS char(2); CREATE TABLE b (c char(3) DEFAULT 'EUR', n d)",
       {"b.c", "b.n"}},
      {"pg/json-instead-of-jsonb",
       "CREATE TABLE a (j jsonb, t text)",
       "CREATE TABLE b (j json DEFAULT '{}')",
       {"b.j"}},
      {"pg/timestamp-without-time-zone",
       "CREATE TABLE a (t timestamptz, d date, m time)",
       "CREATE TABLE b (t timestamp(3) DEFAULT now())",
       {"b.t"}},
      {"pg/uuid-kept-as-text",
       "CREATE TABLE a (u uuid DEFAULT gen_random_uuid(), t text DEFAULT 'uuid')",
       "CREATE TABLE b (u text DEFAULT gen_random_uuid(), v varchar(36) DEFAULT gen_random_uuid())",
       {"b.u", "b.v"},
       13},
      {"pg/varchar-length",
       "CREATE TABLE a (t text, v varchar, c char(3))",
       "CREATE TABLE b (v varchar(9) DEFAULT 'x')",
       {"b.v"}},
  });
}

TEST_P(ColumnTypeRules, OfColumnsThatAreCalledTheSame) {
  ExpectRules({{"pg/column-type-differs",
                "CREATE TABLE a (n int, v varchar(3)); CREATE TABLE b (n int, v varchar(9))",
                "CREATE TABLE c (n text); CREATE TABLE d (o int)",
                {"public.c.n"}}});
}

}  // namespace
}  // namespace varve::testing
