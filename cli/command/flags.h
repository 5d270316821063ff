// Flags that several commands share.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
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

}  // namespace varve
