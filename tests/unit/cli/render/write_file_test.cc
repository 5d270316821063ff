#include "cli/render/write_file.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::StatusIs;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

std::vector<std::string> FilesIn(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// While it lives no file of this process may grow beyond `bytes`: what a full disk does, in time.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit = {bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  void (*handler_)(int);
  rlimit before_{};
};

TEST(WriteFiles, WritesEachWholeAndReplacesWhatWasThere) {
  const testing::TemporaryFolder folder;
  std::ofstream(folder.Path("a")) << "old and longer";
  VARVE_ASSERT_OK(WriteFiles({{folder.Path("a"), "new"}, {folder.Path("b"), ""}}));
  EXPECT_EQ(ReadFile(folder.Path("a")), "new");
  EXPECT_EQ(ReadFile(folder.Path("b")), "");
  EXPECT_THAT(FilesIn(folder.path()), ElementsAre("a", "b"));
}

TEST(WriteFiles, ALinkInTheWayIsReplacedNotFollowed) {
  const testing::TemporaryFolder folder;
  std::ofstream(folder.Path("target")) << "kept";
  std::filesystem::create_symlink(folder.Path("target"), folder.Path("a"));
  VARVE_ASSERT_OK(WriteFiles({{folder.Path("a"), "new"}}));
  EXPECT_EQ(ReadFile(folder.Path("target")), "kept");
  EXPECT_FALSE(std::filesystem::is_symlink(folder.Path("a")));
}

TEST(WriteFiles, WithoutRoomLeavesAllAsItWas) {
  const testing::TemporaryFolder folder;
  std::ofstream(folder.Path("b")) << "old";
  absl::Status status;
  {
    const FileSizeLimit limit(4096);
    status = WriteFiles({{folder.Path("a"), "fits"}, {folder.Path("b"), std::string(8192, 'x')}});
  }
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kResourceExhausted,
                               ::testing::AllOf(HasSubstr(folder.Path("b")),
                                                HasSubstr("raise the limit on a file's size"))));
  EXPECT_THAT(FilesIn(folder.path()), ElementsAre("b"));
  EXPECT_EQ(ReadFile(folder.Path("b")), "old");
}

TEST(WriteFiles, AFolderInTheWayIsNamedAndNothingIsWritten) {
  const testing::TemporaryFolder folder;
  ASSERT_TRUE(std::filesystem::create_directory(folder.Path("b")));
  EXPECT_THAT(WriteFiles({{folder.Path("a"), "x"}, {folder.Path("b"), "y"}}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(folder.Path("b"))));
  EXPECT_THAT(FilesIn(folder.path()), ElementsAre("b"));
}

TEST(WriteFiles, ANameThatIsTooLongIsRefused) {
  const testing::TemporaryFolder folder;
  EXPECT_THAT(WriteFiles({{folder.Path(std::string(300, 'n')), "x"}}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("choose another name")));
  EXPECT_THAT(FilesIn(folder.path()), IsEmpty());
}

TEST(WriteFiles, AFolderThatIsNotThereIsToBeMadeFirst) {
  const testing::TemporaryFolder folder;
  EXPECT_THAT(WriteFiles({{folder.Path("no/a"), "x"}}),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("make the folder first")));
}

TEST(WriteFiles, AFolderWithoutPermissionIsSaidToBe) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  const testing::TemporaryFolder folder;
  ASSERT_EQ(chmod(folder.path().c_str(), 0500), 0);
  EXPECT_THAT(CheckFolderOf(folder.Path("a")),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("choose a folder")));
  EXPECT_THAT(WriteFiles({{folder.Path("a"), "x"}}),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("choose a folder")));
  ASSERT_EQ(chmod(folder.path().c_str(), 0700), 0);
}

}  // namespace
}  // namespace varve
