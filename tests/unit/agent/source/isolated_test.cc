#include "agent/source/isolated.h"

#include <functional>
#include <memory>
#include <set>
#include <stdexcept>
#include <thread>
#include <utility>

#include "absl/synchronization/notification.h"
#include "base/utf8.h"
#include "snapshot/section_builder.h"
#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// A source whose read is what a test says.
class ScriptedSource : public Source {
 public:
  explicit ScriptedSource(std::function<Section()> read, absl::Notification* gone = nullptr)
      : read_(std::move(read)), gone_(gone) {}
  ~ScriptedSource() override {
    if (gone_ != nullptr) gone_->Notify();
  }
  absl::string_view name() const override { return "orders"; }
  absl::string_view kind() const override { return "postgres"; }
  std::vector<std::string> SectionNames() const override { return {"orders/shop", "orders/"}; }
  std::vector<Section> Gather(const GatherLimits&) override { return OneSection(read_()); }

 private:
  const std::function<Section()> read_;
  absl::Notification* const gone_;
};

std::unique_ptr<Source> IsolatedOf(std::function<Section()> read,
                                   absl::Notification* gone = nullptr) {
  return Isolated(std::make_unique<ScriptedSource>(std::move(read), gone), absl::ZeroDuration());
}

Section Complete() {
  SectionBuilder builder("orders", "postgres", 1);
  builder.CoverWhole("schema");
  return builder.Finish();
}

const GatherLimits kInTime;
const GatherLimits kOver = {absl::InfinitePast()};

// The one error of a source whose sections are unavailable, each for the same reason.
std::string WhyUnavailable(const std::vector<Section>& sections) {
  std::vector<std::string> names;
  std::set<std::string> reasons;
  for (const Section& section : sections) {
    EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_UNAVAILABLE);
    EXPECT_EQ(section.header.source_kind(), "postgres");
    EXPECT_TRUE(section.lines.empty());
    EXPECT_EQ(section.header.errors_size(), 1);
    names.push_back(section.header.name());
    reasons.insert(section.header.errors(0).why());
  }
  EXPECT_EQ(names, (std::vector<std::string>{"orders/shop", "orders/"}));
  return reasons.size() == 1 ? *reasons.begin() : "";
}

TEST(Isolated, ASourceThatReadsIsItself) {
  const std::unique_ptr<Source> source = IsolatedOf(&Complete);
  EXPECT_EQ(source->name(), "orders");
  EXPECT_EQ(source->kind(), "postgres");
  for (int read = 0; read < 3; ++read) {
    EXPECT_EQ(source->Gather(kInTime).front().header.status(), v1::SECTION_STATUS_COMPLETE);
  }
}

TEST(Isolated, WhatASourceThrowsIsAnErrorOfItsSection) {
  const std::unique_ptr<Source> source =
      IsolatedOf([]() -> Section { throw std::runtime_error("the server said no"); });
  EXPECT_EQ(WhyUnavailable(source->Gather(kInTime)), "the server said no");
}

TEST(Isolated, WhatIsNoExceptionIsOneToo) {
  const std::unique_ptr<Source> source = IsolatedOf([]() -> Section { throw 42; });
  EXPECT_THAT(WhyUnavailable(source->Gather(kInTime)), HasSubstr("no std::exception"));
}

TEST(Isolated, APasswordInWhatIsThrownDoesNotLeave) {
  const std::unique_ptr<Source> source = IsolatedOf([]() -> Section {
    throw std::runtime_error("cannot reach postgresql://app:hunter2@db/shop");
  });
  EXPECT_THAT(WhyUnavailable(source->Gather(kInTime)), Not(HasSubstr("hunter2")));
}

TEST(Isolated, WhatIsThrownInAnotherEncodingArrivesAsUtf8) {
  const std::unique_ptr<Source> source =
      IsolatedOf([]() -> Section { throw std::runtime_error("FEHLER: ung\xFCltig"); });
  EXPECT_EQ(WhyUnavailable(source->Gather(kInTime)), "FEHLER: ung\\xFCltig");
}

TEST(Isolated, AReadAfterOneThatThrewIsRead) {
  bool first = true;
  const std::unique_ptr<Source> source = IsolatedOf([&first]() -> Section {
    if (std::exchange(first, false)) throw std::runtime_error("once");
    return Complete();
  });
  EXPECT_EQ(WhyUnavailable(source->Gather(kInTime)), "once");
  EXPECT_EQ(source->Gather(kInTime).front().header.status(), v1::SECTION_STATUS_COMPLETE);
}

TEST(Isolated, ASourceThatDoesNotComeBackIsUnavailableAndNotReadTwice) {
  absl::Notification let_go;
  absl::Notification gone;
  std::unique_ptr<Source> source = IsolatedOf(
      [&let_go] {
        let_go.WaitForNotification();
        return Complete();
      },
      &gone);
  EXPECT_THAT(WhyUnavailable(source->Gather(kOver)), HasSubstr("did not come back"));
  EXPECT_THAT(WhyUnavailable(source->Gather(kInTime)),
              HasSubstr("the read before this one has not come back yet"));

  // The thread that was given up keeps the source, and ends with its read.
  source.reset();
  EXPECT_FALSE(gone.HasBeenNotified());
  let_go.Notify();
  gone.WaitForNotification();
}

TEST(Isolated, WhatComesBackTooLateIsNotTakenForTheNextRead) {
  absl::Notification let_go;
  int reads = 0;  // by one thread at a time: a source is never read twice at once
  const std::unique_ptr<Source> source = IsolatedOf([&] {
    if (++reads == 1) let_go.WaitForNotification();
    SectionBuilder builder("orders", "postgres", static_cast<uint32_t>(reads));
    return builder.Finish();
  });
  WhyUnavailable(source->Gather(kOver));
  let_go.Notify();
  Section section = source->Gather(kInTime).front();
  while (section.header.status() == v1::SECTION_STATUS_UNAVAILABLE) {
    std::this_thread::yield();  // until the thread that was given up is through
    section = source->Gather(kInTime).front();
  }
  EXPECT_EQ(section.header.revision(), 2u);
}

}  // namespace
}  // namespace varve
