#include <cctype>

#include "tests/unit/snapshot/rules/rule_cases.h"

namespace varve {
namespace {

using testing::BtreeIndex;
using testing::Checked;
using ::testing::ElementsAre;
using testing::Findings;
using testing::ForeignKey;
using ::testing::IsEmpty;
using testing::Orders;
using testing::OrdersTable;
using testing::PostgresWith;
using testing::Remedies;
using testing::Table;
using testing::Unsaid;

constexpr char kNoKey[] = "pg/table-without-primary-key";
constexpr char kNoIndex[] = "pg/fk-without-index";
constexpr char kDuplicate[] = "pg/duplicate-index";
constexpr char kInvalid[] = "pg/invalid-index";
constexpr char kUnowned[] = "pg/sequence-without-owner";

CheckResult CheckedTable(const v1::TableStructure& table, const EntityKey& key = Orders()) {
  return Checked(
      {PostgresWith([&](SectionBuilder& builder) { testing::AddTable(builder, key, table); })});
}

CheckResult CheckedTable(const v1::TableStructure& table, const v1::Shape& expressions) {
  return Checked({PostgresWith([&](SectionBuilder& builder) {
    testing::AddTable(builder, Orders(), table);
    builder.Add(Orders(), v1::FACET_EXPRESSIONS, expressions);
  })});
}

v1::Shape PredicateOf(absl::string_view index, absl::string_view predicate) {
  v1::Shape shape;
  v1::IndexExpression& text = *shape.mutable_table_expressions()->add_indexes();
  text.set_name(std::string(index));
  text.set_predicate(std::string(predicate));
  return shape;
}

// Of each rule: a table that is there and whose structure could not be read.
class UnseenStructure : public ::testing::TestWithParam<const char*> {};

TEST_P(UnseenStructure, IsNoFindingAndNoAllClear) {
  const CheckResult result = Checked({PostgresWith([](SectionBuilder& builder) {
    builder.AddUnseen(Orders(), v1::FACET_STRUCTURE, v1::SIGHT_LOCKED);
  })});
  EXPECT_THAT(Findings(result, GetParam()), IsEmpty());
  EXPECT_THAT(Unsaid(result, GetParam()), ElementsAre("public.orders: structure: locked"));
}

INSTANTIATE_TEST_SUITE_P(All, UnseenStructure, ::testing::Values(kNoKey, kNoIndex, kDuplicate),
                         [](const auto& info) {
                           std::string name = info.param;
                           for (char& c : name) c = std::isalpha(c) == 0 ? '_' : c;
                           return name;
                         });

TEST(TableWithoutPrimaryKey, IsFoundWithTheStatementThatAddsIt) {
  v1::TableStructure table = OrdersTable();
  table.clear_constraints();
  const CheckResult result = CheckedTable(table);
  EXPECT_THAT(Findings(result, kNoKey), ElementsAre("warn public.orders: has no primary key"));
  EXPECT_THAT(Remedies(result, kNoKey),
              ElementsAre("alter table public.orders add primary key (…);"));
}

TEST(TableWithoutPrimaryKey, IsNotFoundWhereThereIsOne) {
  EXPECT_THAT(Findings(CheckedTable(OrdersTable()), kNoKey), IsEmpty());
}

TEST(TableWithoutPrimaryKey, ConcernsNoPartitionAndNoForeignTable) {
  v1::TableStructure table = OrdersTable();
  table.clear_constraints();
  table.set_partition(true);
  EXPECT_THAT(Findings(CheckedTable(table), kNoKey), IsEmpty());
  table.set_partition(false);
  table.set_kind(v1::TABLE_KIND_FOREIGN);
  EXPECT_THAT(Findings(CheckedTable(table), kNoKey), IsEmpty());
  table.set_kind(v1::TABLE_KIND_PARTITIONED);
  EXPECT_THAT(Findings(CheckedTable(table), kNoKey), ::testing::SizeIs(1));
}

TEST(TableWithoutPrimaryKey, QuotesNamesInItsStatement) {
  v1::TableStructure table = OrdersTable();
  table.clear_constraints();
  EXPECT_THAT(Remedies(CheckedTable(table, Table("Odd schema", "a\"b")), kNoKey),
              ElementsAre("alter table \"Odd schema\".\"a\"\"b\" add primary key (…);"));
}

v1::TableStructure OrdersOfCustomers() {
  v1::TableStructure table = OrdersTable();
  *table.add_constraints() =
      ForeignKey("orders_customer_fkey", {"customer_id"}, "public", "customers", {"id"});
  return table;
}

TEST(ForeignKeyWithoutIndex, IsFoundWithTheStatementThatAddsIt) {
  const CheckResult result = CheckedTable(OrdersOfCustomers());
  EXPECT_THAT(Findings(result, kNoIndex),
              ElementsAre("warn public.orders.customer_id: foreign key orders_customer_fkey to "
                          "public.customers has no index that begins with its columns"));
  EXPECT_THAT(Remedies(result, kNoIndex),
              ElementsAre("create index concurrently on public.orders (customer_id);"));
}

TEST(ForeignKeyWithoutIndex, OfAPartitionedTableIsNotMendedConcurrently) {
  v1::TableStructure table = OrdersOfCustomers();
  table.set_kind(v1::TABLE_KIND_PARTITIONED);
  EXPECT_THAT(Remedies(CheckedTable(table), kNoIndex),
              ElementsAre("create index on public.orders (customer_id);"));
}

struct IndexCase {
  const char* name;
  v1::Index (*make)();
  bool serves;
};
class IndexesOfForeignKeys : public ::testing::TestWithParam<IndexCase> {};

TEST_P(IndexesOfForeignKeys, ServeWhereTheyBeginWithItsColumns) {
  v1::TableStructure table = OrdersOfCustomers();
  *table.add_indexes() = GetParam().make();
  EXPECT_EQ(Findings(CheckedTable(table), kNoIndex).empty(), GetParam().serves);
}

v1::Index WithMethod(absl::string_view method) {
  v1::Index index = BtreeIndex("i", {"customer_id"});
  index.set_method(std::string(method));
  return index;
}

INSTANTIATE_TEST_SUITE_P(
    All, IndexesOfForeignKeys,
    ::testing::Values(IndexCase{"Same", [] { return BtreeIndex("i", {"customer_id"}); }, true},
                      IndexCase{"MoreBehind",
                                [] {
                                  return BtreeIndex("i", {"customer_id", "total"});
                                },
                                true},
                      IndexCase{"MoreBefore",
                                [] {
                                  return BtreeIndex("i", {"total", "customer_id"});
                                },
                                false},
                      IndexCase{"Expression", [] { return BtreeIndex("i", {""}); }, false},
                      IndexCase{"Hash", [] { return WithMethod("hash"); }, true},
                      IndexCase{"Brin", [] { return WithMethod("brin"); }, false}),
    [](const auto& info) { return info.param.name; });

TEST(ForeignKeyWithoutIndex, OfSeveralColumnsTakesThemInAnyOrder) {
  v1::TableStructure table = OrdersTable();
  *table.add_constraints() =
      ForeignKey("fk", {"customer_id", "total"}, "public", "customers", {"id", "total"});
  EXPECT_THAT(Findings(CheckedTable(table), kNoIndex),
              ElementsAre(::testing::StartsWith("warn public.orders(customer_id, total): ")));
  *table.add_indexes() = BtreeIndex("i", {"total", "customer_id"});
  EXPECT_THAT(Findings(CheckedTable(table), kNoIndex), IsEmpty());
}

TEST(ForeignKeyWithoutIndex, APartialIndexServesWhereItHasEveryRowWithAKey) {
  v1::TableStructure table = OrdersOfCustomers();
  v1::Index index = BtreeIndex("i", {"customer_id"});
  index.set_partial(true);
  *table.add_indexes() = index;
  EXPECT_THAT(
      Findings(CheckedTable(table, PredicateOf("i", "(customer_id IS NOT NULL)")), kNoIndex),
      IsEmpty());
  EXPECT_THAT(Findings(CheckedTable(table, PredicateOf("i", "(total > 0)")), kNoIndex),
              ::testing::SizeIs(1));
}

TEST(ForeignKeyWithoutIndex, CannotSayWhereAPredicateWasNotSeen) {
  v1::TableStructure table = OrdersOfCustomers();
  v1::Index index = BtreeIndex("i", {"customer_id"});
  index.set_partial(true);
  *table.add_indexes() = index;
  const CheckResult result = CheckedTable(table);
  EXPECT_THAT(Findings(result, kNoIndex), IsEmpty());
  EXPECT_THAT(Unsaid(result, kNoIndex),
              ElementsAre("public.orders.customer_id: it has a partial index whose predicate was "
                          "not seen"));
}

TEST(ForeignKeyWithoutIndex, AnInvalidIndexDoesNotServe) {
  const CheckResult result = Checked({PostgresWith([](SectionBuilder& builder) {
    v1::TableStructure table = OrdersOfCustomers();
    *table.add_indexes() = BtreeIndex("i", {"customer_id"});
    testing::AddTable(builder, Orders(), table);
    v1::Shape state;
    v1::IndexState& index = *state.mutable_relation_state()->add_indexes();
    index.set_name("i");
    index.set_ready(true);
    builder.Add(Orders(), v1::FACET_STATE, std::move(state));
  })});
  EXPECT_THAT(Findings(result, kNoIndex), ::testing::SizeIs(1));
}

v1::TableStructure WithIndexes(const std::vector<v1::Index>& indexes) {
  v1::TableStructure table = OrdersTable();
  for (const v1::Index& index : indexes) *table.add_indexes() = index;
  return table;
}

TEST(DuplicateIndex, IsFoundAndTheOneWithTheLaterNameGoes) {
  const CheckResult result =
      CheckedTable(WithIndexes({BtreeIndex("b", {"total"}), BtreeIndex("a", {"total"})}));
  EXPECT_THAT(Findings(result, kDuplicate),
              ElementsAre("warn public.b: does the same as index a of public.orders"));
  EXPECT_THAT(Remedies(result, kDuplicate), ElementsAre("drop index concurrently public.b;"));
}

TEST(DuplicateIndex, OfAPartitionedTableIsNotDroppedConcurrently) {
  v1::TableStructure table = WithIndexes({BtreeIndex("b", {"total"}), BtreeIndex("a", {"total"})});
  table.set_kind(v1::TABLE_KIND_PARTITIONED);
  EXPECT_THAT(Remedies(CheckedTable(table), kDuplicate), ElementsAre("drop index public.b;"));
}

TEST(DuplicateIndex, OfAKeyIsTheOneThatGoes) {
  EXPECT_THAT(Findings(CheckedTable(WithIndexes({BtreeIndex("a", {"id"})})), kDuplicate),
              ElementsAre("warn public.a: does the same as index orders_pkey of public.orders"));
}

TEST(DuplicateIndex, ThatReplicationNeedsIsTheOneThatStays) {
  v1::Index identity = BtreeIndex("b", {"total"});
  identity.set_replica_identity(true);
  EXPECT_THAT(
      Findings(CheckedTable(WithIndexes({BtreeIndex("a", {"total"}), identity})), kDuplicate),
      ElementsAre("warn public.a: does the same as index b of public.orders"));
}

TEST(DuplicateIndex, OfAConstraintGoesWithIt) {
  v1::Index unique = BtreeIndex("orders_id_key", {"id"});
  unique.set_unique(true);
  unique.set_of_constraint(true);
  EXPECT_THAT(Remedies(CheckedTable(WithIndexes({unique})), kDuplicate),
              ElementsAre("alter table public.orders drop constraint orders_id_key;"));
}

struct DistinctCase {
  const char* name;
  void (*change)(v1::Index& index);
};
class DistinctIndexes : public ::testing::TestWithParam<DistinctCase> {};

TEST_P(DistinctIndexes, AreNotTakenForDuplicates) {
  v1::Index other = BtreeIndex("b", {"total"});
  GetParam().change(other);
  const CheckResult result = CheckedTable(WithIndexes({BtreeIndex("a", {"total"}), other}));
  EXPECT_THAT(Findings(result, kDuplicate), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    All, DistinctIndexes,
    ::testing::Values(
        DistinctCase{"OtherColumn",
                     [](v1::Index& i) { i.mutable_keys(0)->set_column("customer_id"); }},
        DistinctCase{"OtherMethod", [](v1::Index& i) { i.set_method("hash"); }},
        DistinctCase{"OtherOrder", [](v1::Index& i) { i.mutable_keys(0)->set_descending(true); }},
        DistinctCase{
            "OtherCollation",
            [](v1::Index& i) {
              *i.mutable_keys(0)->mutable_collation() = IdentityOf({"collation", {"public", "c"}});
            }},
        DistinctCase{"Included", [](v1::Index& i) { i.add_included("id"); }},
        DistinctCase{"Longer", [](v1::Index& i) { i.add_keys()->set_column("id"); }},
        DistinctCase{"Exclusion", [](v1::Index& i) { i.set_of_constraint(true); }}),
    [](const auto& info) { return info.param.name; });

TEST(DuplicateIndex, ComparesPredicates) {
  v1::Index a = BtreeIndex("a", {"total"});
  a.set_partial(true);
  v1::Index b = a;
  b.set_name("b");
  v1::Shape texts = PredicateOf("a", "(total > 0)");
  v1::IndexExpression& other = *texts.mutable_table_expressions()->add_indexes();
  other.set_name("b");
  other.set_predicate("(total > 1)");
  EXPECT_THAT(Findings(CheckedTable(WithIndexes({a, b}), texts), kDuplicate), IsEmpty());
  texts.mutable_table_expressions()->mutable_indexes(1)->set_predicate("(total > 0)");
  EXPECT_THAT(Findings(CheckedTable(WithIndexes({a, b}), texts), kDuplicate), ::testing::SizeIs(1));
}

TEST(DuplicateIndex, CannotSayWherePredicatesWereNotSeen) {
  v1::Index a = BtreeIndex("a", {"total"});
  a.set_partial(true);
  v1::Index b = a;
  b.set_name("b");
  const CheckResult result = CheckedTable(WithIndexes({a, b}));
  EXPECT_THAT(Findings(result, kDuplicate), IsEmpty());
  EXPECT_THAT(Unsaid(result, kDuplicate),
              ElementsAre("public.a: its expressions or predicate were not seen",
                          "public.b: its expressions or predicate were not seen"));
}

CheckResult CheckedState(v1::TableKind kind, bool valid, bool ready) {
  return Checked({PostgresWith([&](SectionBuilder& builder) {
    v1::TableStructure table = OrdersTable();
    table.set_kind(kind);
    testing::AddTable(builder, Orders(), table);
    v1::Shape state;
    v1::IndexState& index = *state.mutable_relation_state()->add_indexes();
    index.set_name("orders_pkey");
    index.set_valid(valid);
    index.set_ready(ready);
    builder.Add(Orders(), v1::FACET_STATE, std::move(state));
  })});
}

TEST(InvalidIndex, IsFoundWithTheStatementThatBuildsItAgain) {
  const CheckResult result = CheckedState(v1::TABLE_KIND_PLAIN, false, true);
  EXPECT_THAT(Findings(result, kInvalid),
              ElementsAre("error public.orders_pkey: index of public.orders is invalid"));
  EXPECT_THAT(Remedies(result, kInvalid),
              ElementsAre("reindex index concurrently public.orders_pkey;"));
}

TEST(InvalidIndex, IsFoundWhereItIsNotReady) {
  EXPECT_THAT(Findings(CheckedState(v1::TABLE_KIND_PLAIN, true, false), kInvalid),
              ElementsAre("error public.orders_pkey: index of public.orders is not ready"));
}

TEST(InvalidIndex, OfAPartitionedTableLacksAPart) {
  const CheckResult result = CheckedState(v1::TABLE_KIND_PARTITIONED, false, true);
  EXPECT_THAT(Findings(result, kInvalid),
              ElementsAre("error public.orders_pkey: index of public.orders is invalid: a "
                          "partition lacks its part of it"));
  EXPECT_THAT(Remedies(result, kInvalid),
              ElementsAre("alter index public.orders_pkey attach partition …;"));
}

TEST(InvalidIndex, IsNotFoundWhereAllAreValid) {
  const CheckResult result = CheckedState(v1::TABLE_KIND_PLAIN, true, true);
  EXPECT_THAT(Findings(result, kInvalid), IsEmpty());
  EXPECT_THAT(Unsaid(result, kInvalid), IsEmpty());
}

TEST(InvalidIndex, CannotSayOfATableWhoseStateWasNotSeen) {
  const CheckResult result = Checked({PostgresWith([](SectionBuilder& builder) {
    testing::AddTable(builder, Orders(), OrdersTable());
    builder.AddUnseen(Orders(), v1::FACET_STATE, v1::SIGHT_NOT_PERMITTED);
  })});
  EXPECT_THAT(Findings(result, kInvalid), IsEmpty());
  EXPECT_THAT(Unsaid(result, kInvalid), ElementsAre("public.orders: state: not permitted"));
}

// Somebody's default may take its numbers from it.
TEST(SequenceWithoutOwner, CannotSayWhereDefaultsWereNotSeen) {
  const auto checked = [](bool sees_defaults) {
    const Section section = PostgresWith([&](SectionBuilder& builder) {
      v1::Shape sequence;
      sequence.mutable_sequence()->set_maximum(100);
      builder.Add({"sequence", {"public", "s"}}, v1::FACET_STRUCTURE, std::move(sequence));
      testing::AddTable(builder, Orders(), OrdersTable());
      if (!sees_defaults) builder.AddUnseen(Orders(), v1::FACET_EXPRESSIONS, v1::SIGHT_LOCKED);
    });
    const auto result = Check(testing::Assemble({section}), std::vector<std::string>{kUnowned});
    EXPECT_THAT(result, testing::IsOk());
    return result.ok() ? *result : CheckResult();
  };
  EXPECT_THAT(Findings(checked(true), kUnowned),
              ElementsAre("info public.s: no column owns it or takes its default from it"));
  EXPECT_THAT(Findings(checked(false), kUnowned), IsEmpty());
  EXPECT_THAT(
      Unsaid(checked(false), kUnowned),
      ElementsAre("public.orders: expressions: locked", "public.s: not all defaults were seen"));
}

TEST(ForeignKeyTypeMismatch, CannotSayWhereADomainWasNotSeen) {
  const CheckResult result = Checked({PostgresWith([](SectionBuilder& builder) {
    v1::TableStructure customers = OrdersTable();
    *customers.mutable_columns(0)->mutable_type()->mutable_type() =
        IdentityOf({"domain", {"ext", "key"}});
    testing::AddTable(builder, Table("public", "customers"), customers);
    testing::AddTable(builder, Orders(), OrdersOfCustomers());
  })});
  EXPECT_THAT(Findings(result, "pg/fk-type-mismatch"), IsEmpty());
  EXPECT_THAT(Unsaid(result, "pg/fk-type-mismatch"),
              ElementsAre("public.orders.customer_id: what a domain rests on was not seen"));
}

}  // namespace
}  // namespace varve
