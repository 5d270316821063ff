// The parts of the analysis, each from its heading of the second level to its last line. One source
// each; `title` says which where there are several of its kind, and is empty else.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "cli/render/render_view.h"
#include "varve/v1/check.pb.h"

namespace varve {

std::string SchemaAnalysis(const SectionView& section, absl::string_view title);
std::string ClusterAnalysis(const SectionView& cluster, absl::string_view title);
std::string RedisAnalysis(const SectionView& section, absl::string_view title);
// What the server is, a part of RedisAnalysis; nothing where nothing of it was seen.
std::string RedisServerAnalysis(const SectionView& section);
// Its patterns, biggest keys and values, a part of RedisAnalysis.
std::string KeyspaceAnalysis(const SectionView& section);
std::string ModelsAnalysis(const SectionView& section, absl::string_view title);
std::string ValidationAnalysis(const v1::CheckResult& result);

// "## TEXT", or "## TEXT: title"; with the status where there is nothing to show.
std::string SourceHeading(absl::string_view text, absl::string_view title,
                          const SectionView& section);

// "- **Columns:** 12\n". `value` comes escaped.
std::string Fact(absl::string_view name, absl::string_view value);
std::string Fact(absl::string_view name, int64_t value);

}  // namespace varve
