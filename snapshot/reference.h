// References to snapshots, as people type them.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace varve {

// Which snapshot of an environment is meant.
struct NewestBut {
  int64_t steps = 0;  // `prod` is 0 steps before the newest, `prod~3` is 3
};
struct Numbered {
  int64_t seq = 1;  // `prod@42`; from 1
};
struct AtTime {
  absl::Time time;  // `prod@2026-01-31T12:00Z`: the last at or before it
};
struct OnDay {
  absl::CivilDay day;  // `prod@2026-01-31`: the last before that day's end, UTC
};
struct Yesterday {};  // `prod@yesterday`: as the date of the day before today, UTC
struct Tagged {
  std::string tag;  // `prod@release-1.4`
};

// A snapshot that the store has.
struct StoredReference {
  std::string environment;
  std::variant<NewestBut, Numbered, AtTime, OnDay, Yesterday, Tagged> which;
};
// `file:base`: the four files base_schema.json … on the machine where it was typed.
struct FilesReference {
  std::string base;
};
// `now:prod`: what its agent sees when asked.
struct NowReference {
  std::string environment;
};

using Reference = std::variant<StoredReference, FilesReference, NowReference>;

// Reads `prod`, `prod@42`, `prod~3`, `prod@2026-01-31T12:00Z`, `prod@2026-01-31`, `prod@yesterday`,
// `prod@TAG`, `file:base` or `now:prod`. Errors: kInvalidArgument, with what is wrong and an
// example.
absl::StatusOr<Reference> ParseReference(absl::string_view text);

// The times that people's words mean: of a day its first and its last microsecond, UTC; of an
// instant both are it.
struct TimeSpan {
  absl::Time first;
  absl::Time last;
};

// Reads `2026-01-31`, `2026-01-31T12:00Z`, and as of `now` `today`, `yesterday` or how long ago:
// `7d`, `12h`. Errors: kInvalidArgument, with an example.
absl::StatusOr<TimeSpan> ParseTimeSpan(absl::string_view text, absl::Time now);

// Whether `tag` can name a snapshot: `[A-Za-z0-9][A-Za-z0-9._-]{0,62}`, and neither a number nor a
// time. Errors: kInvalidArgument, with what is wrong.
absl::Status CheckTag(absl::string_view tag);

}  // namespace varve
