#include "snapshot/object_name.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "snapshot/section_builder.h"
#include "tests/support/matchers.h"
#include "tests/support/sample_snapshot.h"

namespace varve {
namespace {

using ::testing::AllOf;
using testing::CatalogType;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::NullableColumn;
using testing::StatusIs;

void AddRoutine(SectionBuilder& builder, const std::vector<std::string>& names) {
  v1::Shape shape;
  shape.mutable_routine()->set_kind("function");
  builder.Add({"function", names}, v1::FACET_STRUCTURE, std::move(shape));
}

// A table in which a column and a constraint have one name, beside one whose name has a dot.
void AddOrders(SectionBuilder& builder) {
  v1::TableStructure orders;
  v1::Column total = NullableColumn("total", CatalogType("numeric"));
  v1::Option& distinct = *total.add_options();
  distinct.set_name("n_distinct");
  distinct.set_value("-1");
  *orders.add_columns() = total;
  *orders.add_columns() = NullableColumn("placed", CatalogType("date"));
  *orders.add_columns() = NullableColumn("Odd \"one\"", CatalogType("date"));
  v1::Constraint total_check;
  total_check.set_name("total");
  *orders.add_constraints() = total_check;
  *orders.add_constraints() = testing::PrimaryKey("orders_pkey", {"placed"});
  *orders.add_indexes() = testing::BtreeIndex("orders_pkey", {"placed"});
  *orders.add_indexes() = testing::BtreeIndex("orders_placed_idx", {"placed"});
  testing::AddTable(builder, testing::Table("public", "orders"), orders);
  v1::Shape docs;
  v1::ElementDoc& doc = *docs.mutable_docs()->add_elements();
  doc.set_part("column");
  doc.set_name("placed");
  doc.set_comment("when");
  builder.Add(testing::Table("public", "orders"), v1::FACET_DOCS, std::move(docs));
}

Section Shop(absl::string_view section_name) {
  SectionBuilder builder(section_name, "postgres", 1);
  AddOrders(builder);
  v1::TableStructure plain;
  testing::AddTable(builder, testing::Table("public", "a.b"), plain);
  testing::AddTable(builder, testing::Table("public", "Mixed"), plain);
  testing::AddTable(builder, testing::Table("public", "twice"), plain);
  AddRoutine(builder, {"public", "twice", "integer"});
  AddRoutine(builder, {"public", "refund", "integer"});
  AddRoutine(builder, {"public", "refund", "integer", "character varying"});
  AddRoutine(builder, {"public", "archive", "date"});
  v1::Shape schema;
  schema.mutable_schema();
  builder.Add({"schema", {"public"}}, v1::FACET_STRUCTURE, schema);
  v1::Shape cast;
  cast.mutable_cast();
  builder.Add({"cast", {"integer", "text"}}, v1::FACET_STRUCTURE, cast);
  builder.AddUnseen(testing::Table("public", "locked"), v1::FACET_STRUCTURE, v1::SIGHT_LOCKED);
  return builder.Finish();
}

Section Cache() {
  SectionBuilder builder("cache", "redis", 1);
  const auto add = [&](const char* database, const char* pattern) {
    v1::Shape shape;
    v1::ValueShape& value = *shape.mutable_key_pattern()->add_values();
    value.set_type("hash");
    value.add_paths()->set_path("email");
    value.add_paths()->set_path("doc$.user.id");
    builder.Add({"key_pattern", {database, pattern}}, v1::FACET_STRUCTURE, std::move(shape));
  };
  add("0", "user:*");
  add("0", "user:*.email");
  add("1", "user:*");
  add("0", "odd/\"key: *");
  return builder.Finish();
}

Section Models() {
  SectionBuilder builder("app", "models", 1);
  v1::ModelStructure order;
  *order.add_fields() = testing::Field("total", "Decimal");
  order.mutable_table()->add_columns()->set_name("total");
  order.mutable_table()->add_columns()->set_name("stored_only");
  testing::AddModel(builder, {"model", {"shop.models", "Order"}}, order);
  testing::AddModel(builder, {"model", {"shop.models", "Order.Line"}}, {});
  return builder.Finish();
}

Snapshot Fleet() {
  return testing::Assemble({Shop("orders/shop"), Shop("orders/old"), Cache(), Models()});
}

absl::StatusOr<ObjectFound> Find(absl::string_view text, const Snapshot& snapshot) {
  const absl::StatusOr<ObjectName> name = ObjectName::Parse(text);
  if (!name.ok()) return name.status();
  return FindObject(*name, snapshot);
}

std::string Told(const ObjectFound& found) {
  return absl::StrCat(found.section, " ", found.entity.kind, " ",
                      absl::StrJoin(found.entity.names, "|"), found.element.empty() ? "" : " ",
                      absl::StrJoin(found.element, "/"));
}

struct FoundCase {
  const char* name;
  const char* text;
  const char* told;
};
class ObjectThatIsThere : public ::testing::TestWithParam<FoundCase> {};

TEST_P(ObjectThatIsThere, IsFoundByWhatOneTypes) {
  const Snapshot snapshot = testing::Assemble({Shop("postgres"), Cache(), Models()});
  const absl::StatusOr<ObjectFound> found = Find(GetParam().text, snapshot);
  VARVE_ASSERT_OK(found);
  EXPECT_EQ(Told(*found), GetParam().told);
}

TEST_P(ObjectThatIsThere, IsFoundAgainByTheNameOfTheAnswer) {
  const Snapshot snapshot = testing::Assemble({Shop("postgres"), Cache(), Models()});
  const absl::StatusOr<ObjectFound> found = Find(GetParam().text, snapshot);
  VARVE_ASSERT_OK(found);
  if (found->element == std::vector<std::string>{"constraints", "total"} ||
      found->element == std::vector<std::string>{"columns", "total"} ||
      found->element == std::vector<std::string>{"indexes", "orders_pkey"} ||
      found->entity.names.back() == "twice" || found->name == "redis:user:*.hash.email") {
    return;  // another object has the name as well
  }
  const absl::StatusOr<ObjectFound> again = Find(found->name, snapshot);
  VARVE_ASSERT_OK(again);
  EXPECT_EQ(Told(*again), Told(*found));
}

INSTANTIATE_TEST_SUITE_P(
    All, ObjectThatIsThere,
    ::testing::Values(
        FoundCase{"Table", "public.orders", "postgres table public|orders"},
        FoundCase{"WithItsSection", "postgres/public.orders", "postgres table public|orders"},
        FoundCase{"WithItsKind", "table:public.twice", "postgres table public|twice"},
        FoundCase{"Quoted", "\"public\".\"orders\"", "postgres table public|orders"},
        FoundCase{"ADotInQuotes", "public.\"a.b\"", "postgres table public|a.b"},
        FoundCase{"ADotWithout", "public.a.b", "postgres table public|a.b"},
        FoundCase{"UpperCaseAsItStands", "public.Mixed", "postgres table public|Mixed"},
        FoundCase{"UpperCaseIsLowered", "Public.ORDERS", "postgres table public|orders"},
        FoundCase{"Column", "public.orders.placed", "postgres table public|orders columns/placed"},
        FoundCase{"ColumnByItsPath", "public.orders.columns.total",
                  "postgres table public|orders columns/total"},
        FoundCase{"ConstraintByItsPath", "public.orders.constraints.total",
                  "postgres table public|orders constraints/total"},
        FoundCase{"QuotedColumn", "public.orders.\"Odd \"\"one\"\"\"",
                  "postgres table public|orders columns/Odd \"one\""},
        FoundCase{"PartOfAColumn", "public.orders.total.n_distinct",
                  "postgres table public|orders columns/total/options/n_distinct"},
        FoundCase{"ConstraintBeforeItsIndex", "public.orders.orders_pkey",
                  "postgres table public|orders constraints/orders_pkey"},
        FoundCase{"IndexOfAConstraint", "public.orders.indexes.orders_pkey",
                  "postgres table public|orders indexes/orders_pkey"},
        FoundCase{"IndexOfItsSchema", "public.orders_placed_idx",
                  "postgres table public|orders indexes/orders_placed_idx"},
        FoundCase{"OnlyRoutineOfItsName", "public.archive",
                  "postgres function public|archive|date"},
        FoundCase{"RoutineWithTypes", "public.refund( integer , character  varying )",
                  "postgres function public|refund|integer|character varying"},
        FoundCase{"RoutineWithShortTypes", "public.refund(int, varchar)",
                  "postgres function public|refund|integer|character varying"},
        FoundCase{"Schema", "public", "postgres schema public"},
        FoundCase{"Cast", "integer AS text", "postgres cast integer|text"},
        FoundCase{"Locked", "public.locked", "postgres table public|locked"},
        FoundCase{"Pattern", "redis:user:*", "cache key_pattern 0|user:*"},
        FoundCase{"PatternOfItsSource", "cache/redis:user:*", "cache key_pattern 0|user:*"},
        FoundCase{"PatternOfItsDatabase", "redis:1/user:*", "cache key_pattern 1|user:*"},
        FoundCase{"PatternWithAnyBytes", "redis:odd/\"key: *", "cache key_pattern 0|odd/\"key: *"},
        FoundCase{"AWholePatternComesFirst", "redis:user:*.email",
                  "cache key_pattern 0|user:*.email"},
        FoundCase{"FieldOfAHash", "redis:1/user:*.email",
                  "cache key_pattern 1|user:* values/hash/paths/email"},
        FoundCase{"FieldByItsPath", "redis:user:*.paths.email",
                  "cache key_pattern 0|user:* values/hash/paths/email"},
        FoundCase{"PathInADocument", "redis:user:*.doc$.user.id",
                  "cache key_pattern 0|user:* values/hash/paths/doc$.user.id"},
        FoundCase{"Model", "model:shop.models.Order", "app model shop.models|Order"},
        FoundCase{"ModelInAClass", "model:shop.models.Order.Line",
                  "app model shop.models|Order.Line"},
        FoundCase{"FieldBeforeItsColumn", "model:shop.models.Order.total",
                  "app model shop.models|Order fields/total"},
        FoundCase{"ColumnOfAModel", "model:shop.models.Order.stored_only",
                  "app model shop.models|Order table/columns/stored_only"}),
    [](const auto& info) { return info.param.name; });

struct RefusedCase {
  const char* name;
  const char* text;
  absl::StatusCode code;
  const char* words;
};
class ObjectThatIsNot : public ::testing::TestWithParam<RefusedCase> {};

TEST_P(ObjectThatIsNot, IsRefusedWithWhatToWrite) {
  EXPECT_THAT(Find(GetParam().text, Fleet()),
              StatusIs(GetParam().code, HasSubstr(GetParam().words)));
}

INSTANTIATE_TEST_SUITE_P(
    All, ObjectThatIsNot,
    ::testing::Values(
        RefusedCase{"Empty", "", absl::StatusCode::kInvalidArgument, "write for example"},
        RefusedCase{"KindAlone", "table:", absl::StatusCode::kInvalidArgument, "names nothing"},
        RefusedCase{"OpenQuote", "public.\"orders", absl::StatusCode::kInvalidArgument,
                    "a double quote has no end"},
        RefusedCase{"NoKind", "tables:public.orders", absl::StatusCode::kInvalidArgument,
                    "nearest is table"},
        RefusedCase{"PatternWithoutItsPrefix", "user:*", absl::StatusCode::kInvalidArgument,
                    "a key pattern is written redis:user:*"},
        RefusedCase{"TwoSections", "public.orders", absl::StatusCode::kInvalidArgument,
                    "it could be orders/shop/public.orders, orders/old/public.orders"},
        RefusedCase{"TwoSectionsOfASource", "orders/public.orders",
                    absl::StatusCode::kInvalidArgument, "orders/old/public.orders"},
        RefusedCase{"TwoKinds", "orders/old/public.twice", absl::StatusCode::kInvalidArgument,
                    "it could be function:public.twice(integer), table:public.twice"},
        RefusedCase{
            "TwoRoutines", "orders/old/public.refund", absl::StatusCode::kInvalidArgument,
            "it could be public.refund(integer), public.refund(integer, character varying)"},
        RefusedCase{"TwoParts", "orders/old/public.orders.total",
                    absl::StatusCode::kInvalidArgument,
                    "it could be public.orders.columns.total, public.orders.constraints.total"},
        RefusedCase{"NoSection", "order/public.orders", absl::StatusCode::kNotFound,
                    "no section or source 'order'; there is orders/shop, orders/old, cache, app"},
        RefusedCase{"NoTable", "public.ordrs", absl::StatusCode::kNotFound,
                    "nearest is public.orders"},
        RefusedCase{"NoTableWithAPart", "public.ordrs.placed_when", absl::StatusCode::kNotFound,
                    "nearest is public.orders"},
        RefusedCase{"WithoutItsSchema", "orders", absl::StatusCode::kNotFound,
                    "nearest is public.orders"},
        RefusedCase{"NoPart", "orders/old/public.orders.plced", absl::StatusCode::kNotFound,
                    "public.orders has no such part; nearest is public.orders.placed"},
        RefusedCase{"PartOfWhatWasNotSeen", "orders/old/public.locked.id",
                    absl::StatusCode::kNotFound, "not all of it was seen"},
        RefusedCase{"NoField", "model:shop.models.Order.totl", absl::StatusCode::kNotFound,
                    "nearest is model:shop.models.Order.total"},
        RefusedCase{"ModelWithoutItsPrefix", "shop.models.Order", absl::StatusCode::kNotFound,
                    "nearest is model:shop.models.Order"},
        RefusedCase{"WrongTypes", "orders/old/public.archive(integer)", absl::StatusCode::kNotFound,
                    "nearest are public.archive(date)"},
        RefusedCase{"NothingLikeIt", "zzzzzzzzzzzzzzzzzzzzzzzz", absl::StatusCode::kNotFound,
                    "write for example public.orders"}),
    [](const auto& info) { return info.param.name; });

TEST(ObjectName, WhatIsListedAsPossibleIsUnderstood) {
  const Snapshot snapshot = Fleet();
  for (const char* const text :
       {"orders/shop/public.orders", "orders/old/function:public.twice(integer)",
        "orders/old/table:public.twice", "orders/old/public.refund(integer)",
        "orders/old/public.orders.constraints.total"}) {
    VARVE_EXPECT_OK(Find(text, snapshot)) << text;
  }
}

TEST(ObjectName, CommentsAndPrivilegesMakeNoParts) {
  EXPECT_THAT(Find("orders/old/public.orders.elements.placed", Fleet()),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("has no such part")));
}

TEST(ObjectName, WhatAnObjectNeedsIsNoPartOfIt) {
  SectionBuilder builder("postgres", "postgres", 1);
  v1::Shape shape;
  *shape.mutable_table()->add_columns() = NullableColumn("total", CatalogType("numeric"));
  v1::Dependency& dependency = *shape.add_dependencies();
  dependency.mutable_part()->set_kind("column");
  dependency.mutable_part()->set_name("total");
  *dependency.mutable_on() = IdentityOf({"function", {"public", "f"}});
  builder.Add(testing::Table("public", "orders"), v1::FACET_STRUCTURE, std::move(shape));
  const Snapshot snapshot = testing::Assemble({builder.Finish()});
  VARVE_EXPECT_OK(Find("public.orders.total", snapshot));
  EXPECT_THAT(Find("public.orders.f", snapshot),
              StatusIs(absl::StatusCode::kNotFound, ::testing::_));
}

TEST(ObjectName, OnlyShapesThatMayHoldThePartAreRead) {
  const Snapshot snapshot = testing::Assemble({Shop("postgres")});
  int read = 0;
  const auto shape_of = [&](const Section& section, const Seen& seen) {
    ++read;
    return DecodeShape(section, seen.shape);
  };
  VARVE_EXPECT_OK(FindObject(*ObjectName::Parse("public.orders"), snapshot.sections, shape_of));
  EXPECT_EQ(read, 0);
  VARVE_EXPECT_OK(
      FindObject(*ObjectName::Parse("public.orders.placed"), snapshot.sections, shape_of));
  EXPECT_EQ(read, 1);
}

TEST(ObjectName, AShapeThatIsMissingIsDataLoss) {
  Snapshot snapshot = testing::Assemble({Shop("postgres")});
  snapshot.sections[0].shapes.Edit().clear();
  EXPECT_THAT(Find("public.orders.placed", snapshot),
              StatusIs(absl::StatusCode::kDataLoss, ::testing::_));
}

}  // namespace
}  // namespace varve
