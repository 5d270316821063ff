#include "agent/source/postgres/measures.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace varve::postgres {
namespace {

const EntityKey& DatabaseKey() {
  static const EntityKey& key = *new EntityKey{"database", {"database"}};
  return key;
}

class Figures {
 public:
  Figures(const MeasuredRelations& relations, SectionWriter& writer)
      : relations_(relations), writer_(writer) {}

  std::optional<Subject> SubjectOf(Oid oid) const { return relations_.SubjectOf(oid); }
  bool is_before(int major) const { return relations_.server_version() / 10000 < major; }

  // Takes the next field of `row`; NULL is no figure.
  void TakeNumber(const Subject& subject, absl::string_view name, RowReader& row) {
    if (row.NextIsNull()) return row.Skip();
    Number(subject, name, row.TakeInt());
  }
  void Number(const Subject& subject, absl::string_view name, int64_t value) {
    writer_.MeasureNumber(subject.entity, name, value, subject.element);
  }
  void TakeText(const Subject& subject, absl::string_view name, RowReader& row) {
    if (row.NextIsNull()) return row.Skip();
    writer_.MeasureText(subject.entity, name, row.TakeText(), subject.element);
  }

 private:
  const MeasuredRelations& relations_;
  SectionWriter& writer_;
};

// One statement of figures that are read without opening what they are of.
struct FigureQuery {
  absl::string_view doing;
  absl::string_view sql;
  void (*load)(RowReader& row, Figures& figures);
  int since = 0;  // major version
};

constexpr absl::string_view kEstimates =
    "SELECT oid, relpages, reltuples::bigint FROM pg_class "
    "WHERE relkind IN ('r', 'p', 'f', 'm') AND oid >= 16384";

// Before 14 a table that was never analysed has 0 rows on 0 pages, which an empty one has too.
void LoadEstimate(RowReader& row, Figures& figures) {
  const std::optional<Subject> subject = figures.SubjectOf(row.TakeOid());
  const bool has_pages = row.TakeInt() > 0;
  const int64_t rows = row.TakeInt();
  if (!subject.has_value() || rows < 0) return;
  if (rows == 0 && !has_pages && figures.is_before(14)) return;
  figures.Number(*subject, "rows_estimate", rows);
}

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

// From 15 on a database has no time of its own until somebody resets its figures. A crash drops the
// figures of all databases with these times; of the server as a whole it is then noted when.
constexpr absl::string_view kDatabase =
    "SELECT pg_database_size(oid), pg_stat_get_db_blocks_hit(oid), "
    "pg_stat_get_db_blocks_fetched(oid) - pg_stat_get_db_blocks_hit(oid), "
    "to_char(COALESCE(pg_stat_get_db_stat_reset_time(oid), "
    "pg_stat_get_bgwriter_stat_reset_time()), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') "
    "FROM pg_database WHERE datname = current_database()";

void LoadDatabase(RowReader& row, Figures& figures) {
  for (const absl::string_view name : {"database_bytes", "blocks_hit", "blocks_read"}) {
    figures.TakeNumber(Subject{DatabaseKey(), ""}, name, row);
  }
  figures.TakeText(Subject{DatabaseKey(), ""}, "statistics_reset_at", row);
}

constexpr absl::string_view kLargeObjects = "SELECT count(*) FROM pg_largeobject_metadata";

void LoadLargeObjects(RowReader& row, Figures& figures) {
  figures.TakeNumber(Subject{DatabaseKey(), ""}, "large_objects", row);
}

// Of each owner, and of each role that was granted something on some of them ("": all of them).
// Grouped first, since there may be millions.
constexpr absl::string_view kLargeObjectsOf =
    "WITH alike AS (SELECT lomowner, lomacl, count(*) AS n FROM pg_largeobject_metadata "
    "GROUP BY lomowner, lomacl) "
    "SELECT pg_get_userbyid(lomowner), '', sum(n) FROM alike GROUP BY lomowner UNION ALL "
    "SELECT pg_get_userbyid(lomowner), CASE grantee WHEN 0 THEN 'public' "
    "ELSE pg_get_userbyid(grantee) END, sum(n) FROM alike, "
    "LATERAL (SELECT DISTINCT grantee FROM aclexplode(lomacl)) AS held GROUP BY lomowner, grantee";

void LoadLargeObjectsOf(RowReader& row, Figures& figures) {
  const EntityKey owner{"large_objects", {std::string(row.TakeText())}};
  const std::string grantee(row.TakeText());
  figures.TakeNumber({owner, grantee}, grantee.empty() ? "large_objects" : "granted", row);
}

constexpr absl::string_view kAvailable =
    "SELECT name, default_version FROM pg_available_extensions "
    "WHERE installed_version IS NOT NULL ORDER BY name";

void LoadAvailable(RowReader& row, Figures& figures) {
  const EntityKey extension{"extension", {std::string(row.TakeText())}};
  figures.TakeText({extension, ""}, "available_version", row);
}

constexpr FigureQuery kQueries[] = {
    {"reading estimates of rows", kEstimates, LoadEstimate},
    {"measuring the activity of tables", kActivity, LoadActivity},
    {"measuring the activity of indexes", kIndexActivity, LoadIndexActivity},
    {"reading when relations were used", kLastScans, LoadLastScan, 16},
    {"measuring the database", kDatabase, LoadDatabase},
    {"counting large objects", kLargeObjects, LoadLargeObjects},
    {"counting large objects by owner", kLargeObjectsOf, LoadLargeObjectsOf},
    {"reading the available versions of extensions", kAvailable, LoadAvailable},
};

// A figure that takes opening what it is of, which can be locked: rows of an OID and the figure.
struct OpenedQuery {
  absl::string_view doing;
  absl::string_view sql;
  const std::vector<Oid>& (MeasuredRelations::*subjects)() const;
  absl::string_view measure;
};

constexpr absl::string_view kLastValue = "last_value";

constexpr OpenedQuery kOpenedQueries[] = {
    {"measuring tables", "SELECT oid, pg_table_size(oid) FROM pg_class WHERE relkind IN ('r', 'm')",
     &MeasuredRelations::tables, "table_bytes"},
    {"measuring TOAST",
     "SELECT oid, pg_total_relation_size(reltoastrelid) FROM pg_class "
     "WHERE relkind IN ('r', 'm') AND reltoastrelid <> 0",
     &MeasuredRelations::toasted, "toast_bytes"},
    {"measuring indexes", "SELECT oid, pg_relation_size(oid) FROM pg_class WHERE relkind = 'i'",
     &MeasuredRelations::indexes, "index_bytes"},
    // Another session's temporary sequence raises.
    {"reading positions of sequences",
     "SELECT oid, CASE WHEN has_sequence_privilege(oid, 'SELECT,USAGE') "
     "THEN pg_sequence_last_value(oid) END FROM pg_class "
     "WHERE relkind = 'S' AND relpersistence <> 't'",
     &MeasuredRelations::sequences, kLastValue},
};

// How far the position is on its way from one bound to the other.
int64_t PercentUsed(const SequenceBounds& bounds, int64_t position) {
  const auto way = static_cast<long double>(bounds.maximum) - bounds.minimum;
  const auto gone = bounds.ascending ? static_cast<long double>(position) - bounds.minimum
                                     : static_cast<long double>(bounds.maximum) - position;
  if (way <= 0) return 100;  // no sequence has such bounds
  return static_cast<int64_t>(std::clamp(100 * gone / way, 0.0L, 100.0L));
}

class SizeWriter {
 public:
  SizeWriter(ObjectReader& reader, const MeasuredRelations& relations, SectionWriter& writer)
      : reader_(reader), relations_(relations), writer_(writer) {}

  // `values` has what is known already, which is not asked again.
  void Write(const OpenedQuery& query, absl::flat_hash_map<Oid, int64_t>& values) {
    const std::vector<Oid>& subjects = (relations_.*query.subjects)();
    Read(query, subjects, values);
    for (const Oid oid : subjects) {
      const auto value = values.find(oid);
      const std::optional<Subject> subject = relations_.SubjectOf(oid);
      if (value == values.end() || !subject.has_value()) continue;
      writer_.MeasureNumber(subject->entity, query.measure, value->second, subject->element);
      if (query.measure != kLastValue) continue;
      const std::optional<SequenceBounds> bounds = relations_.SequenceOf(oid);
      if (!bounds.has_value()) continue;
      writer_.MeasureNumber(subject->entity, "percent_used", PercentUsed(*bounds, value->second));
    }
  }

 private:
  void Read(const OpenedQuery& query, const std::vector<Oid>& subjects,
            absl::flat_hash_map<Oid, int64_t>& values) {
    std::vector<Oid> unknown;
    for (const Oid oid : subjects) {
      if (!values.contains(oid)) unknown.push_back(oid);
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
  const MeasuredRelations& relations_;
  SectionWriter& writer_;
  Arena arena_;
};

// Forgets what is too old, or another database's.
void Refresh(const std::string& database, absl::Duration every, Sizes& sizes) {
  const absl::Time now = absl::Now();
  const bool is_known = !database.empty() && sizes.database == database && sizes.read_at <= now;
  if (is_known && now - sizes.read_at < every) return;
  sizes = {database, now, {}};
  sizes.values.resize(std::size(kOpenedQueries));
}

}  // namespace

void WriteMeasures(ObjectReader& reader, const MeasuredRelations& relations,
                   absl::Duration sizes_every, Sizes& sizes, SectionWriter& writer) {
  Figures figures(relations, writer);
  Arena arena;
  for (const FigureQuery& query : kQueries) {
    if (figures.is_before(query.since)) continue;
    const absl::Status status =
        reader.ReadAll(query.sql, arena, [&](RowReader& row) { query.load(row, figures); });
    if (!status.ok()) writer.Warning(query.doing, status.message());
  }
  Refresh(relations.database(), sizes_every, sizes);
  SizeWriter size_writer(reader, relations, writer);
  for (size_t i = 0; i < std::size(kOpenedQueries); ++i) {
    size_writer.Write(kOpenedQueries[i], sizes.values[i]);
  }
  writer.MeasureText(DatabaseKey(), "sizes_measured_at",
                     absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", sizes.read_at, absl::UTCTimeZone()));
}

}  // namespace varve::postgres
