#include "snapshot/postgres_type.h"

#include <vector>

#include "gtest/gtest.h"

namespace varve {
namespace {

v1::DataType Type(const std::vector<std::string>& names, const std::string& modifier = "",
                  bool array = false) {
  v1::DataType type;
  for (const std::string& name : names) type.mutable_type()->add_names(name);
  type.set_modifier(modifier);
  type.set_array(array);
  return type;
}

struct TypeCase {
  const char* name;
  v1::DataType type;
  const char* text;  // as format_type() of PostgreSQL 15 prints it
};
class PrintedType : public ::testing::TestWithParam<TypeCase> {};

TEST_P(PrintedType, ReadsAsTheServerPrintsIt) {
  EXPECT_EQ(TypeText(GetParam().type), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    All, PrintedType,
    ::testing::Values(
        TypeCase{"Integer", Type({"pg_catalog", "int4"}), "integer"},
        TypeCase{"Smallint", Type({"pg_catalog", "int2"}), "smallint"},
        TypeCase{"Bigint", Type({"pg_catalog", "int8"}), "bigint"},
        TypeCase{"Any", Type({"pg_catalog", "any"}), "\"any\""},
        TypeCase{"Boolean", Type({"pg_catalog", "bool"}), "boolean"},
        TypeCase{"Real", Type({"pg_catalog", "float4"}), "real"},
        TypeCase{"Double", Type({"pg_catalog", "float8"}), "double precision"},
        TypeCase{"Text", Type({"pg_catalog", "text"}), "text"},
        TypeCase{"Numeric", Type({"pg_catalog", "numeric"}, "12,2"), "numeric(12,2)"},
        TypeCase{"NumericArray", Type({"pg_catalog", "numeric"}, "12,2", true), "numeric(12,2)[]"},
        TypeCase{"Varchar", Type({"pg_catalog", "varchar"}, "50"), "character varying(50)"},
        TypeCase{"VarcharWithoutLimit", Type({"pg_catalog", "varchar"}), "character varying"},
        TypeCase{"Char", Type({"pg_catalog", "bpchar"}, "3"), "character(3)"},
        TypeCase{"BareChar", Type({"pg_catalog", "bpchar"}), "bpchar"},
        TypeCase{"InternalChar", Type({"pg_catalog", "char"}), "\"char\""},
        TypeCase{"Bit", Type({"pg_catalog", "bit"}, "8"), "bit(8)"},
        TypeCase{"BareBit", Type({"pg_catalog", "bit"}), "\"bit\""},
        TypeCase{"BitVarying", Type({"pg_catalog", "varbit"}, "8"), "bit varying(8)"},
        TypeCase{"Timestamp", Type({"pg_catalog", "timestamp"}), "timestamp without time zone"},
        TypeCase{"TimestampWithPrecision", Type({"pg_catalog", "timestamptz"}, "3"),
                 "timestamp(3) with time zone"},
        TypeCase{"TimeArray", Type({"pg_catalog", "timetz"}, "0", true),
                 "time(0) with time zone[]"},
        TypeCase{"Interval", Type({"pg_catalog", "interval"}), "interval"},
        TypeCase{"IntervalPrecision", Type({"pg_catalog", "interval"}, "3"), "interval(3)"},
        TypeCase{"IntervalFields", Type({"pg_catalog", "interval"}, "day to second(3)"),
                 "interval day to second(3)"},
        TypeCase{"Enum", Type({"public", "document_status"}), "public.document_status"},
        TypeCase{"NamesThatNeedQuotes", Type({"My Schema", "a\"b"}), "\"My Schema\".\"a\"\"b\""},
        TypeCase{"OwnTypeWithModifier", Type({"gis", "geometry"}, "Point,4326", true),
                 "gis.geometry(Point,4326)[]"},
        TypeCase{"OwnTypeNamedLikeOurs", Type({"public", "int4"}), "public.int4"},
        TypeCase{"NameAlone", Type({"int4"}), "integer"}, TypeCase{"NotKnown", Type({}), "?"}),
    [](const auto& info) { return info.param.name; });

struct IdentifierCase {
  const char* name;
  const char* quoted;
};
class Identifier : public ::testing::TestWithParam<IdentifierCase> {};

TEST_P(Identifier, IsQuotedWhereItNeedsToBe) {
  EXPECT_EQ(QuotedIdentifier(GetParam().name), GetParam().quoted);
}

INSTANTIATE_TEST_SUITE_P(
    All, Identifier,
    ::testing::Values(IdentifierCase{"orders", "orders"}, IdentifierCase{"_a1", "_a1"},
                      IdentifierCase{"Orders", "\"Orders\""}, IdentifierCase{"1a", "\"1a\""},
                      IdentifierCase{"a b", "\"a b\""}, IdentifierCase{"a\"b", "\"a\"\"b\""},
                      IdentifierCase{"stra\xC3\x9F"
                                     "e",
                                     "\"stra\xC3\x9F"
                                     "e\""},
                      IdentifierCase{"", "\"\""}));

}  // namespace
}  // namespace varve
