// Single changes of indexes: each clause of CREATE INDEX and ALTER INDEX.
#include <string>

#include "tests/integration/postgres/postgres_case.h"

namespace varve::testing {
namespace {

class IndexChanges : public PostgresCase {};
VARVE_ON_EVERY_POSTGRES(IndexChanges);

TEST_P(IndexChanges, ByEachClause) {
  Run("CREATE TABLE t (id int, name text, at timestamp, r int4range, p point, v tsvector, tags "
      "int[]); CREATE INDEX i ON t (id)");
  const std::string structure = "table public.t structure: ";
  const std::string expressions = "table public.t expressions: ";
  const std::string again = "DROP INDEX i; CREATE INDEX i ";
  const std::string unique = "DROP INDEX i; CREATE UNIQUE INDEX i ";
  ExpectChanges({
      {again + "ON t (id, at)", {structure + "indexes.i.keys [id] -> [id, at]"}},
      {again + "ON t (at, id)", {structure + "indexes.i.keys [id, at] -> [at, id]"}},
      {again + "ON t (at, id DESC)",
       {structure + "indexes.i.keys [at, id] -> [at, id descending nulls first]"}},
      {again + "ON t (at, id DESC NULLS LAST)",
       {structure + "indexes.i.keys [at, id descending nulls first] -> [at, id descending]"}},
      {again + "ON t (at, id ASC NULLS FIRST)",
       {structure + "indexes.i.keys [at, id descending] -> [at, id nulls first]"}},
      {again + "ON t (name)", {structure + "indexes.i.keys [at, id nulls first] -> [name]"}},
      {again + "ON t (name COLLATE \"C\")",
       {structure + "indexes.i.keys [name] -> [name collation pg_catalog.C]"}},
      {again + "ON t (name text_pattern_ops)",
       {structure + "indexes.i.keys [name collation pg_catalog.C] -> [name operator class "
                    "pg_catalog.text_pattern_ops USING btree]"}},
      {again + "ON t (lower(name))",
       {structure +
            "indexes.i.keys [name operator class pg_catalog.text_pattern_ops USING btree] -> []",
        expressions + "indexes.i nothing -> keys [lower(name)]"}},
      {again + "ON t (upper(name))",
       {expressions + "indexes.i.keys [lower(name)] -> [upper(name)]"}},
      {again + "ON t ((id + 1), upper(name))",
       {structure + "indexes.i.keys [] -> [, ]",
        expressions + "indexes.i.keys [upper(name)] -> [((id + 1)), upper(name)]"}},
      {again + "ON t (id) INCLUDE (at)",
       {structure + "indexes.i.keys [, ] -> [id]", structure + "indexes.i.included nothing -> [at]",
        expressions + "indexes.i keys [((id + 1)), upper(name)] -> nothing"}},
      {again + "ON t (id) INCLUDE (at, name)",
       {structure + "indexes.i.included [at] -> [at, name]"}},
      {again + "ON t (id) WHERE at IS NULL",
       {structure + "indexes.i.included [at, name] -> nothing",
        structure + "indexes.i.partial false -> true",
        expressions + "indexes.i nothing -> predicate (at IS NULL)"}},
      {again + "ON t (id) WHERE at IS NOT NULL",
       {expressions + "indexes.i.predicate (at IS NULL) -> (at IS NOT NULL)"}},
      {unique + "ON t (id)",
       {structure + "indexes.i.unique false -> true", structure + "indexes.i.partial true -> false",
        expressions + "indexes.i predicate (at IS NOT NULL) -> nothing"}},
      {unique + "ON t (id) NULLS NOT DISTINCT",
       {structure + "indexes.i.nulls_not_distinct false -> true"},
       15},
      {unique + "ON t (id)", {structure + "indexes.i.nulls_not_distinct true -> false"}, 15},
      {again + "ON t (id)", {structure + "indexes.i.unique true -> false"}},
      {again + "ON t USING hash (id)", {structure + "indexes.i.method btree -> hash"}},
      {again + "ON t USING brin (id)", {structure + "indexes.i.method hash -> brin"}},
      {again + "ON t USING brin (id int4_minmax_multi_ops)",
       {structure +
        "indexes.i.keys [id] -> [id operator class pg_catalog.int4_minmax_multi_ops USING brin]"},
       14},
      {again + "ON t USING brin (id int4_minmax_multi_ops (values_per_range = 16))",
       {structure + "indexes.i.keys [id operator class pg_catalog.int4_minmax_multi_ops USING "
                    "brin] -> [id operator class pg_catalog.int4_minmax_multi_ops USING brin "
                    "operator class options [values_per_range value 16]]"},
       14},
      {again + "ON t USING brin (id)",
       {structure + "indexes.i.keys [id operator class pg_catalog.int4_minmax_multi_ops USING brin "
                    "operator class options [values_per_range value 16]] -> [id]"},
       14},
      {again + "ON t USING gist (r)",
       {structure + "indexes.i.method brin -> gist", structure + "indexes.i.keys [id] -> [r]"}},
      {again + "ON t USING spgist (r)", {structure + "indexes.i.method gist -> spgist"}},
      {again + "ON t USING gin (tags)",
       {structure + "indexes.i.method spgist -> gin", structure + "indexes.i.keys [r] -> [tags]"}},
      {again + "ON t USING gist (v)",
       {structure + "indexes.i.method gin -> gist", structure + "indexes.i.keys [tags] -> [v]"}},
      {again + "ON t USING gist (v tsvector_ops (siglen = 100))",
       {structure + "indexes.i.keys [v] -> [v operator class pg_catalog.tsvector_ops USING gist "
                    "operator class options [siglen value 100]]"},
       13},
      {again + "ON t USING gist (v)",
       {structure + "indexes.i.keys [v operator class pg_catalog.tsvector_ops USING gist "
                    "operator class options [siglen value 100]] -> [v]"},
       13},
      {again + "ON ONLY t (id)",
       {structure + "indexes.i.method gist -> btree", structure + "indexes.i.keys [v] -> [id]"}},
  });
}

TEST_P(IndexChanges, ByEachStorageParameter) {
  Run("CREATE TABLE t (id int, r int4range, tags int[]); CREATE INDEX i ON t (id); CREATE INDEX g "
      "ON t USING gist (r); CREATE INDEX n ON t USING gin (tags); CREATE INDEX b ON t USING brin "
      "(id); CREATE INDEX h ON t USING hash (id); CREATE INDEX s ON t USING spgist (r)");
  const std::string structure = "table public.t structure: ";
  ExpectChanges({
      {"ALTER INDEX i SET (fillfactor = 70)",
       {structure + "indexes.i.storage_parameters.fillfactor nothing -> value 70"}},
      {"ALTER INDEX i SET (deduplicate_items = off)",
       {structure + "indexes.i.storage_parameters.deduplicate_items nothing -> value off"},
       13},
      {"ALTER INDEX i SET (vacuum_cleanup_index_scale_factor = 0.2)",
       {structure +
        "indexes.i.storage_parameters.vacuum_cleanup_index_scale_factor nothing -> value 0.2"}},
      {"ALTER INDEX i RESET (deduplicate_items)",
       {structure + "indexes.i.storage_parameters.deduplicate_items value off -> nothing"},
       13},
      {"ALTER INDEX g SET (buffering = on)",
       {structure + "indexes.g.storage_parameters.buffering nothing -> value on"}},
      {"ALTER INDEX g SET (buffering = auto)",
       {structure + "indexes.g.storage_parameters.buffering.value on -> auto"}},
      {"ALTER INDEX g SET (fillfactor = 80)",
       {structure + "indexes.g.storage_parameters.fillfactor nothing -> value 80"}},
      {"ALTER INDEX n SET (fastupdate = off)",
       {structure + "indexes.n.storage_parameters.fastupdate nothing -> value off"}},
      {"ALTER INDEX n SET (gin_pending_list_limit = 128)",
       {structure + "indexes.n.storage_parameters.gin_pending_list_limit nothing -> value 128"}},
      {"ALTER INDEX b SET (pages_per_range = 64)",
       {structure + "indexes.b.storage_parameters.pages_per_range nothing -> value 64"}},
      {"ALTER INDEX b SET (autosummarize = on)",
       {structure + "indexes.b.storage_parameters.autosummarize nothing -> value on"}},
      {"ALTER INDEX h SET (fillfactor = 60)",
       {structure + "indexes.h.storage_parameters.fillfactor nothing -> value 60"}},
      {"ALTER INDEX s SET (fillfactor = 50)",
       {structure + "indexes.s.storage_parameters.fillfactor nothing -> value 50"}},
      {"ALTER INDEX i RESET (fillfactor)",
       {structure + "indexes.i.storage_parameters.fillfactor value 70 -> nothing"}},
  });
}

TEST_P(IndexChanges, ByWhatAltersThem) {
  Run("CREATE EXTENSION btree_gist; CREATE TABLE t (id int NOT NULL, note text); CREATE UNIQUE "
      "INDEX i ON t (id); CREATE TABLE whole (id int) PARTITION BY LIST (id); CREATE TABLE part "
      "PARTITION OF whole FOR VALUES IN (1)");
  const std::string structure = "table public.t structure: ";
  const std::string state = "table public.t state: ";
  ExpectChanges({
      {"ALTER INDEX i RENAME TO j",
       {structure + "indexes.i method btree unique keys [id] -> nothing",
        structure + "indexes.j nothing -> method btree unique keys [id]",
        state + "indexes.i valid ready -> nothing", state + "indexes.j nothing -> valid ready"}},
      {"ALTER INDEX j RENAME TO x; ALTER INDEX x RENAME TO j", {}},
      {"COMMENT ON INDEX j IS 'fast'",
       {"table public.t docs: elements.index j nothing -> comment fast"}},
      {"ALTER TABLE t CLUSTER ON j", {structure + "indexes.j.clustered false -> true"}},
      {"ALTER TABLE t REPLICA IDENTITY USING INDEX j",
       {structure + "indexes.j.replica_identity false -> true",
        structure + "replica_identity default -> index"}},
      {"ALTER INDEX j DEPENDS ON EXTENSION btree_gist",
       {structure + "indexes.j.depends_on_extensions nothing -> [btree_gist]"}},
      {"ALTER INDEX j NO DEPENDS ON EXTENSION btree_gist",
       {structure + "indexes.j.depends_on_extensions [btree_gist] -> nothing"},
       13},
      {"CREATE INDEX CONCURRENTLY k ON t (note)",
       {structure + "indexes.k nothing -> method btree keys [note]",
        state + "indexes.k nothing -> valid ready"}},
      {"CREATE INDEX CONCURRENTLY IF NOT EXISTS k ON t (id)", {}},
      {"DROP INDEX CONCURRENTLY k",
       {structure + "indexes.k method btree keys [note] -> nothing",
        state + "indexes.k valid ready -> nothing"}},
      {"DROP INDEX IF EXISTS k", {}},
      {"CREATE INDEX w ON whole (id)",
       {"table public.part structure: indexes.part_id_idx nothing -> method btree keys [id] parent "
        "w",
        "table public.part state: indexes.part_id_idx nothing -> valid ready",
        "table public.whole structure: indexes.w nothing -> method btree keys [id]",
        "table public.whole state: indexes.w nothing -> valid ready"}},
      {"DROP INDEX w",
       {"table public.part structure: indexes.part_id_idx method btree keys [id] parent w -> "
        "nothing",
        "table public.part state: indexes.part_id_idx valid ready -> nothing",
        "table public.whole structure: indexes.w method btree keys [id] -> nothing",
        "table public.whole state: indexes.w valid ready -> nothing"}},
      {"CREATE INDEX w ON ONLY whole (id)",
       {"table public.whole structure: indexes.w nothing -> method btree keys [id]",
        "table public.whole state: indexes.w nothing -> ready"}},
      {"CREATE INDEX w1 ON part (id)",
       {"table public.part structure: indexes.w1 nothing -> method btree keys [id]",
        "table public.part state: indexes.w1 nothing -> valid ready"}},
      {"ALTER INDEX w ATTACH PARTITION w1",
       {"table public.part structure: indexes.w1.parent nothing -> w",
        "table public.whole state: indexes.w.valid false -> true"}},
      {"CREATE INDEX ON t (note)",
       {structure + "indexes.t_note_idx nothing -> method btree keys [note]",
        state + "indexes.t_note_idx nothing -> valid ready"}},
      {"ALTER TABLE t DROP note",
       {structure + "columns.note text -> nothing",
        structure + "indexes.t_note_idx method btree keys [note] -> nothing",
        state + "indexes.t_note_idx valid ready -> nothing"}},
  });
}

}  // namespace
}  // namespace varve::testing
