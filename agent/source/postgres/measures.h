// What is counted on a database: sizes, planner's estimates, activity since the statistics were
// reset, positions of sequences. No figure is ever part of a shape.
//
// | entity              | measure                                                | unit          |
// | database            | database_bytes                                         | bytes         |
// |                     | blocks_hit, blocks_read: in the server's cache, or not | blocks        |
// |                     | large_objects                                          | -             |
// |                     | statistics_reset_at: since when activity is counted:   | RFC 3339, UTC |
// |                     | pg_stat_database.stats_reset, else pg_stat_bgwriter's  |               |
// |                     | sizes_measured_at: those that are marked *             | RFC 3339, UTC |
// |                     | schema_read_at: all but figures (database_section.cc)  | RFC 3339, UTC |
// | large_objects       | large_objects: of the owner                            | -             |
// |   a role            | granted: those on which it holds a privilege           | -             |
// | extension           | available_version                                      | text          |
// | table, materialized | rows_estimate: pg_class.reltuples                      | rows          |
// | view                | table_bytes *: with TOAST, without indexes             | bytes         |
// |                     | toast_bytes *: of that TOAST, with its index           | bytes         |
// |                     | sequential_scans                                       | scans         |
// |                     | last_sequential_scan (16 and newer)                    | RFC 3339, UTC |
// |                     | rows_inserted, rows_updated, rows_deleted              | rows          |
// |                     | dead_rows_estimate                                     | rows          |
// |                     | blocks_hit, blocks_read: without TOAST and indexes     | blocks        |
// |                     | last_vacuum, last_analyze: by hand or by itself        | RFC 3339, UTC |
// |   an index of it    | index_bytes *, index_scans                             | bytes, scans  |
// |                     | last_index_scan (16 and newer)                         | RFC 3339, UTC |
// |                     | blocks_hit, blocks_read                                | blocks        |
// | sequence            | last_value *                                           | -             |
// |                     | percent_used *: of what lies between its bounds        | percent       |
//
// A figure that is not known (never analysed, never used, not permitted) is absent.
#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "agent/source/postgres/catalog.h"
#include "agent/source/postgres/measured_relations.h"
#include "agent/source/postgres/object_reader.h"
#include "agent/source/postgres/section_writer.h"

namespace varve::postgres {

// Sizes and positions as they were read last: those that are marked * above. To read them takes
// opening each relation, which is more than reading the schema.
struct Sizes {
  std::string database;  // whose they are; empty at first
  absl::Time read_at = absl::InfinitePast();
  std::vector<absl::flat_hash_map<Oid, int64_t>> values;  // by query
};

// Reads and writes them. Sizes that are no older than `sizes_every` are written again instead, and
// only what has none is measured; `sizes` is kept from read to read. What could not be read is a
// warning of the section: one a reason, not one a relation.
void WriteMeasures(ObjectReader& reader, const MeasuredRelations& relations,
                   absl::Duration sizes_every, Sizes& sizes, SectionWriter& writer);

}  // namespace varve::postgres
