#include "agent/daemon/outbox.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "agent/daemon/outbox_file.h"
#include "tests/support/matchers.h"
#include "tests/unit/agent/daemon/snapshots.h"

namespace varve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::StatusIs;
using testing::TemporaryFolder;
using testing::TestId;
using testing::TestSnapshot;

const absl::Time kNow = absl::FromUnixSeconds(1'772'000'000);

v1::OutboxSnapshot Numbered(int number) {
  return ToOutbox(TestSnapshot(number, {{"orders", absl::StrCat("c", number)}}));
}

v1::Acknowledged By(int64_t seq) {
  v1::Acknowledged by;
  by.set_incarnation("first");
  by.set_seq(seq);
  return by;
}

std::string Content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

class OutboxTest : public ::testing::Test {
 protected:
  void SetUp() override { Open(); }

  void Open() {
    outbox_.reset();
    auto outbox = Outbox::Open(folder_.Path("state"));
    VARVE_ASSERT_OK(outbox);
    outbox_ = *std::move(outbox);
  }

  std::string Path(const std::string& name) const { return folder_.Path("state/" + name); }

  // Names of the files in a folder, in order.
  std::vector<std::string> Files(const std::string& folder) const {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(Path(folder))) {
      files.push_back(entry.path().filename().string());
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  // The id of the oldest that waits; empty where none does.
  std::string OldestId() {
    const auto entry = outbox_->Oldest();
    EXPECT_THAT(entry, testing::IsOk());
    return entry.ok() && entry->has_value() ? (*entry)->snapshot.header().snapshot_id() : "";
  }

  void AcknowledgeOldest(int64_t seq, absl::Time now = kNow) {
    const auto entry = outbox_->Oldest();
    VARVE_ASSERT_OK(entry);
    ASSERT_TRUE(entry->has_value());
    VARVE_ASSERT_OK(outbox_->Acknowledge(**entry, By(seq), now));
  }

  TemporaryFolder folder_;
  std::unique_ptr<Outbox> outbox_;
};

TEST_F(OutboxTest, KeepsOrderWhenReopened) {
  for (int number = 1; number <= 3; ++number) VARVE_ASSERT_OK(outbox_->Add(Numbered(number)));
  Open();
  VARVE_ASSERT_OK(outbox_->Add(Numbered(4)));
  EXPECT_EQ(outbox_->waiting(), 4u);
  for (int number = 1; number <= 4; ++number) {
    EXPECT_EQ(OldestId(), TestId(number));
    AcknowledgeOldest(number);
  }
  EXPECT_EQ(OldestId(), "");
  EXPECT_EQ(outbox_->waiting(), 0u);
}

TEST_F(OutboxTest, ANumberIsNotUsedAgainAfterAllWasSent) {
  VARVE_ASSERT_OK(outbox_->Add(Numbered(1)));
  AcknowledgeOldest(1);
  Open();
  VARVE_ASSERT_OK(outbox_->Add(Numbered(2)));
  EXPECT_THAT(Files("outbox"), ElementsAre(absl::StrCat("0000000002-", TestId(2), ".snapshot")));
}

TEST_F(OutboxTest, WhatACrashLeftHalfWrittenIsNoSnapshot) {
  VARVE_ASSERT_OK(outbox_->Add(Numbered(1)));
  std::ofstream(Path("outbox/0000000002-x.snapshot.part")) << "half";
  std::ofstream(Path("rejected/0000000001-y.snapshot.reason.part")) << "half";
  Open();
  EXPECT_EQ(outbox_->waiting(), 1u);
  EXPECT_EQ(Files("outbox").size(), 1u);
  EXPECT_THAT(Files("rejected"), IsEmpty());
}

TEST_F(OutboxTest, ACrashBetweenStateAndMoveSendsOnceMore) {
  VARVE_ASSERT_OK(outbox_->Add(Numbered(1)));
  const std::string file = Files("outbox").front();
  AcknowledgeOldest(9);
  std::filesystem::rename(Path("sent/" + file), Path("outbox/" + file));  // as if never moved
  Open();
  EXPECT_EQ(outbox_->state().acknowledged().seq(), 9);
  EXPECT_EQ(OldestId(), TestId(1));
}

TEST_F(OutboxTest, ADamagedFileIsSetAsideWithAReasonAndTheNextComes) {
  VARVE_ASSERT_OK(outbox_->Add(Numbered(1)));
  VARVE_ASSERT_OK(outbox_->Add(Numbered(2)));
  const std::string damaged = Files("outbox").front();
  std::filesystem::resize_file(Path("outbox/" + damaged), 60);
  EXPECT_EQ(OldestId(), TestId(2));
  EXPECT_EQ(outbox_->waiting(), 1u);
  EXPECT_THAT(Files("rejected"), ElementsAre(damaged, damaged + ".reason"));
  EXPECT_THAT(Content(Path("rejected/" + damaged + ".reason")), HasSubstr("damaged"));
}

TEST_F(OutboxTest, ARejectedOneLiesBesideItsReason) {
  VARVE_ASSERT_OK(outbox_->Add(Numbered(1)));
  const std::string file = Files("outbox").front();
  VARVE_ASSERT_OK(outbox_->Reject(file, absl::InvalidArgumentError("the lines do not fit")));
  EXPECT_EQ(outbox_->waiting(), 0u);
  EXPECT_THAT(Files("rejected"), ElementsAre(file, file + ".reason"));
  EXPECT_THAT(Content(Path("rejected/" + file + ".reason")), HasSubstr("the lines do not fit"));
}

TEST_F(OutboxTest, FilesThatPeopleRemovedDoNotWait) {
  VARVE_ASSERT_OK(outbox_->Add(Numbered(1)));
  std::filesystem::remove(Path("outbox/" + Files("outbox").front()));
  EXPECT_EQ(OldestId(), "");
  EXPECT_EQ(outbox_->waiting(), 0u);  // else whoever waits for work would find none for ever
}

TEST_F(OutboxTest, FoldersThatPeopleRemoveAreMadeAgain) {
  for (int number = 1; number <= 2; ++number) VARVE_ASSERT_OK(outbox_->Add(Numbered(number)));
  std::filesystem::remove_all(Path("sent"));
  std::filesystem::remove_all(Path("rejected"));
  VARVE_ASSERT_OK(outbox_->Prune(kNow));
  absl::StatusOr<std::optional<Outbox::Entry>> oldest = outbox_->Oldest();
  VARVE_ASSERT_OK(oldest);
  VARVE_EXPECT_OK(outbox_->Acknowledge(**oldest, By(1), kNow));
  oldest = outbox_->Oldest();
  VARVE_ASSERT_OK(oldest);
  VARVE_EXPECT_OK(outbox_->Reject((*oldest)->file, absl::InvalidArgumentError("odd")));
  EXPECT_THAT(Files("sent"), ::testing::SizeIs(1));
  EXPECT_THAT(Files("rejected"), ::testing::SizeIs(2));
}

TEST_F(OutboxTest, OneThatPeopleRemoveWhileItIsSentIsDoneWith) {
  VARVE_ASSERT_OK(outbox_->Add(Numbered(1)));
  const auto entry = outbox_->Oldest();
  VARVE_ASSERT_OK(entry);
  std::filesystem::remove(Path("outbox/" + (*entry)->file));
  VARVE_EXPECT_OK(outbox_->Acknowledge(**entry, By(1), kNow));
  EXPECT_EQ(outbox_->waiting(), 0u);
}

TEST_F(OutboxTest, ASecondAgentOnTheFolderIsRefused) {
  EXPECT_THAT(Outbox::Open(folder_.Path("state")),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("another agent")));
}

TEST_F(OutboxTest, AFolderThatCannotBeMadeSaysWhatToDo) {
  std::ofstream(folder_.Path("file")) << "no folder";
  EXPECT_THAT(Outbox::Open(folder_.Path("file/state")),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("give --state")));
}

TEST_F(OutboxTest, IsForItsOwnerAlone) {
  VARVE_ASSERT_OK(outbox_->Add(Numbered(1)));
  using std::filesystem::perms;
  const perms others = perms::group_all | perms::others_all;
  for (const std::string& path : {Path(""), Path("outbox"), Path("outbox/" + Files("outbox")[0])}) {
    EXPECT_EQ(std::filesystem::status(path).permissions() & others, perms::none) << path;
  }
}

TEST_F(OutboxTest, ADeltaIsMadeFromTheLastAcknowledgedManifest) {
  const v1::OutboxSnapshot snapshot = Numbered(1);
  VARVE_ASSERT_OK(outbox_->Add(snapshot));
  AcknowledgeOldest(1);
  Open();
  const std::string& hash = snapshot.header().sections(0).manifest_hash();
  const auto lines = outbox_->SentLines("postgres", hash);
  ASSERT_TRUE(lines.has_value());
  EXPECT_THAT(*lines, ElementsAre(snapshot.sections(0).lines(0)));
  EXPECT_FALSE(outbox_->SentLines("postgres", std::string(32, 'x')).has_value());
  EXPECT_FALSE(outbox_->SentLines("redis", hash).has_value());
}

TEST_F(OutboxTest, ASourceThatWasAwayKeepsItsBase) {
  VARVE_ASSERT_OK(outbox_->Add(Numbered(1)));
  AcknowledgeOldest(1);
  const std::string hash = Numbered(1).header().sections(0).manifest_hash();
  v1::OutboxSnapshot away = Numbered(2);
  away.mutable_header()->mutable_sections(0)->clear_manifest_hash();
  away.mutable_sections(0)->Clear();
  VARVE_ASSERT_OK(outbox_->Add(away));
  AcknowledgeOldest(2);
  EXPECT_TRUE(outbox_->SentLines("postgres", hash).has_value());
}

TEST_F(OutboxTest, ATornStateFileCostsNoSnapshot) {
  VARVE_ASSERT_OK(outbox_->Add(Numbered(1)));
  AcknowledgeOldest(1);
  VARVE_ASSERT_OK(outbox_->Add(Numbered(2)));
  std::ofstream(Path("state.textproto"), std::ios::trunc) << "acknowledged { seq";
  Open();
  EXPECT_FALSE(outbox_->state().has_acknowledged());
  EXPECT_EQ(OldestId(), TestId(2));
}

TEST_F(OutboxTest, SentOnesAreKeptForADayAndTheBaseOfDeltasLonger) {
  for (int number = 1; number <= 3; ++number) {
    VARVE_ASSERT_OK(outbox_->Add(Numbered(number)));
    AcknowledgeOldest(number, kNow + absl::Hours(10 * number));
  }
  const absl::Time later = kNow + absl::Hours(10) + Outbox::kKeepSent;
  EXPECT_THAT(outbox_->SentIds(later), ElementsAre(TestId(2), TestId(3)));
  VARVE_ASSERT_OK(outbox_->Prune(later));
  EXPECT_EQ(Files("sent").size(), 2u);
  VARVE_ASSERT_OK(outbox_->Prune(later + absl::Hours(1000)));
  EXPECT_THAT(Files("sent"), ElementsAre(HasSubstr(TestId(3))));
}

TEST_F(OutboxTest, WhatAnotherStoreLacksGoesOutBeforeAnythingNewer) {
  for (int number = 1; number <= 3; ++number) {
    VARVE_ASSERT_OK(outbox_->Add(Numbered(number)));
    AcknowledgeOldest(number);
  }
  VARVE_ASSERT_OK(outbox_->Add(Numbered(4)));
  VARVE_ASSERT_OK(outbox_->SendAgain({TestId(2), TestId(3), TestId(99)}, "second"));
  EXPECT_EQ(outbox_->waiting(), 3u);
  EXPECT_EQ(OldestId(), TestId(2));
  Open();
  EXPECT_EQ(outbox_->waiting(), 3u);
  EXPECT_EQ(outbox_->state().incarnation(), "second");
}

TEST_F(OutboxTest, OneThatCannotBeWrittenLeavesNothingBehind) {
  VARVE_ASSERT_OK(outbox_->Add(Numbered(1)));
  v1::OutboxSnapshot unwritable = Numbered(2);
  unwritable.mutable_header()->set_snapshot_id(std::string(300, 'x'));
  EXPECT_FALSE(outbox_->Add(unwritable).ok());
  EXPECT_EQ(outbox_->waiting(), 1u);
  EXPECT_EQ(Files("outbox").size(), 1u);
}

}  // namespace
}  // namespace varve
