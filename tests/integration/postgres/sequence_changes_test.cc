// Single changes of sequences: each clause of CREATE SEQUENCE and ALTER SEQUENCE.
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/integration/postgres/role_case.h"

namespace varve::testing {
namespace {

class SequenceChanges : public RoleCase {};
VARVE_ON_EVERY_POSTGRES(SequenceChanges);

TEST_P(SequenceChanges, ByEachClause) {
  Run("CREATE SCHEMA app; CREATE TABLE t (id bigint, other bigint); CREATE SEQUENCE s");
  const std::string structure = "sequence public.s structure: ";
  const std::string access = "sequence public.s access: ";
  ExpectChanges({
      {"ALTER SEQUENCE s AS integer",
       {structure + "type bigint -> integer",
        structure + "maximum 9223372036854775807 -> 2147483647"}},
      {"ALTER SEQUENCE s AS smallint MAXVALUE 900",
       {structure + "type integer -> smallint", structure + "maximum 2147483647 -> 900"}},
      {"ALTER SEQUENCE s NO MAXVALUE", {structure + "maximum 900 -> 32767"}},
      {"ALTER SEQUENCE s INCREMENT BY -1 MINVALUE -5 MAXVALUE -1 START -1 RESTART",
       {structure + "start 1 -> -1", structure + "minimum 1 -> -5",
        structure + "maximum 32767 -> -1", structure + "increment 1 -> -1"}},
      {"ALTER SEQUENCE s MINVALUE -9", {structure + "minimum -5 -> -9"}},
      {"ALTER SEQUENCE s NO MINVALUE", {structure + "minimum -9 -> -32768"}},
      {"ALTER SEQUENCE s START WITH -3", {structure + "start -1 -> -3"}},
      {"ALTER SEQUENCE s RESTART WITH -4", {}},
      {"ALTER SEQUENCE s RESTART", {}},
      {"SELECT setval('s', -2)", {}},
      {"ALTER SEQUENCE s CACHE 9", {structure + "cache 1 -> 9"}},
      {"ALTER SEQUENCE s CYCLE", {structure + "cycle false -> true"}},
      {"ALTER SEQUENCE s NO CYCLE", {structure + "cycle true -> false"}},
      {"ALTER SEQUENCE s OWNED BY t.id",
       {structure + "owner_table nothing -> public.t", structure + "owner_column nothing -> id"}},
      {"ALTER SEQUENCE s OWNED BY t.other", {structure + "owner_column id -> other"}},
      {"ALTER SEQUENCE s OWNED BY NONE",
       {structure + "owner_table public.t -> nothing",
        structure + "owner_column other -> nothing"}},
      {"ALTER SEQUENCE s OWNED BY NONE", {}},
      {absl::StrCat("ALTER SEQUENCE s OWNER TO ", Role()),
       {absl::StrCat(access, "owner postgres -> ", Role())}},
      {"COMMENT ON SEQUENCE s IS 'counts'", {"sequence public.s docs: comment nothing -> counts"}},
      {"GRANT USAGE ON SEQUENCE s TO PUBLIC",
       {access + "has_acl false -> true",
        absl::StrCat(access, "grants.public ", Role(), " nothing -> privileges [USAGE]"),
        absl::StrCat(access, "grants.", Role(), " ", Role(),
                     " nothing -> privileges [SELECT, UPDATE, USAGE]")}},
      {"GRANT SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO PUBLIC",
       {absl::StrCat(access, "grants.public ", Role(),
                     ".privileges [USAGE] -> [SELECT, UPDATE, USAGE]")}},
      {"REVOKE ALL ON SEQUENCE s FROM PUBLIC",
       {absl::StrCat(access, "grants.public ", Role(),
                     " privileges [SELECT, UPDATE, USAGE] -> nothing")}},
      {"ALTER SEQUENCE s SET SCHEMA app", {"renamed sequence app.s was public.s"}},
      {"ALTER SEQUENCE app.s RENAME TO r", {"renamed sequence app.r was app.s"}},
      {"DROP SEQUENCE app.r", {"- sequence app.r"}},
  });
}

TEST_P(SequenceChanges, ByWhatTheyAreMadeWith) {
  Run("CREATE TABLE t (id bigint); CREATE SEQUENCE s");
  const std::string structure = "sequence public.s structure: ";
  const std::string again = "DROP SEQUENCE s; CREATE SEQUENCE s ";
  ExpectChanges({
      {again + "AS integer",
       {structure + "type bigint -> integer",
        structure + "maximum 9223372036854775807 -> 2147483647"}},
      {again + "AS integer INCREMENT 2", {structure + "increment 1 -> 2"}},
      {again + "AS integer INCREMENT 2 MINVALUE 0",
       {structure + "start 1 -> 0", structure + "minimum 1 -> 0"}},
      {again + "AS integer INCREMENT 2 MINVALUE 0 MAXVALUE 99",
       {structure + "maximum 2147483647 -> 99"}},
      {again + "AS integer INCREMENT 2 MINVALUE 0 MAXVALUE 99 START 5",
       {structure + "start 0 -> 5"}},
      {again + "AS integer INCREMENT 2 MINVALUE 0 MAXVALUE 99 START 5 CACHE 8",
       {structure + "cache 1 -> 8"}},
      {again + "AS integer INCREMENT 2 MINVALUE 0 MAXVALUE 99 START 5 CACHE 8 CYCLE",
       {structure + "cycle false -> true"}},
      {again + "AS integer INCREMENT 2 MINVALUE 0 MAXVALUE 99 START 5 CACHE 8 CYCLE OWNED BY t.id",
       {structure + "owner_table nothing -> public.t", structure + "owner_column nothing -> id"}},
      {"DROP SEQUENCE s; CREATE UNLOGGED SEQUENCE s",
       {structure + "type integer -> bigint", structure + "start 5 -> 1",
        structure + "minimum 0 -> 1", structure + "maximum 99 -> 9223372036854775807",
        structure + "increment 2 -> 1", structure + "cache 8 -> 1",
        structure + "cycle true -> false", structure + "owner_table public.t -> nothing",
        structure + "owner_column id -> nothing", structure + "unlogged false -> true"},
       15},
      {"CREATE SEQUENCE IF NOT EXISTS s INCREMENT 7", {}},
      {"ALTER SEQUENCE IF EXISTS nowhere CYCLE", {}},
  });
}

}  // namespace
}  // namespace varve::testing
