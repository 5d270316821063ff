#include "agent/source/postgres/names.h"

#include "gmock/gmock.h"

namespace varve::postgres {
namespace {

struct ModifierCase {
  const char* name;
  const char* formatted;
  const char* modifier;
};
class Modifier : public ::testing::TestWithParam<ModifierCase> {};

TEST_P(Modifier, IsWhatStandsInBrackets) {
  EXPECT_EQ(TypeModifier(GetParam().formatted), GetParam().modifier);
}

INSTANTIATE_TEST_SUITE_P(
    All, Modifier,
    ::testing::Values(ModifierCase{"Numeric", "numeric(12,2)", "12,2"},
                      ModifierCase{"NegativeScale", "numeric(3,-2)", "3,-2"},
                      ModifierCase{"Array", "numeric(12,2)[]", "12,2"},
                      ModifierCase{"InTheMiddle", "timestamp(3) with time zone", "3"},
                      ModifierCase{"IntervalFields", "interval day to second(3)",
                                   "day to second(3)"},
                      ModifierCase{"IntervalPrecision", "interval(2)", "2"},
                      ModifierCase{"None", "integer", ""}, ModifierCase{"Nothing", "", ""},
                      ModifierCase{"BracketsInAName", "public.\"odd (12,2)\"", ""},
                      ModifierCase{"AfterANameWithBrackets", "public.\"odd (1)\"(7)", "7"},
                      ModifierCase{"Nested", "public.geometry(Point,4326)", "Point,4326"},
                      ModifierCase{"ClosedAlone", "a)", ""}),
    [](const auto& info) { return info.param.name; });

// A catalog with one type of each sort, as DataTypeOf needs it.
class DataTypes : public ::testing::Test {
 protected:
  void SetUp() override {
    catalog_.schemas = {{11, "pg_catalog", 0, {}}, {16384, "app", 0, {}}};
    Add(23, "int4", 11, 'b', 1007);
    Add(1007, "_int4", 11, 'b', 0, 23);
    Add(16400, "mood", 16384, 'e', 16401);
    Add(16401, "_mood", 16384, 'b', 0, 16400);
    Add(16402, "spot", 16384, 'd');
    Add(600, "point", 11, 'b', 0, 701);  // has an element, and is no array
    catalog_.type_names[{1700, 786438}] = "numeric(12,2)";
    Add(1700, "numeric", 11, 'b');
    catalog_.Join();
  }
  void Add(Oid oid, const char* name, Oid schema, char sort, Oid array = 0, Oid element = 0) {
    TypeRow& type = catalog_.types[oid];
    type.oid = oid;
    type.name = name;
    type.schema = schema;
    type.type = sort;
    type.array = array;
    type.element = element;
  }
  Catalog catalog_;
};

TEST_F(DataTypes, OfArraysNameTheElement) {
  const v1::DataType type = DataTypeOf(catalog_, 16401);
  EXPECT_TRUE(type.array());
  EXPECT_EQ(type.type().kind(), "enum");
  EXPECT_EQ(type.type().names(1), "mood");
}

TEST_F(DataTypes, WithElementsAreNotAllArrays) {
  EXPECT_FALSE(DataTypeOf(catalog_, 600).array());
  EXPECT_EQ(DataTypeOf(catalog_, 600).type().names(1), "point");
}

TEST_F(DataTypes, SayWhatSortOfTypeTheyAre) {
  EXPECT_EQ(DataTypeOf(catalog_, 23).type().kind(), "type");
  EXPECT_EQ(DataTypeOf(catalog_, 16402).type().kind(), "domain");
}

TEST_F(DataTypes, KeepTheModifier) {
  EXPECT_EQ(DataTypeOf(catalog_, 1700, 786438).modifier(), "12,2");
  EXPECT_EQ(DataTypeOf(catalog_, 1700).modifier(), "");
}

TEST_F(DataTypes, ThatAreGoneAreEmpty) { EXPECT_FALSE(DataTypeOf(catalog_, 99999).has_type()); }

TEST_F(DataTypes, HaveNoLocatorWithoutTheClustersIdentifier) {
  EXPECT_EQ(LocatorId(catalog_, 7), "");
  catalog_.database.system_identifier = "6911";
  catalog_.database.oid = 5;
  EXPECT_EQ(LocatorId(catalog_, 7), "6911/5/7");
}

}  // namespace
}  // namespace varve::postgres
