#include "agent/source/postgres/array_text.h"

#include "gmock/gmock.h"

namespace varve::postgres {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

struct ItemsCase {
  const char* name;
  const char* text;
  std::vector<std::string> items;
};
class Items : public ::testing::TestWithParam<ItemsCase> {};

TEST_P(Items, OfAnArrayAreTakenApart) {
  EXPECT_THAT(ArrayItems(GetParam().text), ElementsAreArray(GetParam().items));
}

INSTANTIATE_TEST_SUITE_P(
    All, Items,
    ::testing::Values(ItemsCase{"Plain", "{a,b}", {"a", "b"}}, ItemsCase{"None", "{}", {}},
                      ItemsCase{"Nothing", "", {}}, ItemsCase{"NoArray", "a,b", {}},
                      ItemsCase{"Open", "{a", {}}, ItemsCase{"BracesTurnedRound", "}{", {}},
                      ItemsCase{"Quoted", R"({"a,b","{c}","d e"})", {"a,b", "{c}", "d e"}},
                      ItemsCase{"Escaped", R"({"d\"e","f\\g"})", {"d\"e", "f\\g"}},
                      ItemsCase{"Empty", R"({"",a})", {"", "a"}},
                      ItemsCase{"NullIsEmpty", "{NULL,null,a}", {"", "", "a"}},
                      ItemsCase{"TheWordNull", R"({"NULL"})", {"NULL"}},
                      ItemsCase{"EscapedWithoutQuotes", R"({\NULL})", {"NULL"}},
                      ItemsCase{"LowerBound", "[0:1]={a,b}", {"a", "b"}},
                      ItemsCase{"QuoteThatNeverEnds", R"({"a,b})", {"a,b"}},
                      ItemsCase{"BackslashAtTheEnd", "{a\\}", {"a\\"}},
                      ItemsCase{"Settings",
                                R"({"search_path=\"$user\", public",work_mem=1MB})",
                                {"search_path=\"$user\", public", "work_mem=1MB"}}),
    [](const auto& info) { return info.param.name; });

TEST(Numbers, OfArraysAndVectorsAreTakenApart) {
  EXPECT_THAT(ArrayNumbers("{1,-2,3}"), ElementsAre(1, -2, 3));
  EXPECT_THAT(ArrayNumbers("1 0 23"), ElementsAre(1, 0, 23));
  EXPECT_THAT(ArrayNumbers("[0:1]={4,5}"), ElementsAre(4, 5));
  EXPECT_THAT(ArrayNumbers("4294967295"), ElementsAre(4294967295));
  EXPECT_THAT(ArrayNumbers(""), IsEmpty());
  EXPECT_THAT(ArrayNumbers("{}"), IsEmpty());
}

TEST(Numbers, EndAtWhatIsNone) {
  EXPECT_THAT(ArrayNumbers("1 2 x 3"), ElementsAre(1, 2));
  EXPECT_THAT(ArrayNumbers("{1,99999999999999999999,3}"), ElementsAre(1));
}

TEST(Bytea, InHexGivesItsBytes) {
  EXPECT_EQ(ByteaBytes("\\x61006c"), std::string("a\0l", 3));
  EXPECT_EQ(ByteaBytes("\\x"), "");
}

TEST(Bytea, InNoHexGivesNothing) {
  EXPECT_EQ(ByteaBytes("abc"), "");
  EXPECT_EQ(ByteaBytes("\\x6"), "");
  EXPECT_EQ(ByteaBytes("\\xzz"), "");
}

}  // namespace
}  // namespace varve::postgres
