#include "agent/source/postgres/database_section.h"

#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/source/postgres/catalog_failures.h"
#include "agent/source/postgres/catalog_reader.h"
#include "agent/source/postgres/counts.h"
#include "agent/source/postgres/dependencies.h"
#include "agent/source/postgres/expression_printer.h"
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/object_reader.h"
#include "agent/source/postgres/section_writer.h"
#include "agent/source/postgres/versions.h"

namespace varve::postgres {
namespace {

// One error for each reason, not for each relation: coverage lists those.
void ReportUnseen(const Expressions& expressions, SectionWriter& writer) {
  std::map<std::pair<std::string, std::string>, int> by_reason;  // and remedy
  for (const auto& [object, why] : expressions.unseen) ++by_reason[{why.reason, why.remedy}];
  for (const auto& [why, count] : by_reason) {
    writer.Error(
        absl::StrCat("reading expressions of ", count, count == 1 ? " object" : " objects"),
        why.first, why.second);
  }
}

// All that the catalogs say by themselves.
void WriteRaw(const Catalog& catalog, SectionWriter& writer) {
  WriteDatabase(catalog, writer);
  WriteSchemas(catalog, writer);
  WriteExtensions(catalog, writer);
  WriteTables(catalog, writer);
  WriteViews(catalog, writer);
  WriteSequences(catalog, writer);
  WriteEnums(catalog, writer);
  WriteCompositeTypes(catalog, writer);
  WriteRangeTypes(catalog, writer);
  WriteBaseTypes(catalog, writer);
  WriteCollations(catalog, writer);
  WriteConversions(catalog, writer);
  WriteTextSearch(catalog, writer);
  WriteForeignData(catalog, writer);
  WriteSubscriptions(catalog, writer);
  WriteEventTriggers(catalog, writer);
  WriteDefaultPrivileges(catalog, writer);
  WriteLargeObjects(catalog, writer);
  WriteLanguages(catalog, writer);
  WriteOperators(catalog, writer);
  WriteOperatorClasses(catalog, writer);
  WriteCasts(catalog, writer);
  WriteTransforms(catalog, writer);
  WriteAccessMethods(catalog, writer);
}

// What the server has to print, as it prints it.
void WritePrinted(const Catalog& catalog, ExpressionPrinter& printer, SectionWriter& writer) {
  WriteTableExpressions({catalog, printer.Await(PrintingStep::kTables)}, writer);
  const Reading others = {catalog, printer.Await(PrintingStep::kOthers)};
  WriteRoutines(others, writer);
  WriteDomains(others, writer);
  WritePublications(others, writer);
  WriteExtendedStatistics(others, writer);
  writer.SortSoFar();
  const Reading all = {catalog, printer.Await(PrintingStep::kQueries)};
  WriteViewExpressions(all, writer);
  ReportUnseen(all.expressions, writer);
}

// What counting and measuring writes: a section of figures and errors alone.
class FigureSection {
 public:
  FigureSection(const DatabaseSectionFacts& facts, const Redactor& redactor)
      : builder_(facts.name, kSourceKind, facts.revision),
        writer_(builder_, redactor, facts.selection) {}
  SectionWriter& writer() { return writer_; }
  Section Finish() { return builder_.Finish(); }

 private:
  SectionBuilder builder_;
  SectionWriter writer_;
};

// `section` with `figures`, and with what went wrong in reading them.
Section Joined(Section section, const Section& figures) {
  section.measures = figures.measures;
  for (const v1::SectionError& error : figures.header.errors()) {
    *section.header.add_errors() = error;
    if (error.severity() == v1::SectionError::SEVERITY_ERROR &&
        section.header.status() == v1::SECTION_STATUS_COMPLETE) {
      section.header.set_status(v1::SECTION_STATUS_PARTIAL);
    }
  }
  return section;
}

// What was unseen or not counted for a reason that passes may be there by now, and nothing else
// says so.
bool IsSettled(const Section& section, const Section& figures) {
  for (const v1::SectionError& error : figures.header.errors()) {
    if (error.severity() == v1::SectionError::SEVERITY_ERROR) return false;
  }
  v1::Coverage coverage;
  if (!coverage.ParseFromString(section.coverage)) return false;
  for (const v1::CoverageEntry& entry : coverage.entries()) {
    const v1::Sight state = entry.state();
    if (state == v1::SIGHT_LOCKED || state == v1::SIGHT_FAILED || state == v1::SIGHT_CAPPED) {
      return false;
    }
  }
  return true;
}

// When the catalogs were read whole: not now, where nothing was written.
void WriteReadAt(absl::Time time, SectionWriter& figures) {
  figures.MeasureText({"database", {"database"}}, "schema_read_at",
                      absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", time, absl::UTCTimeZone()));
}

class DatabaseReader {
 public:
  DatabaseReader(Connection& connection, const DatabaseSectionFacts& facts,
                 const Redactor& redactor, DatabaseMemory& memory)
      : connection_(connection), facts_(facts), redactor_(redactor), memory_(memory) {}

  Section Read() {
    if (memory_.known != nullptr) {
      switch (Since(*memory_.known)) {
        case Written::kNothing:
          if (!IsOlder(memory_.known->measured_at, facts_.sizes_every)) return Again();
          return MeasuredAgain();
        case Written::kRows:
          // Rows are counted by the catalogs, which are not kept.
          if (!facts_.include_counts) return MeasuredAgain();
          break;
        case Written::kAnything:
          break;
      }
    }
    memory_.known.reset();  // before another takes as much memory
    return Whole();
  }

 private:
  enum class Written { kNothing, kRows, kAnything };

  static bool IsOlder(absl::Time time, absl::Duration age) {
    const absl::Time now = absl::Now();
    return time > now || now - time >= age;
  }

  // What was written since the known section was read. Any doubt is kAnything.
  Written Since(KnownSection& known) {
    if (IsOlder(known.read_at, facts_.full_read_every)) return Written::kAnything;
    absl::StatusOr<Watermark> mark = ReadWatermarkNow(connection_, facts_.limits, false);
    if (!mark.ok() || mark->where != known.mark.where) return Written::kAnything;
    if (!mark->written.empty() && mark->written == known.mark.written) return Written::kNothing;
    mark = ReadWatermarkNow(connection_, facts_.limits, true);
    if (!mark.ok() || mark->where != known.mark.where || mark->sums != known.mark.sums) {
      return Written::kAnything;
    }
    known.mark = *std::move(mark);
    return Written::kRows;
  }

  // As many as are wanted and can be had.
  Sessions Connect() {
    while (refused_.empty() && further_.size() + 1 < static_cast<size_t>(facts_.connections)) {
      absl::StatusOr<std::unique_ptr<Connection>> opened = facts_.connect();
      if (opened.ok()) {
        further_.push_back(*std::move(opened));
      } else {
        refused_.push_back(opened.status());
      }
    }
    Sessions sessions = {&connection_};
    for (const std::unique_ptr<Connection>& each : further_) sessions.push_back(each.get());
    return sessions;
  }

  Section Again() const { return Joined(memory_.known->section, memory_.known->figures); }

  Section MeasuredAgain() {
    KnownSection& known = *memory_.known;
    if (!facts_.include_measures) return Again();
    FigureSection figures(facts_, redactor_);
    ObjectReader reader(Connect(), facts_.limits, known.encoding, ReachOf(facts_.selection));
    WriteMeasures(reader, known.relations, facts_.sizes_every, memory_.sizes, figures.writer());
    WriteReadAt(known.read_at, figures.writer());
    Section fresh = figures.Finish();
    if (facts_.include_counts) KeepCounts(known.figures, fresh);
    known.figures = std::move(fresh);
    known.measured_at = absl::Now();
    return Again();
  }

  // Nothing was written: the rows are as many as they were.
  static void KeepCounts(const Section& before, Section& fresh) {
    std::map<EntityKey, v1::EntityMeasures*> places;
    for (v1::EntityMeasures& entity : *fresh.measures.Edit().mutable_entities()) {
      places.emplace(KeyOf(entity.identity()), &entity);
    }
    for (const v1::EntityMeasures& entity : before.measures->entities()) {
      for (const v1::Measure& measure : entity.measures()) {
        if (measure.name() != kRowsMeasure) continue;
        const auto place = places.find(KeyOf(entity.identity()));
        if (place != places.end()) *place->second->add_measures() = measure;
      }
    }
  }

  static ObjectReader::Reach ReachOf(const Selection& selection) {
    return selection.TakesAll() ? ObjectReader::Reach::kRange : ObjectReader::Reach::kListed;
  }

  Section Whole() {
    const bool keep = std::exchange(memory_.was_read, true);
    const absl::Time now = absl::Now();
    SectionBuilder builder(facts_.name, kSourceKind, facts_.revision);
    FigureSection figures(facts_, redactor_);
    std::optional<MeasuredRelations> relations;
    std::optional<Watermark> mark;
    std::string encoding;
    if (facts_.include_measures) WriteReadAt(now, figures.writer());
    const absl::Status read = Fill(keep, builder, figures.writer(), relations, mark, encoding);
    const ServerFacts& server = connection_.server();
    if (!read.ok()) {
      return SectionBuilder::Unavailable(facts_.name, kSourceKind, server.address,
                                         "reading the catalogs", read.message(),
                                         "read again; allow it more time where that was used up");
    }
    builder.SetAddress(server.address);
    builder.SetServer(absl::StrCat("PostgreSQL ", server.version_text));
    for (const std::string& note : facts_.notes) builder.Warning("reading the address", note);
    Section section = builder.Finish();
    Section measured = figures.Finish();
    if (!keep || !mark.has_value() || !IsSettled(section, measured)) {
      return Joined(std::move(section), measured);
    }
    memory_.known = std::make_unique<KnownSection>(
        KnownSection{*std::move(mark), std::move(encoding), now, std::move(section),
                     *std::move(relations), std::move(measured), now});
    return Again();
  }

  // Reads all. Nothing of the catalogs is kept afterwards. Errors: where they could not be read.
  absl::Status Fill(bool with_mark, SectionBuilder& builder, SectionWriter& figures,
                    std::optional<MeasuredRelations>& relations, std::optional<Watermark>& mark,
                    std::string& encoding) {
    const Sessions sessions = Connect();
    absl::StatusOr<CatalogRead> read = ReadInUtf8(
        connection_, facts_.limits,
        [&](Connection&, const SessionLimits& limits, absl::string_view client_encoding) {
          return ReadCatalog(sessions, limits, client_encoding, with_mark);
        });
    if (!read.ok()) return read.status();
    const Catalog& catalog = *read->catalog;
    ObjectReader object_reader(sessions, facts_.limits, read->encoding, ReachOf(facts_.selection));
    SectionWriter writer(builder, redactor_, facts_.selection);
    for (const absl::Status& note : read->notes) refused_.push_back(note);
    for (const absl::Status& why : refused_) {
      writer.Warning("reading over several connections", why.message(), ConnectionRemedy(why));
    }
    ReportFailures(read->failures, connection_.server().user, writer);
    NoteNewerVersion(connection_.server().version, writer);
    {
      // The server prints for as long as we write. Of what both use, the catalog and the selection,
      // nothing changes.
      ExpressionPrinter printer(object_reader, catalog, facts_.selection);
      const Dependencies dependencies(catalog, std::exchange(read->dependencies, {}));
      writer.UseDependencies(&dependencies);
      WriteRaw(catalog, writer);
      writer.SortSoFar();
      WritePrinted(catalog, printer, writer);
      writer.UseDependencies(nullptr);
    }
    writer.Finish();
    relations.emplace(catalog, facts_.selection);
    if (facts_.include_measures) {
      WriteMeasures(object_reader, *relations, facts_.sizes_every, memory_.sizes, figures);
    }
    if (facts_.include_counts) {
      WriteCounts(connection_, {facts_.limits, facts_.counts_budget, read->encoding}, catalog,
                  figures);
    }
    mark = std::move(read->mark);
    encoding = read->encoding;
    return absl::OkStatus();
  }

  Connection& connection_;
  const DatabaseSectionFacts& facts_;
  const Redactor& redactor_;
  DatabaseMemory& memory_;
  std::vector<std::unique_ptr<Connection>> further_;
  std::vector<absl::Status> refused_;  // why there are no more
};

}  // namespace

Section ReadDatabaseSection(Connection& connection, const DatabaseSectionFacts& facts,
                            const Redactor& redactor, DatabaseMemory& memory) {
  return DatabaseReader(connection, facts, redactor, memory).Read();
}

}  // namespace varve::postgres
