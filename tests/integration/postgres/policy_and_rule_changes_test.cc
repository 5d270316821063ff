// Single changes of policies and rules.
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/role_case.h"

namespace varve::testing {
namespace {

class PolicyAndRuleChanges : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(PolicyAndRuleChanges);

TEST_P(PolicyAndRuleChanges, OfPoliciesByEachClause) {
  Run("CREATE TABLE t (id int); CREATE TABLE o (id int); CREATE POLICY p ON t");
  const std::string structure = "table public.t structure: ";
  const std::string expressions = "table public.t expressions: ";
  const std::string again = "DROP POLICY p ON t; CREATE POLICY p ON t ";
  ExpectChanges({
      {again + "FOR SELECT", {structure + "policies.p.command all -> select"}},
      {again + "FOR SELECT USING (id > 1)", {expressions + "policies.p nothing -> using (id > 1)"}},
      {again + "FOR DELETE USING (id > 1)", {structure + "policies.p.command select -> delete"}},
      {again + "FOR UPDATE USING (id > 1)", {structure + "policies.p.command delete -> update"}},
      {again + "FOR UPDATE USING (id > 1) WITH CHECK (id > 2)",
       {expressions + "policies.p.with_check nothing -> (id > 2)"}},
      {again + "FOR INSERT WITH CHECK (id > 2)",
       {structure + "policies.p.command update -> insert",
        expressions + "policies.p.using (id > 1) -> nothing"}},
      {again + "FOR ALL USING (id > 1)",
       {structure + "policies.p.command insert -> all",
        expressions + "policies.p.using nothing -> (id > 1)",
        expressions + "policies.p.with_check (id > 2) -> nothing"}},
      {again + "AS RESTRICTIVE FOR ALL USING (id > 1)",
       {structure + "policies.p.permissive true -> false"}},
      {again + "AS PERMISSIVE FOR ALL TO CURRENT_USER USING (id > 1)",
       {structure + "policies.p.permissive false -> true",
        structure + "policies.p.roles [public] -> [postgres]"}},
      {absl::StrCat(again, "TO ", Role(), " USING (id > 1)"),
       {absl::StrCat(structure, "policies.p.roles [postgres] -> [", Role(), "]")}},
      {absl::StrCat(again, "TO ", Role(), " USING (EXISTS (SELECT 1 FROM o))"),
       {expressions + "policies.p.using (id > 1) -> (EXISTS ( SELECT 1\n   FROM public.o))"}},
      {absl::StrCat("ALTER POLICY p ON t TO ", Role(), ", postgres"),
       {absl::StrCat(structure, "policies.p.roles [", Role(), "] -> [postgres, ", Role(), "]")}},
      {"ALTER TABLE o RENAME TO other",
       {"renamed table public.other was public.o", "follows: table public.t expressions"}},
      {"DROP POLICY p ON t",
       {absl::StrCat(structure, "policies.p command all permissive roles [postgres, ", Role(),
                     "] -> nothing"),
        expressions + "policies.p using (EXISTS ( SELECT 1\n   FROM public.other)) -> nothing"}},
  });
}

TEST_P(PolicyAndRuleChanges, OfRulesByEachClause) {
  Run("CREATE TABLE t (id int); CREATE TABLE log (id int); CREATE RULE r AS ON INSERT TO t DO "
      "INSTEAD NOTHING");
  const std::string expressions = "table public.t expressions: ";
  const std::string structure = "table public.t structure: ";
  const std::string again = "CREATE OR REPLACE RULE r AS ON ";
  ExpectChanges({
      {again + "UPDATE TO t DO INSTEAD NOTHING",
       {structure + "rules.r.event insert -> update",
        expressions +
            "rules.r.definition CREATE RULE r AS\n    ON INSERT TO public.t DO INSTEAD NOTHING; -> "
            "CREATE RULE r AS\n    ON UPDATE TO public.t DO INSTEAD NOTHING;"}},
      {again + "DELETE TO t DO INSTEAD NOTHING",
       {structure + "rules.r.event update -> delete",
        expressions +
            "rules.r.definition CREATE RULE r AS\n    ON UPDATE TO public.t DO INSTEAD NOTHING; -> "
            "CREATE RULE r AS\n    ON DELETE TO public.t DO INSTEAD NOTHING;"}},
      {again + "DELETE TO t DO ALSO NOTHING",
       {structure + "rules.r.instead true -> false",
        expressions + "rules.r.definition CREATE RULE r AS\n    ON DELETE TO public.t DO INSTEAD "
                      "NOTHING; -> CREATE RULE r AS\n    ON DELETE TO public.t DO NOTHING;"}},
      {again + "DELETE TO t DO ALSO DELETE FROM log",
       {expressions +
        "rules.r.definition CREATE RULE r AS\n    ON DELETE TO public.t DO NOTHING; -> CREATE RULE "
        "r AS\n    ON DELETE TO public.t DO  DELETE FROM public.log;"}},
      {again + "DELETE TO t DO ALSO (DELETE FROM log; NOTIFY gone)",
       {expressions + "rules.r.definition CREATE RULE r AS\n    ON DELETE TO public.t DO  DELETE "
                      "FROM public.log; -> CREATE RULE r AS\n    ON DELETE TO public.t DO ( DELETE "
                      "FROM public.log;\n\n NOTIFY gone;\n);"}},
      {"DROP RULE r ON t",
       {structure + "rules.r event delete enabled origin -> nothing",
        expressions + "rules.r definition CREATE RULE r AS\n    ON DELETE TO public.t DO ( DELETE "
                      "FROM public.log;\n\n NOTIFY gone;\n); -> nothing"}},
      {"DROP RULE IF EXISTS r ON t", {}},
  });
}

}  // namespace
}  // namespace varve::testing
