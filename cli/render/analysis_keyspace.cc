// The patterns of a Redis keyspace, its biggest keys and what its values look like, in the
// analysis.
#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/utf8.h"
#include "cli/render/analysis_sources.h"
#include "cli/render/markdown.h"
#include "cli/render/numbers.h"
#include "cli/render/redis_facts.h"
#include "cli/render/words.h"

namespace varve {
namespace {

// Lines that a person reads through; the JSON has them all.
constexpr size_t kMostLines = 100;
constexpr int kMostBiggest = 20;
// What of a long text stands in one line.
constexpr size_t kCell = 240;

std::string More(size_t all) {
  if (all <= kMostLines) return "";
  return absl::StrCat("- … ", WithCommas(static_cast<int64_t>(all - kMostLines)),
                      " more in the JSON file\n");
}

std::string Bytes(std::optional<int64_t> bytes) {
  return bytes.has_value() ? MemoryText(static_cast<uint64_t>(std::max<int64_t>(*bytes, 0)))
                           : "unknown";
}

// "12 %" of all memory of keys.
std::string Share(std::optional<int64_t> bytes, uint64_t all) {
  if (!bytes.has_value() || all == 0) return "unknown";
  const uint64_t tenths = static_cast<uint64_t>(std::max<int64_t>(*bytes, 0)) * 1000 / all;
  return tenths >= 100 ? absl::StrCat(tenths / 10, " %")
                       : absl::StrCat(tenths / 10, ".", tenths % 10, " %");
}

std::string Expires(const EntityView& entity) {
  const v1::TtlClass ttl = entity.Shape(v1::FACET_STRUCTURE).key_pattern().ttl();
  return ttl == v1::TTL_CLASS_UNSPECIFIED ? "unknown" : std::string(Word(ttl));
}

std::string Patterns(const SectionView& section) {
  MarkdownTable table(
      {"Pattern", "Database", "Keys", "Types", "Expires", "Memory", "Share", "Median Key"});
  const uint64_t all = section.section().measures->redis().keys_bytes();
  size_t patterns = 0;
  for (const EntityView& entity : section.OfKind("key_pattern")) {
    if (!entity.IsThere() || ++patterns > kMostLines) continue;
    const PatternName name = NameOfPattern(entity.key());
    const std::optional<int64_t> keys = entity.Number("keys");
    const std::optional<int64_t> bytes = entity.Number("memory_bytes");
    const v1::KeyPatternStructure& pattern = entity.Shape(v1::FACET_STRUCTURE).key_pattern();
    table.Add({MarkdownText(name.pattern), MarkdownText(name.database),
               keys.has_value() ? WithCommas(*keys) : "unknown",
               MarkdownText(absl::StrJoin(pattern.types(), ", ")), Expires(entity), Bytes(bytes),
               Share(bytes, all), Bytes(entity.Number("key_bytes_p50"))});
  }
  if (table.empty()) return "";
  return absl::StrCat("### Key Patterns\n", table.Text(), More(patterns),
                      patterns > kMostLines ? "\n" : "");
}

std::string Biggest(const v1::RedisKeyspace& keyspace) {
  MarkdownTable table({"Key", "Database", "Type", "Memory", "Length"});
  for (int i = 0; i < std::min(keyspace.biggest_size(), kMostBiggest); ++i) {
    const v1::RedisKey& key = keyspace.biggest(i);
    table.Add({MarkdownExcerpt(ToUtf8(key.name()), kCell), absl::StrCat(key.database()),
               MarkdownText(key.type()), MemoryText(key.size_bytes()),
               key.has_length() ? WithCommas(static_cast<int64_t>(key.length())) : "unknown"});
  }
  if (table.empty()) return "";
  return absl::StrCat("### Biggest Keys\n", table.Text());
}

std::string Values(const SectionView& section) {
  std::vector<std::string> lines;
  for (const EntityView& entity : section.OfKind("key_pattern")) {
    for (const v1::ValueShape& shape : entity.Shape(v1::FACET_STRUCTURE).key_pattern().values()) {
      const std::string text = ValueText(shape);
      if (text.empty()) continue;
      lines.push_back(absl::StrCat("- **", MarkdownText(NameOfPattern(entity.key()).pattern), "** ",
                                   MarkdownText(shape.type()), shape.is_map() ? " (a map): " : ": ",
                                   MarkdownExcerpt(text, kCell), "\n"));
    }
  }
  if (lines.empty()) return "";
  const size_t shown = std::min(lines.size(), kMostLines);
  return absl::StrCat(
      "### Value Shapes\n",
      absl::StrJoin(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(shown), ""),
      More(lines.size()), "\n");
}

}  // namespace

std::string KeyspaceAnalysis(const SectionView& section) {
  return absl::StrCat(Patterns(section), Biggest(section.section().measures->redis()),
                      Values(section));
}

}  // namespace varve
