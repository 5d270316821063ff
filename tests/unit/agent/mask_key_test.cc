#include "agent/redaction/mask_key.h"

#include <sys/stat.h>

#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::SizeIs;
using testing::StatusIs;
using testing::TemporaryFolder;

TEST(MaskKey, IsMadeOnceAndReadBack) {
  const TemporaryFolder folder;
  const absl::StatusOr<MaskKey> made = LoadOrCreateMaskKey(folder.path());
  ASSERT_THAT(made, IsOk());
  EXPECT_THAT(made->bytes, SizeIs(32));
  EXPECT_THAT(made->id, SizeIs(16));
  const absl::StatusOr<MaskKey> read = LoadOrCreateMaskKey(folder.path());
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(read->bytes, made->bytes);
  EXPECT_EQ(read->id, made->id);
}

TEST(MaskKey, IsReadableByItsOwnerOnly) {
  const TemporaryFolder folder;
  ASSERT_THAT(LoadOrCreateMaskKey(folder.path()), IsOk());
  struct stat facts = {};
  ASSERT_EQ(stat(folder.Path("mask.key").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
}

TEST(MaskKey, TwoFoldersHaveTwoKeys) {
  const TemporaryFolder one;
  const TemporaryFolder two;
  EXPECT_NE(LoadOrCreateMaskKey(one.path())->id, LoadOrCreateMaskKey(two.path())->id);
}

TEST(MaskKey, ProcessesThatBeginAtOnceAgree) {
  const TemporaryFolder folder;
  std::vector<std::string> ids(8);
  std::vector<std::thread> threads;
  for (std::string& id : ids) {
    threads.emplace_back([&] { id = LoadOrCreateMaskKey(folder.path())->id; });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& id : ids) EXPECT_EQ(id, ids[0]);
}

TEST(MaskKey, ThatOthersMayReadIsRefused) {
  const TemporaryFolder folder;
  ASSERT_THAT(LoadOrCreateMaskKey(folder.path()), IsOk());
  ASSERT_EQ(chmod(folder.Path("mask.key").c_str(), 0644), 0);
  EXPECT_THAT(LoadOrCreateMaskKey(folder.path()),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("run: chmod 600 ")));
}

TEST(MaskKey, ThatIsDamagedIsRefusedAndNotReplaced) {
  const TemporaryFolder folder;
  ASSERT_THAT(LoadOrCreateMaskKey(folder.path()), IsOk());
  std::ofstream(folder.Path("mask.key")) << "varve-mask-key-1 abc\n";
  EXPECT_THAT(LoadOrCreateMaskKey(folder.path()),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("mask.key: it holds no key")));
}

TEST(MaskKey, WithoutAFolderSaysWhich) {
  EXPECT_THAT(LoadOrCreateMaskKey("/nowhere/at/all"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("/nowhere/at/all/mask.key")));
}

}  // namespace
}  // namespace varve
