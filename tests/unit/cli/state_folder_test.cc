#include "cli/state_folder.h"

#include <sys/stat.h>

#include <fstream>

#include "tests/support/matchers.h"
#include "tests/support/variables.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using testing::Of;
using testing::StatusIs;

TEST(StateFolder, IsBelowTheStateHomeAndForItsOwnerOnly) {
  const testing::TemporaryFolder folder;
  const auto made = StateFolder(Of({{"XDG_STATE_HOME", folder.Path("a/b")}}));
  VARVE_ASSERT_OK(made);
  EXPECT_EQ(*made, folder.Path("a/b/varve"));
  struct stat facts {};
  ASSERT_EQ(stat(made->c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0700U);
}

TEST(StateFolder, IsBelowTheHomeWhereNoStateHomeIsSet) {
  const testing::TemporaryFolder folder;
  EXPECT_EQ(*StateFolder(Of({{"HOME", folder.path()}})), folder.Path(".local/state/varve"));
}

TEST(StateFolder, ARelativeStateHomeIsAsIfNotSet) {
  const testing::TemporaryFolder folder;
  EXPECT_EQ(*StateFolder(Of({{"XDG_STATE_HOME", "here"}, {"HOME", folder.path()}})),
            folder.Path(".local/state/varve"));
}

TEST(StateFolder, CanBeAskedForTwice) {
  const testing::TemporaryFolder folder;
  const Variables variables = Of({{"HOME", folder.path()}});
  VARVE_ASSERT_OK(StateFolder(variables));
  VARVE_EXPECT_OK(StateFolder(variables));
}

TEST(StateFolder, WithoutAHomeSaysWhatToSet) {
  EXPECT_THAT(StateFolder(Of({})), StatusIs(absl::StatusCode::kFailedPrecondition,
                                            HasSubstr("set HOME or XDG_STATE_HOME")));
}

TEST(StateFolder, ThatCannotBeMadeIsNamed) {
  const testing::TemporaryFolder folder;
  std::ofstream(folder.Path("file")) << "not a folder";
  const auto made = StateFolder(Of({{"XDG_STATE_HOME", folder.Path("file")}}));
  ASSERT_FALSE(made.ok());
  EXPECT_THAT(std::string(made.status().message()),
              ::testing::AllOf(HasSubstr(folder.Path("file/varve")), HasSubstr("XDG_STATE_HOME")));
}

}  // namespace
}  // namespace varve
