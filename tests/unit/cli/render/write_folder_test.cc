#include "cli/render/write_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;
using testing::TemporaryFolder;

namespace fs = std::filesystem;

std::string ContentOf(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path).rdbuf();
  return content.str();
}

// What stands in a folder, by name.
size_t CountIn(const std::string& folder) {
  return static_cast<size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(WriteFolder, MakesFoldersOfFiles) {
  const TemporaryFolder around;
  const std::string folder = around.Path("schema");
  VARVE_ASSERT_OK(WriteFolder(folder, {{"index.sql", "a"}, {"public/table/orders.sql", "b"}}));
  EXPECT_EQ(ContentOf(folder + "/index.sql"), "a");
  EXPECT_EQ(ContentOf(folder + "/public/table/orders.sql"), "b");
  EXPECT_EQ(CountIn(around.path()), 1);
}

TEST(WriteFolder, TakesThePlaceOfAnEmptyFolder) {
  const TemporaryFolder around;
  fs::create_directory(around.Path("schema"));
  VARVE_ASSERT_OK(WriteFolder(around.Path("schema/"), {{"index.sql", "a"}}));
  EXPECT_EQ(ContentOf(around.Path("schema/index.sql")), "a");
}

TEST(WriteFolder, RefusesAFolderThatHoldsSomething) {
  const TemporaryFolder around;
  fs::create_directory(around.Path("schema"));
  std::ofstream(around.Path("schema/mine")) << "kept";
  EXPECT_THAT(WriteFolder(around.Path("schema"), {{"index.sql", "a"}}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("nothing is deleted")));
  EXPECT_EQ(ContentOf(around.Path("schema/mine")), "kept");
  EXPECT_EQ(CountIn(around.path()), 1);
}

TEST(WriteFolder, RefusesWhatIsNoFolder) {
  const TemporaryFolder around;
  std::ofstream(around.Path("file")) << "kept";
  EXPECT_THAT(WriteFolder(around.Path("file"), {{"index.sql", "a"}}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("is no folder")));
  EXPECT_THAT(WriteFolder(around.Path("none/schema"), {{"index.sql", "a"}}),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("make the folder around it")));
}

TEST(WriteFolder, LeavesNothingWhereItFails) {
  const TemporaryFolder around;
  // The second file would have to be in the first.
  EXPECT_FALSE(WriteFolder(around.Path("schema"), {{"a", "file"}, {"a/b", "in it"}}).ok());
  EXPECT_EQ(CountIn(around.path()), 0);
}

}  // namespace
}  // namespace varve
