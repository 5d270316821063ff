#include "snapshot/environment_name.h"

#include <string>

#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

TEST(EnvironmentName, NamesThatPeopleGiveAreTaken) {
  for (const char* const name : {"p", "prod", "prod-eu", "0", "Prod.EU_2", "a-"}) {
    VARVE_EXPECT_OK(CheckEnvironmentName(name)) << name;
  }
  VARVE_EXPECT_OK(CheckEnvironmentName(std::string(63, 'a')));
}

TEST(EnvironmentName, OddOnesAreRefusedWithAnExample) {
  for (const std::string& name :
       {std::string(), std::string("-prod"), std::string(".."), std::string("a b"),
        std::string("a/b"), std::string("a@1"), std::string("a\n"), std::string("ü"),
        std::string(64, 'a'), std::string("a\0b", 3)}) {
    EXPECT_THAT(CheckEnvironmentName(name), StatusIs(absl::StatusCode::kInvalidArgument,
                                                     HasSubstr("write for example prod-eu")))
        << name;
  }
}

}  // namespace
}  // namespace varve
