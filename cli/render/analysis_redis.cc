// A Redis source in the analysis.
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/render/analysis_sources.h"
#include "cli/render/markdown.h"
#include "cli/render/numbers.h"
#include "cli/render/redis_facts.h"

namespace varve {
namespace {

// Lines that a person reads through; the JSON has them all.
constexpr size_t kMostLines = 100;

std::string More(size_t all) {
  if (all <= kMostLines) return "";
  return absl::StrCat("- … ", WithCommas(static_cast<int64_t>(all - kMostLines)),
                      " more in the JSON file\n");
}

std::string Distribution(const v1::RedisKeyspace& keyspace) {
  const std::vector<PrefixCount> prefixes = KeyDistribution(keyspace);
  std::string text = "### Key Distribution\n";
  for (size_t at = 0; at < prefixes.size() && at < kMostLines; ++at) {
    const std::string& segment = prefixes[at].segment;
    absl::StrAppend(&text, "- **", segment.empty() ? "(empty)" : MarkdownText(segment),
                    "**: ", WithCommas(static_cast<int64_t>(prefixes[at].keys)), " keys\n");
  }
  absl::StrAppend(&text, More(prefixes.size()));
  if (prefixes.empty()) text += "None.\n";
  return text + "\n";
}

std::string Memory(const v1::RedisKeyspace& keyspace) {
  return absl::StrCat("### Memory Usage\n",
                      Fact("Total Memory Usage", MemoryText(keyspace.memory_bytes())),
                      Fact("Measured on Keys", MemoryText(keyspace.keys_bytes())), "\n");
}

// Of a server that did not answer a zero would claim that it is empty.
std::string Unread() {
  return absl::StrCat(Fact("Total Keys", "unknown"), "\n### Key Distribution\n\nUnknown.\n\n",
                      "### Memory Usage\n", Fact("Total Memory Usage", "unknown"), "\n");
}

}  // namespace

std::string RedisAnalysis(const SectionView& section, absl::string_view title) {
  std::string text = SourceHeading("Redis", title, section);
  if (section.header().status() == v1::SECTION_STATUS_UNAVAILABLE) return text + Unread();
  const v1::RedisKeyspace& keyspace = section.section().measures->redis();
  absl::StrAppend(&text, Fact("Total Keys", static_cast<int64_t>(keyspace.total_keys())),
                  Fact("Listed Keys", keyspace.keys_size()), "\n", Distribution(keyspace),
                  Memory(keyspace), KeyspaceAnalysis(section), RedisServerAnalysis(section));
  return text;
}

}  // namespace varve
