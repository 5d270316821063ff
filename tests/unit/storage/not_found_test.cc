#include "storage/not_found.h"

#include "tests/support/matchers.h"

namespace varve {
namespace {

using testing::StatusIs;

constexpr auto kNotFound = absl::StatusCode::kNotFound;

TEST(NotFound, AnEmptyStoreSaysSo) {
  EXPECT_THAT(
      NoEnvironment("prod", {}),
      StatusIs(kNotFound, "no environment 'prod'; the store is empty: no agent has published yet"));
}

TEST(NotFound, FewEnvironmentsAreAllNamed) {
  EXPECT_THAT(NoEnvironment("prdo", {"prod"}),
              StatusIs(kNotFound, "no environment 'prdo'; there is prod"));
  EXPECT_THAT(NoEnvironment("prdo", {"demo", "prod", "test"}),
              StatusIs(kNotFound, "no environment 'prdo'; there is demo, prod and test"));
}

TEST(NotFound, OfManyEnvironmentsTheNearestAreNamedSorted) {
  EXPECT_THAT(NoEnvironment("prod-6", {"a-very-long-name", "prod-1", "prod-2", "prod-3", "prod-4",
                                       "prod-5", "zz-another-long-name"}),
              StatusIs(kNotFound,
                       "no environment 'prod-6'; the nearest are prod-1, prod-2, prod-3, "
                       "prod-4 and prod-5"));
}

struct NumberCase {
  const char* name;  // becomes the test's name
  int64_t seq;
  std::vector<int64_t> kept;
  std::vector<int64_t> thinned;
  const char* words;
};
class NoSuchNumber : public ::testing::TestWithParam<NumberCase> {};

TEST_P(NoSuchNumber, IsToldWithThoseThatThereAre) {
  EXPECT_THAT(NoSnapshot("prod", GetParam().seq, GetParam().kept, GetParam().thinned),
              StatusIs(kNotFound, GetParam().words));
}

INSTANTIATE_TEST_SUITE_P(
    All, NoSuchNumber,
    ::testing::Values(
        NumberCase{"Range", 9, {1, 2, 3, 4}, {}, "no snapshot prod@9; it has 1 to 4"},
        NumberCase{
            "Ranges", 6, {1, 2, 4, 7, 8}, {}, "no snapshot prod@6; it has 1 to 2, 4 and 7 to 8"},
        NumberCase{"One", 2, {1}, {}, "no snapshot prod@2; it has 1"},
        NumberCase{"None", 1, {}, {}, "no snapshot prod@1; it has none"},
        NumberCase{"ManyRanges",
                   8,
                   {1, 3, 5, 7, 9, 11, 13, 15},
                   {},
                   "no snapshot prod@8; nearest are prod@7 and prod@9"},
        NumberCase{"Thinned",
                   5,
                   {1, 4, 7},
                   {2, 3, 5, 6},
                   "prod@5 was thinned by retention; nearest are prod@4 and prod@7"}),
    [](const auto& info) { return info.param.name; });

TEST(NotFound, ASectionIsToldWithThoseThatThereAre) {
  EXPECT_THAT(NoSection("prod", 4, "redis", {"models", "postgres"}),
              StatusIs(kNotFound, "prod@4 has no section 'redis'; it has models and postgres"));
  EXPECT_THAT(NoSection("prod", 4, "redis", {}),
              StatusIs(kNotFound, "prod@4 has no section 'redis'; it has none"));
}

}  // namespace
}  // namespace varve
