// The rules that are run by default, on databases as people have them: every finding is true.
#include <algorithm>
#include <iterator>
#include <map>

#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/generated.h"
#include "tests/integration/postgres/rules_case.h"

namespace varve::testing {
namespace {

using ::testing::IsEmpty;

class HealthyRules : public RulesCase {};
VARVE_ON_EVERY_POSTGRES(HealthyRules);

std::string TextOf(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& each : findings) {
    absl::StrAppend(&text, each.rule, " ", each.object, ": ", each.message, "\n");
  }
  return text;
}

std::map<std::string, int> CountsOf(const std::vector<Finding>& findings) {
  std::map<std::string, int> counts;
  for (const Finding& each : findings) ++counts[std::string(each.rule)];
  return counts;
}

// Those that the first lines of the schema say are there on purpose, and no other.
TEST_P(HealthyRules, FindInTheDemoWhatIsWrongOnPurpose) {
  if (!HasDemo(major())) GTEST_SKIP() << "its functions are of newer servers";
  LoadDemo(server(), database());
  const std::vector<Finding> findings = FindingsByDefault();
  std::map<std::string, int> expected = {
      {"pg/duplicate-index", 1}, {"pg/fk-without-index", 3}, {"pg/table-without-primary-key", 1}};
  if (major() < 15) expected["pg/granted-to-public"] = 1;  // schema public is everyone's there
  EXPECT_EQ(CountsOf(findings), expected) << TextOf(findings);
}

// What the generator has that a rule should find, asked of the catalogs. All else in its 100 tables
// is healthy.
struct Fault {
  const char* rule;
  std::string objects;  // query
};

// Of every table that is no partition and not the server's own.
constexpr const char* kRelations = R"(
  FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
  WHERE relkind IN ('r', 'p') AND NOT relispartition
    AND nspname !~ '^pg_' AND nspname <> 'information_schema')";

std::string ColumnsWhere(const char* condition) {
  return absl::StrCat(
      "SELECT spot || '.' || attname FROM pg_attribute JOIN (SELECT c.oid, nspname "
      "|| '.' || relname",
      kRelations, ") AS t (oid, spot) ON attrelid = oid WHERE attislocal AND ", condition);
}

constexpr const char* kKeysWithoutIndex = R"(
  SELECT nspname || '.' || relname ||
         CASE cardinality(conkey) WHEN 1 THEN '.' || names ELSE '(' || names || ')' END
  FROM pg_constraint JOIN pg_class c ON c.oid = conrelid JOIN pg_namespace n ON n.oid = relnamespace
  CROSS JOIN LATERAL (
    SELECT string_agg(attname, ', ' ORDER BY at) FROM unnest(conkey) WITH ORDINALITY AS u (number, at)
    JOIN pg_attribute ON attrelid = conrelid AND attnum = number) AS l (names)
  WHERE contype = 'f' AND NOT relispartition AND NOT EXISTS (
    SELECT FROM pg_index JOIN pg_class x ON x.oid = indexrelid JOIN pg_am m ON m.oid = x.relam
    WHERE indrelid = conrelid AND amname = 'btree' AND indpred IS NULL
      AND (indkey::int2[])[0:cardinality(conkey) - 1] @> conkey))";

constexpr const char* kCyclingSequences = R"(
  SELECT DISTINCT nspname || '.' || relname
  FROM pg_sequence JOIN pg_class c ON c.oid = seqrelid JOIN pg_namespace n ON n.oid = relnamespace
  JOIN pg_depend d ON d.refobjid = c.oid AND d.classid = 'pg_attrdef'::regclass
  JOIN pg_attrdef f ON f.oid = d.objid
  JOIN pg_index ON indrelid = adrelid AND indisunique AND indkey::text = adnum::text
  WHERE seqcycle)";

// Foreign keys and unique constraints that a parent has and its child has not.
constexpr const char* kKeysOfParents = R"(
  SELECT nspname || '.' || relname ||
         CASE cardinality(k.conkey) WHEN 1 THEN '.' || names ELSE '(' || names || ')' END
  FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid JOIN pg_namespace n ON n.oid = relnamespace
  JOIN pg_constraint k ON k.conrelid = inhparent AND k.contype IN ('f', 'u')
  CROSS JOIN LATERAL (
    SELECT string_agg(attname, ', ' ORDER BY at)
    FROM unnest(k.conkey) WITH ORDINALITY AS u (number, at)
    JOIN pg_attribute ON attrelid = inhparent AND attnum = number) AS l (names)
  WHERE NOT relispartition AND c.relkind = 'r' AND NOT EXISTS (
    SELECT FROM pg_constraint own WHERE own.conrelid = inhrelid AND own.contype = k.contype
      AND (k.contype = 'u' OR own.confrelid = k.confrelid)))";

std::vector<Fault> Faults() {
  return {
      {"pg/table-without-primary-key",  // children, which inherit no key
       absl::StrCat("SELECT nspname || '.' || relname", kRelations,
                    " AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid AND "
                    "indisprimary)")},
      {"pg/not-valid-constraint",
       "SELECT nspname || '.' || relname || '.' || conname FROM pg_constraint JOIN pg_class c ON "
       "c.oid = conrelid JOIN pg_namespace n ON n.oid = relnamespace WHERE NOT convalidated"},
      {"pg/fk-without-index", kKeysWithoutIndex},
      {"pg/cycling-key-sequence", kCyclingSequences},
      {"pg/invalid-index",
       "SELECT nspname || '.' || relname FROM pg_index JOIN pg_class c ON c.oid = indexrelid JOIN "
       "pg_namespace n ON n.oid = relnamespace WHERE NOT indisvalid"},
      {"pg/disabled-trigger",
       "SELECT nspname || '.' || relname || '.' || tgname FROM pg_trigger JOIN pg_class c ON c.oid "
       "= tgrelid JOIN pg_namespace n ON n.oid = relnamespace WHERE tgenabled = 'D'"},
      {"pg/granted-to-public",  // schema public before 15
       "SELECT nspname FROM pg_namespace WHERE nspacl::text ~ '[{,]=[UC]*C' AND nspname !~ '^pg_'"},
      {"pg/inherited-child-without-constraints", kKeysOfParents},
      {"pg/unlogged-table",
       absl::StrCat("SELECT nspname || '.' || relname", kRelations, " AND relpersistence = 'u'")},
      {"pg/truncated-name", absl::StrCat("SELECT nspname || '.' || relname", kRelations,
                                         " AND octet_length(relname) = 63")},
      {"pg/money-type", ColumnsWhere("atttypid = 'money'::regtype")},
      {"pg/internal-type", ColumnsWhere("atttypid = '\"char\"'::regtype")},
      {"pg/timetz-type", ColumnsWhere("atttypid = 'timetz'::regtype")},
      {"pg/float-for-money",
       ColumnsWhere("atttypid IN ('float4'::regtype, 'float8'::regtype) AND attname IN ('amount', "
                    "'price')")},
  };
}

TEST_P(HealthyRules, FindInGeneratedTablesWhatTheCatalogsSayIsWrong) {
  LoadGenerated(server(), database(), database(), "--tables 100 --seed 1 --no-zoo");
  std::vector<std::string> expected;
  for (const Fault& fault : Faults()) {
    for (const std::string& object : Ask(fault.objects)) {
      expected.push_back(absl::StrCat(fault.rule, " ", object));
    }
  }
  std::vector<std::string> found;
  for (const Finding& each : FindingsByDefault()) {
    found.push_back(absl::StrCat(each.rule, " ", each.object));
  }
  std::sort(expected.begin(), expected.end());
  std::sort(found.begin(), found.end());
  std::vector<std::string> missed, too_many;  // GoogleTest cuts long lists off
  std::set_difference(expected.begin(), expected.end(), found.begin(), found.end(),
                      std::back_inserter(missed));
  std::set_difference(found.begin(), found.end(), expected.begin(), expected.end(),
                      std::back_inserter(too_many));
  EXPECT_THAT(missed, IsEmpty());
  EXPECT_THAT(too_many, IsEmpty());
}

}  // namespace
}  // namespace varve::testing
