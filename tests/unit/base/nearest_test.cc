#include "base/nearest.h"

#include <vector>

#include "gtest/gtest.h"

namespace varve {
namespace {

const std::vector<std::string> kNames = {"listen", "database", "tls"};

struct DistanceCase {
  const char* a;
  const char* b;
  size_t edits;
};
class Distance : public ::testing::TestWithParam<DistanceCase> {};

TEST_P(Distance, IsTheFewestEditsEitherWay) {
  EXPECT_EQ(EditDistance(GetParam().a, GetParam().b), GetParam().edits);
  EXPECT_EQ(EditDistance(GetParam().b, GetParam().a), GetParam().edits);
}

INSTANTIATE_TEST_SUITE_P(All, Distance,
                         ::testing::Values(DistanceCase{"", "", 0}, DistanceCase{"prod", "prod", 0},
                                           DistanceCase{"", "prod", 4},
                                           DistanceCase{"prod", "prdo", 2},
                                           DistanceCase{"prod", "prods", 1},
                                           DistanceCase{"prod", "trod", 1},
                                           DistanceCase{"kitten", "sitting", 3}));

TEST(NearestName, IsTheOneWithTheFewestEdits) {
  EXPECT_EQ(NearestName("databse", kNames), "database");
}

TEST(NearestName, OfEquallyNearOnesIsTheFirst) {
  EXPECT_EQ(NearestName("b", std::vector<std::string>{"c", "a"}), "c");
}

TEST(NearestName, OfNoneIsEmpty) { EXPECT_EQ(NearestName("prod", {}), ""); }

TEST(LikelyName, IsOneThatIsNearEnough) {
  EXPECT_EQ(LikelyName("listn", kNames), "listen");
  EXPECT_EQ(LikelyName("databses", kNames), "database");
}

TEST(LikelyName, OfWhatIsLikeNothingIsEmpty) {
  EXPECT_EQ(LikelyName("retention", kNames), "");
  EXPECT_EQ(LikelyName("prod", {}), "");
}

TEST(LikelyName, AllowsOneEditOfTheShortestNames) {
  EXPECT_EQ(LikelyName("ls", std::vector<std::string>{"tls"}), "tls");
}

}  // namespace
}  // namespace varve
