// Flags that several commands share.
#pragma once

#include <string>

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

void AddFormatFlag(CLI::App& command, Format& format);

}  // namespace varve
