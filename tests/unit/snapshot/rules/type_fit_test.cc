#include "snapshot/rules/type_fit.h"

#include "gtest/gtest.h"
#include "tests/support/sample_snapshot.h"

namespace varve {
namespace {

using testing::CatalogType;
using testing::UserType;

v1::DataType ArrayOf(v1::DataType type) {
  type.set_array(true);
  return type;
}

struct FitCase {
  const char* name;
  const char* model_type;
  v1::DataType column;
  Fit fit;
};
class Fits : public ::testing::TestWithParam<FitCase> {};

TEST_P(Fits, AreAsTheTableSays) {
  EXPECT_EQ(FitOf(GetParam().model_type, GetParam().column), GetParam().fit);
}

INSTANTIATE_TEST_SUITE_P(
    All, Fits,
    ::testing::Values(
        FitCase{"Uuid", "UUID", CatalogType("uuid"), Fit::kFits},
        FitCase{"UuidInText", "UUID", CatalogType("text"), Fit::kFits},
        FitCase{"UuidInInteger", "UUID", CatalogType("int8"), Fit::kNot},
        FitCase{"TextInUuid", "str", CatalogType("uuid"), Fit::kFits},
        FitCase{"TextInInteger", "str", CatalogType("int4"), Fit::kNot},
        FitCase{"TextInTimestamp", "str", CatalogType("timestamptz"), Fit::kByConvention},
        FitCase{"TextInEnum", "str", UserType("enum", "public", "status"), Fit::kFits},
        FitCase{"TextInCitext", "str", UserType("type", "public", "citext"), Fit::kFits},
        FitCase{"Integer", "int", CatalogType("int4"), Fit::kFits},
        FitCase{"IntegerInText", "int", CatalogType("text"), Fit::kByConvention},
        FitCase{"BooleanInText", "bool", CatalogType("text"), Fit::kByConvention},
        FitCase{"BooleanInDate", "bool", CatalogType("date"), Fit::kNot},
        FitCase{"DecimalInFloat", "Decimal", CatalogType("float8"), Fit::kByConvention},
        FitCase{"NaiveInTimestamptz", "NaiveDatetime", CatalogType("timestamptz"),
                Fit::kByConvention},
        FitCase{"DictInJsonb", "dict[str, Any]", CatalogType("jsonb"), Fit::kFits},
        FitCase{"DictInInteger", "dict", CatalogType("int4"), Fit::kNot},
        FitCase{"Optional", "Optional[int]", CatalogType("int4"), Fit::kFits},
        FitCase{"OptionalThatDoesNot", "Optional[UUID]", CatalogType("int4"), Fit::kNot},
        FitCase{"UnionAllFit", "Union[int, Decimal]", CatalogType("numeric"), Fit::kFits},
        FitCase{"UnionSomeFit", "Union[int, UUID]", CatalogType("int4"), Fit::kByConvention},
        FitCase{"UnionNoneFits", "Union[UUID, dict]", CatalogType("int4"), Fit::kNot},
        FitCase{"UnionWithUnknown", "Union[int, shop.Id]", CatalogType("int4"), Fit::kUnknown},
        FitCase{"UnionWithNone", "Union[int, None]", CatalogType("int4"), Fit::kFits},
        FitCase{"List", "list[str]", ArrayOf(CatalogType("text")), Fit::kFits},
        FitCase{"ListOfOther", "list[UUID]", ArrayOf(CatalogType("int4")), Fit::kNot},
        FitCase{"ListOfLists", "list[list[int]]", ArrayOf(CatalogType("int4")), Fit::kFits},
        FitCase{"ListInJson", "list[int]", CatalogType("json"), Fit::kFits},
        FitCase{"ListInInteger", "list[int]", CatalogType("int4"), Fit::kNot},
        FitCase{"BareList", "list", ArrayOf(CatalogType("int4")), Fit::kUnknown},
        FitCase{"LiteralOfTexts", "Literal['a', 'b,]']", CatalogType("text"), Fit::kFits},
        FitCase{"LiteralOfTextsInInteger", "Literal['a']", CatalogType("int4"), Fit::kNot},
        FitCase{"LiteralOfNumbers", "Literal[1, 2]", CatalogType("text"), Fit::kUnknown},
        FitCase{"UnknownType", "shop.models.Money", CatalogType("text"), Fit::kUnknown},
        FitCase{"UnknownColumn", "str", CatalogType("tsvector"), Fit::kUnknown},
        FitCase{"UserTypeOfACatalogName", "str", UserType("type", "public", "int4"), Fit::kUnknown},
        FitCase{"BrokenSpelling", "Optional[", CatalogType("text"), Fit::kUnknown},
        FitCase{"Empty", "", CatalogType("text"), Fit::kUnknown}),
    [](const auto& info) { return info.param.name; });

struct LengthCase {
  const char* name;
  v1::DataType column;
  const char* max_length;
  const char* said;
};
class Lengths : public ::testing::TestWithParam<LengthCase> {};

TEST_P(Lengths, AreComparedWhereTheColumnHasOne) {
  v1::ModelField field = testing::Field("title", "str");
  v1::Option& constraint = *field.add_constraints();
  constraint.set_name("max_length");
  constraint.set_value(GetParam().max_length);
  EXPECT_EQ(TooLong(field, GetParam().column), GetParam().said);
}

INSTANTIATE_TEST_SUITE_P(
    All, Lengths,
    ::testing::Values(LengthCase{"Longer", CatalogType("varchar", "200"), "201", "201 of 200"},
                      LengthCase{"Equal", CatalogType("varchar", "200"), "200", ""},
                      LengthCase{"Padded", CatalogType("bpchar", "2"), "3", "3 of 2"},
                      LengthCase{"NoLimit", CatalogType("varchar"), "201", ""},
                      LengthCase{"Text", CatalogType("text"), "201", ""},
                      LengthCase{"Numeric", CatalogType("numeric", "4"), "201", ""},
                      LengthCase{"Array", ArrayOf(CatalogType("varchar", "2")), "3", ""},
                      LengthCase{"OwnType", UserType("type", "public", "varchar"), "3", ""},
                      LengthCase{"NotANumber", CatalogType("varchar", "200"), "many", ""}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace varve
