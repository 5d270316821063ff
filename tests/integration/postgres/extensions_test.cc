// Extensions: what they consist of, who may use it, and what goes with them.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/integration/postgres/role_case.h"

namespace varve::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;

class Extensions : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(Extensions);

EntityKey ExtensionKey(const std::string& name) { return {"extension", {name}}; }

std::vector<std::string> MembersOf(const Gathered& gathered, const std::string& name) {
  std::vector<std::string> members;
  const v1::ExtensionStructure extension =
      gathered.Shape(ExtensionKey(name), v1::FACET_STRUCTURE).extension();
  for (const v1::Identity& member : extension.members()) {
    members.push_back(absl::StrCat(member.kind(), " ", DisplayName(KeyOf(member))));
  }
  return members;
}

TEST_P(Extensions, NameTheirMembers) {
  Run("CREATE SCHEMA app; CREATE EXTENSION citext SCHEMA app");
  const Gathered gathered = Gather();
  EXPECT_THAT(MembersOf(gathered, "citext"),
              IsSupersetOf({"base_type app.citext", "function app.citextin(cstring)"}));
  EXPECT_THAT(MembersOf(gathered, "citext"), Not(Contains("base_type app._citext")));
  EXPECT_THAT(MembersOf(gathered, "plpgsql"),
              ElementsAre("function pg_catalog.plpgsql_call_handler()",
                          "function pg_catalog.plpgsql_inline_handler(internal)",
                          "function pg_catalog.plpgsql_validator(oid)", "language plpgsql"));
  EXPECT_EQ(
      gathered.Shape(ExtensionKey("plpgsql"), v1::FACET_STRUCTURE).extension().unnamed_members(),
      0);
}

TEST_P(Extensions, CountEachMemberOnce) {
  Run("CREATE EXTENSION hstore");
  const v1::ExtensionStructure hstore =
      Gather().Shape(ExtensionKey("hstore"), v1::FACET_STRUCTURE).extension();
  EXPECT_EQ(absl::StrCat(hstore.members_size() + static_cast<int>(hstore.unnamed_members())),
            Ask("SELECT count(*) FROM pg_depend d LEFT JOIN pg_type t ON d.classid = "
                "'pg_type'::regclass AND t.oid = d.objid WHERE d.deptype = 'e' AND d.refobjid = "
                "(SELECT oid FROM pg_extension WHERE extname = 'hstore') AND t.typname IS DISTINCT "
                "FROM '_hstore' AND t.typname IS DISTINCT FROM '_ghstore'")
                .front());
}

TEST_P(Extensions, ChangeByOnePropertyAtATime) {
  Run("CREATE EXTENSION hstore; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'");
  const std::string access = "extension hstore access: members.";
  const std::string function = "function public.hstore(text, text)";
  const std::string given = absl::StrCat(
      " has acl grants [grantee postgres grantor postgres privileges [EXECUTE], "
      "grantee public grantor postgres privileges [EXECUTE], grantee ",
      Role(), " grantor postgres privileges [EXECUTE]]");
  ExpectChanges({
      {"ALTER EXTENSION hstore ADD FUNCTION f()",
       {"extension hstore structure: members.function public.f() nothing -> public.f()",
        "- function public.f()"}},
      {"ALTER EXTENSION hstore DROP FUNCTION f()",
       {"extension hstore structure: members.function public.f() public.f() -> nothing",
        "+ function public.f()"}},
      {absl::StrCat("GRANT EXECUTE ON FUNCTION hstore(text, text) TO ", Role()),
       {absl::StrCat(access, function, " nothing ->", given)}},
      {absl::StrCat("REVOKE EXECUTE ON FUNCTION hstore(text, text) FROM ", Role()),
       {absl::StrCat(access, function, given, " -> nothing")}},
      {"REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC",
       {"extension plpgsql access: members.language plpgsql nothing -> has acl grants [grantee "
        "postgres grantor postgres privileges [USAGE]]"}},
      {"COMMENT ON EXTENSION hstore IS 'maps'",
       {absl::StrCat("extension hstore docs: comment ",
                     "data type for storing sets of (key, value) pairs -> maps")}},
      {"DROP EXTENSION hstore", {"- extension hstore"}},
  });
}

TEST_P(Extensions, SayWhoOwnsThem) {
  Run("CREATE EXTENSION hstore");
  EXPECT_EQ(Gather().Shape(ExtensionKey("hstore"), v1::FACET_ACCESS).access().owner(), "postgres");
}

TEST_P(Extensions, KeepThePrivilegesThatTheyCameWithToThemselves) {
  // It takes EXECUTE from everyone, and that is its own doing.
  Run("CREATE EXTENSION pg_stat_statements");
  ASSERT_THAT(Ask("SELECT 1 FROM pg_init_privs WHERE privtype = 'e'"), Not(IsEmpty()));
  EXPECT_THAT(
      Gather().Shape(ExtensionKey("pg_stat_statements"), v1::FACET_ACCESS).access().members(),
      IsEmpty());
}

TEST_P(Extensions, ThatSomethingDependsOnAreNamedByIt) {
  Run("CREATE EXTENSION hstore; CREATE EXTENSION citext; CREATE TABLE t (id int);"
      "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
      "CREATE INDEX i ON t (id); CREATE MATERIALIZED VIEW m AS SELECT id FROM t;"
      "CREATE TRIGGER tr AFTER INSERT ON t EXECUTE FUNCTION f()");
  std::vector<Change> changes = {
      {"ALTER FUNCTION f() DEPENDS ON EXTENSION hstore",
       {"function public.f() structure: depends_on_extensions nothing -> [hstore]"}},
      {"ALTER FUNCTION f() DEPENDS ON EXTENSION citext",
       {"function public.f() structure: depends_on_extensions [hstore] -> [citext, hstore]"}},
      {"ALTER INDEX i DEPENDS ON EXTENSION hstore",
       {"table public.t structure: indexes.i.depends_on_extensions nothing -> [hstore]"}},
      {"ALTER TRIGGER tr ON t DEPENDS ON EXTENSION hstore",
       {"table public.t structure: triggers.tr.depends_on_extensions nothing -> [hstore]"}},
      {"ALTER MATERIALIZED VIEW m DEPENDS ON EXTENSION hstore",
       {"materialized_view public.m structure: depends_on_extensions nothing -> [hstore]"}},
      {"ALTER FUNCTION f() NO DEPENDS ON EXTENSION citext",
       {"function public.f() structure: depends_on_extensions [citext, hstore] -> [hstore]"},
       13},
  };
  ExpectChanges(changes);
}

}  // namespace
}  // namespace varve::testing
