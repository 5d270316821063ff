#include "tests/unit/snapshot/rules/rule_cases.h"

namespace varve {
namespace {

using testing::Checked;
using ::testing::ElementsAre;
using testing::Field;
using testing::Findings;
using ::testing::IsEmpty;
using testing::ModelsWith;
using testing::Orders;
using testing::OrdersTable;
using testing::PostgresWith;
using testing::Unsaid;

constexpr char kNoColumn[] = "model/field-without-column";
constexpr char kMismatch[] = "model/type-mismatch";

Section OrdersDatabase() {
  return PostgresWith(
      [](SectionBuilder& builder) { testing::AddTable(builder, Orders(), OrdersTable()); });
}

// A model with the fields of the table, declared by its mapper to be of it or only named alike.
v1::ModelStructure OrderModel(bool is_declared) {
  v1::ModelStructure model;
  model.set_kind(is_declared ? "table" : "model");
  if (is_declared) model.mutable_table()->set_name("orders");
  *model.add_fields() = Field("id", "int");
  *model.add_fields() = Field("total", "Decimal");
  return model;
}

CheckResult CheckedModel(const v1::ModelStructure& model) {
  return Checked({OrdersDatabase(), ModelsWith([&](SectionBuilder& builder) {
                    testing::AddModel(builder, {"model", {"shop", "Order"}}, model);
                  })});
}

TEST(ModelFieldWithoutColumn, IsAnErrorWhereTheMapperNamesTheTable) {
  v1::ModelStructure model = OrderModel(true);
  *model.add_fields() = Field("coupon", "str");
  EXPECT_THAT(
      Findings(CheckedModel(model), kNoColumn),
      ElementsAre("error shop.Order.coupon: no column of table public.orders is called so"));
}

TEST(ModelFieldWithoutColumn, IsAWarningWhereOnlyTheNamesMatch) {
  v1::ModelStructure model = OrderModel(false);
  *model.add_fields() = Field("coupon", "str");
  EXPECT_THAT(Findings(CheckedModel(model), kNoColumn),
              ElementsAre("warn shop.Order.coupon: no column of table public.orders is called so "
                          "(matched by the model's name)"));
}

TEST(ModelFieldWithoutColumn, IsNotFoundWhereNameAliasOrSnakeCaseIsAColumn) {
  v1::ModelStructure model = OrderModel(true);
  *model.add_fields() = Field("customerId", "int");
  v1::ModelField aliased = Field("buyer", "int");
  aliased.set_alias("customer_id");
  *model.add_fields() = aliased;
  EXPECT_THAT(Findings(CheckedModel(model), kNoColumn), IsEmpty());
}

TEST(ModelFieldWithoutColumn, CannotSayOfAFieldWhoseAliasIsNotKnown) {
  v1::ModelStructure model = OrderModel(true);
  v1::ModelField made = Field("buyer", "int");
  made.add_unknown("alias");
  *model.add_fields() = made;
  const CheckResult result = CheckedModel(model);
  EXPECT_THAT(Findings(result, kNoColumn), IsEmpty());
  EXPECT_THAT(Unsaid(result, kNoColumn), ElementsAre("shop.Order.buyer: its alias is not known"));
}

TEST(ModelFieldWithoutColumn, ARelationIsNoColumn) {
  v1::ModelStructure model = OrderModel(true);
  v1::ModelField lines = Field("lines", "list[Line]");
  *lines.add_type_references() = IdentityOf({"model", {"shop", "Line"}});
  *model.add_fields() = lines;
  EXPECT_THAT(Findings(CheckedModel(model), kNoColumn), IsEmpty());
}

TEST(ModelTypeMismatch, IsAnErrorWhereTheMapperNamesTheTable) {
  v1::ModelStructure model = OrderModel(true);
  model.mutable_fields(0)->set_type("UUID");
  EXPECT_THAT(Findings(CheckedModel(model), kMismatch),
              ElementsAre("error shop.Order.id: UUID does not fit public.orders.id bigint"));
}

TEST(ModelTypeMismatch, IsAWarningWhereOnlyTheNamesMatch) {
  v1::ModelStructure model = OrderModel(false);
  model.mutable_fields(0)->set_type("UUID");
  EXPECT_THAT(Findings(CheckedModel(model), kMismatch),
              ElementsAre("warn shop.Order.id: UUID does not fit public.orders.id bigint"));
}

TEST(ModelTypeMismatch, ThatOnlyLosesIsAWarning) {
  v1::ModelStructure model = OrderModel(true);
  model.mutable_fields(1)->set_type("float");
  EXPECT_THAT(Findings(CheckedModel(model), kMismatch), IsEmpty());
  model.mutable_fields(0)->set_type("float");
  EXPECT_THAT(Findings(CheckedModel(model), kMismatch),
              ElementsAre("warn shop.Order.id: float fits public.orders.id bigint only by "
                          "convention or with loss"));
}

TEST(ModelTypeMismatch, IsNotFoundWhereTypesFitOrAreNotKnown) {
  v1::ModelStructure model = OrderModel(true);
  EXPECT_THAT(Findings(CheckedModel(model), kMismatch), IsEmpty());
  model.mutable_fields(0)->set_type("shop.types.Id");
  EXPECT_THAT(Findings(CheckedModel(model), kMismatch), IsEmpty());
}

TEST(ModelTypeMismatch, ALengthThatTheColumnHasNotIsFound) {
  const Section database = PostgresWith([](SectionBuilder& builder) {
    v1::TableStructure table = OrdersTable();
    *table.add_columns() = testing::NullableColumn("note", testing::CatalogType("varchar", "40"));
    testing::AddTable(builder, Orders(), table);
  });
  v1::ModelStructure model = OrderModel(true);
  v1::ModelField note = Field("note", "str");
  v1::Option& length = *note.add_constraints();
  length.set_name("max_length");
  length.set_value("50");
  *model.add_fields() = note;
  const CheckResult result =
      Checked({database, ModelsWith([&](SectionBuilder& builder) {
                 testing::AddModel(builder, {"model", {"shop", "Order"}}, model);
               })});
  EXPECT_THAT(Findings(result, kMismatch),
              ElementsAre(::testing::StartsWith("error shop.Order.note: allows more characters "
                                                "than public.orders.note ")));
}

class ModelRules : public ::testing::TestWithParam<const char*> {};

TEST_P(ModelRules, CannotSayWithoutADatabase) {
  const CheckResult result = Checked({ModelsWith([](SectionBuilder& builder) {
    testing::AddModel(builder, {"model", {"shop", "Order"}}, OrderModel(true));
  })});
  EXPECT_THAT(Findings(result, GetParam()), IsEmpty());
  EXPECT_THAT(Unsaid(result, GetParam()), ElementsAre(": no PostgreSQL database was read"));
}

TEST_P(ModelRules, CannotSayOfAModelWhoseFieldsWereNotSeen) {
  const CheckResult result = Checked(
      {OrdersDatabase(), ModelsWith([](SectionBuilder& builder) {
         builder.AddUnseen({"model", {"shop", "Order"}}, v1::FACET_STRUCTURE, v1::SIGHT_FAILED);
       })});
  EXPECT_THAT(Findings(result, GetParam()), IsEmpty());
  EXPECT_THAT(Unsaid(result, GetParam()), ElementsAre("shop.Order: structure: failed"));
}

INSTANTIATE_TEST_SUITE_P(All, ModelRules, ::testing::Values(kNoColumn, kMismatch),
                         [](const auto& info) {
                           return std::string(info.param) == kNoColumn ? "FieldWithoutColumn"
                                                                       : "TypeMismatch";
                         });

}  // namespace
}  // namespace varve
