// Logical replication: publications and subscriptions.
#include <algorithm>

#include "agent/source/postgres/catalog_query.h"

namespace varve::postgres {
namespace {

constexpr unsigned kStructure = Bit(v1::FACET_STRUCTURE);
constexpr Feed kPublications[] = {{"publication", kEveryFacet}};
constexpr Feed kPublishedTables[] = {{"publication", kStructure | Bit(v1::FACET_EXPRESSIONS)}};
constexpr Feed kPublishedSchemas[] = {{"publication", kStructure}};
constexpr Feed kSubscriptions[] = {{"subscription", kEveryFacet}};
constexpr Feed kConnections[] = {{"subscription", Bit(v1::FACET_OPTIONS)}};

constexpr QueryColumn kPublicationColumns[] = {{"oid"},
                                               {"pubname"},
                                               {"pubowner"},
                                               {"puballtables"},
                                               {"pubinsert"},
                                               {"pubupdate"},
                                               {"pubdelete"},
                                               {"pubtruncate"},
                                               {"pubviaroot", 13, "false"},
                                               {"pubgencols", 18, "'n'"}};

void LoadPublication(RowReader& row, Catalog& catalog) {
  PublicationRow& publication = catalog.replication.publications.emplace_back();
  publication.oid = row.TakeOid();
  publication.name = row.TakeText();
  publication.owner = row.TakeOid();
  publication.all_tables = row.TakeBool();
  publication.insert = row.TakeBool();
  publication.update = row.TakeBool();
  publication.delete_rows = row.TakeBool();
  publication.truncate = row.TakeBool();
  publication.via_root = row.TakeBool();
  publication.generated_columns = row.TakeChar();
}

constexpr QueryColumn kPublishedTableColumns[] = {
    {"prpubid"}, {"oid"}, {"prrelid"}, {"prqual IS NOT NULL", 15, "false"}, {"prattrs", 15}};

void LoadPublishedTable(RowReader& row, Catalog& catalog) {
  PublishedTableRow& table = catalog.replication.tables[row.TakeOid()].emplace_back();
  table.oid = row.TakeOid();
  table.relation = row.TakeOid();
  table.filtered = row.TakeBool();
  table.columns = row.TakeNumbers();
}

constexpr QueryColumn kPublishedSchemaColumns[] = {{"pnpubid"}, {"pnnspid"}};

void LoadPublishedSchema(RowReader& row, Catalog& catalog) {
  const Oid publication = row.TakeOid();
  catalog.replication.schemas[publication].push_back(row.TakeOid());
}

// The name is for everyone; before 14 oid and subsynccommit are not, and subconninfo, which holds
// passwords, never. One column that is denied denies a query.
constexpr QueryColumn kNameColumns[] = {
    {"subname"},
    {"has_column_privilege('pg_subscription', 'oid', 'SELECT') AND "
     "has_column_privilege('pg_subscription', 'subsynccommit', 'SELECT')"},
    {"has_column_privilege('pg_subscription', 'subconninfo', 'SELECT')"}};

void LoadName(RowReader& row, Catalog& catalog) {
  SubscriptionRow& subscription = catalog.replication.subscriptions[row.TakeText()];
  subscription.readable = row.TakeBool();
  subscription.permitted = row.TakeBool();
}

bool AnySubscription(const Catalog& catalog, bool SubscriptionRow::*may) {
  const auto& subscriptions = catalog.replication.subscriptions;
  return std::any_of(subscriptions.begin(), subscriptions.end(),
                     [&](const auto& subscription) { return subscription.second.*may; });
}

bool MayReadSubscriptions(const Catalog& catalog) {
  return AnySubscription(catalog, &SubscriptionRow::readable);
}

bool MayReadConnections(const Catalog& catalog) {
  return AnySubscription(catalog, &SubscriptionRow::permitted);
}

constexpr QueryColumn kSubscriptionColumns[] = {
    {"subname"},
    {"oid"},
    {"subowner"},
    {"subenabled"},
    {"subpublications"},
    {"subslotname"},
    {"subsynccommit"},
    {"subbinary", 14, "false"},
    // A boolean in 14 and 15: its letters mean the same.
    {"substream", 14, "'f'"},
    {"subtwophasestate", 15, "'d'"},
    {"subdisableonerr", 15, "false"},
    {"subpasswordrequired", 16, "true"},
    {"subrunasowner", 16, "false"},
    {"suborigin", 16, "'any'"},
    {"subfailover", 17, "false"}};

void LoadSubscription(RowReader& row, Catalog& catalog) {
  SubscriptionRow& subscription = catalog.replication.subscriptions[row.TakeText()];
  subscription.oid = row.TakeOid();
  subscription.owner = row.TakeOid();
  subscription.enabled = row.TakeBool();
  subscription.publications = row.TakeRaw();
  subscription.slot = row.TakeText();
  subscription.synchronous_commit = row.TakeText();
  subscription.binary = row.TakeBool();
  subscription.streaming = row.TakeChar();
  subscription.two_phase = row.TakeChar();
  subscription.disable_on_error = row.TakeBool();
  subscription.password_required = row.TakeBool();
  subscription.run_as_owner = row.TakeBool();
  subscription.origin = row.TakeText();
  subscription.failover = row.TakeBool();
}

constexpr QueryColumn kConnectionColumns[] = {{"subname"}, {"subconninfo"}};

void LoadConnection(RowReader& row, Catalog& catalog) {
  SubscriptionRow& subscription = catalog.replication.subscriptions[row.TakeText()];
  subscription.connection = row.TakeText();
}

// The catalog is the cluster's.
constexpr absl::string_view kOfThisDatabase =
    "FROM pg_subscription WHERE subdbid = "
    "(SELECT oid FROM pg_database WHERE datname = current_database())";

constexpr CatalogQuery kQueries[] = {
    {"pg_publication", kPublicationColumns, "FROM pg_publication", LoadPublication, kPublications},
    {"pg_publication_rel", kPublishedTableColumns, "FROM pg_publication_rel", LoadPublishedTable,
     kPublishedTables},
    {"pg_publication_namespace", kPublishedSchemaColumns, "FROM pg_publication_namespace",
     LoadPublishedSchema, kPublishedSchemas, 15},
    {"pg_subscription", kNameColumns, kOfThisDatabase, LoadName, kSubscriptions},
    {"pg_subscription", kSubscriptionColumns, kOfThisDatabase, LoadSubscription, kSubscriptions, 0,
     MayReadSubscriptions},
    {"pg_subscription", kConnectionColumns, kOfThisDatabase, LoadConnection, kConnections, 0,
     MayReadConnections},
};

}  // namespace

absl::Span<const CatalogQuery> ReplicationQueries() { return kQueries; }

}  // namespace varve::postgres
