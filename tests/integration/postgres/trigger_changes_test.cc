// Single changes of triggers: each clause of CREATE TRIGGER, and what alters them.
#include <string>

#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

class TriggerChanges : public PostgresCase {};
VARVE_ON_EVERY_POSTGRES(TriggerChanges);

TEST_P(TriggerChanges, ByEachClause) {
  Run("CREATE TABLE t (id int, a int); CREATE TABLE o (id int); CREATE FUNCTION note() RETURNS "
      "trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE FUNCTION other() RETURNS "
      "trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER one BEFORE INSERT ON t "
      "EXECUTE FUNCTION note()");
  const std::string structure = "table public.t structure: ";
  const std::string expressions = "table public.t expressions: ";
  const std::string again = "DROP TRIGGER one ON t; CREATE TRIGGER one ";
  ExpectChanges({
      {again + "AFTER INSERT ON t EXECUTE FUNCTION note()",
       {structure + "triggers.one.timing before -> after"}},
      {again + "AFTER DELETE ON t EXECUTE FUNCTION note()",
       {structure + "triggers.one.events [insert] -> [delete]"}},
      {again + "AFTER TRUNCATE ON t EXECUTE FUNCTION note()",
       {structure + "triggers.one.events [delete] -> [truncate]"}},
      {again + "AFTER UPDATE ON t EXECUTE FUNCTION note()",
       {structure + "triggers.one.events [truncate] -> [update]"}},
      {again + "AFTER INSERT OR UPDATE OR DELETE ON t EXECUTE FUNCTION note()",
       {structure + "triggers.one.events [update] -> [insert, update, delete]"}},
      {again + "AFTER UPDATE ON t EXECUTE FUNCTION note()",
       {structure + "triggers.one.events [insert, update, delete] -> [update]"}},
      {again + "AFTER UPDATE OF a ON t EXECUTE FUNCTION note()",
       {structure + "triggers.one.columns nothing -> [a]"}},
      {again + "AFTER UPDATE OF id, a ON t EXECUTE FUNCTION note()",
       {structure + "triggers.one.columns [a] -> [id, a]"}},
      {again + "AFTER UPDATE ON t EXECUTE FUNCTION note()",
       {structure + "triggers.one.columns [id, a] -> nothing"}},
      {again + "AFTER UPDATE ON t REFERENCING OLD TABLE AS was EXECUTE FUNCTION note()",
       {structure + "triggers.one.old_table nothing -> was"}},
      {again + "AFTER UPDATE ON t REFERENCING OLD TABLE AS was NEW TABLE AS is_now EXECUTE "
               "FUNCTION note()",
       {structure + "triggers.one.new_table nothing -> is_now"}},
      {again + "AFTER UPDATE ON t REFERENCING OLD TABLE AS gone NEW TABLE AS is_now EXECUTE "
               "FUNCTION note()",
       {structure + "triggers.one.old_table was -> gone"}},
      {again + "AFTER UPDATE ON t FOR EACH STATEMENT EXECUTE FUNCTION note()",
       {structure + "triggers.one.old_table gone -> nothing",
        structure + "triggers.one.new_table is_now -> nothing"}},
      {again + "AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION note()",
       {structure + "triggers.one.for_each_row false -> true"}},
      {again + "AFTER UPDATE ON t FOR EACH ROW WHEN (OLD.a <> NEW.a) EXECUTE FUNCTION note()",
       {structure + "triggers.one.has_when false -> true",
        expressions + "triggers.one nothing -> when (old.a <> new.a)"}},
      {again + "AFTER UPDATE ON t FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE "
               "FUNCTION note()",
       {expressions + "triggers.one.when (old.a <> new.a) -> (old.* IS DISTINCT FROM new.*)"}},
      {again + "AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION note()",
       {structure + "triggers.one.has_when true -> false",
        expressions + "triggers.one when (old.* IS DISTINCT FROM new.*) -> nothing"}},
      {again + "AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION other()",
       {structure + "triggers.one.function public.note() -> public.other()"}},
      {again + "AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION other('x')",
       {structure + "triggers.one.arguments nothing -> [x]"}},
      {again + "AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION other('x', 'y')",
       {structure + "triggers.one.arguments [x] -> [x, y]"}},
      {again + "AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION other('y', 'x')",
       {structure + "triggers.one.arguments [x, y] -> [y, x]"}},
      {again + "AFTER UPDATE ON t FOR EACH ROW EXECUTE PROCEDURE other('y', 'x')", {}},
      {"DROP TRIGGER one ON t; CREATE CONSTRAINT TRIGGER one AFTER UPDATE ON t FOR EACH ROW "
       "EXECUTE FUNCTION other('y', 'x')",
       {structure + "triggers.one.constraint false -> true"}},
      {"DROP TRIGGER one ON t; CREATE CONSTRAINT TRIGGER one AFTER UPDATE ON t FROM o FOR EACH ROW "
       "EXECUTE FUNCTION other('y', 'x')",
       {structure + "triggers.one.referenced nothing -> public.o"}},
      {"DROP TRIGGER one ON t; CREATE CONSTRAINT TRIGGER one AFTER UPDATE ON t FROM o DEFERRABLE "
       "FOR EACH ROW EXECUTE FUNCTION other('y', 'x')",
       {structure + "triggers.one.deferrable false -> true"}},
      {"DROP TRIGGER one ON t; CREATE CONSTRAINT TRIGGER one AFTER UPDATE ON t FROM o DEFERRABLE "
       "INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION other('y', 'x')",
       {structure + "triggers.one.initially_deferred false -> true"}},
  });
}

TEST_P(TriggerChanges, ByWhatAltersThem) {
  Run("CREATE EXTENSION hstore; CREATE TABLE t (id int, a int); CREATE FUNCTION note() RETURNS "
      "trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER one BEFORE INSERT ON t "
      "FOR EACH ROW EXECUTE FUNCTION note(); CREATE VIEW v AS SELECT id FROM t");
  const std::string structure = "table public.t structure: ";
  ExpectChanges({
      {"CREATE TRIGGER two AFTER INSERT ON t EXECUTE FUNCTION note()",
       {structure + "triggers.two nothing -> timing after events [insert] function public.note() "
                    "enabled origin"}},
      {"CREATE OR REPLACE TRIGGER two AFTER DELETE ON t EXECUTE FUNCTION note()",
       {structure + "triggers.two.events [insert] -> [delete]"},
       14},
      {"CREATE OR REPLACE TRIGGER two AFTER DELETE ON t EXECUTE FUNCTION note()", {}, 14},
      {"CREATE OR REPLACE TRIGGER two AFTER INSERT ON t EXECUTE FUNCTION note()",
       {structure + "triggers.two.events [delete] -> [insert]"},
       14},
      {"ALTER TRIGGER one ON t RENAME TO first",
       {structure + "triggers.one timing before events [insert] for each row function "
                    "public.note() enabled origin -> nothing",
        structure + "triggers.first nothing -> timing before events [insert] for each row function "
                    "public.note() enabled origin"}},
      {"COMMENT ON TRIGGER first ON t IS 'before'",
       {"table public.t docs: elements.trigger first nothing -> comment before"}},
      {"ALTER TABLE t DISABLE TRIGGER first",
       {structure + "triggers.first.enabled origin -> disabled"}},
      {"ALTER TABLE t ENABLE TRIGGER first",
       {structure + "triggers.first.enabled disabled -> origin"}},
      {"ALTER TABLE t DISABLE TRIGGER USER",
       {structure + "triggers.first.enabled origin -> disabled",
        structure + "triggers.two.enabled origin -> disabled"}},
      {"ALTER TABLE t ENABLE TRIGGER ALL",
       {structure + "triggers.first.enabled disabled -> origin",
        structure + "triggers.two.enabled disabled -> origin"}},
      {"DROP TRIGGER IF EXISTS nowhere ON t", {}},
      {"CREATE TRIGGER put INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION note()",
       {"view public.v structure: triggers.put nothing -> timing instead of events [insert] for "
        "each row function public.note() enabled origin"}},
      {"DROP TRIGGER put ON v; CREATE TRIGGER put INSTEAD OF INSERT OR DELETE ON v FOR EACH ROW "
       "EXECUTE FUNCTION note()",
       {"view public.v structure: triggers.put.events [insert] -> [insert, delete]"}},
      {"COMMENT ON TRIGGER put ON v IS 'puts'",
       {"view public.v docs: elements.trigger put nothing -> comment puts"}},
      {"ALTER FUNCTION note() RENAME TO noted",
       {"renamed function public.noted() was public.note()", "follows: table public.t structure",
        "follows: view public.v structure"}},
      {"DROP TRIGGER two ON t",
       {structure + "triggers.two timing after events [insert] function public.noted() enabled "
                    "origin -> nothing"}},
      {"ALTER TRIGGER first ON t DEPENDS ON EXTENSION hstore",
       {structure + "triggers.first.depends_on_extensions nothing -> [hstore]"}},
      {"ALTER TRIGGER first ON t NO DEPENDS ON EXTENSION hstore",
       {structure + "triggers.first.depends_on_extensions [hstore] -> nothing"},
       13},
  });
}

}  // namespace
}  // namespace varve::testing
