// Flags that several commands share.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/collector_channel.h"

namespace CLI {
class App;
}

namespace varve {

// Group names in help, by purpose.
inline constexpr char kCollectorGroup[] = "Collector";
inline constexpr char kOutputGroup[] = "Output";
inline constexpr char kSourceGroup[] = "Sources";
inline constexpr char kSelectionGroup[] = "Selection";

// The collector as flags name it; what is empty was not given.
struct CollectorFlags {
  std::string collector;
  std::string token_file;
  std::string ca;
};

void AddCollectorFlags(CLI::App& command, CollectorFlags& flags);

// Flag before environment before default.
CollectorAccess AccessFrom(const CollectorFlags& flags);

enum class Format { kTable, kJson, kMarkdown };

// A flag that takes one of a few words; `take` gets the place of the one that was given. `group` as
// above.
void AddWordFlag(CLI::App& command, const std::string& name, const std::vector<std::string>& words,
                 const std::string& help, const std::string& group,
                 std::function<void(size_t)> take);

void AddFormatFlag(CLI::App& command, Format& format);

// A time as two flags name it; what is empty was not given.
struct TimeFlags {
  std::string since;
  std::string until;
};

// --since and --until.
void AddTimeFlags(CLI::App& command, TimeFlags& flags);

// Microseconds since 1970-01-01 UTC; 0 where the flag was not given.
struct TimeRange {
  int64_t since_us = 0;
  int64_t until_us = 0;
};

// As of `now`. Errors: kInvalidArgument, with the flag and an example.
absl::StatusOr<TimeRange> RangeFrom(const TimeFlags& flags, absl::Time now);

// --limit N.
void AddLimitFlag(CLI::App& command, uint32_t& limit);

}  // namespace varve
