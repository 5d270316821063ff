#include "collector/token.h"

#include <sys/stat.h>

#include <fstream>

#include "absl/strings/match.h"
#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;
using testing::TemporaryFolder;

TEST(Token, ANewOneHasTheFormThatScannersLookFor) {
  const absl::StatusOr<std::string> token = MakeToken("adm");
  VARVE_ASSERT_OK(token);
  EXPECT_TRUE(absl::StartsWith(*token, "varve_adm_"));
  EXPECT_EQ(token->size(), 10u + 43u + 1u + 6u);
  EXPECT_TRUE(IsTokenForm(*token));
}

TEST(Token, TwoAreNeverEqual) { EXPECT_NE(*MakeToken("adm"), *MakeToken("adm")); }

TEST(Token, OneWrongCharacterFailsTheChecksum) {
  const std::string token = *MakeToken("adm");
  for (size_t at = 10; at < token.size(); ++at) {
    std::string wrong = token;
    wrong[at] = wrong[at] == 'x' ? 'y' : 'x';
    EXPECT_FALSE(IsTokenForm(wrong)) << "at " << at;
  }
}

TEST(Token, WhatIsNoTokenIsRefused) {
  for (const char* const text : {"", "varve_", "varve_adm_short_abcdef", "hello", "\n\n\n\n"}) {
    EXPECT_FALSE(IsTokenForm(text)) << text;
  }
}

TEST(AdminToken, IsMadeOnceForUsAloneAndFoundAgain) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("varve.db.token");
  const absl::StatusOr<std::string> made = LoadOrMakeAdminToken(path);
  VARVE_ASSERT_OK(made);
  struct stat facts {};
  ASSERT_EQ(stat(path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  EXPECT_EQ(*LoadOrMakeAdminToken(path), *made);
}

TEST(AdminToken, AFileThatOthersCanReadIsRefused) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("token");
  VARVE_ASSERT_OK(LoadOrMakeAdminToken(path));
  ASSERT_EQ(chmod(path.c_str(), 0644), 0);
  EXPECT_THAT(LoadOrMakeAdminToken(path),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("chmod 600")));
}

TEST(AdminToken, AFileWithoutATokenIsRefused) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("token");
  std::ofstream(path) << "not a token\n";
  ASSERT_EQ(chmod(path.c_str(), 0600), 0);
  EXPECT_THAT(LoadOrMakeAdminToken(path),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("holds no token")));
}

TEST(AdminToken, AFolderThatIsNotThereIsSaid) {
  EXPECT_THAT(
      LoadOrMakeAdminToken("/nonexistent/folder/token"),
      StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("/nonexistent/folder/token")));
}

}  // namespace
}  // namespace varve
