// What rules of PostgreSQL say where what they look at was seen in part.
#include <functional>
#include <string>
#include <vector>

#include "tests/unit/snapshot/rules/rule_cases.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using testing::Findings;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::Orders;
using testing::PostgresWith;
using testing::Table;
using testing::Unsaid;

CheckResult CheckedWith(const char* rule, const std::function<void(SectionBuilder&)>& fill) {
  const auto result =
      Check(testing::Assemble({PostgresWith(fill)}), std::vector<std::string>{rule});
  EXPECT_THAT(result, IsOk());
  return result.ok() ? *result : CheckResult();
}

v1::TableStructure PartitionedTable() {
  v1::TableStructure table = testing::OrdersTable();
  table.set_kind(v1::TABLE_KIND_PARTITIONED);
  table.mutable_partitioning()->set_strategy("range");
  table.mutable_partitioning()->add_columns("id");
  return table;
}

void AddPartition(SectionBuilder& builder, const EntityKey& key, const std::string& bound) {
  v1::TableStructure table = testing::OrdersTable();
  table.set_partition(true);
  *table.add_parents() = IdentityOf(Orders());
  testing::AddTable(builder, key, table);
  v1::Shape texts;
  texts.mutable_table_expressions()->set_partition_bound(bound);
  builder.Add(key, v1::FACET_EXPRESSIONS, std::move(texts));
}

constexpr char kNoPartition[] = "pg/partitioned-without-partitions";

TEST(PartitionedWithoutPartitions, CannotSayWhereATableWasNotSeen) {
  const CheckResult result = CheckedWith(kNoPartition, [](SectionBuilder& builder) {
    testing::AddTable(builder, Orders(), PartitionedTable());
    builder.AddUnseen(Table("public", "locked"), v1::FACET_STRUCTURE, v1::SIGHT_LOCKED);
  });
  EXPECT_THAT(Findings(result, kNoPartition), IsEmpty());
  EXPECT_THAT(Unsaid(result, kNoPartition),
              ElementsAre("public.locked: structure: locked",
                          "public.orders: not every table was read: it may have more partitions"));
}

TEST(PartitionedWithoutPartitions, CannotSayWhereTablesAreLeftOut) {
  const CheckResult result = CheckedWith(kNoPartition, [](SectionBuilder& builder) {
    testing::AddTable(builder, Orders(), PartitionedTable());
    v1::CoverageEntry entry;
    entry.set_kind("table");
    entry.set_state(v1::SIGHT_EXCLUDED);
    entry.set_count(2);
    v1::ScopePattern& pattern = *entry.add_patterns();
    pattern.set_list(v1::ScopePattern::LIST_EXCLUDE);
    pattern.set_pattern("*.orders_*");
    pattern.set_count(2);
    builder.CoverLeftOut(entry);
  });
  EXPECT_THAT(Findings(result, kNoPartition), IsEmpty());
  EXPECT_THAT(Unsaid(result, kNoPartition),
              ElementsAre("public.orders: not every table was read: it may have more partitions"));
}

constexpr char kUnusedIndex[] = "pg/unused-index";
constexpr char kMeasuredAt[] = "2025-06-08T04:24:12.000000Z";
constexpr char kLongAgo[] = "2025-05-08T04:24:12.000000Z";

// An index of 2 MiB that was not scanned, beside one that was `other_scans` times; the statistics
// were reset at `reset_at`, where that is not empty.
CheckResult CheckedUse(
    const std::string& reset_at, int64_t other_scans,
    const std::function<void(v1::Index&)>& change = [](v1::Index&) {}) {
  return CheckedWith(kUnusedIndex, [&](SectionBuilder& builder) {
    v1::TableStructure table = testing::OrdersTable();
    v1::Index& index = *table.add_indexes();
    index = testing::BtreeIndex("by_total", {"total"});
    change(index);
    testing::AddTable(builder, Orders(), table);
    v1::Shape database;
    database.mutable_database();
    builder.Add({"database", {"database"}}, v1::FACET_STRUCTURE, std::move(database));
    builder.MeasureNumber(Orders(), "index_bytes", 2 << 20, "by_total");
    builder.MeasureNumber(Orders(), "index_scans", 0, "by_total");
    builder.MeasureNumber(Orders(), "index_scans", other_scans, "orders_pkey");
    if (reset_at.empty()) return;
    builder.MeasureText({"database", {"database"}}, "statistics_reset_at", reset_at);
    builder.MeasureText({"database", {"database"}}, "sizes_measured_at", kMeasuredAt);
  });
}

TEST(UnusedIndex, IsOneOfALargeIndexWithoutAScan) {
  const CheckResult result = CheckedUse(kLongAgo, 7);
  EXPECT_THAT(Findings(result, kUnusedIndex),
              ElementsAre("info public.by_total: index of public.orders, 2 MiB, was not scanned "
                          "since the statistics were reset 31 d ago"));
  EXPECT_THAT(testing::Remedies(result, kUnusedIndex),
              ElementsAre("drop index concurrently public.by_total;"));
  EXPECT_THAT(Unsaid(result, kUnusedIndex), IsEmpty());
}

TEST(UnusedIndex, IsNoneThatDoesMoreThanToFindRows) {
  const std::function<void(v1::Index&)> changes[] = {
      [](v1::Index& index) { index.set_unique(true); },
      [](v1::Index& index) { index.set_of_constraint(true); },
      [](v1::Index& index) { index.set_replica_identity(true); },
      [](v1::Index& index) { index.set_clustered(true); },
      [](v1::Index& index) { index.set_parent("whole"); }};
  for (const auto& change : changes) {
    const CheckResult result = CheckedUse(kLongAgo, 7, change);
    EXPECT_THAT(Findings(result, kUnusedIndex), IsEmpty());
    EXPECT_THAT(Unsaid(result, kUnusedIndex), IsEmpty());
  }
}

TEST(UnusedIndex, CannotSayBeforeScansWereCountedLongEnough) {
  const auto unsaid = [](const std::string& reset_at, int64_t other_scans) {
    const CheckResult result = CheckedUse(reset_at, other_scans);
    EXPECT_THAT(Findings(result, kUnusedIndex), IsEmpty());
    return Unsaid(result, kUnusedIndex);
  };
  EXPECT_THAT(unsaid("2025-06-08T02:20:00.000000Z", 7),
              ElementsAre(": statistics were reset 2 h ago; it needs 14 d"));
  EXPECT_THAT(unsaid("2025-06-09T00:00:00.000000Z", 7),
              ElementsAre(": statistics were reset 0 s ago; it needs 14 d"));
  EXPECT_THAT(unsaid("", 7), ElementsAre(": when the statistics were reset was not read"));
  EXPECT_THAT(unsaid(kLongAgo, 0),
              ElementsAre(": no scan of any index was counted: see track_counts"));
}

TEST(UnusedIndex, CannotSayOfOneWithoutFigures) {
  const auto unsaid = [](const char* figure) {
    return Unsaid(CheckedWith(kUnusedIndex,
                              [figure](SectionBuilder& builder) {
                                v1::TableStructure table = testing::OrdersTable();
                                *table.add_indexes() = testing::BtreeIndex("by_total", {"total"});
                                testing::AddTable(builder, Orders(), table);
                                builder.MeasureNumber(Orders(), figure, 0, "by_total");
                              }),
                  kUnusedIndex);
  };
  EXPECT_THAT(unsaid("index_scans"), ElementsAre("public.by_total: its size was not measured"));
  EXPECT_THAT(unsaid("rows"), ElementsAre("public.by_total: its scans were not counted"));
}

constexpr char kDefaultRows[] = "pg/default-partition-holds-rows";

CheckResult CheckedDefault(const std::function<void(SectionBuilder&, const EntityKey&)>& measure) {
  return CheckedWith(kDefaultRows, [&measure](SectionBuilder& builder) {
    const EntityKey rest = Table("public", "rest");
    testing::AddTable(builder, Orders(), PartitionedTable());
    AddPartition(builder, rest, "DEFAULT");
    measure(builder, rest);
  });
}

TEST(DefaultPartitionHoldsRows, CannotSayWhereItWasWrittenToAndNotAnalysed) {
  const CheckResult result = CheckedDefault([](SectionBuilder& builder, const EntityKey& rest) {
    builder.MeasureNumber(rest, "rows_inserted", 3);
  });
  EXPECT_THAT(Findings(result, kDefaultRows), IsEmpty());
  EXPECT_THAT(Unsaid(result, kDefaultRows),
              ElementsAre("public.rest: its rows were not counted; run: analyze public.rest"));
}

TEST(DefaultPartitionHoldsRows, TakesTheExactNumberWhereThereIsOne) {
  const CheckResult none = CheckedDefault([](SectionBuilder& builder, const EntityKey& rest) {
    builder.MeasureNumber(rest, "rows_estimate", 3);
    builder.MeasureNumber(rest, "rows", 0);
  });
  EXPECT_THAT(Findings(none, kDefaultRows), IsEmpty());
  const CheckResult some = CheckedDefault([](SectionBuilder& builder, const EntityKey& rest) {
    builder.MeasureNumber(rest, "rows_estimate", 0);
    builder.MeasureNumber(rest, "rows", 5);
  });
  EXPECT_THAT(Findings(some, kDefaultRows),
              ElementsAre("warn public.rest: is the default partition of public.orders and holds 5 "
                          "rows"));
}

constexpr char kOutdated[] = "pg/extension-outdated";

CheckResult CheckedExtension(const char* version, const char* available) {
  return CheckedWith(kOutdated, [&](SectionBuilder& builder) {
    const EntityKey key{"extension", {"hstore"}};
    v1::Shape shape;
    shape.mutable_extension()->set_version(version);
    builder.Add(key, v1::FACET_STRUCTURE, std::move(shape));
    if (*available != '\0') builder.MeasureText(key, "available_version", available);
  });
}

TEST(ExtensionOutdated, CannotSayWhereTheServerHasNoFilesOfIt) {
  const CheckResult result = CheckedExtension("1.8", "");
  EXPECT_THAT(Findings(result, kOutdated), IsEmpty());
  EXPECT_THAT(Unsaid(result, kOutdated), ElementsAre("hstore: its available version was not read"));
}

TEST(ExtensionOutdated, ComparesVersionsByTheirNumbers) {
  EXPECT_THAT(Findings(CheckedExtension("1.9", "1.10"), kOutdated), ::testing::SizeIs(1));
  EXPECT_THAT(Findings(CheckedExtension("1.10", "1.9"), kOutdated), IsEmpty());
  EXPECT_THAT(Findings(CheckedExtension("1.8", "1.8"), kOutdated), IsEmpty());
  EXPECT_THAT(Findings(CheckedExtension("1.8dev", "1.8"), kOutdated), ::testing::SizeIs(1));
}

constexpr char kMismatch[] = "pg/collation-version-mismatch";

CheckResult CheckedDatabase(const char* version, const char* actual) {
  return CheckedWith(kMismatch, [&](SectionBuilder& builder) {
    v1::Shape structure;
    structure.mutable_database()->set_encoding("UTF8");
    builder.Add({"database", {"database"}}, v1::FACET_STRUCTURE, std::move(structure));
    v1::Shape state;
    state.mutable_database_state()->set_collation_version(version);
    state.mutable_database_state()->set_actual_collation_version(actual);
    builder.Add({"database", {"database"}}, v1::FACET_STATE, std::move(state));
  });
}

TEST(CollationVersionMismatch, IsAlsoTheDatabases) {
  EXPECT_THAT(Findings(CheckedDatabase("2.31", "2.36"), kMismatch),
              ElementsAre("warn database: was made with version 2.31 of its locale, and the server "
                          "has 2.36"));
  EXPECT_THAT(Findings(CheckedDatabase("2.36", "2.36"), kMismatch), IsEmpty());
  EXPECT_THAT(Findings(CheckedDatabase("", "2.36"), kMismatch), IsEmpty());
  EXPECT_THAT(Findings(CheckedDatabase("2.36", ""), kMismatch), IsEmpty());
}

constexpr char kSuperuser[] = "pg/superuser-owned";

CheckResult CheckedOwner(const std::function<void(SectionBuilder&)>& fill_cluster) {
  SectionBuilder cluster("postgres/", "postgres", 1);
  fill_cluster(cluster);
  const Section database = PostgresWith([](SectionBuilder& builder) {
    testing::AddTable(builder, Orders(), testing::OrdersTable());
    v1::Shape access;
    access.mutable_access()->set_owner("ann");
    builder.Add(Orders(), v1::FACET_ACCESS, std::move(access));
  });
  const auto result = Check(testing::Assemble({database, cluster.Finish()}), {kSuperuser});
  EXPECT_THAT(result, IsOk());
  return result.ok() ? *result : CheckResult();
}

TEST(SuperuserOwned, IsToldByTheRolesOfTheCluster) {
  for (const bool is_superuser : {false, true}) {
    const CheckResult result = CheckedOwner([is_superuser](SectionBuilder& builder) {
      v1::Shape role;
      role.mutable_role()->set_superuser(is_superuser);
      builder.Add({"role", {"ann"}}, v1::FACET_ACCESS, std::move(role));
    });
    EXPECT_EQ(Findings(result, kSuperuser).size(), is_superuser ? 1u : 0u);
    EXPECT_THAT(Unsaid(result, kSuperuser), IsEmpty());
  }
}

TEST(SuperuserOwned, CannotSayWhereTheRoleOrTheClusterWasNotSeen) {
  const CheckResult unseen = CheckedOwner([](SectionBuilder& builder) {
    builder.AddUnseen({"role", {"ann"}}, v1::FACET_ACCESS, v1::SIGHT_NOT_PERMITTED);
  });
  EXPECT_THAT(Findings(unseen, kSuperuser), IsEmpty());
  EXPECT_THAT(Unsaid(unseen, kSuperuser), ElementsAre(": what role ann may do was not seen"));
  const CheckResult alone = CheckedWith(kSuperuser, [](SectionBuilder& builder) {
    v1::Shape access;
    access.mutable_access()->set_owner("ann");
    testing::AddTable(builder, Orders(), testing::OrdersTable());
    builder.Add(Orders(), v1::FACET_ACCESS, std::move(access));
  });
  EXPECT_THAT(Unsaid(alone, kSuperuser),
              ElementsAre(": the roles of its server were not captured: read the cluster too"));
}

constexpr char kUnused[] = "pg/enum-unused";

TEST(UnusedEnum, CannotSayWhereSomethingElseMayUseIt) {
  const auto checked = [](bool sees_all) {
    return CheckedWith(kUnused, [sees_all](SectionBuilder& builder) {
      v1::Shape shape;
      shape.mutable_enumeration()->add_labels("a");
      builder.Add({"enum", {"public", "mood"}}, v1::FACET_STRUCTURE, std::move(shape));
      if (sees_all) return;
      builder.Cover("function", v1::FACET_STRUCTURE, v1::SIGHT_NOT_PERMITTED);
    });
  };
  EXPECT_THAT(Findings(checked(true), kUnused),
              ElementsAre("info public.mood: nothing in the database uses it"));
  EXPECT_THAT(Findings(checked(false), kUnused), IsEmpty());
  EXPECT_THAT(Unsaid(checked(false), kUnused),
              ElementsAre(": function structure: not permitted",
                          "public.mood: not everything was read: something else may use it"));
}

}  // namespace
}  // namespace varve
