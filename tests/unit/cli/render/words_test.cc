#include "cli/render/words.h"

#include "gtest/gtest.h"

namespace varve {
namespace {

struct NameCase {
  const char* name;
  EntityKey key;
  const char* shown;
};
class NamesOfObjects : public ::testing::TestWithParam<NameCase> {};

TEST_P(NamesOfObjects, AreUniqueInTheirSection) {
  EXPECT_EQ(ObjectName(GetParam().key), GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(
    All, NamesOfObjects,
    ::testing::Values(
        NameCase{"Table", {"table", {"public", "orders"}}, "public.orders"},
        NameCase{"DotInName", {"table", {"public", "a.b"}}, R"(public."a.b")"},
        NameCase{"DotInSchema", {"table", {"public.a", "b"}}, R"("public.a".b)"},
        NameCase{"QuoteInName", {"table", {"public", R"(a"b)"}}, R"(public."a""b")"},
        NameCase{"Function", {"function", {"public", "f", "date", "text"}}, "public.f(date, text)"},
        NameCase{"FunctionWithoutArguments", {"function", {"public", "f"}}, "public.f()"},
        NameCase{"OperatorFamily",
                 {"operator_family", {"public", "a.b", "btree"}},
                 R"(public."a.b" USING btree)"},
        NameCase{"Cast", {"cast", {"public.place", "text"}}, "public.place AS text"},
        NameCase{"OneName", {"extension", {"pg_trgm"}}, "pg_trgm"}),
    [](const auto& info) { return info.param.name; });

TEST(Words, OfValuesThatThisBuildDoesNotKnowAreUnknown) {
  EXPECT_EQ(Word(static_cast<v1::ConstraintType>(99)), "unknown");
  EXPECT_EQ(Word(static_cast<v1::ReferentialAction>(99)), "unknown");
  EXPECT_EQ(Word(static_cast<v1::TableKind>(99)), "unknown");
  EXPECT_EQ(Word(static_cast<v1::Persistence>(99)), "unknown");
  EXPECT_EQ(Word(static_cast<v1::ColumnIdentity>(99)), "unknown");
  EXPECT_EQ(Word(static_cast<v1::ColumnGenerated>(99)), "unknown");
  EXPECT_EQ(Word(static_cast<v1::TtlClass>(99)), "unknown");
}

TEST(Words, OfKnownValuesAreThoseOfTheField) {
  EXPECT_EQ(Word(v1::CONSTRAINT_TYPE_FOREIGN_KEY), "foreign key");
  EXPECT_EQ(Word(v1::REFERENTIAL_ACTION_SET_NULL), "set null");
  EXPECT_EQ(Word(v1::TABLE_KIND_PARTITIONED), "partitioned table");
  EXPECT_EQ(Word(v1::PERSISTENCE_UNLOGGED), "unlogged");
  EXPECT_EQ(Word(v1::COLUMN_IDENTITY_BY_DEFAULT), "by default");
  EXPECT_EQ(Word(v1::COLUMN_GENERATED_STORED), "stored");
  EXPECT_EQ(Word(v1::TTL_CLASS_MIXED), "mixed");
  EXPECT_EQ(Word(v1::TTL_CLASS_UNSPECIFIED), "");
}

}  // namespace
}  // namespace varve
