#include "agent/source/postgres/measures.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/names.h"

namespace varve::postgres {
namespace {

// The entity that figures of relation `oid` are of, and which part of it; nothing where it is in no
// snapshot.
struct Subject {
  EntityKey entity;
  std::string element;
};

class Figures {
 public:
  Figures(const Catalog& catalog, SectionWriter& writer) : catalog_(catalog), writer_(writer) {
    for (const IndexRow& index : catalog.indexes) table_of_.emplace(index.oid, index.relation);
  }

  std::optional<Subject> SubjectOf(Oid oid) const {
    const auto table = table_of_.find(oid);
    const RelationRow* const named = catalog_.Relation(oid);
    const RelationRow* const whole =
        table == table_of_.end() ? named : catalog_.Relation(table->second);
    if (named == nullptr || whole == nullptr || !IsOwn(catalog_, *whole)) return std::nullopt;
    Subject subject{RelationKey(catalog_, *whole),
                    named == whole ? std::string() : std::string(named->name)};
    if (writer_.LeavesOut(subject.entity)) return std::nullopt;
    return subject;
  }

  // Takes the next field of `row`; NULL is no figure.
  void TakeNumber(const Subject& subject, absl::string_view name, RowReader& row) {
    if (row.NextIsNull()) return row.Skip();
    writer_.MeasureNumber(subject.entity, name, row.TakeInt(), subject.element);
  }
  void TakeText(const Subject& subject, absl::string_view name, RowReader& row) {
    if (row.NextIsNull()) return row.Skip();
    writer_.MeasureText(subject.entity, name, row.TakeText(), subject.element);
  }

 private:
  const Catalog& catalog_;
  SectionWriter& writer_;
  absl::flat_hash_map<Oid, Oid> table_of_;
};

// Before 14 a table that was never analysed has 0 rows on 0 pages, which an empty one has too.
void WriteEstimates(const Catalog& catalog, SectionWriter& writer) {
  const bool has_unknown = catalog.server_version >= 140000;
  for (const RelationRow& relation : catalog.relations) {
    const absl::string_view kind = RelationKind(relation.kind);
    if ((kind != "table" && kind != "materialized_view") || !IsOwn(catalog, relation)) continue;
    if (relation.tuples < 0) continue;
    if (!has_unknown && relation.tuples == 0 && relation.pages == 0) continue;
    writer.MeasureNumber(RelationKey(catalog, relation), "rows_estimate", relation.tuples);
  }
}

// One statement of figures that are read without opening what they are of.
struct FigureQuery {
  absl::string_view doing;
  absl::string_view sql;
  void (*load)(RowReader& row, Figures& figures);
};

constexpr absl::string_view kActivity =
    "SELECT oid, pg_stat_get_numscans(oid), pg_stat_get_tuples_inserted(oid), "
    "pg_stat_get_tuples_updated(oid), pg_stat_get_tuples_deleted(oid), "
    "pg_stat_get_dead_tuples(oid), to_char(GREATEST(pg_stat_get_last_vacuum_time(oid), "
    "pg_stat_get_last_autovacuum_time(oid)), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), "
    "to_char(GREATEST(pg_stat_get_last_analyze_time(oid), "
    "pg_stat_get_last_autoanalyze_time(oid)), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') "
    "FROM pg_class WHERE relkind IN ('r', 'm') AND oid >= 16384";

void LoadActivity(RowReader& row, Figures& figures) {
  const std::optional<Subject> subject = figures.SubjectOf(row.TakeOid());
  if (!subject.has_value()) return;
  for (const absl::string_view name : {"sequential_scans", "rows_inserted", "rows_updated",
                                       "rows_deleted", "dead_rows_estimate"}) {
    figures.TakeNumber(*subject, name, row);
  }
  figures.TakeText(*subject, "last_vacuum", row);
  figures.TakeText(*subject, "last_analyze", row);
}

constexpr absl::string_view kIndexActivity =
    "SELECT oid, pg_stat_get_numscans(oid) FROM pg_class WHERE relkind = 'i' AND oid >= 16384";

void LoadIndexActivity(RowReader& row, Figures& figures) {
  const std::optional<Subject> subject = figures.SubjectOf(row.TakeOid());
  if (subject.has_value()) figures.TakeNumber(*subject, "index_scans", row);
}

constexpr absl::string_view kDatabaseSize = "SELECT pg_database_size(current_database())";

void LoadDatabaseSize(RowReader& row, Figures& figures) {
  figures.TakeNumber({{"database", {"database"}}, ""}, "database_bytes", row);
}

constexpr absl::string_view kLargeObjects = "SELECT count(*) FROM pg_largeobject_metadata";

void LoadLargeObjects(RowReader& row, Figures& figures) {
  figures.TakeNumber({{"database", {"database"}}, ""}, "large_objects", row);
}

constexpr absl::string_view kAvailable =
    "SELECT name, default_version FROM pg_available_extensions "
    "WHERE installed_version IS NOT NULL ORDER BY name";

void LoadAvailable(RowReader& row, Figures& figures) {
  const Subject subject{{"extension", {std::string(row.TakeText())}}, ""};
  figures.TakeText(subject, "available_version", row);
}

constexpr FigureQuery kQueries[] = {
    {"measuring the activity of tables", kActivity, LoadActivity},
    {"measuring the activity of indexes", kIndexActivity, LoadIndexActivity},
    {"measuring the database", kDatabaseSize, LoadDatabaseSize},
    {"counting large objects", kLargeObjects, LoadLargeObjects},
    {"reading the available versions of extensions", kAvailable, LoadAvailable},
};

// A figure that takes opening what it is of, which can be locked: rows of an OID and the figure.
struct OpenedQuery {
  absl::string_view doing;
  absl::string_view sql;
  absl::string_view relkinds;  // of what it is of
  absl::string_view measure;
};

constexpr OpenedQuery kOpenedQueries[] = {
    {"measuring tables", "SELECT oid, pg_table_size(oid) FROM pg_class WHERE relkind IN ('r', 'm')",
     "rm", "table_bytes"},
    {"measuring indexes", "SELECT oid, pg_relation_size(oid) FROM pg_class WHERE relkind = 'i'",
     "i", "index_bytes"},
    // Another session's temporary sequence raises.
    {"reading positions of sequences",
     "SELECT oid, CASE WHEN has_sequence_privilege(oid, 'SELECT,USAGE') "
     "THEN pg_sequence_last_value(oid) END FROM pg_class "
     "WHERE relkind = 'S' AND relpersistence <> 't'",
     "S", "last_value"},
};

std::vector<Oid> RelationsOf(const Catalog& catalog, absl::string_view relkinds,
                             const Figures& figures) {
  std::vector<Oid> relations;
  for (const RelationRow& relation : catalog.relations) {
    if (!absl::StrContains(relkinds, relation.kind)) continue;
    if (figures.SubjectOf(relation.oid).has_value()) relations.push_back(relation.oid);
  }
  return relations;
}

void WriteOpened(const OpenedQuery& query, ObjectReader& reader, const Figures& figures,
                 Arena& arena, const Catalog& catalog, SectionWriter& writer) {
  std::map<Oid, int64_t> values;                              // rows may come twice
  std::map<std::pair<std::string, std::string>, int> missed;  // by reason and remedy
  reader.Read(
      query.sql, "oid", RelationsOf(catalog, query.relkinds, figures), arena,
      [&](RowReader& row) {
        const Oid oid = row.TakeOid();
        if (!row.NextIsNull()) values[oid] = row.TakeInt();
      },
      [&](Oid oid, const Unseen& why) {
        if (figures.SubjectOf(oid).has_value()) ++missed[{why.reason, why.remedy}];
      });
  for (const auto& [oid, value] : values) {
    const std::optional<Subject> subject = figures.SubjectOf(oid);
    if (!subject.has_value()) continue;
    writer.MeasureNumber(subject->entity, query.measure, value, subject->element);
  }
  for (const auto& [why, count] : missed) {
    writer.Warning(absl::StrCat(query.doing, " (", count, " of them)"), why.first, why.second);
  }
}

}  // namespace

void WriteMeasures(ObjectReader& reader, const Catalog& catalog, SectionWriter& writer) {
  Figures figures(catalog, writer);
  Arena arena;
  WriteEstimates(catalog, writer);
  for (const FigureQuery& query : kQueries) {
    const absl::Status status =
        reader.ReadAll(query.sql, arena, [&](RowReader& row) { query.load(row, figures); });
    if (!status.ok()) writer.Warning(query.doing, status.message());
  }
  for (const OpenedQuery& query : kOpenedQueries) {
    WriteOpened(query, reader, figures, arena, catalog, writer);
  }
}

}  // namespace varve::postgres
