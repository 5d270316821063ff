// Rules about row level security, privileges and owners.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/integration/postgres/rules_case.h"

namespace varve::testing {
namespace {

class SecurityRules : public RulesCase {};
VARVE_ON_EVERY_POSTGRES(SecurityRules);

TEST_P(SecurityRules, OfRowSecurity) {
  ExpectRulesSideBySide({
      {"pg/policies-without-row-security",
       "CREATE TABLE a (id int); CREATE POLICY p ON a USING (id > 0);"
       "ALTER TABLE a ENABLE ROW LEVEL SECURITY; CREATE TABLE b (id int)",
       "CREATE TABLE c (id int); CREATE POLICY p ON c USING (id > 0);"
       "CREATE TABLE w (id int) PARTITION BY LIST (id);"
       "CREATE TABLE w1 PARTITION OF w FOR VALUES IN (1); CREATE POLICY p ON w1 USING (id > 0)",
       {"c", "w1"}},
      {"pg/row-security-without-policy",
       "CREATE TABLE a (id int); CREATE POLICY p ON a USING (id > 0);"
       "ALTER TABLE a ENABLE ROW LEVEL SECURITY;"
       "CREATE TABLE w (id int) PARTITION BY LIST (id);"
       "CREATE TABLE w1 PARTITION OF w FOR VALUES IN (1);"
       "ALTER TABLE w1 ENABLE ROW LEVEL SECURITY",
       "CREATE TABLE c (id int); ALTER TABLE c ENABLE ROW LEVEL SECURITY;"
       "CREATE TABLE d (id int); CREATE POLICY p ON d AS RESTRICTIVE USING (id > 0);"
       "ALTER TABLE d ENABLE ROW LEVEL SECURITY",
       {"c", "d"}},
      {"pg/policy-always-true",
       "CREATE TABLE a (id int); ALTER TABLE a ENABLE ROW LEVEL SECURITY;"
       "CREATE POLICY looks ON a FOR SELECT USING (true);"
       "CREATE POLICY own ON a USING (id > 0);"
       "CREATE POLICY by_one ON a FOR DELETE TO pg_monitor USING (true);"
       "CREATE TABLE n (id int); ALTER TABLE n ENABLE ROW LEVEL SECURITY;"
       "CREATE POLICY wide ON n USING (true);"
       "CREATE POLICY narrow ON n AS RESTRICTIVE USING (id > 0);"
       "CREATE TABLE o (id int); CREATE POLICY off ON o USING (true)",
       "CREATE TABLE c (id int); ALTER TABLE c ENABLE ROW LEVEL SECURITY;"
       "CREATE POLICY change ON c FOR UPDATE USING (id > 0) WITH CHECK (true);"
       "CREATE POLICY put ON c FOR INSERT WITH CHECK (true);"
       "CREATE POLICY wide ON c USING (true)",
       {"c.change", "c.put", "c.wide"}},
      {"pg/several-permissive-policies",
       "CREATE TABLE a (id int); ALTER TABLE a ENABLE ROW LEVEL SECURITY;"
       "CREATE POLICY looks ON a FOR SELECT USING (id > 0);"
       "CREATE POLICY put ON a FOR INSERT WITH CHECK (id > 0);"
       "CREATE POLICY narrow ON a AS RESTRICTIVE USING (id < 9);"
       "CREATE POLICY one ON a FOR DELETE TO pg_monitor USING (id > 0);"
       "CREATE POLICY other ON a FOR DELETE TO pg_signal_backend USING (id > 1)",
       "CREATE TABLE c (id int); ALTER TABLE c ENABLE ROW LEVEL SECURITY;"
       "CREATE POLICY all_of ON c USING (id > 0);"
       "CREATE POLICY one ON c FOR SELECT TO pg_monitor USING (id > 1)",
       {"c"}},
      {"pg/owner-bypasses-row-security",
       "CREATE TABLE a (id int); CREATE TABLE b (id int);"
       "ALTER TABLE b ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
       "CREATE TABLE c (id int); ALTER TABLE c ENABLE ROW LEVEL SECURITY",
       {"c"}},
      {"pg/view-bypasses-row-security",
       "CREATE TABLE t (id int); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
       "CREATE TABLE f (id int); ALTER TABLE f ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
       "CREATE TABLE plain (id int); CREATE VIEW nobodys AS SELECT id FROM t;"
       "CREATE VIEW asker WITH (security_invoker) AS SELECT id FROM t;"
       "CREATE VIEW forced AS SELECT id FROM f; CREATE VIEW of_plain AS SELECT id FROM plain;"
       "CREATE VIEW others AS SELECT id FROM t; ALTER VIEW others OWNER TO pg_monitor;"
       "GRANT SELECT ON asker, forced, of_plain, others TO PUBLIC",
       "CREATE VIEW open AS SELECT id FROM t; GRANT SELECT ON open TO pg_monitor;"
       "CREATE VIEW part WITH (security_invoker = off) AS SELECT max(id) AS id FROM t;"
       "GRANT SELECT (id) ON part TO PUBLIC",
       {"open", "part"},
       15},
  });
}

// Everyone may use the schema of the case.
constexpr char kReach[] =
    "DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO PUBLIC', current_schema()); END $$;";

TEST_P(SecurityRules, OfRoutinesThatRunAsTheirOwner) {
  const std::string reach = kReach;
  const std::string closed =
      reach +
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';"
      "REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC;"
      "CREATE FUNCTION t() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN END';"
      "CREATE FUNCTION asker() RETURNS int LANGUAGE sql AS 'SELECT 1'";
  ExpectRulesSideBySide({
      {"pg/security-definer-without-search-path",
       "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog"
       "  AS 'SELECT 1';"
       "CREATE FUNCTION asker() RETURNS int LANGUAGE sql AS 'SELECT 1'",
       "CREATE TYPE \"Odd type\" AS ENUM ('a');"
       "CREATE FUNCTION g(a numeric(5,2), b \"Odd type\"[]) RETURNS int LANGUAGE sql"
       "  SECURITY DEFINER SET work_mem = '1MB' AS 'SELECT 1';"
       "CREATE PROCEDURE p() LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN END'",
       {"g(numeric, case_0.\"Odd type\"[])", "p()"}},
      {"pg/security-definer-without-search-path",
       "CREATE FUNCTION parsed() RETURNS int SECURITY DEFINER BEGIN ATOMIC SELECT 1; END",
       "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
       {"f()"},
       14},
      {"pg/security-definer-public",
       closed.c_str(),
       "CREATE FUNCTION open(a int) RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';"
       "CREATE PROCEDURE p() LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN END'",
       {"open(integer)", "p()"}},
      {"pg/security-definer-public",
       "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
       kReach,
       {"f()"}},
  });
}

TEST_P(SecurityRules, OfWhatEveryoneMayDo) {
  const std::string reach = kReach;
  const std::string secrets =
      reach +
      "CREATE TABLE a (password text, token_count int, PRIMARY KEY (password));"
      "GRANT SELECT (token_count) ON a TO PUBLIC; GRANT SELECT ON a TO pg_monitor";
  const std::string granted = reach +
                              "CREATE SEQUENCE s; GRANT USAGE ON s TO PUBLIC;"
                              "CREATE VIEW v AS SELECT 1 AS x, 2 AS \"Y\";"
                              "GRANT SELECT (\"Y\") ON v TO PUBLIC; GRANT INSERT ON v TO PUBLIC";
  ExpectRulesSideBySide({
      {"pg/granted-to-public",
       "CREATE TABLE a (id int); GRANT SELECT ON a TO pg_monitor;"
       "CREATE TABLE out_of_reach (id int); GRANT SELECT ON out_of_reach TO PUBLIC",
       granted.c_str(),
       {"out_of_reach", "s", "v"}},
      {"pg/secret-column-public",
       secrets.c_str(),
       "CREATE TABLE b (id int, password_hash text, \"apiKey\" text); GRANT SELECT ON b TO PUBLIC;"
       "CREATE TABLE c (secret text, x int); GRANT SELECT (secret) ON c TO PUBLIC",
       {"b.apiKey", "b.password_hash", "c.secret"}},
  });
}

TEST_P(SecurityRules, OfSchemasAndWhatWillBeMadeInThem) {
  ExpectRules({
      {"pg/granted-to-public",
       "CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO PUBLIC",
       "GRANT CREATE ON SCHEMA app TO PUBLIC",
       {"app"}},
      {"pg/default-privileges-for-public",
       "CREATE SCHEMA app; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor;"
       "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
       "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT, INSERT ON TABLES TO PUBLIC;"
       "ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO PUBLIC",
       {"schema by postgres", "table by postgres in app"}},
      {"pg/several-owners",
       "CREATE SCHEMA app; CREATE TABLE app.a (id serial)",
       "CREATE TABLE app.b (id int); ALTER TABLE app.b OWNER TO pg_monitor",
       {"app"}},
  });
}

// "warn public.f(): is owned …"
std::vector<std::string> LinesOf(const CheckResult& result) {
  std::vector<std::string> lines;
  for (const Finding& finding : result.findings) {
    lines.push_back(
        absl::StrCat(SeverityName(finding.severity), " ", finding.object, ": ", finding.message));
  }
  return lines;
}

TEST_P(SecurityRules, OfWhatASuperuserOwns) {
  constexpr char kRule[] = "pg/superuser-owned";
  Run("CREATE ROLE plain; CREATE TABLE theirs (id int); ALTER TABLE theirs OWNER TO plain;"
      "CREATE TABLE predefined (id int); ALTER TABLE predefined OWNER TO pg_monitor");
  const CheckResult healthy = SaidBesideCluster(kRule);
  EXPECT_THAT(healthy.findings, ::testing::IsEmpty());
  EXPECT_THAT(healthy.cannot_say, ::testing::IsEmpty());

  Run("CREATE TABLE own (id int) PARTITION BY LIST (id); CREATE TABLE p PARTITION OF own DEFAULT;"
      "CREATE VIEW v AS SELECT id FROM theirs; CREATE MATERIALIZED VIEW m AS SELECT 1 AS x;"
      "CREATE FUNCTION asker() RETURNS int LANGUAGE sql AS 'SELECT 1';"
      "CREATE FUNCTION definer() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'");
  const CheckResult broken = SaidBesideCluster(kRule);
  EXPECT_THAT(
      LinesOf(broken),
      ::testing::ElementsAre("warn public.definer(): runs with the rights of superuser postgres",
                             "info public.asker(): is owned by superuser postgres",
                             "info public.m: is owned by superuser postgres",
                             "info public.own: is owned by superuser postgres",
                             "info public.v: is owned by superuser postgres"));
  for (const Finding& finding : broken.findings) {
    Run(absl::StrReplaceAll(finding.remedy, {{"…", "plain"}}));
  }
  EXPECT_THAT(LinesOf(SaidBesideCluster(kRule)), ::testing::IsEmpty());
  Run("DROP OWNED BY plain CASCADE; DROP ROLE plain");
}

// REVOKE takes back what the owner gave, and nothing else.
TEST_P(SecurityRules, GiveNoStatementThatWouldNotDo) {
  Run("CREATE TABLE t (id int); GRANT USAGE ON SCHEMA public TO PUBLIC;"
      "GRANT SELECT ON t TO pg_monitor WITH GRANT OPTION;"
      "SET ROLE pg_monitor; GRANT SELECT ON t TO PUBLIC; RESET ROLE");
  const std::vector<Finding> findings = FindingsOf("pg/granted-to-public");
  const auto found = std::find_if(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.object == "public.t";
  });
  ASSERT_NE(found, findings.end());
  EXPECT_EQ(found->remedy, "");
}

}  // namespace
}  // namespace varve::testing
