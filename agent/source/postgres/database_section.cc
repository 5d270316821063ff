#include "agent/source/postgres/database_section.h"

#include <map>
#include <memory>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/source/postgres/catalog_failures.h"
#include "agent/source/postgres/catalog_reader.h"
#include "agent/source/postgres/counts.h"
#include "agent/source/postgres/expressions.h"
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
  WriteLanguages(catalog, writer);
  WriteOperators(catalog, writer);
  WriteOperatorClasses(catalog, writer);
  WriteCasts(catalog, writer);
  WriteTransforms(catalog, writer);
  WriteAccessMethods(catalog, writer);
}

// What the server has to print, or has printed.
void WritePrinted(const Reading& reading, SectionWriter& writer) {
  WriteTableExpressions(reading, writer);
  WriteViewExpressions(reading, writer);
  WriteRoutines(reading, writer);
  WriteDomains(reading, writer);
  WritePublications(reading, writer);
  WriteExtendedStatistics(reading, writer);
  ReportUnseen(reading.expressions, writer);
}

// Reads all and puts it into `builder`. Nothing of the catalogs is kept afterwards. Errors: where
// they could not be read.
absl::Status Fill(Connection& connection, const DatabaseSectionFacts& facts,
                  const Redactor& redactor, Sizes& sizes, SectionBuilder& builder) {
  const absl::StatusOr<CatalogRead> read = ReadInUtf8(connection, facts.limits, ReadCatalog);
  if (!read.ok()) return read.status();
  const Catalog& catalog = *read->catalog;
  using Reach = ObjectReader::Reach;
  ObjectReader object_reader(connection, facts.limits, read->encoding,
                             facts.selection.TakesAll() ? Reach::kRange : Reach::kListed);
  SectionWriter writer(builder, redactor, facts.selection);
  writer.UseDependencies(read->dependencies.get());
  ReportFailures(read->failures, connection.server().user, writer);
  NoteNewerVersion(connection.server().version, writer);
  std::unique_ptr<Expressions> expressions;
  // The server prints for as long as we write. Of what both use, the catalog and the selection,
  // nothing changes.
  std::thread printing(
      [&] { expressions = ReadExpressions(object_reader, catalog, facts.selection); });
  WriteRaw(catalog, writer);
  printing.join();
  WritePrinted({catalog, *expressions}, writer);
  if (facts.include_measures) {
    WriteMeasures(object_reader, catalog, facts.sizes_every, sizes, writer);
  }
  if (facts.include_counts) {
    WriteCounts(connection, {facts.limits, facts.counts_budget, read->encoding}, catalog, writer);
  }
  writer.Finish();
  return absl::OkStatus();
}

}  // namespace

Section ReadDatabaseSection(Connection& connection, const DatabaseSectionFacts& facts,
                            const Redactor& redactor, Sizes& sizes) {
  SectionBuilder builder(facts.name, kSourceKind, facts.revision);
  const absl::Status read = Fill(connection, facts, redactor, sizes, builder);
  const ServerFacts& server = connection.server();
  if (!read.ok()) {
    return SectionBuilder::Unavailable(facts.name, kSourceKind, server.address,
                                       "reading the catalogs", read.message(),
                                       "read again; allow it more time where that was used up");
  }
  builder.SetAddress(server.address);
  builder.SetServer(absl::StrCat("PostgreSQL ", server.version_text));
  for (const std::string& note : facts.notes) builder.Warning("reading the address", note);
  return builder.Finish();
}

}  // namespace varve::postgres
