// Views and materialized views.
#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAreArray;
using ::testing::SizeIs;

class Views : public PostgresCase {};
VARVE_ON_EVERY_POSTGRES(Views);

EntityKey ViewKey(const std::string& name) { return {"view", {"public", name}}; }
EntityKey MaterializedKey(const std::string& name) {
  return {"materialized_view", {"public", name}};
}

TEST_P(Views, ReadAsTheServerPrintsThem) {
  Run("CREATE TABLE t (id int, name varchar(9));"
      "CREATE VIEW v AS SELECT id, upper(name) AS loud FROM t WHERE id > 0;"
      "CREATE VIEW over AS SELECT v.*, 'a;b' AS c FROM v ORDER BY 1;"
      "CREATE RECURSIVE VIEW numbers (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM numbers WHERE "
      "n < 9");
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("view"),
              ElementsAreArray(Ask("SELECT table_schema || '.' || table_name FROM "
                                   "information_schema.views WHERE table_schema = 'public' "
                                   "ORDER BY 1")));
  for (const auto& row : Query("SET search_path = pg_catalog; SELECT relname, pg_get_viewdef(oid) "
                               "FROM pg_class WHERE relkind = 'v' AND oid > 16384")) {
    EXPECT_EQ(gathered.Shape(ViewKey(row[0]), v1::FACET_EXPRESSIONS).view_expressions().query(),
              row[1]);
  }
  const v1::ViewStructure view = gathered.Shape(ViewKey("v"), v1::FACET_STRUCTURE).view();
  ASSERT_EQ(view.columns_size(), 2);
  EXPECT_EQ(view.columns(1).name(), "loud");
}

TEST_P(Views, ThatAreMaterializedHaveIndexesAndAState) {
  Run("CREATE TABLE t (id int); CREATE MATERIALIZED VIEW m AS SELECT id FROM t WITH NO DATA;"
      "CREATE UNIQUE INDEX m_id ON m (id)");
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("materialized_view"),
              ElementsAreArray(Ask("SELECT schemaname || '.' || matviewname FROM pg_matviews")));
  EXPECT_THAT(gathered.Shape(MaterializedKey("m"), v1::FACET_STRUCTURE).view().indexes(),
              SizeIs(1));
  EXPECT_TRUE(
      gathered.Shape(MaterializedKey("m"), v1::FACET_STATE).relation_state().not_populated());
  EXPECT_EQ(
      gathered.Shape(MaterializedKey("m"), v1::FACET_EXPRESSIONS).view_expressions().query(),
      Ask("SET search_path = pg_catalog; SELECT pg_get_viewdef('public.m'::regclass)").front());
}

TEST_P(Views, ChangeByOnePropertyAtATime) {
  Run("CREATE TABLE t (id int, name text); CREATE VIEW v AS SELECT id FROM t;"
      "CREATE MATERIALIZED VIEW m AS SELECT id FROM t WITH NO DATA");
  // From 16 on the columns of a single relation stand without its name.
  const std::string of = major() >= 16 ? "" : "t.";
  const std::string query = absl::StrCat(" SELECT ", of, "id\n   FROM public.t");
  ExpectChanges({
      {"CREATE OR REPLACE VIEW v AS SELECT id FROM t WHERE id > 1",
       {absl::StrCat("view public.v expressions: query ", query, "; -> ", query, "\n  WHERE (", of,
                     "id > 1);")}},
      {"ALTER VIEW v SET (security_barrier = true)",
       {"view public.v structure: options.security_barrier nothing -> value true"}},
      {"ALTER VIEW v ALTER id SET DEFAULT 5",
       {"view public.v structure: columns.id.has_default false -> true",
        "view public.v expressions: columns.id nothing -> 5"}},
      {"REFRESH MATERIALIZED VIEW m",
       {"materialized_view public.m state: not_populated true -> false"}},
      {"ALTER TABLE t RENAME id TO number",
       {"renamed column public.t.number was public.t.id", "follows: view public.v expressions",
        "follows: materialized_view public.m expressions"}},
      {"DROP VIEW v", {"- view public.v"}},
      {"DROP MATERIALIZED VIEW m", {"- materialized_view public.m"}},
  });
}

}  // namespace
}  // namespace varve::testing
