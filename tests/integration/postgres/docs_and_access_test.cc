// Comments, owners and privileges: facets that kinds share.
#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/role_case.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Docs : public PostgresCase {};
VARVE_ON_EVERY_POSTGRES(Docs);

constexpr const char* kDocumented =
    "CREATE TABLE t (id int CONSTRAINT pk PRIMARY KEY, note text);"
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
    "CREATE TRIGGER tr AFTER INSERT ON t EXECUTE FUNCTION f();"
    "CREATE TYPE mood AS ENUM ('good'); CREATE SEQUENCE s; CREATE VIEW v AS SELECT id FROM t;"
    "CREATE INDEX i ON t (note);"
    "COMMENT ON TABLE t IS 'of the table'; COMMENT ON COLUMN t.note IS 'of the column';"
    "COMMENT ON CONSTRAINT pk ON t IS 'of the constraint'; COMMENT ON INDEX i IS 'of the index';"
    "COMMENT ON TRIGGER tr ON t IS 'of the trigger'; COMMENT ON FUNCTION f() IS 'of the function';"
    "COMMENT ON TYPE mood IS 'of the enum'; COMMENT ON SEQUENCE s IS 'of the sequence';"
    "COMMENT ON VIEW v IS 'of the view'; COMMENT ON COLUMN v.id IS 'of its column';"
    "COMMENT ON SCHEMA public IS 'of the schema'; COMMENT ON EXTENSION plpgsql IS 'of plpgsql'";

TEST_P(Docs, AreReadOfEveryKind) {
  Run(kDocumented);
  Run(absl::StrCat("COMMENT ON DATABASE ", database(), " IS 'of the database'"));
  const Gathered gathered = Gather();
  const auto comment = [&](const EntityKey& key) {
    return gathered.Shape(key, v1::FACET_DOCS).docs().comment();
  };
  EXPECT_EQ(comment(TableKey("t")), "of the table");
  EXPECT_EQ(comment({"function", {"public", "f"}}), "of the function");
  EXPECT_EQ(comment({"enum", {"public", "mood"}}), "of the enum");
  EXPECT_EQ(comment({"sequence", {"public", "s"}}), "of the sequence");
  EXPECT_EQ(comment({"view", {"public", "v"}}), "of the view");
  EXPECT_EQ(comment({"schema", {"public"}}), "of the schema");
  EXPECT_EQ(comment({"extension", {"plpgsql"}}), "of plpgsql");
  EXPECT_EQ(comment({"database", {"database"}}), "of the database");
}

TEST_P(Docs, AreReadOfEveryPartOfATable) {
  Run(kDocumented);
  std::vector<std::string> parts;
  const v1::Docs docs = Gather().Shape(TableKey("t"), v1::FACET_DOCS).docs();
  for (const v1::ElementDoc& part : docs.elements()) {
    parts.push_back(absl::StrCat(part.part(), " ", part.name(), ": ", part.comment()));
  }
  EXPECT_THAT(parts, ElementsAre("column note: of the column", "constraint pk: of the constraint",
                                 "index i: of the index", "trigger tr: of the trigger"));
}

TEST_P(Docs, ChangeByOnePropertyAtATime) {
  Run(kDocumented);
  ExpectChanges({
      {"COMMENT ON TABLE t IS 'other'", {"table public.t docs: comment of the table -> other"}},
      {"COMMENT ON COLUMN t.note IS NULL",
       {"table public.t docs: elements.column note comment of the column -> nothing"}},
      {"COMMENT ON INDEX i IS 'faster'",
       {"table public.t docs: elements.index i.comment of the index -> faster"}},
      {"COMMENT ON FUNCTION f() IS NULL",
       {"function public.f() docs: comment of the function -> nothing"}},
  });
}

class Access : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(Access);

std::vector<std::string> GrantsOf(const v1::Access& access) {
  std::vector<std::string> grants;
  for (const v1::Grant& grant : access.grants()) {
    std::string line = absl::StrCat(grant.grantor(), " to ", grant.grantee(), ":");
    for (const std::string& privilege : grant.privileges()) absl::StrAppend(&line, " ", privilege);
    for (const std::string& held : grant.grantable()) absl::StrAppend(&line, " *", held);
    grants.push_back(line);
  }
  return grants;
}

TEST_P(Access, SaysWhoOwnsAndWhoMay) {
  Run(absl::StrCat("CREATE TABLE t (id int, note text); GRANT SELECT, INSERT ON t TO ", Role(),
                   " WITH GRANT OPTION; GRANT UPDATE (note) ON t TO PUBLIC"));
  const v1::Access access = Gather().Shape(TableKey("t"), v1::FACET_ACCESS).access();
  EXPECT_EQ(access.owner(), "postgres");
  EXPECT_TRUE(access.has_acl());
  std::string all = "postgres to postgres: DELETE INSERT";
  absl::StrAppend(&all, major() >= 17 ? " MAINTAIN" : "",
                  " REFERENCES SELECT TRIGGER TRUNCATE UPDATE");
  EXPECT_THAT(GrantsOf(access), ElementsAre(all, absl::StrCat("postgres to ", Role(),
                                                              ": INSERT SELECT *INSERT *SELECT")));
  ASSERT_EQ(access.columns_size(), 1);
  EXPECT_EQ(access.columns(0).name(), "note");
  EXPECT_EQ(access.columns(0).grants(0).grantee(), "public");
}

TEST_P(Access, ThatWasNeverGivenIsNotAccessOfNobody) {
  Run("CREATE TABLE a (id int); CREATE TABLE b (id int); REVOKE ALL ON b FROM postgres");
  const Gathered gathered = Gather();
  EXPECT_FALSE(gathered.Shape(TableKey("a"), v1::FACET_ACCESS).access().has_acl());
  EXPECT_TRUE(gathered.Shape(TableKey("b"), v1::FACET_ACCESS).access().has_acl());
  EXPECT_THAT(gathered.Shape(TableKey("b"), v1::FACET_ACCESS).access().grants(), IsEmpty());
}

TEST_P(Access, ChangesByOnePropertyAtATime) {
  Run("CREATE TABLE t (id int); CREATE SCHEMA app;"
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT SELECT ON t TO postgres");
  ExpectChanges({
      {absl::StrCat("ALTER TABLE t OWNER TO ", Role(), "; ALTER TABLE t OWNER TO postgres"), {}},
      {absl::StrCat("GRANT SELECT ON t TO ", Role()),
       {absl::StrCat("table public.t access: grants.", Role(),
                     " postgres nothing -> privileges [SELECT]")}},
      {absl::StrCat("GRANT INSERT ON t TO ", Role()),
       {absl::StrCat("table public.t access: grants.", Role(),
                     " postgres.privileges [SELECT] -> [INSERT, SELECT]")}},
      {absl::StrCat("ALTER SCHEMA app OWNER TO ", Role()),
       {absl::StrCat("schema app access: owner postgres -> ", Role())}},
      {"REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC",
       {"function public.f() access: has_acl false -> true",
        "function public.f() access: grants.postgres postgres nothing -> privileges [EXECUTE]"}},
  });
}

// No provider of labels is at hand; what one leaves is rows of pg_seclabel.
TEST_P(Access, HoldsTheLabelsOfSecurityProviders) {
  Run("CREATE TABLE t (id int); CREATE SCHEMA app");
  ExpectChanges({
      {"INSERT INTO pg_seclabel VALUES ('t'::regclass, 'pg_class'::regclass, 0, 'selinux', 'one')",
       {"table public.t access: labels.selinux nothing -> label one"}},
      {"UPDATE pg_seclabel SET label = 'two'",
       {"table public.t access: labels.selinux.label one -> two"}},
      {"INSERT INTO pg_seclabel VALUES ('t'::regclass, 'pg_class'::regclass, 1, 'selinux', 'id')",
       {"table public.t access: columns.id nothing -> labels [provider selinux label id]"}},
      {"INSERT INTO pg_seclabel VALUES ('app'::regnamespace, 'pg_namespace'::regclass, 0, "
       "'selinux', 'area')",
       {"schema app access: labels.selinux nothing -> label area"}},
  });
}

}  // namespace
}  // namespace varve::testing
