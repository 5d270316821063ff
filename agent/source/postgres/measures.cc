#include "agent/source/postgres/measures.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
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
  int since = 0;  // major version
};

constexpr absl::string_view kActivity =
    "SELECT oid, pg_stat_get_numscans(oid), pg_stat_get_tuples_inserted(oid), "
    "pg_stat_get_tuples_updated(oid), pg_stat_get_tuples_deleted(oid), "
    "pg_stat_get_dead_tuples(oid), pg_stat_get_blocks_hit(oid), "
    "pg_stat_get_blocks_fetched(oid) - pg_stat_get_blocks_hit(oid), "
    "to_char(GREATEST(pg_stat_get_last_vacuum_time(oid), "
    "pg_stat_get_last_autovacuum_time(oid)), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), "
    "to_char(GREATEST(pg_stat_get_last_analyze_time(oid), "
    "pg_stat_get_last_autoanalyze_time(oid)), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') "
    "FROM pg_class WHERE relkind IN ('r', 'm') AND oid >= 16384";

void LoadActivity(RowReader& row, Figures& figures) {
  const std::optional<Subject> subject = figures.SubjectOf(row.TakeOid());
  if (!subject.has_value()) return;
  for (const absl::string_view name :
       {"sequential_scans", "rows_inserted", "rows_updated", "rows_deleted", "dead_rows_estimate",
        "blocks_hit", "blocks_read"}) {
    figures.TakeNumber(*subject, name, row);
  }
  figures.TakeText(*subject, "last_vacuum", row);
  figures.TakeText(*subject, "last_analyze", row);
}

constexpr absl::string_view kIndexActivity =
    "SELECT oid, pg_stat_get_numscans(oid), pg_stat_get_blocks_hit(oid), "
    "pg_stat_get_blocks_fetched(oid) - pg_stat_get_blocks_hit(oid) "
    "FROM pg_class WHERE relkind = 'i' AND oid >= 16384";

void LoadIndexActivity(RowReader& row, Figures& figures) {
  const std::optional<Subject> subject = figures.SubjectOf(row.TakeOid());
  if (!subject.has_value()) return;
  for (const absl::string_view name : {"index_scans", "blocks_hit", "blocks_read"}) {
    figures.TakeNumber(*subject, name, row);
  }
}

// Of a table its last sequential scan.
constexpr absl::string_view kLastScans =
    "SELECT oid, to_char(pg_stat_get_lastscan(oid), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') "
    "FROM pg_class WHERE relkind IN ('r', 'm', 'i') AND oid >= 16384 "
    "AND pg_stat_get_lastscan(oid) IS NOT NULL";

void LoadLastScan(RowReader& row, Figures& figures) {
  const std::optional<Subject> subject = figures.SubjectOf(row.TakeOid());
  if (!subject.has_value()) return;
  figures.TakeText(*subject, subject->element.empty() ? "last_sequential_scan" : "last_index_scan",
                   row);
}

const Subject& DatabaseSubject() {
  static const Subject& database = *new Subject{{"database", {"database"}}, ""};
  return database;
}

constexpr absl::string_view kDatabase =
    "SELECT pg_database_size(oid), pg_stat_get_db_blocks_hit(oid), "
    "pg_stat_get_db_blocks_fetched(oid) - pg_stat_get_db_blocks_hit(oid) "
    "FROM pg_database WHERE datname = current_database()";

void LoadDatabase(RowReader& row, Figures& figures) {
  for (const absl::string_view name : {"database_bytes", "blocks_hit", "blocks_read"}) {
    figures.TakeNumber(DatabaseSubject(), name, row);
  }
}

constexpr absl::string_view kLargeObjects = "SELECT count(*) FROM pg_largeobject_metadata";

void LoadLargeObjects(RowReader& row, Figures& figures) {
  figures.TakeNumber(DatabaseSubject(), "large_objects", row);
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
    {"reading when relations were used", kLastScans, LoadLastScan, 16},
    {"measuring the database", kDatabase, LoadDatabase},
    {"counting large objects", kLargeObjects, LoadLargeObjects},
    {"reading the available versions of extensions", kAvailable, LoadAvailable},
};

// A figure that takes opening what it is of, which can be locked: rows of an OID and the figure.
struct OpenedQuery {
  absl::string_view doing;
  absl::string_view sql;
  bool (*is_of)(const RelationRow& relation);
  absl::string_view measure;
};

bool IsTable(const RelationRow& relation) { return relation.kind == 'r' || relation.kind == 'm'; }
bool HasToast(const RelationRow& relation) { return IsTable(relation) && relation.toast != 0; }
bool IsIndex(const RelationRow& relation) { return relation.kind == 'i'; }
bool IsSequence(const RelationRow& relation) { return relation.kind == 'S'; }

constexpr absl::string_view kLastValue = "last_value";

constexpr OpenedQuery kOpenedQueries[] = {
    {"measuring tables", "SELECT oid, pg_table_size(oid) FROM pg_class WHERE relkind IN ('r', 'm')",
     IsTable, "table_bytes"},
    {"measuring TOAST",
     "SELECT oid, pg_total_relation_size(reltoastrelid) FROM pg_class "
     "WHERE relkind IN ('r', 'm') AND reltoastrelid <> 0",
     HasToast, "toast_bytes"},
    {"measuring indexes", "SELECT oid, pg_relation_size(oid) FROM pg_class WHERE relkind = 'i'",
     IsIndex, "index_bytes"},
    // Another session's temporary sequence raises.
    {"reading positions of sequences",
     "SELECT oid, CASE WHEN has_sequence_privilege(oid, 'SELECT,USAGE') "
     "THEN pg_sequence_last_value(oid) END FROM pg_class "
     "WHERE relkind = 'S' AND relpersistence <> 't'",
     IsSequence, kLastValue},
};

// How far the position is on its way from one bound to the other.
int64_t PercentUsed(const SequenceRow& sequence, int64_t position) {
  const auto way = static_cast<long double>(sequence.maximum) - sequence.minimum;
  const auto gone = sequence.increment > 0 ? static_cast<long double>(position) - sequence.minimum
                                           : static_cast<long double>(sequence.maximum) - position;
  if (way <= 0) return 100;  // no sequence has such bounds
  return static_cast<int64_t>(std::clamp(100 * gone / way, 0.0L, 100.0L));
}

class SizeWriter {
 public:
  SizeWriter(ObjectReader& reader, const Catalog& catalog, const Figures& figures,
             SectionWriter& writer)
      : reader_(reader), catalog_(catalog), figures_(figures), writer_(writer) {}

  // `values` has what is known already, which is not asked again.
  void Write(const OpenedQuery& query, absl::flat_hash_map<Oid, int64_t>& values) {
    Read(query, values);
    for (const RelationRow& relation : catalog_.relations) {
      const auto value = values.find(relation.oid);
      if (value == values.end()) continue;
      const std::optional<Subject> subject = figures_.SubjectOf(relation.oid);
      if (!subject.has_value()) continue;
      writer_.MeasureNumber(subject->entity, query.measure, value->second, subject->element);
      const auto sequence = catalog_.sequences.find(relation.oid);
      if (query.measure != kLastValue || sequence == catalog_.sequences.end()) continue;
      writer_.MeasureNumber(subject->entity, "percent_used",
                            PercentUsed(sequence->second, value->second));
    }
  }

 private:
  void Read(const OpenedQuery& query, absl::flat_hash_map<Oid, int64_t>& values) {
    std::vector<Oid> unknown;
    for (const RelationRow& relation : catalog_.relations) {
      if (!query.is_of(relation) || values.contains(relation.oid)) continue;
      if (figures_.SubjectOf(relation.oid).has_value()) unknown.push_back(relation.oid);
    }
    std::map<std::pair<std::string, std::string>, int> missed;  // by reason and remedy
    reader_.Read(
        query.sql, "oid", std::move(unknown), arena_,
        [&](RowReader& row) {
          const Oid oid = row.TakeOid();
          if (!row.NextIsNull()) values[oid] = row.TakeInt();
        },
        [&](Oid, const Unseen& why) {
          ++missed[{why.reason, why.remedy}];
        });
    for (const auto& [why, count] : missed) {
      writer_.Warning(absl::StrCat(query.doing, " (", count, " of them)"), why.first, why.second);
    }
  }

  ObjectReader& reader_;
  const Catalog& catalog_;
  const Figures& figures_;
  SectionWriter& writer_;
  Arena arena_;
};

// Forgets what is too old, or another database's.
void Refresh(const Catalog& catalog, absl::Duration every, Sizes& sizes) {
  const std::string database = LocatorId(catalog, catalog.database.oid);
  const absl::Time now = absl::Now();
  const bool is_known = !database.empty() && sizes.database == database && sizes.read_at <= now;
  if (is_known && now - sizes.read_at < every) return;
  sizes = {database, now, {}};
  sizes.values.resize(std::size(kOpenedQueries));
}

}  // namespace

void WriteMeasures(ObjectReader& reader, const Catalog& catalog, absl::Duration sizes_every,
                   Sizes& sizes, SectionWriter& writer) {
  Figures figures(catalog, writer);
  Arena arena;
  WriteEstimates(catalog, writer);
  for (const FigureQuery& query : kQueries) {
    if (catalog.server_version / 10000 < query.since) continue;
    const absl::Status status =
        reader.ReadAll(query.sql, arena, [&](RowReader& row) { query.load(row, figures); });
    if (!status.ok()) writer.Warning(query.doing, status.message());
  }
  Refresh(catalog, sizes_every, sizes);
  SizeWriter size_writer(reader, catalog, figures, writer);
  for (size_t i = 0; i < std::size(kOpenedQueries); ++i) {
    size_writer.Write(kOpenedQueries[i], sizes.values[i]);
  }
  const Subject& database = DatabaseSubject();
  writer.MeasureText(database.entity, "sizes_measured_at",
                     absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", sizes.read_at, absl::UTCTimeZone()));
}

}  // namespace varve::postgres
