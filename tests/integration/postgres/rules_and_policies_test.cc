// Rules of tables and views, and policies of row level security.
#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/role_case.h"

namespace varve::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const EntityKey kView{"view", {"public", "v"}};

class Rules : public PostgresCase {};
VARVE_ON_EVERY_POSTGRES(Rules);

constexpr const char* kRules =
    "CREATE TABLE t (id int, note text); CREATE TABLE log (id int);"
    "CREATE VIEW v AS SELECT id FROM t;"
    "CREATE RULE note_it AS ON UPDATE TO t WHERE old.id > 5 DO ALSO INSERT INTO log VALUES "
    "(new.id);"
    "CREATE RULE keep AS ON DELETE TO t DO INSTEAD NOTHING;"
    "CREATE RULE put AS ON INSERT TO v DO INSTEAD INSERT INTO t (id) VALUES (new.id)";

TEST_P(Rules, SayWhatTheyDoWhen) {
  Run(kRules);
  const Gathered gathered = Gather();
  const v1::TableStructure table = gathered.Table("t");
  EXPECT_THAT(NamesOf(table.rules()), ElementsAre("keep", "note_it"));
  EXPECT_EQ(table.rules(0).event(), "delete");
  EXPECT_TRUE(table.rules(0).instead());
  EXPECT_EQ(table.rules(1).event(), "update");
  EXPECT_FALSE(table.rules(1).instead());
  EXPECT_EQ(table.rules(1).enabled(), "origin");
  // The rule that is the view's query is none of these.
  const v1::ViewStructure view = gathered.Shape(kView, v1::FACET_STRUCTURE).view();
  ASSERT_THAT(NamesOf(view.rules()), ElementsAre("put"));
  EXPECT_EQ(view.rules(0).event(), "insert");
}

TEST_P(Rules, ReadAsTheServerPrintsThem) {
  Run(kRules);
  const Gathered gathered = Gather();
  const auto texts = gathered.TableExpressions("t").rules();
  ASSERT_THAT(texts, SizeIs(2));
  const std::string ask =
      "SET search_path = pg_catalog; SELECT pg_get_ruledef(oid) FROM pg_rewrite WHERE rulename = ";
  EXPECT_EQ(texts[0].definition(), Ask(ask + "'keep'").front());
  EXPECT_EQ(texts[1].definition(), Ask(ask + "'note_it'").front());
  const auto of_view = gathered.Shape(kView, v1::FACET_EXPRESSIONS).view_expressions().rules();
  ASSERT_THAT(of_view, SizeIs(1));
  EXPECT_EQ(of_view[0].definition(), Ask(ask + "'put'").front());
}

TEST_P(Rules, ChangeByOnePropertyAtATime) {
  Run("CREATE TABLE t (id int); CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING");
  const std::string statement = "CREATE RULE r AS\n    ON DELETE TO public.t";
  ExpectChanges({
      {"ALTER TABLE t ENABLE REPLICA RULE r",
       {"table public.t structure: rules.r.enabled origin -> replica"}},
      {"ALTER TABLE t DISABLE RULE r",
       {"table public.t structure: rules.r.enabled replica -> disabled"}},
      {"ALTER TABLE t ENABLE ALWAYS RULE r",
       {"table public.t structure: rules.r.enabled disabled -> always"}},
      {"ALTER TABLE t ENABLE RULE r",
       {"table public.t structure: rules.r.enabled always -> origin"}},
      {"CREATE OR REPLACE RULE r AS ON DELETE TO t DO INSTEAD NOTHING", {}},
      {"CREATE OR REPLACE RULE r AS ON DELETE TO t WHERE old.id > 1 DO INSTEAD NOTHING",
       {absl::StrCat("table public.t expressions: rules.r.definition ", statement,
                     " DO INSTEAD NOTHING; -> ", statement,
                     "\n   WHERE (old.id > 1) DO INSTEAD NOTHING;")}},
      {"CREATE OR REPLACE RULE r AS ON DELETE TO t DO INSTEAD NOTHING",
       {absl::StrCat("table public.t expressions: rules.r.definition ", statement,
                     "\n   WHERE (old.id > 1) DO INSTEAD NOTHING; -> ", statement,
                     " DO INSTEAD NOTHING;")}},
      {"COMMENT ON RULE r ON t IS 'kept'",
       {"table public.t docs: elements.rule r nothing -> comment kept"}},
      {"ALTER RULE r ON t RENAME TO s",
       {"table public.t structure: rules.r event delete instead enabled origin -> nothing",
        "table public.t structure: rules.s nothing -> event delete instead enabled origin",
        absl::StrCat("table public.t expressions: rules.r definition ", statement,
                     " DO INSTEAD NOTHING; -> nothing"),
        absl::StrCat("table public.t expressions: rules.s nothing -> definition CREATE RULE s AS\n",
                     "    ON DELETE TO public.t DO INSTEAD NOTHING;"),
        "table public.t docs: elements.rule r comment kept -> nothing",
        "table public.t docs: elements.rule s nothing -> comment kept"}},
      {"ALTER RULE s ON t RENAME TO x; ALTER RULE x ON t RENAME TO s", {}},
  });
}

TEST_P(Rules, FollowARenamedTable) {
  Run("CREATE TABLE t (id int); CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING");
  const Gathered before = Gather();
  Run("ALTER TABLE t RENAME TO orders");
  EXPECT_THAT(Differences(before, Gather()),
              ElementsAre("renamed table public.orders was public.t"));
}

TEST_P(Rules, HideTheSecretsInThem) {
  Run("CREATE TABLE t (id int, password text);"
      "CREATE RULE r AS ON UPDATE TO t WHERE new.password = 's3cret-rule' DO INSTEAD NOTHING;"
      "COMMENT ON RULE r ON t IS 'postgresql://app:s3cret-comment@db/x'");
  EXPECT_THAT(Gather().Mentioning("s3cret"), IsEmpty());
}

class Policies : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(Policies);

TEST_P(Policies, SayForWhomAndWhat) {
  Run(
      absl::StrCat("CREATE TABLE t (id int, owner text);"
                   "CREATE POLICY own ON t USING (owner = CURRENT_USER);"
                   "CREATE POLICY small ON t AS RESTRICTIVE FOR UPDATE TO ",
                   Role(),
                   ", CURRENT_USER USING (id < 10) WITH CHECK (id < 5);"
                   "CREATE POLICY fill ON t FOR INSERT WITH CHECK (id > 0);"
                   "CREATE POLICY all_rows ON t FOR SELECT"));
  const Gathered gathered = Gather();
  const v1::TableStructure table = gathered.Table("t");
  ASSERT_THAT(NamesOf(table.policies()), ElementsAre("all_rows", "fill", "own", "small"));
  EXPECT_EQ(table.policies(0).command(), "select");
  EXPECT_EQ(table.policies(1).command(), "insert");
  EXPECT_EQ(table.policies(2).command(), "all");
  EXPECT_THAT(table.policies(2).roles(), ElementsAre("public"));
  EXPECT_TRUE(table.policies(2).permissive());
  EXPECT_EQ(table.policies(3).command(), "update");
  EXPECT_FALSE(table.policies(3).permissive());
  EXPECT_THAT(table.policies(3).roles(), ElementsAre("postgres", Role()));
  const auto texts = gathered.TableExpressions("t").policies();
  ASSERT_THAT(NamesOf(texts), ElementsAre("fill", "own", "small"));
  EXPECT_EQ(texts[0].using_(), "");
  EXPECT_EQ(texts[0].with_check(), "(id > 0)");
  EXPECT_EQ(texts[1].using_(),
            Ask("SELECT qual FROM pg_policies WHERE policyname = 'own'").front());
  EXPECT_EQ(texts[2].using_(), "(id < 10)");
  EXPECT_EQ(texts[2].with_check(), "(id < 5)");
}

TEST_P(Policies, AreSeenByWhoTheyDoNotLetIn) {
  Run("CREATE SCHEMA app; CREATE TABLE app.t (id int); ALTER TABLE app.t ENABLE ROW LEVEL SECURITY;"
      "CREATE TABLE app.who (name text);"
      "CREATE POLICY p ON app.t USING (EXISTS (SELECT 1 FROM app.who WHERE name = 'x'))");
  EXPECT_THAT(Differences(Gather(), Gather(Config(Role()))), IsEmpty());
}

TEST_P(Policies, ThatAskALockedTableAreUnseenAndNothingElseIs) {
  Run("CREATE TABLE t (id int); CREATE TABLE who (name text); CREATE TABLE other (id int DEFAULT "
      "1);"
      "CREATE POLICY p ON t USING (EXISTS (SELECT 1 FROM who WHERE name = 'x'));"
      "CREATE POLICY q ON other USING (id > 1)");
  const auto session = Open();
  VARVE_ASSERT_OK(session->Run("BEGIN"));
  VARVE_ASSERT_OK(session->Run("LOCK TABLE who IN ACCESS EXCLUSIVE MODE"));
  const Gathered gathered = Gather();
  EXPECT_EQ(gathered.SightOf(TableKey("t"), v1::FACET_STRUCTURE), v1::SIGHT_CAPTURED);
  EXPECT_EQ(gathered.SightOf(TableKey("t"), v1::FACET_EXPRESSIONS), v1::SIGHT_LOCKED);
  EXPECT_EQ(gathered.SightOf(TableKey("other"), v1::FACET_EXPRESSIONS), v1::SIGHT_CAPTURED);
}

TEST_P(Policies, ChangeByOnePropertyAtATime) {
  Run("CREATE TABLE t (id int); CREATE POLICY p ON t USING (id > 1)");
  ExpectChanges({
      {"ALTER POLICY p ON t USING (id > 2)",
       {"table public.t expressions: policies.p.using (id > 1) -> (id > 2)"}},
      {"ALTER POLICY p ON t WITH CHECK (id > 3)",
       {"table public.t expressions: policies.p.with_check nothing -> (id > 3)"}},
      {absl::StrCat("ALTER POLICY p ON t TO ", Role()),
       {absl::StrCat("table public.t structure: policies.p.roles [public] -> [", Role(), "]")}},
      {absl::StrCat("ALTER POLICY p ON t TO ", Role(), ", postgres"),
       {absl::StrCat("table public.t structure: policies.p.roles [", Role(), "] -> [postgres, ",
                     Role(), "]")}},
      {absl::StrCat("ALTER POLICY p ON t TO postgres, ", Role()), {}},
      {"ALTER POLICY p ON t TO PUBLIC",
       {absl::StrCat("table public.t structure: policies.p.roles [postgres, ", Role(),
                     "] -> [public]")}},
      {"DROP POLICY p ON t;"
       "CREATE POLICY p ON t AS RESTRICTIVE USING (id > 2) WITH CHECK (id > 3)",
       {"table public.t structure: policies.p.permissive true -> false"}},
      {"DROP POLICY p ON t;"
       "CREATE POLICY p ON t AS RESTRICTIVE FOR UPDATE USING (id > 2) WITH CHECK (id > 3)",
       {"table public.t structure: policies.p.command all -> update"}},
      {"COMMENT ON POLICY p ON t IS 'few'",
       {"table public.t docs: elements.policy p nothing -> comment few"}},
      {"ALTER POLICY p ON t RENAME TO q",
       {"table public.t structure: policies.p command update roles [public] -> nothing",
        "table public.t structure: policies.q nothing -> command update roles [public]",
        "table public.t expressions: policies.p using (id > 2) with check (id > 3) -> nothing",
        "table public.t expressions: policies.q nothing -> using (id > 2) with check (id > 3)",
        "table public.t docs: elements.policy p comment few -> nothing",
        "table public.t docs: elements.policy q nothing -> comment few"}},
      {"ALTER POLICY q ON t RENAME TO x; ALTER POLICY x ON t RENAME TO q", {}},
      {"CREATE POLICY everyone ON t",
       {"table public.t structure: policies.everyone nothing -> command all permissive roles "
        "[public]"}},
  });
}

TEST_P(Policies, HideTheSecretsInThem) {
  Run("CREATE TABLE t (id int, token text);"
      "CREATE POLICY p ON t USING (token = 's3cret-policy') WITH CHECK (token = 's3cret-check')");
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Mentioning("s3cret"), IsEmpty());
  EXPECT_THAT(gathered.TableExpressions("t").policies(), SizeIs(1));
}

TEST_P(Policies, ThatMayNotBeReadCostTheTablesStructure) {
  Run("CREATE TABLE t (id int); REVOKE SELECT ON pg_catalog.pg_policy FROM PUBLIC");
  const Gathered guests = Gather(Config(Role()));
  EXPECT_EQ(guests.SightOf(TableKey("t"), v1::FACET_STRUCTURE), v1::SIGHT_UNSPECIFIED);
  EXPECT_THAT(guests.Errors(),
              Contains(absl::StrCat("reading pg_policy | permission denied for table pg_policy "
                                    "(42501) | GRANT SELECT ON pg_catalog.pg_policy TO ",
                                    Role())));
}

}  // namespace
}  // namespace varve::testing
