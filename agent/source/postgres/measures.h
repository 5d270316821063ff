// What is counted on a database: sizes, planner's estimates, activity since the statistics were
// reset, positions of sequences. No figure is ever part of a shape.
//
// | entity              | measure                                                | unit          |
// | database            | database_bytes                                         | bytes         |
// | extension           | available_version                                      | text          |
// | table, materialized | rows_estimate: pg_class.reltuples                      | rows          |
// | view                | table_bytes: with TOAST, without indexes               | bytes         |
// |                     | sequential_scans                                       | scans         |
// |                     | rows_inserted, rows_updated, rows_deleted              | rows          |
// |                     | dead_rows_estimate                                     | rows          |
// |                     | last_vacuum, last_analyze: by hand or by itself        | RFC 3339, UTC |
// |   an index of it    | index_bytes, index_scans                               | bytes, scans  |
// | sequence            | last_value                                             | -             |
//
// A figure that is not known (never analysed, never used, not permitted) is absent.
#pragma once

#include "agent/source/postgres/catalog.h"
#include "agent/source/postgres/object_reader.h"
#include "agent/source/postgres/section_writer.h"

namespace varve::postgres {

// Reads and writes them. What could not be read is a warning of the section: one a reason, not one
// a relation.
void WriteMeasures(ObjectReader& reader, const Catalog& catalog, SectionWriter& writer);

}  // namespace varve::postgres
