// Text that is hard to carry: other encodings, hostile names, secrets.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "agent/redaction/redaction.h"
#include "base/utf8.h"
#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

class Encodings : public PostgresCase {
 protected:
  // Another database of this test, gathered.
  Gathered GatherEncoded(const std::string& encoding, const std::string& sql,
                         const std::string& user = "postgres") {
    const std::string name = absl::StrCat(database(), "_encoded");
    VARVE_EXPECT_OK(server().CreateDatabase(name, encoding));
    {
      auto session = server().Open(name);
      VARVE_EXPECT_OK(session);
      VARVE_EXPECT_OK((*session)->Run(absl::StrCat("SET client_encoding = '", encoding, "'")));
      VARVE_EXPECT_OK((*session)->Run(sql));
    }
    PostgresConfig config = Config();
    config.connection = server().Connection(name, user);
    config.include_counts = true;
    Gathered gathered = Gather(config);
    VARVE_EXPECT_OK(server().Run("postgres", absl::StrCat("DROP DATABASE ", name)));
    return gathered;
  }
};
VARVE_ON_EVERY_POSTGRES(Encodings);

TEST_P(Encodings, ThatAreNoneGiveBytesThatAreNotUtf8Escaped) {
  const Gathered gathered = GatherEncoded(
      "SQL_ASCII",
      "CREATE TABLE \"caf\xE9\" (\"na\xEFve\" text DEFAULT 'd\xE9j\\a', plain text DEFAULT 'a\\b');"
      "CREATE TYPE mood AS ENUM ('g\xFC', 'plain');"
      "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT ''\xE9''::text';"
      "COMMENT ON TABLE \"caf\xE9\" IS 'tr\xE8s\nbien \xC3\xA9'");
  EXPECT_THAT(gathered.Names("table"), ElementsAre("public.caf\\xE9"));
  EXPECT_EQ(gathered.Table("caf\\xE9").columns(0).name(), "na\\xEFve");
  EXPECT_EQ(gathered.ColumnExpression("caf\\xE9", "na\\xEFve"), "'d\\xE9j\\\\a'::text");
  EXPECT_EQ(gathered.ColumnExpression("caf\\xE9", "plain"), "'a\\\\b'::text");
  EXPECT_EQ(gathered.Shape(TableKey("caf\\xE9"), v1::FACET_DOCS).docs().comment(),
            "tr\\xE8s\nbien \xC3\xA9");
  EXPECT_THAT(
      gathered.Shape({"enum", {"public", "mood"}}, v1::FACET_STRUCTURE).enumeration().labels(),
      ElementsAre("g\\xFC", "plain"));
  for (const auto& [hash, shape] : gathered.section().shapes) {
    EXPECT_FALSE(absl::StrContains(shape, "\xE9\xE9"));
  }
}

TEST_P(Encodings, ThatAreNoneTellANameFromOneThatLooksLikeItsEscape) {
  const Gathered gathered = GatherEncoded(
      "SQL_ASCII",
      "CREATE TABLE \"a\xE9\" (id int); CREATE TABLE \"a\\xE9\" (id int) WITH (fillfactor = 50);"
      "INSERT INTO \"a\\xE9\" VALUES (1), (2);"
      "CREATE FUNCTION f(\"p\\xE9\" int) RETURNS int LANGUAGE sql AS 'SELECT 1'");
  EXPECT_THAT(gathered.Names("table"), ElementsAre("public.a\\\\xE9", "public.a\\xE9"));
  EXPECT_EQ(gathered.Shape({"function", {"public", "f", "integer"}}, v1::FACET_STRUCTURE)
                .routine()
                .arguments(0)
                .name(),
            "p\\\\xE9");
  EXPECT_THAT(gathered.Errors(), IsEmpty());
  for (const EntityView& table : gathered.view().OfKind("table")) {
    EXPECT_EQ(table.Number("rows"), table.key().names[1] == "a\\xE9" ? 0 : 2);
  }
}

TEST_P(Encodings, ThatAreNoneGiveRemediesWithNamesAsTheyAre) {
  const std::string role = absl::StrCat(database(), "_reader");
  const Gathered gathered = GatherEncoded(
      "SQL_ASCII",
      absl::StrCat("CREATE ROLE ", role, " LOGIN PASSWORD '", PostgresServer::password(),
                   "';"
                   "CREATE TABLE \"b\\c\" (id int); CREATE TABLE \"caf\xE9\" (id int)"),
      role);
  VARVE_EXPECT_OK(server().Run("postgres", absl::StrCat("DROP ROLE ", role)));
  EXPECT_THAT(gathered.Errors(),
              ElementsAre(absl::StrCat("counting rows of public.\"b\\\\c\" | permission denied | "
                                       "GRANT SELECT ON public.\"b\\c\" TO ",
                                       role),
                          absl::StrCat("counting rows of public.\"caf\\xE9\" | permission denied | "
                                       "GRANT SELECT ON public.\"caf\\xE9\" TO ",
                                       role, ", with the byte of that number for each \\x")));
}

TEST_P(Encodings, OtherThanUtf8ArriveAsUtf8) {
  const Gathered gathered =
      GatherEncoded("LATIN1",
                    "CREATE TABLE \"caf\xE9\" (id int DEFAULT 1); COMMENT ON TABLE "
                    "\"caf\xE9\" IS 'tr\xE8s'");
  EXPECT_THAT(gathered.Names("table"), ElementsAre("public.caf\xC3\xA9"));
  EXPECT_EQ(gathered.Shape(TableKey("caf\xC3\xA9"), v1::FACET_DOCS).docs().comment(),
            "tr\xC3\xA8s");
  EXPECT_THAT(gathered.Errors(), IsEmpty());
}

TEST_P(Encodings, ThatCannotBecomeUtf8GiveBytesEscaped) {
  // MULE_INTERNAL: the server knows no way from it to UTF-8, and refuses the session's wish.
  const Gathered gathered = GatherEncoded("MULE_INTERNAL", "CREATE TABLE \"caf\x81\xE9\" (id int)");
  EXPECT_THAT(gathered.Names("table"), ElementsAre("public.caf\\x81\\xE9"));
}

class Identifiers : public PostgresCase {};
VARVE_ON_EVERY_POSTGRES(Identifiers);

TEST_P(Identifiers, OfAnyBytesAreKept) {
  const std::vector<std::string> names = {"it's",        "say \"\"hi\"\"",
                                          "new\nline",   "tab\there",
                                          "back\\slash", "\\N",
                                          "\\.",         "select",
                                          "Ümläut 表 🐘", std::string(63, 'x'),
                                          "{a,b}",       "$1",
                                          "a.b",         "--",
                                          "/* */",       " ",
                                          "NULL",        "%s"};
  std::string sql;
  for (const std::string& name : names) {
    absl::StrAppend(&sql, "CREATE TABLE \"", name, "\" (\"", name, "\" int DEFAULT 1 CHECK (\"",
                    name, "\" > 0), CONSTRAINT \"pk ", name.substr(0, 50), "\" PRIMARY KEY (\"",
                    name, "\"));");
  }
  Run(sql);
  PostgresConfig config = Config();
  config.include_counts = true;
  const Gathered gathered = Gather(config);
  EXPECT_THAT(
      gathered.Names("table"),
      ElementsAreArray(Ask("SELECT ('public.' || relname) COLLATE \"C\" FROM pg_class WHERE "
                           "relkind = 'r' AND oid > 16384 ORDER BY 1")));
  EXPECT_EQ(gathered.Names("table").size(), names.size());
  EXPECT_THAT(gathered.Errors(), IsEmpty());
  for (const EntityView& table : gathered.view().OfKind("table")) {
    const v1::TableStructure& structure = table.Shape(v1::FACET_STRUCTURE).table();
    EXPECT_EQ(structure.columns(0).name(), table.key().names[1]);
    EXPECT_EQ(table.Number("rows"), 0) << table.key().names[1];
  }
}

TEST_P(Identifiers, InArgumentsEnumsAndOptionsAreKept) {
  Run("CREATE FUNCTION f(\"a,b\" int, \"{c}\" int, \"d\"\"e\" int, \"null\" int)"
      "  RETURNS int LANGUAGE sql AS 'SELECT 1';"
      "CREATE TYPE odd AS ENUM ('a,b', '{c}', 'd\"e', '', 'NULL', E'f\\\\g')");
  const Gathered gathered = Gather();
  const EntityKey f{"function", {"public", "f", "integer", "integer", "integer", "integer"}};
  EXPECT_THAT(NamesOf(gathered.Shape(f, v1::FACET_STRUCTURE).routine().arguments()),
              ElementsAre("a,b", "{c}", "d\"e", "null"));
  EXPECT_THAT(
      gathered.Shape({"enum", {"public", "odd"}}, v1::FACET_STRUCTURE).enumeration().labels(),
      ElementsAre("a,b", "{c}", "d\"e", "", "NULL", "f\\g"));
}

TEST_P(Identifiers, OfAsManyColumnsAsATableCanHaveAreKept) {
  std::string sql = "CREATE TABLE wide (c1 int DEFAULT 1";
  for (int i = 2; i <= 1600; ++i) absl::StrAppend(&sql, ",c", i, " int DEFAULT ", i);
  Run(sql + ")");
  const Gathered gathered = Gather();
  EXPECT_EQ(gathered.Table("wide").columns_size(), 1600);
  EXPECT_EQ(gathered.Table("wide").columns(1599).name(), "c1600");
  EXPECT_EQ(gathered.ColumnExpression("wide", "c1600"), "1600");
}

class Secrets : public PostgresCase {};
VARVE_ON_EVERY_POSTGRES(Secrets);

constexpr const char* kSecrets =
    "CREATE TABLE t (id int, url text DEFAULT 'https://app:s3cret-url@example.com/x',"
    "  password text NOT NULL DEFAULT 's3cret-default', api_token text DEFAULT md5('s3cret-md5'),"
    "  pin_secret int DEFAULT 12345678, token_id int DEFAULT 7,"
    "  secret bigint DEFAULT nextval('public.numbers'),"
    "  CHECK (url <> 'postgresql://u:s3cret-check@h/d'));"
    "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql SET app.password = 's3cret-setting'"
    "  AS $$ BEGIN PERFORM dblink_connect('host=db password=s3cret-body'); END $$;"
    "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
    "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW"
    "  EXECUTE FUNCTION note('https://app:s3cret-argument@example.com');"
    "CREATE VIEW v AS SELECT 'password=s3cret-view'::text AS connection;"
    "COMMENT ON TABLE t IS 'log in with password=s3cret-comment'";

TEST_P(Secrets, NeverLeaveTheHost) {
  Run("CREATE SEQUENCE numbers");
  Run(kSecrets);
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Mentioning("s3cret"), IsEmpty());
  EXPECT_THAT(gathered.Mentioning("12345678"), IsEmpty());
  EXPECT_THAT(gathered.Mentioning(PostgresServer::password()), IsEmpty());
}

TEST_P(Secrets, AreMaskedAndTheRestIsKept) {
  Run("CREATE SEQUENCE numbers");
  Run(kSecrets);
  const Gathered gathered = Gather();
  EXPECT_EQ(gathered.ColumnExpression("t", "url"), "'https://app:‹masked›@example.com/x'::text");
  EXPECT_EQ(gathered.ColumnExpression("t", "password"), "'‹masked›'::text");
  EXPECT_EQ(gathered.ColumnExpression("t", "api_token"), "md5('‹masked›'::text)");
  EXPECT_EQ(gathered.ColumnExpression("t", "secret"), "nextval('public.numbers'::regclass)");
  EXPECT_EQ(gathered.ColumnExpression("t", "token_id"), "7");
  EXPECT_EQ(gathered.Shape(TableKey("t"), v1::FACET_DOCS).docs().comment(),
            "log in with password=‹masked›");
}

TEST_P(Secrets, BesideTheirNamesNeverLeaveTheHost) {
  Run("CREATE TABLE t (\"apiKey\" text, token varchar(20), kind text,"
      "  CONSTRAINT one CHECK (\"apiKey\" IN ('s3cret-p', 's3cret-q')),"
      "  CONSTRAINT two CHECK (token IN ('s3cret-r', 's3cret-s') AND kind = 'open'),"
      "  CONSTRAINT three CHECK (token <> 's3cret-t' AND token <> ALL ('{s3cret-u,x}')));"
      "CREATE FUNCTION login(host text, OUT ok bool, p_password text DEFAULT 's3cret, a',"
      "  api_key text DEFAULT 's3cret-b', kind text DEFAULT 'open')"
      "  LANGUAGE plpgsql AS $$ DECLARE password text = 's3cret-c'; BEGIN"
      "  EXECUTE 'alter role x password ''s3cret-d'''; END $$;"
      "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
      "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW"
      "  EXECUTE FUNCTION note('password', 's3cret-e', 'kind', 'open');"
      "CREATE VIEW v AS SELECT 's3cret-f'::text AS password, 'open'::text AS kind,"
      "  md5('s3cret-g')::varchar(8) AS \"apiKey\"");
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Mentioning("s3cret"), IsEmpty());
  const EntityKey login{"function", {"public", "login", "text", "text", "text", "text"}};
  EXPECT_EQ(gathered.Shape(login, v1::FACET_EXPRESSIONS).routine_expressions().argument_defaults(),
            "'‹masked›'::text, '‹masked›'::text, 'open'::text");
  EXPECT_THAT(gathered.Trigger("t", "tr").arguments(),
              ElementsAre("password", "‹masked›", "kind", "open"));
  EXPECT_EQ(gathered.ConstraintExpression("t", "one"),
            "(\"apiKey\" = ANY (ARRAY['‹masked›'::text, '‹masked›'::text]))");
  EXPECT_THAT(
      gathered.Shape({"view", {"public", "v"}}, v1::FACET_EXPRESSIONS).view_expressions().query(),
      ::testing::HasSubstr("'open'::text AS kind"));
}

TEST_P(Secrets, ThatChangeAreSeenToChange) {
  Run("CREATE TABLE t (password text DEFAULT 's3cret-1')");
  ExpectChanges({
      {"ALTER TABLE t ALTER password SET DEFAULT 's3cret-2'",
       {"table public.t expressions: masked part changed"}},
      {"CREATE FUNCTION f(pw text DEFAULT 's3cret-1') RETURNS text LANGUAGE sql AS 'SELECT pw'",
       {"+ function public.f(text)"}},
      {"CREATE OR REPLACE FUNCTION f(pw text DEFAULT 's3cret-2') RETURNS text LANGUAGE sql AS "
       "'SELECT pw'",
       {"function public.f(text) expressions: masked part changed"}},
      {"COMMENT ON TABLE t IS 'password=s3cret-3'",
       {"table public.t docs: comment nothing -> password=‹masked›"}},
      {"COMMENT ON TABLE t IS 'password=s3cret-4'", {"table public.t docs: masked part changed"}},
  });
}

}  // namespace
}  // namespace varve::testing
