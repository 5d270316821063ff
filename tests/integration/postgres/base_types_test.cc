// Base types and their shells. Functions of the server under names of the database serve them: no C
// is needed.
#include "snapshot/postgres_type.h"
#include "tests/integration/postgres/role_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class BaseTypes : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(BaseTypes);

constexpr const char* kFunctions =
    "SET client_min_messages = warning; CREATE TYPE x;"
    "CREATE FUNCTION x_in(cstring) RETURNS x LANGUAGE internal STRICT IMMUTABLE AS 'int4in';"
    "CREATE FUNCTION x_out(x) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'int4out';"
    "CREATE FUNCTION x_recv(internal) RETURNS x LANGUAGE internal STRICT IMMUTABLE AS 'int4recv';"
    "CREATE FUNCTION x_send(x) RETURNS bytea LANGUAGE internal STRICT IMMUTABLE AS 'int4send';";
constexpr const char* kText =
    "SET client_min_messages = warning; CREATE TYPE note;"
    "CREATE FUNCTION note_in(cstring) RETURNS note LANGUAGE internal STRICT IMMUTABLE AS 'textin';"
    "CREATE FUNCTION note_out(note) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS "
    "'textout';"
    "CREATE FUNCTION note_recv(internal) RETURNS note LANGUAGE internal STRICT IMMUTABLE AS "
    "'textrecv';"
    "CREATE FUNCTION note_send(note) RETURNS bytea LANGUAGE internal STRICT IMMUTABLE AS "
    "'textsend';"
    "CREATE TYPE note (INPUT = note_in, OUTPUT = note_out, LIKE = text);";

v1::BaseTypeStructure TypeOf(const Gathered& gathered, const std::string& name) {
  return gathered.Shape({"base_type", {"public", name}}, v1::FACET_STRUCTURE).base_type();
}

std::string NameOf(const v1::Identity& identity) { return DisplayName(KeyOf(identity)); }

TEST_P(BaseTypes, ReadAsTheCatalogListsThem) {
  Run(absl::StrCat(kFunctions,
                   "CREATE TYPE x (INPUT = x_in, OUTPUT = x_out, RECEIVE = x_recv, SEND = x_send,"
                   "  LIKE = int4, CATEGORY = 'N', DEFAULT = '7', DELIMITER = ';');"));
  const v1::BaseTypeStructure x = TypeOf(Gather(), "x");
  EXPECT_FALSE(x.shell());
  EXPECT_EQ(NameOf(x.input()), "public.x_in(cstring)");
  EXPECT_EQ(NameOf(x.output()), "public.x_out(public.x)");
  EXPECT_EQ(NameOf(x.receive()), "public.x_recv(internal)");
  EXPECT_EQ(NameOf(x.send()), "public.x_send(public.x)");
  EXPECT_FALSE(x.has_typmod_in());
  EXPECT_FALSE(x.has_typmod_out());
  EXPECT_FALSE(x.has_analyze());
  EXPECT_FALSE(x.has_subscript());
  EXPECT_EQ(x.length(), 4);
  EXPECT_TRUE(x.by_value());
  EXPECT_EQ(x.alignment(), "int4");
  EXPECT_EQ(x.storage(), "plain");
  EXPECT_EQ(x.category(), "N");
  EXPECT_FALSE(x.preferred());
  EXPECT_EQ(x.default_value(), "7");
  EXPECT_FALSE(x.has_element());
  EXPECT_EQ(x.delimiter(), ";");
  EXPECT_FALSE(x.collatable());
}

TEST_P(BaseTypes, NameTheServersFunctionsThatTheyCall) {
  Run("SET client_min_messages = warning; CREATE TYPE list;"
      "CREATE FUNCTION list_in(cstring, oid, integer) RETURNS list LANGUAGE internal STRICT "
      "IMMUTABLE AS 'array_in';"
      "CREATE FUNCTION list_out(list) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS "
      "'array_out';"
      "CREATE TYPE list (INPUT = list_in, OUTPUT = list_out, INTERNALLENGTH = VARIABLE,"
      "  TYPMOD_IN = varchartypmodin, TYPMOD_OUT = varchartypmodout, ANALYZE = array_typanalyze,"
      "  STORAGE = extended, ALIGNMENT = double, PREFERRED = true, CATEGORY = 'S',"
      "  COLLATABLE = true, ELEMENT = int4" +
      std::string(major() >= 14 ? ", SUBSCRIPT = raw_array_subscript_handler)" : ")"));
  const v1::BaseTypeStructure list = TypeOf(Gather(), "list");
  EXPECT_EQ(NameOf(list.typmod_in()), "pg_catalog.varchartypmodin(cstring[])");
  EXPECT_EQ(NameOf(list.typmod_out()), "pg_catalog.varchartypmodout(integer)");
  EXPECT_EQ(NameOf(list.analyze()), "pg_catalog.array_typanalyze(internal)");
  EXPECT_EQ(list.length(), -1);
  EXPECT_FALSE(list.by_value());
  EXPECT_EQ(list.alignment(), "double");
  EXPECT_EQ(list.storage(), "extended");
  EXPECT_TRUE(list.preferred());
  EXPECT_TRUE(list.collatable());
  EXPECT_EQ(TypeText(list.element()), "integer");
  if (major() >= 14) {
    EXPECT_EQ(NameOf(list.subscript()), "pg_catalog.raw_array_subscript_handler(internal)");
  }
}

TEST_P(BaseTypes, AreNeitherTheArraysNorTheOtherSortsOfTypes) {
  Run(absl::StrCat(kText,
                   "CREATE TYPE mood AS ENUM ('good'); CREATE DOMAIN d AS note; CREATE TABLE t (id "
                   "int); CREATE TYPE span AS RANGE (subtype = float8); CREATE TYPE shell;"));
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Names("base_type"), ElementsAre("public.note", "public.shell"));
  EXPECT_TRUE(TypeOf(gathered, "shell").shell());
  EXPECT_EQ(TypeOf(gathered, "shell").ByteSizeLong(), 2);  // and that is all
}

TEST_P(BaseTypes, ChangeByOnePropertyAtATime) {
  Run(absl::StrCat(kText, "GRANT USAGE ON TYPE note TO postgres; CREATE SCHEMA app"));
  ExpectChanges({
      {"ALTER TYPE note SET (STORAGE = main)",
       {"base_type public.note structure: storage extended -> main"},
       13},
      {"ALTER TYPE note SET (RECEIVE = note_recv)",
       {"base_type public.note structure: receive nothing -> public.note_recv(internal)"},
       13},
      {"ALTER TYPE note SET (SEND = note_send)",
       {"base_type public.note structure: send nothing -> public.note_send(public.note)"},
       13},
      {"ALTER TYPE note SET (TYPMOD_IN = varchartypmodin)",
       {"base_type public.note structure: typmod_in nothing -> "
        "pg_catalog.varchartypmodin(cstring[])"},
       13},
      {"ALTER TYPE note SET (TYPMOD_OUT = varchartypmodout)",
       {"base_type public.note structure: typmod_out nothing -> "
        "pg_catalog.varchartypmodout(integer)"},
       13},
      {"ALTER TYPE note SET (ANALYZE = array_typanalyze)",
       {"base_type public.note structure: analyze nothing -> "
        "pg_catalog.array_typanalyze(internal)"},
       13},
      {"ALTER TYPE note SET (RECEIVE = NONE)",
       {"base_type public.note structure: receive public.note_recv(internal) -> nothing"},
       13},
      {"COMMENT ON TYPE note IS 'of the type'",
       {"base_type public.note docs: comment nothing -> of the type"}},
      {absl::StrCat("GRANT USAGE ON TYPE note TO ", Role()),
       {absl::StrCat("base_type public.note access: grants.", Role(),
                     " postgres nothing -> privileges [USAGE]")}},
      {absl::StrCat("REVOKE USAGE ON TYPE note FROM ", Role()),
       {absl::StrCat("base_type public.note access: grants.", Role(),
                     " postgres privileges [USAGE] -> nothing")}},
      {"INSERT INTO pg_seclabel VALUES ('note'::regtype, 'pg_type'::regclass, 0, 'selinux', 'x')",
       {"base_type public.note access: labels.selinux nothing -> label x"}},
      {"ALTER TYPE note RENAME TO remark",
       {"renamed base_type public.remark was public.note",
        "renamed function public.note_out(public.remark) was public.note_out(public.note)",
        "renamed function public.note_send(public.remark) was public.note_send(public.note)",
        "follows: function public.note_in(cstring) structure",
        "follows: function public.note_recv(internal) structure"}},
      {"CREATE TYPE shell", {"+ base_type public.shell"}},
      {"DROP TYPE shell", {"- base_type public.shell"}},
  });
}

TEST_P(BaseTypes, SayWhenAShellIsFilledAndWhoOwnsIt) {
  Run(kFunctions);
  const Gathered before = Gather();
  Run("CREATE TYPE x (INPUT = x_in, OUTPUT = x_out, LIKE = int4)");
  EXPECT_THAT(Differences(before, Gather()),
              ::testing::Contains("base_type public.x structure: shell true -> false"));
  ExpectChanges({{absl::StrCat("ALTER TYPE x OWNER TO ", Role()),
                  {absl::StrCat("base_type public.x access: owner postgres -> ", Role())}}});
}

TEST_P(BaseTypes, MadeAgainAreTheSame) {
  Run(kText);
  ExpectChanges({{absl::StrCat("DROP TYPE note CASCADE; ", kText), {}}});
}

TEST_P(BaseTypes, KeepTheirSecretsToThemselves) {
  Run("SET client_min_messages = warning; CREATE TYPE password;"
      "CREATE FUNCTION p_in(cstring) RETURNS password LANGUAGE internal STRICT IMMUTABLE AS "
      "'textin';"
      "CREATE FUNCTION p_out(password) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS "
      "'textout';"
      "CREATE TYPE password (INPUT = p_in, OUTPUT = p_out, LIKE = text, DEFAULT = 's3cret-a');"
      "COMMENT ON TYPE password IS 'log in with password=s3cret-b'");
  const Gathered gathered = Gather();
  EXPECT_THAT(gathered.Mentioning("s3cret"), IsEmpty());
  EXPECT_EQ(TypeOf(gathered, "password").default_value(), "‹masked›");
}

}  // namespace
}  // namespace varve::testing
