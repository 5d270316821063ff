#include "base/secret_file.h"

#include <sys/stat.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::StatusIs;
using testing::TemporaryFolder;

class SecretFile : public ::testing::Test {
 protected:
  std::string Write(const std::string& content, mode_t mode) const {
    const std::string path = folder_.Path("secret");
    std::ofstream(path) << content;
    EXPECT_EQ(chmod(path.c_str(), mode), 0);
    return path;
  }
  TemporaryFolder folder_;
};

TEST_F(SecretFile, IsReadWhole) {
  const absl::StatusOr<std::string> content = ReadSmallFile("token file", Write("s3cret\n", 0600));
  VARVE_ASSERT_OK(content);
  EXPECT_EQ(*content, "s3cret\n");
}

TEST_F(SecretFile, ThatIsNotThereIsNamed) {
  EXPECT_THAT(ReadSmallFile("token file", folder_.Path("none")),
              StatusIs(absl::StatusCode::kNotFound,
                       AllOf(HasSubstr("token file "), HasSubstr("/none: No such file"))));
}

TEST_F(SecretFile, ThatIsEmptyIsNoSecret) {
  EXPECT_THAT(ReadSmallFile("token file", Write("", 0600)),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("it is empty")));
}

TEST_F(SecretFile, ThatIsAFolderIsNoSecret) {
  EXPECT_THAT(ReadSmallFile("password_file", folder_.path()),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("it is a folder")));
}

class Mode : public SecretFile, public ::testing::WithParamInterface<mode_t> {};

class PrivateMode : public Mode {};
TEST_P(PrivateMode, IsTaken) {
  VARVE_EXPECT_OK(CheckOnlyOwnerMayUse("token file", Write("s3cret", GetParam())));
}
INSTANTIATE_TEST_SUITE_P(All, PrivateMode, ::testing::Values(0400, 0600, 0700));

class SharedMode : public Mode {};
TEST_P(SharedMode, IsRefusedWithTheCommandThatMendsIt) {
  const std::string path = Write("s3cret", GetParam());
  EXPECT_THAT(
      CheckOnlyOwnerMayUse("token file", path),
      StatusIs(absl::StatusCode::kFailedPrecondition,
               AllOf(HasSubstr(absl::StrCat("run: chmod 600 ", path)), Not(HasSubstr("s3cret")))));
}
INSTANTIATE_TEST_SUITE_P(All, SharedMode, ::testing::Values(0640, 0604, 0620, 0644, 0601, 0777));

}  // namespace
}  // namespace varve
