#include "agent/source/postgres/cluster_section.h"

#include "absl/strings/str_cat.h"
#include "agent/source/postgres/catalog_failures.h"
#include "agent/source/postgres/catalog_reader.h"
#include "agent/source/postgres/database_section.h"
#include "agent/source/postgres/kind_writers.h"
#include "agent/source/postgres/section_writer.h"
#include "agent/source/postgres/versions.h"

namespace varve::postgres {
namespace {

// "db.internal:5432" of "db.internal:5432/shop".
absl::string_view ServerIn(absl::string_view address) {
  return address.substr(0, address.rfind('/'));
}

// Of a database in the list only what it is, who may what with it and what people say of it; the
// rest is in its own section.
void CoverDatabaseList(const ClusterSectionFacts& facts, SectionWriter& writer) {
  const unsigned listed = Bit(v1::FACET_STRUCTURE) | Bit(v1::FACET_ACCESS) | Bit(v1::FACET_DOCS);
  writer.Block("database", kEveryFacet & ~listed,
               {v1::SIGHT_EXCLUDED, "read in the section of the database itself", ""});
  // A scope that no identity has: an exclusion of the database would hide that it is dropped.
  for (const auto& [database, why] : facts.left_out) {
    writer.CoverPart({"database", {absl::StrCat("section ", facts.name, database)}},
                     v1::FACET_STRUCTURE, {v1::SIGHT_EXCLUDED, why, ""});
  }
}

}  // namespace

Section ReadClusterSection(Connection& connection, const ClusterSectionFacts& facts,
                           const Redactor& redactor) {
  const ServerFacts& server = connection.server();
  const absl::string_view address = ServerIn(server.address);
  const absl::StatusOr<CatalogRead> read = ReadInUtf8(connection, facts.limits, ReadCluster);
  if (!read.ok()) {
    return SectionBuilder::Unavailable(
        facts.name, kSourceKind, address, "reading the catalogs of the cluster",
        read.status().message(), "read again; allow it more time where that was used up");
  }
  const Catalog& catalog = *read->catalog;
  SectionBuilder builder(facts.name, kSourceKind, facts.revision);
  builder.SetAddress(address);
  builder.SetServer(absl::StrCat("PostgreSQL ", server.version_text));
  SectionWriter writer(builder, redactor, KindScope::kCluster);
  ReportFailures(read->failures, server.user, writer);
  NoteNewerVersion(server.version, writer);
  CoverDatabaseList(facts, writer);
  WriteDatabaseList(catalog, writer);
  WriteRoles(catalog, writer);
  WriteTablespaces(catalog, writer);
  WriteParameterPrivileges(catalog, writer);
  WriteSettings(catalog, server.user, writer);
  writer.Finish();
  return builder.Finish();
}

}  // namespace varve::postgres
