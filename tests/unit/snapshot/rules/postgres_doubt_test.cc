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
