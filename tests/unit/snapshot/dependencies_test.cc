#include "snapshot/dependencies.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "snapshot/dependency_answer.h"
#include "snapshot/dependency_order.h"
#include "snapshot/kinds.h"
#include "snapshot/section_builder.h"
#include "tests/support/matchers.h"
#include "tests/support/sample_snapshot.h"

namespace varve {
namespace {

using testing::BtreeIndex;
using testing::CatalogType;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::ForeignKey;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::NullableColumn;
using testing::PrimaryKey;

const EntityKey kOrders = {"table", {"app", "orders"}};
const EntityKey kItems = {"table", {"app", "items"}};
const EntityKey kTotals = {"view", {"app", "totals"}};
const EntityKey kReport = {"view", {"app", "report"}};
const EntityKey kMood = {"enum", {"app", "mood"}};

void Needs(v1::Shape& shape, const ObjectPart& part, const EntityKey& on, const ObjectPart& on_part,
           v1::DependencyType type = v1::DEPENDENCY_TYPE_NORMAL) {
  v1::Dependency& added = *shape.add_dependencies();
  if (!part.is_whole()) {
    added.mutable_part()->set_kind(part.kind);
    added.mutable_part()->set_name(part.name);
  }
  *added.mutable_on() = IdentityOf(on);
  if (!on_part.is_whole()) {
    added.mutable_on_part()->set_kind(on_part.kind);
    added.mutable_on_part()->set_name(on_part.name);
  }
  added.set_type(type);
}

// A shop: items refer to orders, a view sums them up, another reads that view, and a column is of
// an enum.
class Dependencies : public ::testing::Test {
 protected:
  Dependencies() : builder_("postgres", "postgres", 1) {
    v1::Shape schema;
    schema.mutable_schema();
    builder_.Add({"schema", {"app"}}, v1::FACET_STRUCTURE, schema);
    v1::Shape mood;
    mood.mutable_enumeration()->add_labels("fine");
    builder_.Add(kMood, v1::FACET_STRUCTURE, mood);
    AddOrders();
    AddItems();
    AddView(kTotals, kOrders, {"total"});
    AddView(kReport, kTotals, {"total"});
    for (const Kind& kind : Kinds()) {
      if (kind.source_kind == "postgres") builder_.CoverWhole(kind.name);
    }
  }

  void AddOrders() {
    v1::Shape shape;
    v1::TableStructure& table = *shape.mutable_table();
    for (const char* const name : {"id", "total", "mood"}) {
      *table.add_columns() = NullableColumn(name, CatalogType("int8"));
    }
    *table.add_constraints() = PrimaryKey("orders_pkey", {"id"});
    table.mutable_constraints(0)->set_index("orders_pkey");
    *table.add_indexes() = BtreeIndex("orders_pkey", {"id"});
    *table.add_indexes() = BtreeIndex("by_total", {""});
    Needs(shape, {"column", "mood"}, kMood, {});
    builder_.Add(kOrders, v1::FACET_STRUCTURE, shape);
    v1::Shape texts;
    v1::IndexExpression& index = *texts.mutable_table_expressions()->add_indexes();
    index.set_name("by_total");
    index.add_keys("(total * 2)");
    index.set_predicate("mood <> 'id'::text");
    builder_.Add(kOrders, v1::FACET_EXPRESSIONS, texts);
  }

  void AddItems() {
    v1::Shape shape;
    *shape.mutable_table()->add_columns() = NullableColumn("order_id", CatalogType("int8"));
    *shape.mutable_table()->add_constraints() =
        ForeignKey("items_order_fkey", {"order_id"}, "app", "orders", {"id"});
    Needs(shape, {"constraint", "items_order_fkey"}, kOrders, {"column", "id"});
    Needs(shape, {"constraint", "items_order_fkey"}, kOrders, {"index", "orders_pkey"});
    builder_.Add(kItems, v1::FACET_STRUCTURE, shape);
  }

  void AddView(const EntityKey& key, const EntityKey& on, const std::vector<std::string>& columns) {
    v1::Shape shape;
    *shape.mutable_view()->add_columns() = NullableColumn("total", CatalogType("int8"));
    builder_.Add(key, v1::FACET_STRUCTURE, shape);
    v1::Shape texts;
    texts.mutable_view_expressions()->set_query("SELECT …");
    for (const std::string& column : columns) Needs(texts, {}, on, {"column", column});
    builder_.Add(key, v1::FACET_EXPRESSIONS, texts);
  }

  // What is told, in lines: "1 app.orders by app.totals -> column total".
  std::vector<std::string> Told(const EntityKey& key, const ObjectPart& part,
                                NeedDirection direction, std::optional<size_t> depth = {}) {
    Ask(key, part, direction, depth);
    std::vector<std::string> lines;
    const auto text = [this](size_t node, const ObjectPart& of) {
      return absl::StrCat(DisplayName(graph_->nodes()[node].key), of.is_whole() ? "" : " ", of.kind,
                          of.is_whole() ? "" : " ", of.name);
    };
    for (const ReachedObject& object : answer_.reached) {
      std::vector<std::string> needs;
      for (const size_t number : object.needs) {
        const Need& need = graph_->needs()[number];
        needs.push_back(
            absl::StrCat(text(need.from, need.part), " -> ", text(need.on, need.on_part)));
      }
      lines.push_back(absl::StrCat(object.depth, " ", DisplayName(graph_->nodes()[object.node].key),
                                   ": ", absl::StrJoin(needs, "; ")));
    }
    return lines;
  }

  void Ask(const EntityKey& key, const ObjectPart& part, NeedDirection direction,
           std::optional<size_t> depth = {}) {
    section_ = builder_.Finish();
    auto view = SectionView::Of(section_);
    VARVE_ASSERT_OK(view);
    graph_ = DependencyGraph::Of(*view);
    const auto node = graph_->Find(key);
    ASSERT_TRUE(node.has_value()) << DisplayName(key);
    answer_ = Follow(*view, *graph_, *node, part, direction, depth);
  }

  SectionBuilder builder_;
  Section section_;
  std::optional<DependencyGraph> graph_;
  DependencyAnswer answer_;
};

TEST_F(Dependencies, AViewNeedsWhatTheColumnsItReadsNeed) {
  EXPECT_THAT(Told(kReport, {}, NeedDirection::kNeeds),
              ElementsAre("1 app: app.orders -> app; app.report -> app; app.totals -> app",
                          "1 app.totals: app.report -> app.totals column total",
                          "2 app.orders: app.totals -> app.orders column total"));
  EXPECT_THAT(answer_.not_looked_at, IsEmpty());
  EXPECT_FALSE(CannotSay(answer_));
}

TEST_F(Dependencies, DepthEndsTheWay) {
  EXPECT_THAT(Told(kReport, {}, NeedDirection::kNeeds, 1),
              ElementsAre("1 app: app.report -> app",
                          "1 app.totals: app.report -> app.totals column total"));
}

TEST_F(Dependencies, WithoutAColumnOnlyWhatReadsItBreaks) {
  EXPECT_THAT(Told(kOrders, {"column", "total"}, NeedDirection::kNeededBy),
              ElementsAre("1 app.orders: app.orders index by_total -> app.orders column total",
                          "1 app.totals: app.totals -> app.orders column total",
                          "2 app.report: app.report -> app.totals column total"));
}

// The key's index goes with the key's column, and the foreign key with the index; the table that
// has the foreign key stays, and so does what reads it.
TEST_F(Dependencies, WithoutAPartOnlyPartsBreak) {
  AddView({"view", {"app", "item_list"}}, kItems, {"order_id"});
  EXPECT_THAT(Told(kOrders, {"column", "id"}, NeedDirection::kNeededBy),
              ElementsAre("1 app.items: app.items constraint items_order_fkey -> app.orders column "
                          "id; app.items constraint items_order_fkey -> app.orders index "
                          "orders_pkey",
                          "1 app.orders: app.orders constraint orders_pkey -> app.orders column "
                          "id; app.orders index orders_pkey -> app.orders column id; app.orders "
                          "index orders_pkey -> app.orders constraint orders_pkey"));
}

TEST_F(Dependencies, AWordInQuotesNamesNoColumn) {
  EXPECT_THAT(Told(kOrders, {"column", "id"}, NeedDirection::kNeededBy),
              Not(Contains(::testing::HasSubstr("by_total"))));
}

TEST_F(Dependencies, ATypeIsNeededByColumnsAndWhatReadsThem) {
  AddView({"view", {"app", "moods"}}, kOrders, {"mood"});
  EXPECT_THAT(Told(kMood, {}, NeedDirection::kNeededBy),
              ElementsAre("1 app.orders: app.orders column mood -> app.mood; app.orders index "
                          "by_total -> app.orders column mood",
                          "2 app.moods: app.moods -> app.orders column mood"));
}

TEST_F(Dependencies, WhatExtensionsBringNeedsThem) {
  v1::Shape extension;
  extension.mutable_extension()->set_schema("app");
  *extension.mutable_extension()->add_members() = IdentityOf({"base_type", {"app", "citext"}});
  builder_.Add({"extension", {"citext"}}, v1::FACET_STRUCTURE, extension);
  v1::Shape table;
  Needs(table, {"column", "name"}, {"base_type", {"app", "citext"}}, {});
  *table.mutable_table()->add_columns() = NullableColumn("name", CatalogType("citext"));
  builder_.Add({"table", {"app", "people"}}, v1::FACET_STRUCTURE, table);
  EXPECT_THAT(
      Told({"table", {"app", "people"}}, {}, NeedDirection::kNeeds),
      ElementsAre("1 app.citext: app.people column name -> app.citext",
                  "1 app: citext -> app; app.people -> app", "2 citext: app.citext -> citext"));
  EXPECT_THAT(answer_.not_looked_at, IsEmpty());
}

TEST_F(Dependencies, WhatCouldNotBeLookedAtIsSaid) {
  const EntityKey locked = {"view", {"app", "locked"}};
  v1::Shape view;
  view.mutable_view();
  builder_.Add(locked, v1::FACET_STRUCTURE, view);
  builder_.AddUnseen(locked, v1::FACET_EXPRESSIONS, v1::SIGHT_LOCKED);
  Ask(kMood, {}, NeedDirection::kNeededBy);
  ASSERT_EQ(answer_.not_looked_at.size(), 1u);
  EXPECT_EQ(answer_.not_looked_at[0].names, locked.names);
  EXPECT_EQ(answer_.not_looked_at[0].facet, v1::FACET_EXPRESSIONS);
  EXPECT_EQ(answer_.not_looked_at[0].why, v1::SIGHT_LOCKED);
  EXPECT_TRUE(CannotSay(answer_));
}

TEST_F(Dependencies, AKindThatIsNotPermittedMayNeedAnything) {
  builder_.Cover("function", v1::FACET_STRUCTURE, v1::SIGHT_NOT_PERMITTED, "permission denied",
                 "GRANT it");
  Ask(kMood, {}, NeedDirection::kNeededBy);
  ASSERT_EQ(answer_.not_looked_at.size(), 1u);
  EXPECT_EQ(answer_.not_looked_at[0].kind, "function");
  EXPECT_EQ(answer_.not_looked_at[0].remedy, "GRANT it");
  EXPECT_TRUE(CannotSay(answer_));
}

TEST_F(Dependencies, WhatIsNeededOfThatIsNoQuestionOfAKindThatIsNotReached) {
  builder_.Cover("function", v1::FACET_STRUCTURE, v1::SIGHT_NOT_PERMITTED);
  Ask(kReport, {}, NeedDirection::kNeeds);
  EXPECT_THAT(answer_.not_looked_at, IsEmpty());
}

TEST_F(Dependencies, AnObjectThatIsNeededAndWasNotCapturedIsSaid) {
  v1::Shape table;
  *table.mutable_table()->add_columns() = NullableColumn("a", CatalogType("int8"));
  Needs(table, {"default", "a"}, {"function", {"hidden", "f"}}, {});
  builder_.Add({"table", {"app", "t"}}, v1::FACET_STRUCTURE, table);
  Ask({"table", {"app", "t"}}, {}, NeedDirection::kNeeds);
  ASSERT_EQ(answer_.not_looked_at.size(), 1u);
  EXPECT_EQ(answer_.not_looked_at[0].kind, "function");
  EXPECT_EQ(answer_.not_looked_at[0].why, v1::SIGHT_NOT_CAPTURED);
}

std::vector<std::string> NamesInOrder(const DependencyGraph& graph) {
  std::vector<std::string> names;
  for (const std::vector<size_t>& group : OrderByNeed(graph, [](const Need&) { return true; })) {
    std::vector<std::string> of_group;
    for (const size_t node : group) of_group.push_back(DisplayName(graph.nodes()[node].key));
    names.push_back(absl::StrJoin(of_group, " + "));
  }
  return names;
}

TEST_F(Dependencies, InOrderEachStandsBehindWhatItNeeds) {
  Ask(kReport, {}, NeedDirection::kNeeds);
  EXPECT_THAT(NamesInOrder(*graph_), ElementsAre("app", "app.mood", "app.orders", "app.items",
                                                 "app.totals", "app.report"));
  EXPECT_THAT(answer_.circles, IsEmpty());
}

TEST_F(Dependencies, WhatNeedsOneAnotherIsOneGroupAndIsToldAsACircle) {
  const EntityKey f = {"function", {"app", "f"}};
  v1::Shape routine;
  routine.mutable_routine()->set_language("sql");
  Needs(routine, {}, {"table", {"app", "t"}}, {});
  builder_.Add(f, v1::FACET_STRUCTURE, routine);
  v1::Shape table;
  *table.mutable_table()->add_columns() = NullableColumn("a", CatalogType("int8"));
  Needs(table, {"default", "a"}, f, {});
  builder_.Add({"table", {"app", "t"}}, v1::FACET_STRUCTURE, table);
  Ask(f, {}, NeedDirection::kNeeds);
  EXPECT_THAT(NamesInOrder(*graph_), Contains("app.f() + app.t"));
  ASSERT_EQ(answer_.circles.size(), 1u);
  EXPECT_EQ(answer_.circles[0].size(), 2u);
  const auto without_defaults =
      OrderByNeed(*graph_, [](const Need& need) { return need.part.kind != "default"; });
  EXPECT_EQ(without_defaults.size(), graph_->nodes().size());
}

// Chains of views are long in real databases.
TEST_F(Dependencies, ALongChainNeedsNoDeepStack) {
  constexpr int kLength = 20000;
  EntityKey last = kReport;
  for (int i = 0; i < kLength; ++i) {
    EntityKey next = {"view", {"app", absl::StrCat("chain", i)}};
    AddView(next, last, {"total"});
    last = std::move(next);
  }
  EXPECT_EQ(Told(kOrders, {"column", "total"}, NeedDirection::kNeededBy).size(),
            static_cast<size_t>(kLength) + 3);
  EXPECT_EQ(OrderByNeed(*graph_, [](const Need&) { return true; }).size(), graph_->nodes().size());
}

TEST_F(Dependencies, TextBodiesAreCounted) {
  v1::Shape routine;
  routine.mutable_routine()->set_language("plpgsql");
  routine.mutable_routine()->set_source("BEGIN DELETE FROM app.orders; END");
  builder_.Add({"function", {"app", "f"}}, v1::FACET_STRUCTURE, routine);
  Ask(kOrders, {}, NeedDirection::kNeededBy);
  EXPECT_EQ(answer_.bodies_not_followed, 1u);
}

}  // namespace
}  // namespace varve
