#include "snapshot/reference.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/matchers.h"

namespace varve {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using testing::StatusIs;

// What was understood, in one line.
std::string Told(const StoredReference& reference) {
  const std::string environment = reference.environment + " ";
  if (const auto* const newest = std::get_if<NewestBut>(&reference.which)) {
    return absl::StrCat(environment, newest->steps, " before the newest");
  }
  if (const auto* const numbered = std::get_if<Numbered>(&reference.which)) {
    return absl::StrCat(environment, "number ", numbered->seq);
  }
  if (const auto* const at = std::get_if<AtTime>(&reference.which)) {
    return absl::StrCat(environment, "at ", absl::FormatTime(at->time, absl::UTCTimeZone()));
  }
  if (const auto* const on = std::get_if<OnDay>(&reference.which)) {
    return absl::StrCat(environment, "on ", absl::FormatCivilTime(on->day));
  }
  if (std::holds_alternative<Yesterday>(reference.which)) return environment + "yesterday";
  return absl::StrCat(environment, "tagged ", std::get<Tagged>(reference.which).tag);
}

std::string Told(const Reference& reference) {
  if (const auto* const files = std::get_if<FilesReference>(&reference)) {
    return absl::StrCat("files ", files->base);
  }
  if (const auto* const now = std::get_if<NowReference>(&reference)) {
    return absl::StrCat("now ", now->environment);
  }
  return Told(std::get<StoredReference>(reference));
}

struct GoodCase {
  const char* name;
  const char* text;
  const char* told;
};
class WrittenReference : public ::testing::TestWithParam<GoodCase> {};

TEST_P(WrittenReference, IsUnderstood) {
  const absl::StatusOr<Reference> reference = ParseReference(GetParam().text);
  VARVE_ASSERT_OK(reference);
  EXPECT_EQ(Told(*reference), GetParam().told);
}

INSTANTIATE_TEST_SUITE_P(
    All, WrittenReference,
    ::testing::Values(
        GoodCase{"Newest", "prod", "prod 0 before the newest"},
        GoodCase{"OddEnvironment", "9.a_b-C", "9.a_b-C 0 before the newest"},
        GoodCase{"Number", "prod@42", "prod number 42"},
        GoodCase{"LargestNumber", "prod@9223372036854775807", "prod number 9223372036854775807"},
        GoodCase{"Steps", "prod~3", "prod 3 before the newest"},
        GoodCase{"NoSteps", "prod~0", "prod 0 before the newest"},
        GoodCase{"Day", "prod@2026-01-31", "prod on 2026-01-31"},
        GoodCase{"LeapDay", "prod@2028-02-29", "prod on 2028-02-29"},
        GoodCase{"Minute", "prod@2026-01-31T12:00Z", "prod at 2026-01-31T12:00:00+00:00"},
        GoodCase{"Second", "prod@2026-01-31T12:00:05Z", "prod at 2026-01-31T12:00:05+00:00"},
        GoodCase{"Microsecond", "prod@2026-01-31T12:00:05.000001Z",
                 "prod at 2026-01-31T12:00:05.000001+00:00"},
        GoodCase{"Yesterday", "prod@yesterday", "prod yesterday"},
        GoodCase{"Tag", "prod@release-1.4", "prod tagged release-1.4"},
        GoodCase{"TagThatBeginsWithADigit", "prod@1.4", "prod tagged 1.4"},
        GoodCase{"TagThatBeginsWithADate", "prod@2026-01-31-rc1", "prod tagged 2026-01-31-rc1"},
        GoodCase{"Files", "file:audit", "files audit"},
        GoodCase{"FilesElsewhere", "file:/srv/a b/x@1~2:3", "files /srv/a b/x@1~2:3"},
        GoodCase{"Now", "now:prod-eu", "now prod-eu"}),
    [](const auto& info) { return info.param.name; });

struct BadCase {
  const char* name;
  std::string text;
  const char* words;
};
class BadReference : public ::testing::TestWithParam<BadCase> {};

TEST_P(BadReference, IsRefusedWithWhatIsWrongAndAnExample) {
  EXPECT_THAT(ParseReference(GetParam().text),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(StartsWith("snapshot reference '"), HasSubstr(GetParam().words),
                             HasSubstr("write "), Not(HasSubstr("\n")))));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadReference,
    ::testing::Values(
        BadCase{"Empty", "", "it is empty; write for example prod, prod@42 or file:audit"},
        BadCase{"NoEnvironment", "@42", "environment name ''"},
        BadCase{"BadEnvironment", "-prod@42", "environment name '-prod'"},
        BadCase{"NothingAfterAt", "prod@", "nothing follows the '@'"},
        BadCase{"NothingAfterTilde", "prod~", "'' is not a number from 0 up"},
        BadCase{"NumberZero", "prod@0", "'0' is not a number from 1 up"},
        BadCase{"NegativeNumber", "prod@-3", "'-3' is not a number from 1 up"},
        BadCase{"NumberTooLarge", "prod@9223372036854775808", "is not a number from 1 up"},
        BadCase{"NegativeSteps", "prod~-1", "'-1' is not a number from 0 up"},
        BadCase{"WordSteps", "prod~one", "'one' is not a number from 0 up"},
        BadCase{"StepsAfterANumber", "prod@42~1", "'42~1' is neither a number, a time nor a tag"},
        BadCase{"DayThatIsNone", "prod@2026-02-30", "'2026-02-30' is not a day of the calendar"},
        BadCase{"MonthThatIsNone", "prod@2026-13-01", "'2026-13-01' is not a day of the calendar"},
        BadCase{"TimeWithoutZone", "prod@2026-01-31T12:00",
                "is not a time; write for example "
                "prod@2026-01-31 or "
                "prod@2026-01-31T12:00Z (UTC)"},
        BadCase{"TimeWithOffset", "prod@2026-01-31T12:00+01:00", "is not a time"},
        BadCase{"TimeWithSpace", "prod@2026-01-31 12:00Z", "is not a time"},
        BadCase{"HourThatIsNone", "prod@2026-01-31T25:00Z", "is not a time"},
        BadCase{"TagWithASpace", "prod@release 1", "is neither a number, a time nor a tag"},
        BadCase{"TagTooLong", "prod@" + std::string(64, 'a'), "a tag has 1 to 63"},
        BadCase{"SecondAt", "prod@a@b", "'a@b' is neither"},
        BadCase{"NoFiles", "file:", "nothing follows 'file:'; write for example file:audit"},
        BadCase{"NowOfANumber", "now:prod@42", "environment name 'prod@42'"},
        BadCase{"UnknownScheme", "prod:42", "'prod:' is no kind of reference"},
        BadCase{"Newline", "prod\n", "environment name 'prod\\n'"},
        BadCase{"NulByte", std::string("pr\0d", 4), "environment name 'pr\\000d'"}),
    [](const auto& info) { return info.param.name; });

TEST(Tag, NamesThatPeopleGiveAreTaken) {
  for (const std::string& tag : {std::string("v1"), std::string("release-1.4"), std::string("1.4"),
                                 std::string("a_b"), std::string(63, 'a')}) {
    VARVE_EXPECT_OK(CheckTag(tag)) << tag;
  }
}

TEST(Tag, WhatReadsAsANumberOrATimeIsNone) {
  for (const char* const tag : {"42", "2026-01-31", "2026-01-31tea", "yesterday"}) {
    EXPECT_THAT(CheckTag(tag), StatusIs(absl::StatusCode::kInvalidArgument,
                                        HasSubstr(absl::StrCat("write for example v", tag))));
  }
}

TEST(Tag, OddOnesAreRefused) {
  for (const std::string& tag : {std::string(), std::string("-a"), std::string(".a"),
                                 std::string("a b"), std::string("a/b"), std::string(64, 'a')}) {
    EXPECT_THAT(CheckTag(tag), StatusIs(absl::StatusCode::kInvalidArgument,
                                        HasSubstr("a tag has 1 to 63 letters")))
        << tag;
  }
}

// A tag can be given only under a name that then finds it.
TEST(Tag, EachThatIsTakenIsUnderstoodAfterAnEnvironment) {
  for (const char* const tag : {"v1", "1.4", "2026-01-31-rc1", "Yesterday", "20260131T12"}) {
    VARVE_ASSERT_OK(CheckTag(tag));
    const absl::StatusOr<Reference> reference = ParseReference(absl::StrCat("prod@", tag));
    VARVE_ASSERT_OK(reference);
    EXPECT_EQ(Told(*reference), absl::StrCat("prod tagged ", tag));
  }
}

TEST(ParseTimeSpan, ADayIsFromItsFirstMicrosecondToItsLast) {
  const absl::StatusOr<TimeSpan> span = ParseTimeSpan("2026-01-31", absl::UnixEpoch());
  VARVE_ASSERT_OK(span);
  EXPECT_EQ(absl::FormatTime(span->first, absl::UTCTimeZone()), "2026-01-31T00:00:00+00:00");
  EXPECT_EQ(absl::FormatTime(span->last, absl::UTCTimeZone()), "2026-01-31T23:59:59.999999+00:00");
}

TEST(ParseTimeSpan, YesterdayIsTheDayBeforeNow) {
  const absl::StatusOr<TimeSpan> span =
      ParseTimeSpan("yesterday", absl::UnixEpoch() + absl::Hours(30));
  VARVE_ASSERT_OK(span);
  EXPECT_EQ(span->first, absl::UnixEpoch());
}

TEST(ParseTimeSpan, AnInstantIsBothOfItsEnds) {
  const absl::StatusOr<TimeSpan> span = ParseTimeSpan("2026-01-31T12:00Z", absl::UnixEpoch());
  VARVE_ASSERT_OK(span);
  EXPECT_EQ(span->first, span->last);
}

TEST(ParseTimeSpan, TodayIsAWholeDayAndADurationSoLongAgo) {
  const absl::Time now = absl::UnixEpoch() + absl::Hours(30);
  const absl::StatusOr<TimeSpan> today = ParseTimeSpan("today", now);
  VARVE_ASSERT_OK(today);
  EXPECT_EQ(today->first, absl::UnixEpoch() + absl::Hours(24));
  EXPECT_EQ(today->last, absl::UnixEpoch() + absl::Hours(48) - absl::Microseconds(1));
  const absl::StatusOr<TimeSpan> ago = ParseTimeSpan("1d", now);
  VARVE_ASSERT_OK(ago);
  EXPECT_EQ(ago->first, absl::UnixEpoch() + absl::Hours(6));
  EXPECT_EQ(ago->last, ago->first);
}

TEST(ParseTimeSpan, RefusesWhatIsNoTimeWithExamplesOfATime) {
  EXPECT_THAT(ParseTimeSpan("soon", absl::UnixEpoch()).status(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "'soon' is not a time; write for example 2026-01-31, 2026-01-31T12:00Z "
                       "(UTC), yesterday, or 7d for 7 days ago"));
  EXPECT_THAT(ParseTimeSpan("2026-02-30", absl::UnixEpoch()).status(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("is not a day of the calendar; write for example 2026-01-31,")));
}

}  // namespace
}  // namespace varve
