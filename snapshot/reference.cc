#include "snapshot/reference.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/duration.h"
#include "base/status.h"
#include "snapshot/environment_name.h"

namespace varve {
namespace {

using Which = decltype(StoredReference::which);

constexpr absl::string_view kExamples = "write for example prod@42 or prod~3";
constexpr absl::string_view kTimeExamples =
    "write for example prod@2026-01-31 or prod@2026-01-31T12:00Z (UTC)";
constexpr absl::string_view kSpanExamples =
    "write for example 2026-01-31, 2026-01-31T12:00Z (UTC), yesterday, or 7d for 7 days ago";

std::string Quoted(absl::string_view text) {
  return absl::StrCat("'", absl::Utf8SafeCEscape(text.substr(0, 120)), "'");
}

bool AreDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
}

// "2026-01-31…": a date or a time, or a mistake in one. No tag begins so.
bool LooksLikeTime(absl::string_view text) {
  return text.size() >= 10 && AreDigits(text.substr(0, 4)) && text[4] == '-' &&
         AreDigits(text.substr(5, 2)) && text[7] == '-' && AreDigits(text.substr(8, 2)) &&
         (text.size() == 10 || text[10] == 'T' || text[10] == 't' || text[10] == ' ');
}

bool IsTagByte(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '-';
}

absl::StatusOr<int64_t> ParseCount(absl::string_view text, int64_t least) {
  int64_t number = 0;
  if (!AreDigits(text) || !absl::SimpleAtoi(text, &number) || number < least) {
    return absl::InvalidArgumentError(
        absl::StrCat(Quoted(text), " is not a number from ", least, " up; ", kExamples));
  }
  return number;
}

// A day or an instant; `examples` stand in the error.
absl::StatusOr<Which> ParseTime(absl::string_view text, absl::string_view examples) {
  if (text.size() == 10) {
    absl::CivilDay day;
    if (absl::ParseCivilTime(text, &day)) return OnDay{day};
    return absl::InvalidArgumentError(
        absl::StrCat(Quoted(text), " is not a day of the calendar; ", examples));
  }
  for (const char* const form : {"%Y-%m-%dT%H:%MZ", "%Y-%m-%dT%H:%M:%E*SZ"}) {
    absl::Time time;
    if (absl::ParseTime(form, text, &time, nullptr)) return AtTime{time};
  }
  return absl::InvalidArgumentError(absl::StrCat(Quoted(text), " is not a time; ", examples));
}

absl::StatusOr<Which> ParseAfterAt(absl::string_view text) {
  if (text.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("nothing follows the '@'; ", kExamples));
  }
  const bool number =
      AreDigits(text) || (text.size() > 1 && text[0] == '-' && AreDigits(text.substr(1)));
  if (number) {
    VARVE_ASSIGN_OR_RETURN(const int64_t seq, ParseCount(text, 1));
    return Numbered{seq};
  }
  if (text == "yesterday") return Yesterday{};
  if (LooksLikeTime(text)) return ParseTime(text, kTimeExamples);
  VARVE_RETURN_IF_ERROR(CheckTag(text));
  return Tagged{std::string(text)};
}

absl::StatusOr<Reference> ParseStored(absl::string_view text) {
  const size_t at = text.find_first_of("@~");
  const absl::string_view environment = text.substr(0, at);
  VARVE_RETURN_IF_ERROR(CheckEnvironmentName(environment));
  StoredReference reference = {std::string(environment), NewestBut{}};
  if (at == absl::string_view::npos) return reference;
  const absl::string_view rest = text.substr(at + 1);
  if (text[at] == '@') {
    VARVE_ASSIGN_OR_RETURN(reference.which, ParseAfterAt(rest));
  } else {
    VARVE_ASSIGN_OR_RETURN(const int64_t steps, ParseCount(rest, 0));
    reference.which = NewestBut{steps};
  }
  return reference;
}

absl::StatusOr<Reference> Parse(absl::string_view text) {
  if (text.empty()) {
    return absl::InvalidArgumentError("it is empty; write for example prod, prod@42 or file:audit");
  }
  const size_t colon = text.find(':');
  const size_t at = text.find_first_of("@~");
  if (colon == absl::string_view::npos || at < colon) return ParseStored(text);
  const absl::string_view scheme = text.substr(0, colon);
  const absl::string_view rest = text.substr(colon + 1);
  if (scheme == "file") {
    if (!rest.empty()) return FilesReference{std::string(rest)};
    return absl::InvalidArgumentError(
        "nothing follows 'file:'; write for example file:audit for audit_schema.json and its "
        "three neighbours");
  }
  if (scheme == "now") {
    VARVE_RETURN_IF_ERROR(CheckEnvironmentName(rest));
    return NowReference{std::string(rest)};
  }
  return absl::InvalidArgumentError(
      absl::StrCat(Quoted(absl::StrCat(scheme, ":")),
                   " is no kind of reference; write file:BASE, now:ENVIRONMENT, or for example "
                   "prod@42"));
}

}  // namespace

absl::StatusOr<Reference> ParseReference(absl::string_view text) {
  absl::StatusOr<Reference> reference = Parse(text);
  if (reference.ok()) return reference;
  return Annotate(reference.status(), absl::StrCat("snapshot reference ", Quoted(text)));
}

absl::StatusOr<TimeSpan> ParseTimeSpan(absl::string_view text, absl::Time now) {
  const auto of_day = [](absl::CivilDay day) {
    const absl::TimeZone utc = absl::UTCTimeZone();
    return TimeSpan{absl::FromCivil(day, utc),
                    absl::FromCivil(day + 1, utc) - absl::Microseconds(1)};
  };
  const absl::CivilDay today = absl::ToCivilDay(now, absl::UTCTimeZone());
  if (text == "today") return of_day(today);
  if (text == "yesterday") return of_day(today - 1);
  const absl::StatusOr<absl::Duration> ago = ParseDuration(text);
  if (ago.ok()) return TimeSpan{now - *ago, now - *ago};
  VARVE_ASSIGN_OR_RETURN(const Which which, ParseTime(text, kSpanExamples));
  if (const OnDay* const on = std::get_if<OnDay>(&which)) return of_day(on->day);
  const absl::Time time = std::get<AtTime>(which).time;
  return TimeSpan{time, time};
}

absl::Status CheckTag(absl::string_view tag) {
  const bool spelled = !tag.empty() && tag.size() <= 63 &&
                       absl::ascii_isalnum(static_cast<unsigned char>(tag.front())) &&
                       std::all_of(tag.begin(), tag.end(), IsTagByte);
  if (!spelled) {
    return absl::InvalidArgumentError(
        absl::StrCat(Quoted(tag),
                     " is neither a number, a time nor a tag; a tag has 1 to 63 letters, digits, "
                     "'.', '_' or '-'; ",
                     kExamples));
  }
  if (AreDigits(tag) || LooksLikeTime(tag) || tag == "yesterday") {
    return absl::InvalidArgumentError(absl::StrCat(
        Quoted(tag), " cannot be a tag: it reads as a number or a time; write for example v", tag));
  }
  return absl::OkStatus();
}

}  // namespace varve
