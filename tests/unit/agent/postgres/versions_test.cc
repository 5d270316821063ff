#include "agent/source/postgres/versions.h"

#include <algorithm>
#include <memory>

#include "tests/support/matchers.h"

namespace varve::postgres {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::varve::testing::StatusIs;

TEST(Versions, OfAServerThatIsTooOldAreRefused) {
  VARVE_EXPECT_OK(CheckVersion(120000));
  VARVE_EXPECT_OK(CheckVersion(190000));
  for (const int version : {110022, 90624}) {
    EXPECT_THAT(CheckVersion(version),
                StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("12 to 18 are")));
  }
}

Section SectionOf(int version) {
  SectionBuilder builder("db", "postgres", 1);
  const Redactor redactor(MaskKey{"test", std::string(32, 'k')});
  SectionWriter writer(builder, redactor);
  NoteNewerVersion(version, writer);
  writer.Finish();
  return builder.Finish();
}

TEST(Versions, NewerThanKnownAreCompleteWithANote) {
  const Section section = SectionOf(190001);
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
  ASSERT_EQ(section.header.errors_size(), 1);
  EXPECT_EQ(section.header.errors(0).severity(), v1::SectionError::SEVERITY_WARNING);
  EXPECT_THAT(section.header.errors(0).why(),
              StartsWith("PostgreSQL 19 is newer than this program knows (12 to 18): read as 18"));
  v1::Coverage coverage;
  ASSERT_TRUE(coverage.ParseFromString(section.coverage));
  const auto noted = std::count_if(
      coverage.entries().begin(), coverage.entries().end(), [](const v1::CoverageEntry& entry) {
        return entry.state() == v1::SIGHT_NOT_SUPPORTED && entry.kind() == "database";
      });
  EXPECT_EQ(noted, 1);
}

TEST(Versions, ThatAreKnownNeedNoNote) {
  const Section section = SectionOf(180001);
  EXPECT_EQ(section.header.errors_size(), 0);
  EXPECT_NE(section.coverage, SectionOf(190001).coverage);
}

}  // namespace
}  // namespace varve::postgres
