#include "cli/render/analysis.h"

#include <algorithm>
#include <map>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "cli/render/analysis_sources.h"
#include "cli/render/markdown.h"
#include "cli/render/numbers.h"
#include "cli/render/overview.h"
#include "snapshot/header_words.h"
#include "snapshot/left_out.h"
#include "snapshot/section_name.h"

namespace varve {
namespace {

using SourceAnalysis = std::string (*)(const SectionView& section, absl::string_view title);

std::string SnapshotName(const Snapshot& snapshot) {
  std::string name = MarkdownText(snapshot.header.environment());
  if (snapshot.seq > 0) absl::StrAppend(&name, "@", snapshot.seq);
  return name;
}

std::string SourcesTable(const RenderView& view) {
  MarkdownTable table({"Source", "Kind", "Status", "Server", "Address", "Not seen", "Errors"});
  for (const SectionView& section : view.sections()) {
    int64_t missing = 0;
    for (const v1::CoverageEntry& entry : section.coverage().entries()) {
      missing += IsMissing(entry) ? 1 : 0;
    }
    table.Add({MarkdownText(section.header().name()), MarkdownText(section.header().source_kind()),
               StatusWord(section.header().status()), MarkdownText(section.header().server()),
               MarkdownText(section.header().address()), WithCommas(missing),
               WithCommas(ErrorCount(section.header()))});
  }
  return table.Text();
}

int64_t MaskedIn(const RenderView& view) {
  int64_t masked = 0;
  for (const SectionView& section : view.sections()) masked += CountMasked(section);
  return masked;
}

struct CountFact {
  absl::string_view name;
  absl::string_view source_kind;
  int64_t Counts::*count;
  absl::string_view kind = "";  // the one that it counts, where that can be left out whole
};
constexpr CountFact kCountFacts[] = {
    {"Database Tables", "postgres", &Counts::tables, "table"},
    {"Total Columns", "postgres", &Counts::columns, "table"},
    {"Foreign Keys", "postgres", &Counts::foreign_keys, "table"},
    {"Indexes", "postgres", &Counts::indexes, "table"},
    {"Triggers", "postgres", &Counts::triggers, "table"},
    {"Functions", "postgres", &Counts::functions, "function"},
    {"Views", "postgres", &Counts::views, "view"},
    {"Materialized Views", "postgres", &Counts::materialized_views, "materialized_view"},
    {"Sequences", "postgres", &Counts::sequences, "sequence"},
    {"Types", "postgres", &Counts::types, "enum"},
    {"Extensions", "postgres", &Counts::extensions, "extension"},
    {"Redis Keys", "redis", &Counts::redis_keys},
    {"Pydantic Models", "models", &Counts::models},
    {"Model Fields", "models", &Counts::model_fields},
};

std::string CountFacts(const RenderView& view) {
  const Counts counts = CountAll(view);
  std::string text;
  for (const CountFact& fact : kCountFacts) {
    absl::StrAppend(
        &text, Fact(fact.name, CountText(view, fact.source_kind, fact.kind, counts.*fact.count)));
  }
  return text;
}

// The answer first: what was looked at, when, and how much of it was read.
std::string Opening(const RenderView& view) {
  std::map<absl::string_view, bool> is_complete;  // by source
  for (const SectionView& section : view.sections()) {
    const v1::SectionHeader& header = section.header();
    bool& whole = is_complete.try_emplace(SourceOf(header.name()), true).first->second;
    whole &= header.status() == v1::SECTION_STATUS_COMPLETE;
  }
  const auto complete = std::count_if(is_complete.begin(), is_complete.end(),
                                      [](const auto& source) { return source.second; });
  const auto sources = static_cast<int64_t>(is_complete.size());
  const std::string read =
      sources == 0 ? "No source was configured"
                   : absl::StrCat(complete, " of ", Counted(sources, "source"), " read whole");
  return absl::StrCat("# Data architecture of ", SnapshotName(view.snapshot()), "\n\n", read,
                      " on ", FormatMinute(absl::FromUnixMicros(view.time_us())), " UTC.\n\n");
}

std::string ExecutiveSummary(const RenderView& view) {
  const auto memory = static_cast<uint64_t>(CountAll(view).redis_memory_bytes);
  const std::string sources = SourcesTable(view);
  return absl::StrCat(
      "## Executive Summary\n\n", CountFacts(view),
      Fact("Redis Memory", IsUnread(view, "redis") ? "unknown" : MemoryText(memory)),
      Fact("Masked Values", MaskedIn(view)), sources.empty() ? "\n" : sources);
}

// One part a section of the kind, in the order of the configuration.
std::string Parts(const RenderView& view, absl::string_view source_kind, SourceAnalysis render) {
  const std::vector<const SectionView*> sections = view.MainSections(source_kind);
  std::string text;
  const auto title = [&sections](absl::string_view name) {
    return sections.size() > 1 ? name : absl::string_view();
  };
  for (const SectionView* const section : sections) {
    absl::StrAppend(&text, render(*section, title(section->header().name())));
    if (const SectionView* const cluster = view.ClusterBeside(*section)) {
      absl::StrAppend(&text, ClusterAnalysis(*cluster, title(cluster->header().name())));
    }
  }
  return text;
}

// "postgres: deparsing app.orders: lock timeout".
std::string Item(const SectionView& section, absl::string_view mark, absl::string_view what) {
  return absl::StrCat("- **", mark, "** ", MarkdownText(section.header().name()), ": ",
                      MarkdownText(what), "\n");
}

std::string ErrorsAndWarnings(const RenderView& view) {
  std::string errors, warnings, not_seen, left_out;
  int64_t error_count = 0, warning_count = 0, not_seen_count = 0;
  for (const SectionView& section : view.sections()) {
    for (const v1::SectionError& error : section.header().errors()) {
      const bool is_warning = error.severity() == v1::SectionError::SEVERITY_WARNING;
      ++(is_warning ? warning_count : error_count);
      absl::StrAppend(is_warning ? &warnings : &errors,
                      Item(section, is_warning ? "warning" : "error", ErrorText(error)));
    }
    for (const v1::CoverageEntry& entry : section.coverage().entries()) {
      if (!IsMissing(entry)) continue;
      ++not_seen_count;
      absl::StrAppend(&not_seen, Item(section, "not seen", CoverageText(entry)));
    }
    for (const LeftOutKind& kind : LeftOutKinds(section.coverage())) {
      absl::StrAppend(&left_out, Item(section, "excluded", kind.Text()));
    }
  }
  std::string text =
      absl::StrCat("## Errors and Warnings\n\n", Counted(error_count, "error"), ", ",
                   Counted(warning_count, "warning"), ", ", Counted(not_seen_count, "thing"),
                   " that could not be seen.\n\n", errors, warnings, not_seen, left_out);
  const bool none = error_count + warning_count + not_seen_count == 0 && left_out.empty();
  if (none) absl::StrAppend(&text, "- None\n");
  return text;
}

}  // namespace

std::string Fact(absl::string_view name, absl::string_view value) {
  return absl::StrCat("- **", name, ":** ", value, "\n");
}

std::string Fact(absl::string_view name, int64_t value) { return Fact(name, WithCommas(value)); }

std::string SourceHeading(absl::string_view text, absl::string_view title,
                          const SectionView& section) {
  std::string heading =
      absl::StrCat("## ", text, title.empty() ? "" : ": ", MarkdownText(title), "\n\n");
  const v1::SectionStatus status = section.header().status();
  if (status == v1::SECTION_STATUS_NOT_CONFIGURED) {
    absl::StrAppend(&heading, "Not configured.\n\n");
  } else if (status == v1::SECTION_STATUS_UNAVAILABLE) {
    const LastSeen last = LastSeenOf(section);
    absl::StrAppend(&heading, "Unavailable",
                    last.seq == 0
                        ? ""
                        : absl::StrCat("; last seen in snapshot ", last.seq, " of ",
                                       FormatMinute(absl::FromUnixMicros(last.time_us)), " UTC"),
                    ".\n\n");
  }
  return heading;
}

std::string RenderAnalysis(const RenderView& view, const RenderOptions& options) {
  std::string text = Opening(view) + ExecutiveSummary(view);
  absl::StrAppend(&text, Parts(view, "postgres", SchemaAnalysis),
                  Parts(view, "redis", RedisAnalysis), Parts(view, "models", ModelsAnalysis));
  absl::StrAppend(&text,
                  options.validation.has_value()
                      ? ValidationAnalysis(*options.validation)
                      : "## Validation Results\n\nNot asked for: add --validate.\n\n",
                  ErrorsAndWarnings(view));
  return text;
}

}  // namespace varve
