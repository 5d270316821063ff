// Procedural languages, transforms, access methods.
#include "absl/strings/str_cat.h"
#include "snapshot/postgres_type.h"
#include "tests/integration/postgres/role_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string NameOf(const v1::Identity& identity) { return DisplayName(KeyOf(identity)); }

class Languages : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(Languages);

TEST_P(Languages, SayWhatRunsThem) {
  Run("CREATE TRUSTED LANGUAGE talk HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler"
      "  VALIDATOR plpgsql_validator;"
      "CREATE LANGUAGE mutter HANDLER plpgsql_call_handler;"
      "CREATE FUNCTION f() RETURNS int LANGUAGE talk AS 'BEGIN RETURN 1; END'");
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("language"), ElementsAre("mutter", "talk"));
  const v1::LanguageStructure talk =
      gathered.Shape({"language", {"talk"}}, v1::FACET_STRUCTURE).language();
  EXPECT_TRUE(talk.trusted());
  EXPECT_EQ(NameOf(talk.handler()), "pg_catalog.plpgsql_call_handler()");
  EXPECT_EQ(NameOf(talk.inline_handler()), "pg_catalog.plpgsql_inline_handler(internal)");
  EXPECT_EQ(NameOf(talk.validator()), "pg_catalog.plpgsql_validator(oid)");
  const v1::LanguageStructure mutter =
      gathered.Shape({"language", {"mutter"}}, v1::FACET_STRUCTURE).language();
  EXPECT_FALSE(mutter.trusted());
  EXPECT_FALSE(mutter.has_inline_handler());
  EXPECT_FALSE(mutter.has_validator());
  EXPECT_EQ(gathered.Shape({"function", {"public", "f"}}, v1::FACET_STRUCTURE).routine().language(),
            "talk");
}

TEST_P(Languages, ChangeByOnePropertyAtATime) {
  const std::string make =
      "CREATE OR REPLACE TRUSTED LANGUAGE talk HANDLER plpgsql_call_handler INLINE "
      "plpgsql_inline_handler";
  Run(make);
  ExpectChanges({
      {make, {}},
      {make + " VALIDATOR plpgsql_validator",
       {"language talk structure: validator nothing -> pg_catalog.plpgsql_validator(oid)"}},
      {absl::StrCat("GRANT USAGE ON LANGUAGE talk TO ", Role(),
                    "; REVOKE USAGE ON LANGUAGE talk FROM PUBLIC"),
       {"language talk access: has_acl false -> true",
        absl::StrCat("language talk access: grants.", Role(),
                     " postgres nothing -> privileges [USAGE]"),
        "language talk access: grants.postgres postgres nothing -> privileges [USAGE]"}},
      {absl::StrCat("REVOKE USAGE ON LANGUAGE talk FROM ", Role()),
       {absl::StrCat("language talk access: grants.", Role(),
                     " postgres privileges [USAGE] -> nothing")}},
      {"COMMENT ON LANGUAGE talk IS 'spoken'", {"language talk docs: comment nothing -> spoken"}},
      {"ALTER LANGUAGE talk RENAME TO speech", {"renamed language speech was talk"}},
      {"DROP LANGUAGE speech", {"- language speech"}},
  });
}

TEST_P(Languages, HaveAnOwner) {
  Run("CREATE TRUSTED LANGUAGE talk HANDLER plpgsql_call_handler");
  ExpectChanges({{absl::StrCat("ALTER LANGUAGE talk OWNER TO ", Role()),
                  {absl::StrCat("language talk access: owner postgres -> ", Role())}}});
}

TEST_P(Languages, OfTheServerOrAnExtensionAreLeftOut) {
  EXPECT_THAT(Gather().Names("language"), IsEmpty());
}

class Transforms : public PostgresCase {};
VARVE_ON_EVERY_POSTGRES(Transforms);

constexpr const char* kBoth =
    "CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL "
    "WITH FUNCTION int4recv(internal))";
constexpr const char* kOneWay =
    "CREATE OR REPLACE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION "
    "prsd_lextype(internal))";

TEST_P(Transforms, SayHowATypeIsTurnedEachWay) {
  Run(kBoth);
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("transform"), ElementsAre("integer.sql"));
  const v1::TransformStructure transform =
      gathered.Shape({"transform", {"integer", "sql"}}, v1::FACET_STRUCTURE).transform();
  EXPECT_EQ(TypeText(transform.type()), "integer");
  EXPECT_EQ(transform.language(), "sql");
  EXPECT_EQ(NameOf(transform.from_sql()), "pg_catalog.prsd_lextype(internal)");
  EXPECT_EQ(NameOf(transform.to_sql()), "pg_catalog.int4recv(internal)");
}

TEST_P(Transforms, ChangeByOnePropertyAtATime) {
  Run(kBoth);
  ExpectChanges({
      {kOneWay,
       {"transform integer LANGUAGE sql structure: to_sql pg_catalog.int4recv(internal) -> "
        "nothing"}},
      {"COMMENT ON TRANSFORM FOR int LANGUAGE sql IS 'as it is'",
       {"transform integer LANGUAGE sql docs: comment nothing -> as it is"}},
      {absl::StrCat("DROP TRANSFORM FOR int LANGUAGE sql;", kOneWay,
                    "; COMMENT ON TRANSFORM FOR int LANGUAGE sql IS 'as it is'"),
       {}},
      {"DROP TRANSFORM FOR int LANGUAGE sql", {"- transform integer LANGUAGE sql"}},
  });
}

class AccessMethods : public PostgresCase {};
VARVE_ON_EVERY_POSTGRES(AccessMethods);

TEST_P(AccessMethods, SayWhatTheyServe) {
  Run("CREATE ACCESS METHOD gist2 TYPE INDEX HANDLER gisthandler;"
      "CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler");
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("access_method"), ElementsAre("gist2", "heap2"));
  const auto method = [&](const char* name) {
    return gathered.Shape({"access_method", {name}}, v1::FACET_STRUCTURE).access_method();
  };
  EXPECT_EQ(method("gist2").type(), "index");
  EXPECT_EQ(NameOf(method("gist2").handler()), "pg_catalog.gisthandler(internal)");
  EXPECT_EQ(method("heap2").type(), "table");
  EXPECT_EQ(NameOf(method("heap2").handler()), "pg_catalog.heap_tableam_handler(internal)");
}

TEST_P(AccessMethods, ChangeByOnePropertyAtATime) {
  const auto again = [](const std::string& handler) {
    return absl::StrCat("DROP ACCESS METHOD mine; CREATE ACCESS METHOD mine TYPE INDEX HANDLER ",
                        handler);
  };
  Run("CREATE ACCESS METHOD mine TYPE INDEX HANDLER gisthandler");
  ExpectChanges({
      {again("gisthandler"), {}},
      {again("brinhandler"),
       {"access_method mine structure: handler pg_catalog.gisthandler(internal) -> "
        "pg_catalog.brinhandler(internal)"}},
      {"COMMENT ON ACCESS METHOD mine IS 'of mine'",
       {"access_method mine docs: comment nothing -> of mine"}},
      {"DROP ACCESS METHOD mine", {"- access_method mine"}},
  });
}

// Its classes and families are called by it.
TEST_P(AccessMethods, ThatAreNewHaveClassesOfTheirOwn) {
  Run("CREATE ACCESS METHOD hash2 TYPE INDEX HANDLER hashhandler;"
      "CREATE OPERATOR CLASS int4_ops2 DEFAULT FOR TYPE int USING hash2 AS OPERATOR 1 =,"
      "  FUNCTION 1 hashint4(int)");
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("operator_class"), ElementsAre("public.int4_ops2.hash2"));
  EXPECT_EQ(gathered.section().header.status(), v1::SECTION_STATUS_COMPLETE);
}

}  // namespace
}  // namespace varve::testing
