#include "snapshot/rules/orm_type.h"

#include "gtest/gtest.h"
#include "tests/support/sample_snapshot.h"

namespace varve {
namespace {

using testing::CatalogType;
using testing::UserType;

struct TypeCase {
  const char* name;
  const char* declared;
  v1::DataType column;
  TypeDifference difference;
};
class OrmTypes : public ::testing::TestWithParam<TypeCase> {};

TEST_P(OrmTypes, AreHeldAgainstTheColumns) {
  EXPECT_EQ(CompareTypes(GetParam().declared, GetParam().column), GetParam().difference);
}

v1::DataType ArrayOf(v1::DataType type) {
  type.set_array(true);
  return type;
}

constexpr TypeDifference kSame = TypeDifference::kSame;
constexpr TypeDifference kWider = TypeDifference::kWider;
constexpr TypeDifference kNarrower = TypeDifference::kNarrower;
constexpr TypeDifference kRelated = TypeDifference::kRelated;
constexpr TypeDifference kOther = TypeDifference::kOther;
constexpr TypeDifference kUnknown = TypeDifference::kUnknown;

INSTANTIATE_TEST_SUITE_P(
    All, OrmTypes,
    ::testing::Values(
        TypeCase{"Same", "character varying(40)", CatalogType("varchar", "40"), kSame},
        TypeCase{"Shorter", "character varying(40)", CatalogType("varchar", "20"), kNarrower},
        TypeCase{"Longer", "character varying(40)", CatalogType("varchar", "80"), kWider},
        TypeCase{"TextForLength", "character varying(40)", CatalogType("text"), kWider},
        TypeCase{"LengthForText", "text", CatalogType("varchar", "40"), kNarrower},
        TypeCase{"TextIsVarchar", "character varying", CatalogType("text"), kSame},
        TypeCase{"CitextIsText", "text", UserType("type", "public", "citext"), kSame},
        TypeCase{"Padded", "character varying(3)", CatalogType("bpchar", "3"), kRelated},
        TypeCase{"Integers", "integer", CatalogType("int4"), kSame},
        TypeCase{"Small", "integer", CatalogType("int2"), kNarrower},
        TypeCase{"Big", "integer", CatalogType("int8"), kWider},
        TypeCase{"IntegerAsNumeric", "integer", CatalogType("numeric", "9,0"), kRelated},
        TypeCase{"Numeric", "numeric(10,2)", CatalogType("numeric", "10,2"), kSame},
        TypeCase{"FewerPlaces", "numeric(10,2)", CatalogType("numeric", "10,1"), kNarrower},
        TypeCase{"FewerDigits", "numeric(10,2)", CatalogType("numeric", "8,2"), kNarrower},
        TypeCase{"MoreDigits", "numeric(10,2)", CatalogType("numeric", "12,2"), kWider},
        TypeCase{"AnyNumeric", "numeric(10,2)", CatalogType("numeric"), kWider},
        TypeCase{"NumericOfASize", "numeric", CatalogType("numeric", "10,2"), kNarrower},
        TypeCase{"Float", "double precision", CatalogType("float4"), kNarrower},
        TypeCase{"Zone", "timestamp with time zone", CatalogType("timestamp"), kRelated},
        TypeCase{"Precision", "timestamp(3) with time zone", CatalogType("timestamptz", "3"),
                 kSame},
        TypeCase{"LessPrecision", "timestamp with time zone", CatalogType("timestamptz", "3"),
                 kNarrower},
        TypeCase{"Json", "jsonb", CatalogType("json"), kRelated},
        TypeCase{"Uuid", "uuid", CatalogType("int8"), kOther},
        TypeCase{"TextForUuid", "uuid", CatalogType("text"), kOther},
        TypeCase{"Array", "character varying(10)[]", ArrayOf(CatalogType("varchar", "10")), kSame},
        TypeCase{"ArrayForOne", "integer", ArrayOf(CatalogType("int4")), kOther},
        TypeCase{"Enum", "mood", UserType("enum", "app", "mood"), kSame},
        TypeCase{"EnumOfASchema", "app.mood", UserType("enum", "app", "mood"), kSame},
        TypeCase{"QuotedEnum", "\"Mood\"", UserType("enum", "app", "Mood"), kSame},
        TypeCase{"EnumForText", "text", UserType("enum", "app", "mood"), kOther},
        TypeCase{"OtherEnum", "mood", UserType("enum", "app", "state"), kUnknown},
        TypeCase{"OwnType", "geometry(POINT,4326)", UserType("type", "public", "geometry"), kSame},
        TypeCase{"UnknownType", "money2", CatalogType("text"), kUnknown},
        TypeCase{"Domain", "text", UserType("domain", "public", "name"), kUnknown}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace varve
