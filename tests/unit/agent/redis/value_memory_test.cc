#include "agent/source/redis/value_memory.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace varve::redis {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const ValueMemory::Pattern kPattern = {0, "user:<int>"};

SeenValues Hash(const std::vector<std::string>& fields, const std::string& type = "string") {
  SeenValues seen;
  seen.shape.set_type("hash");
  for (const std::string& field : fields) {
    v1::ValuePath& path = *seen.shape.add_paths();
    path.set_path(field);
    path.add_types(type);
  }
  return seen;
}

absl::Time Day(int day) { return absl::FromUnixSeconds(1'700'000'000) + absl::Hours(24 * day); }

class ValueMemoryTest : public ::testing::Test {
 protected:
  // "path: types" of what is known after a read.
  std::vector<std::string> Learn(const std::vector<SeenValues>& seen, int day,
                                 const std::set<std::string>& types = {"hash"}) {
    std::vector<std::string> lines;
    for (const v1::ValueShape& shape : memory_.Learn(kPattern, types, seen, Day(day))) {
      for (const v1::ValuePath& path : shape.paths()) {
        lines.push_back(absl::StrCat(path.path(), ": ", absl::StrJoin(path.types(), " ")));
      }
    }
    return lines;
  }

  ValueMemory memory_;
};

TEST_F(ValueMemoryTest, AnotherSampleIsNoChange) {
  Learn({Hash({"city", "name"})}, 0);
  EXPECT_THAT(Learn({Hash({"name"})}, 1), ElementsAre("city: string", "name: string"));
}

TEST_F(ValueMemoryTest, WhatNoReadShowedFor7DaysLeaves) {
  Learn({Hash({"city", "name"})}, 0);
  for (int day = 1; day < 8; ++day) {
    EXPECT_THAT(Learn({Hash({"name"})}, day), ElementsAre("city: string", "name: string")) << day;
  }
  EXPECT_THAT(Learn({Hash({"name"})}, 8), ElementsAre("name: string"));
}

TEST_F(ValueMemoryTest, OneSightOfItBeginsTheWeekAnew) {
  Learn({Hash({"city", "name"})}, 0);
  Learn({Hash({"name"})}, 1);
  Learn({Hash({"city"})}, 7);
  EXPECT_THAT(Learn({Hash({"name"})}, 9), ElementsAre("city: string", "name: string"));
}

TEST_F(ValueMemoryTest, DaysWithoutAReadDoNotCount) {
  Learn({Hash({"city", "name"})}, 0);
  EXPECT_THAT(Learn({Hash({"name"})}, 30), ElementsAre("city: string", "name: string"));
}

TEST_F(ValueMemoryTest, WhatBecameRareStays) {
  Learn({Hash({"city", "name"})}, 0);
  SeenValues rare = Hash({"name"});
  rare.rare = {{"city", 1}};
  for (int day = 1; day < 20; ++day) Learn({rare}, day);
  EXPECT_THAT(Learn({rare}, 20), ElementsAre("city: string", "name: string"));
}

TEST_F(ValueMemoryTest, ATypeLeavesLikeAPath) {
  Learn({Hash({"age"}, "string")}, 0);
  EXPECT_THAT(Learn({Hash({"age"}, "integer")}, 1), ElementsAre("age: string"));
  EXPECT_THAT(Learn({Hash({"age"}, "integer")}, 8), ElementsAre("age: integer"));
}

TEST_F(ValueMemoryTest, WhatTheLastSnapshotHadIsKnown) {
  v1::KeyPatternStructure structure;
  *structure.add_values() = Hash({"city"}).shape;
  memory_.Know(kPattern, structure);
  EXPECT_THAT(Learn({Hash({"name"})}, 0), ElementsAre("city: string", "name: string"));
  memory_.Know(kPattern, v1::KeyPatternStructure());
  EXPECT_THAT(Learn({Hash({"name"})}, 1), ElementsAre("city: string", "name: string"));
}

TEST_F(ValueMemoryTest, ATypeThatNoKeyHasAnyMoreIsGone) {
  Learn({Hash({"name"})}, 0);
  EXPECT_THAT(Learn({}, 1, {"string"}), IsEmpty());
}

TEST_F(ValueMemoryTest, APatternOfWhichNothingIsLearntIsForgotten) {
  Learn({Hash({"name"})}, 0);
  memory_.Forget(Day(6));
  EXPECT_THAT(Learn({}, 6), ElementsAre("name: string"));
  memory_.Forget(Day(14));
  EXPECT_THAT(Learn({}, 14), IsEmpty());
}

}  // namespace
}  // namespace varve::redis
