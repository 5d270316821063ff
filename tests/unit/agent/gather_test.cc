#include "agent/gather.h"

#include <functional>
#include <memory>
#include <stdexcept>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "agent/source/isolated.h"
#include "base/utf8.h"
#include "base/version.h"
#include "snapshot/section_builder.h"
#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::SizeIs;

// A source that does what a test says.
class ScriptedSource : public Source {
 public:
  using Script = std::function<void(SectionBuilder& builder, const GatherLimits& limits)>;
  ScriptedSource(std::string name, Script script)
      : name_(std::move(name)), script_(std::move(script)) {}
  absl::string_view name() const override { return name_; }
  absl::string_view kind() const override { return "redis"; }
  std::vector<Section> Gather(const GatherLimits& limits) override {
    SectionBuilder builder(name_, "redis", 1);
    script_(builder, limits);
    return OneSection(builder.Finish());
  }

 private:
  const std::string name_;
  const Script script_;
};

void ReadNothing(SectionBuilder& /*builder*/, const GatherLimits& /*limits*/) {}

class GatherTest : public ::testing::Test {
 protected:
  void Add(const std::string& name, ScriptedSource::Script script) {
    sources_.push_back(std::make_unique<ScriptedSource>(name, std::move(script)));
  }
  void AddIsolated(const std::string& name, ScriptedSource::Script script) {
    sources_.push_back(
        Isolated(std::make_unique<ScriptedSource>(name, std::move(script)), absl::ZeroDuration()));
  }
  Snapshot Gather() { return GatherSnapshot(sources_, options_); }

  std::vector<std::unique_ptr<Source>> sources_;
  GatherOptions options_;
};

TEST_F(GatherTest, TheHeaderSaysWhatWhoAndWhen) {
  options_.environment = "prod-eu";
  options_.occasion = v1::OCCASION_ONCE;
  options_.labels.resize(2);
  options_.labels[0].set_name("tier");
  options_.labels[1].set_name("region");
  options_.clock = [] { return absl::FromUnixMicros(1'772'000'000'000'001); };
  const v1::SnapshotHeader header = Gather().header;
  EXPECT_EQ(header.environment(), "prod-eu");
  EXPECT_EQ(header.occasion(), v1::OCCASION_ONCE);
  EXPECT_EQ(header.taken_at_us(), 1'772'000'000'000'001);
  EXPECT_EQ(header.agent_version(), kVersion);
  EXPECT_FALSE(header.agent_host().empty());
  ASSERT_EQ(header.labels_size(), 2);
  EXPECT_EQ(header.labels(0).name(), "region");
}

TEST_F(GatherTest, EachSnapshotHasANewRandomId) {
  const std::string id = Gather().header.snapshot_id();
  EXPECT_THAT(id, MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                               "[0-9a-f]{12}"));
  EXPECT_NE(Gather().header.snapshot_id(), id);
}

TEST_F(GatherTest, SectionsComeInTheOrderOfTheSourcesWhoeverIsReadFirst) {
  absl::Notification second_is_read;
  Add("first", [&](SectionBuilder&, const GatherLimits&) {
    second_is_read.WaitForNotification();  // ends only if sources are read side by side
  });
  Add("second", [&](SectionBuilder&, const GatherLimits&) { second_is_read.Notify(); });
  const Snapshot snapshot = Gather();
  ASSERT_THAT(snapshot.sections, SizeIs(2));
  EXPECT_EQ(snapshot.sections[0].header.name(), "first");
  EXPECT_EQ(snapshot.header.sections(1).name(), "second");
}

TEST_F(GatherTest, ASourceThatThrowsCostsOnlyItself) {
  Add("thrower", [](SectionBuilder&, const GatherLimits&) { throw std::runtime_error("boom"); });
  Add("odd", [](SectionBuilder&, const GatherLimits&) { throw 42; });
  Add("good", ReadNothing);
  const Snapshot snapshot = Gather();
  ASSERT_THAT(snapshot.sections, SizeIs(3));
  EXPECT_EQ(snapshot.sections[0].header.status(), v1::SECTION_STATUS_UNAVAILABLE);
  EXPECT_THAT(snapshot.sections[0].header.errors(0).why(), HasSubstr("boom"));
  EXPECT_EQ(snapshot.sections[1].header.status(), v1::SECTION_STATUS_UNAVAILABLE);
  EXPECT_EQ(snapshot.sections[2].header.status(), v1::SECTION_STATUS_COMPLETE);
}

TEST_F(GatherTest, AnIsolatedSourceThatThrowsCostsOnlyItself) {
  AddIsolated("thrower",
              [](SectionBuilder&, const GatherLimits&) { throw std::runtime_error("boom"); });
  const Snapshot snapshot = Gather();
  EXPECT_EQ(snapshot.sections[0].header.status(), v1::SECTION_STATUS_UNAVAILABLE);
  EXPECT_THAT(snapshot.sections[0].header.errors(0).why(), HasSubstr("boom"));
}

TEST_F(GatherTest, OneThatOverrunsTheDeadlineIsGivenUpUntilItsReadIsBack) {
  const auto let_go = std::make_shared<absl::Notification>();  // shared with the thread left behind
  const auto gone = std::make_shared<absl::Notification>();
  AddIsolated("hanging", [let_go, gone](SectionBuilder&, const GatherLimits&) {
    let_go->WaitForNotification();
    if (!gone->HasBeenNotified()) gone->Notify();
  });
  Add("good", ReadNothing);
  options_.deadline = absl::Now();
  Snapshot snapshot = Gather();
  EXPECT_EQ(snapshot.sections[0].header.status(), v1::SECTION_STATUS_UNAVAILABLE);
  EXPECT_THAT(snapshot.sections[0].header.errors(0).why(), HasSubstr("deadline"));
  EXPECT_EQ(snapshot.sections[1].header.status(), v1::SECTION_STATUS_COMPLETE);

  options_.deadline = absl::InfiniteFuture();
  snapshot = Gather();
  EXPECT_THAT(snapshot.sections[0].header.errors(0).why(), HasSubstr("has not come back yet"));

  let_go->Notify();
  gone->WaitForNotification();
}

TEST_F(GatherTest, TheDeadlineReachesTheSource) {
  options_.deadline = absl::FromUnixSeconds(1'772'000'000);
  absl::Time seen;
  Add("redis", [&](SectionBuilder&, const GatherLimits& limits) { seen = limits.deadline; });
  Gather();
  EXPECT_EQ(seen, options_.deadline);
}

TEST_F(GatherTest, MoreErrorsThanTheBoundAreCountedInOne) {
  Add("redis", [](SectionBuilder& builder, const GatherLimits&) {
    for (int i = 0; i < kMostErrors + 50; ++i) builder.Error(absl::StrCat("step ", i), "why");
  });
  const v1::SectionHeader header = Gather().header.sections(0);
  ASSERT_EQ(header.errors_size(), kMostErrors + 1);
  EXPECT_THAT(header.errors(kMostErrors).why(), HasSubstr("50 more errors"));
}

TEST_F(GatherTest, AsManyErrorsAsTheBoundStayAsTheyAre) {
  Add("redis", [](SectionBuilder& builder, const GatherLimits&) {
    for (int i = 0; i < kMostErrors; ++i) builder.Error(absl::StrCat("step ", i), "why");
  });
  EXPECT_EQ(Gather().header.sections(0).errors_size(), kMostErrors);
}

TEST_F(GatherTest, TheHeaderOfManyTalkativeSourcesStaysWithinAMessage) {
  for (int source = 0; source < 20; ++source) {
    Add(absl::StrCat("redis", source), [](SectionBuilder& builder, const GatherLimits&) {
      for (int i = 0; i < kMostErrors; ++i) builder.Error("asking", std::string(100'000, 'w'));
    });
  }
  const v1::SnapshotHeader header = Gather().header;
  EXPECT_LT(header.ByteSizeLong(), 1u << 20);
  for (const v1::SectionHeader& section : header.sections()) {
    EXPECT_GE(section.errors_size(), 2);
    EXPECT_THAT(section.errors(section.errors_size() - 1).why(), HasSubstr("more errors"));
  }
}

TEST_F(GatherTest, ALongTextIsCutBetweenCharacters) {
  Add("redis", [](SectionBuilder& builder, const GatherLimits&) {
    std::string why;
    while (why.size() < 2 * kMostErrorTextBytes) why += "⌘";
    builder.Error("asking", absl::StrCat("x", why));
  });
  const std::string why = Gather().header.sections(0).errors(0).why();
  EXPECT_LE(why.size(), kMostErrorTextBytes + 3);
  EXPECT_TRUE(IsUtf8(why));
  EXPECT_TRUE(absl::EndsWith(why, "…"));
}

}  // namespace
}  // namespace varve
