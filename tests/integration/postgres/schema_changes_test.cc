// Single changes of schemas and of the types that are made in them.
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/role_case.h"

namespace varve::testing {
namespace {

class SchemaChanges : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(SchemaChanges);

TEST_P(SchemaChanges, OfSchemasByEachClause) {
  Run("CREATE SCHEMA app; CREATE TABLE app.t (id int); GRANT USAGE ON SCHEMA app TO postgres");
  const std::string access = "schema app access: ";
  ExpectChanges({
      {"CREATE SCHEMA other", {"+ schema other"}},
      {"CREATE SCHEMA IF NOT EXISTS other", {}},
      {absl::StrCat("ALTER SCHEMA other OWNER TO ", Role()),
       {absl::StrCat("schema other access: owner postgres -> ", Role())}},
      {absl::StrCat("CREATE SCHEMA AUTHORIZATION ", Role()), {absl::StrCat("+ schema ", Role())}},
      {absl::StrCat("DROP SCHEMA ", Role()), {absl::StrCat("- schema ", Role())}},
      {"CREATE SCHEMA filled CREATE TABLE t (id int) CREATE VIEW v AS SELECT 1 AS one",
       {"+ schema filled", "+ table filled.t", "+ view filled.v"}},
      {"DROP SCHEMA filled CASCADE", {"- schema filled", "- table filled.t", "- view filled.v"}},
      {absl::StrCat("GRANT USAGE ON SCHEMA app TO ", Role()),
       {absl::StrCat(access, "grants.", Role(), " postgres nothing -> privileges [USAGE]")}},
      {absl::StrCat("GRANT CREATE ON SCHEMA app TO ", Role(), " WITH GRANT OPTION"),
       {absl::StrCat(access, "grants.", Role(), " postgres.privileges [USAGE] -> [CREATE, USAGE]"),
        absl::StrCat(access, "grants.", Role(), " postgres.grantable nothing -> [CREATE]")}},
      {absl::StrCat("REVOKE USAGE ON SCHEMA app FROM ", Role()),
       {absl::StrCat(access, "grants.", Role(),
                     " postgres.privileges [CREATE, USAGE] -> [CREATE]")}},
      {"COMMENT ON SCHEMA app IS 'ours'", {"schema app docs: comment nothing -> ours"}},
      {"COMMENT ON SCHEMA app IS NULL", {"schema app docs: comment ours -> nothing"}},
      {"ALTER SCHEMA app RENAME TO area",
       {"renamed schema area was app", "follows: table area.t structure",
        "follows: table area.t expressions", "follows: table area.t access",
        "follows: table area.t docs", "follows: table area.t state"}},
      {"DROP SCHEMA other, area CASCADE", {"- schema area", "- schema other", "- table area.t"}},
  });
}

TEST_P(SchemaChanges, OfEnumsByEachClause) {
  Run("CREATE SCHEMA app; CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE TABLE t (m mood DEFAULT "
      "'good')");
  const std::string structure = "enum public.mood structure: ";
  const std::string access = "enum public.mood access: ";
  ExpectChanges({
      {"ALTER TYPE mood ADD VALUE 'fine' BEFORE 'bad'",
       {structure + "labels [good, bad] -> [good, fine, bad]"}},
      {"ALTER TYPE mood ADD VALUE 'ugly' AFTER 'good'",
       {structure + "labels [good, fine, bad] -> [good, ugly, fine, bad]"}},
      {"ALTER TYPE mood ADD VALUE IF NOT EXISTS 'ugly'", {}},
      {"ALTER TYPE mood RENAME VALUE 'ugly' TO 'meh'",
       {structure + "labels [good, ugly, fine, bad] -> [good, meh, fine, bad]"}},
      {"COMMENT ON TYPE mood IS 'felt'", {"enum public.mood docs: comment nothing -> felt"}},
      {absl::StrCat("ALTER TYPE mood OWNER TO ", Role()),
       {absl::StrCat(access, "owner postgres -> ", Role())}},
      {"REVOKE USAGE ON TYPE mood FROM PUBLIC",
       {access + "has_acl false -> true",
        absl::StrCat(access, "grants.", Role(), " ", Role(), " nothing -> privileges [USAGE]")}},
      {"ALTER TYPE mood SET SCHEMA app",
       {"renamed enum app.mood was public.mood", "follows: table public.t structure",
        "follows: table public.t expressions"}},
      {"ALTER TYPE app.mood RENAME TO feeling",
       {"renamed enum app.feeling was app.mood", "follows: table public.t structure",
        "follows: table public.t expressions"}},
      {"DROP TYPE app.feeling CASCADE",
       {"- enum app.feeling",
        "table public.t structure: columns.m app.feeling has default -> nothing",
        "table public.t expressions: columns.m 'good'::app.feeling -> nothing"}},
      {"CREATE TYPE app.feeling AS ENUM ()", {"+ enum app.feeling"}},
  });
}

TEST_P(SchemaChanges, OfDomainsByEachClause) {
  Run("CREATE DOMAIN d AS text");
  const std::string structure = "domain public.d structure: ";
  const std::string expressions = "domain public.d expressions: ";
  ExpectChanges({
      {"ALTER DOMAIN d SET DEFAULT 'x'",
       {structure + "has_default false -> true",
        expressions + "default_value nothing -> 'x'::text"}},
      {"ALTER DOMAIN d DROP DEFAULT",
       {structure + "has_default true -> false",
        expressions + "default_value 'x'::text -> nothing"}},
      {"ALTER DOMAIN d DROP NOT NULL", {}},
      {"ALTER DOMAIN d ADD CHECK (VALUE <> '')",
       {structure + "constraints.d_check nothing -> check",
        expressions + "constraints.d_check nothing -> (VALUE <> ''::text)"}},
      {"ALTER DOMAIN d DROP CONSTRAINT d_check",
       {structure + "constraints.d_check check -> nothing",
        expressions + "constraints.d_check (VALUE <> ''::text) -> nothing"}},
      {"ALTER DOMAIN d DROP CONSTRAINT IF EXISTS d_check", {}},
      {"DROP DOMAIN d; CREATE DOMAIN d AS varchar(9)",
       {structure + "base text -> character varying(9)"}},
      {"DROP DOMAIN d; CREATE DOMAIN d AS varchar(9) COLLATE \"C\"",
       {structure + "collation nothing -> pg_catalog.C"}},
      {"DROP DOMAIN d; CREATE DOMAIN d AS varchar(9) COLLATE \"C\" DEFAULT 'y' CONSTRAINT c CHECK "
       "(VALUE > 'a')",
       {structure + "has_default false -> true", structure + "constraints.c nothing -> check",
        expressions + "default_value nothing -> 'y'::character varying",
        expressions + "constraints.c nothing -> ((VALUE)::text > 'a'::text)"}},
      {"ALTER DOMAIN d RENAME CONSTRAINT c TO k",
       {structure + "constraints.c check -> nothing", structure + "constraints.k nothing -> check",
        expressions + "constraints.c ((VALUE)::text > 'a'::text) -> nothing",
        expressions + "constraints.k nothing -> ((VALUE)::text > 'a'::text)"}},
      {"ALTER DOMAIN d ADD CONSTRAINT n CHECK (VALUE < 'z') NOT VALID",
       {structure + "constraints.n nothing -> check not valid",
        expressions + "constraints.n nothing -> ((VALUE)::text < 'z'::text)"}},
  });
}

TEST_P(SchemaChanges, OfOtherTypesByEachClause) {
  Run("CREATE TYPE pair AS (a int, b text); CREATE TYPE span AS RANGE (subtype = float8)");
  const std::string structure = "composite_type public.pair structure: ";
  ExpectChanges({
      {"ALTER TYPE pair ADD ATTRIBUTE c text COLLATE \"C\"",
       {structure + "attributes.c nothing -> text collation pg_catalog.C"}},
      {"ALTER TYPE pair ADD ATTRIBUTE d int CASCADE, DROP ATTRIBUTE c",
       {structure + "attributes.c text collation pg_catalog.C -> nothing",
        structure + "attributes.d nothing -> integer"}},
      {"ALTER TYPE pair DROP ATTRIBUTE IF EXISTS c", {}},
      {"ALTER TYPE pair ALTER ATTRIBUTE d TYPE varchar(3)",
       {structure + "attributes.d.type integer -> character varying(3)"}},
      {"DROP TYPE span; CREATE TYPE span AS RANGE (subtype = float8, subtype_diff = float8mi)",
       {"range_type public.span structure: subtype_diff nothing -> pg_catalog.float8mi(double "
        "precision, double precision)"}},
      {"DROP TYPE span; CREATE TYPE span AS RANGE (subtype = float8, subtype_diff = float8mi, "
       "multirange_type_name = spans)",
       {"range_type public.span structure: multirange public.span_multirange -> public.spans"},
       14},
      {"DROP TYPE span", {"- range_type public.span"}},
  });
}

TEST_P(SchemaChanges, OfRangeTypesByEachClause) {
  Run("CREATE TYPE span AS RANGE (subtype = int4)");
  const std::string structure = "range_type public.span structure: ";
  const std::string again = "DROP TYPE span; CREATE TYPE span AS RANGE (subtype = ";
  ExpectChanges({
      {again + "int4, subtype_diff = int4range_subdiff)",
       {structure + "subtype_diff nothing -> pg_catalog.int4range_subdiff(integer, integer)"}},
      {again + "text)",
       {structure + "subtype integer -> text",
        structure + "subtype_diff pg_catalog.int4range_subdiff(integer, integer) -> nothing"}},
      {again + "text, subtype_opclass = text_pattern_ops)",
       {structure + "subtype_operator_class nothing -> pg_catalog.text_pattern_ops USING btree"}},
      {again + "text, subtype_opclass = text_pattern_ops, collation = \"C\")",
       {structure + "collation nothing -> pg_catalog.C"}},
      {again + "text, subtype_opclass = text_pattern_ops, collation = \"POSIX\")",
       {structure + "collation pg_catalog.C -> pg_catalog.POSIX"}},
      {again + "int4)",
       {structure + "subtype text -> integer",
        structure + "subtype_operator_class pg_catalog.text_pattern_ops USING btree -> nothing",
        structure + "collation pg_catalog.POSIX -> nothing"}},
      // One that is in the server, under a name of the database: no C is needed.
      {"SET client_min_messages = warning; DROP TYPE span; CREATE TYPE span; CREATE FUNCTION "
       "whole(span) RETURNS span LANGUAGE internal STRICT IMMUTABLE AS 'int4range_canonical'; "
       "CREATE TYPE span AS RANGE (subtype = int4, canonical = whole)",
       {structure + "canonical nothing -> public.whole(public.span)",
        "+ function public.whole(public.span)"}},
  });
}

}  // namespace
}  // namespace varve::testing
