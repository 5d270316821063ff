#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "cli/render/files.h"
#include "cli/render/numbers.h"
#include "cli/render/overview.h"
#include "cli/render/render_view.h"
#include "snapshot/header_words.h"
#include "snapshot/kinds.h"
#include "snapshot/left_out.h"

namespace varve {
namespace {

// What of a long list a terminal shows; the analysis has it whole.
constexpr size_t kMostNotSeen = 12;

std::string Mark(v1::SectionStatus status, bool ascii) {
  switch (status) {
    case v1::SECTION_STATUS_COMPLETE:
      return ascii ? "OK" : "✓";
    case v1::SECTION_STATUS_NOT_CONFIGURED:  // nobody asked for it: no failure
      return ascii ? "--" : "–";
    case v1::SECTION_STATUS_UNAVAILABLE:
      return ascii ? "NO" : "✗";
    default:
      return ascii ? "??" : "?";
  }
}

// Text of the snapshot is for a terminal now: one line, nothing that moves the cursor.
std::string OneLine(absl::string_view text) {
  std::string line;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    line += byte < 0x20 || byte == 0x7f ? ' ' : c;
  }
  return line;
}

std::string Answer(const Snapshot& snapshot, int64_t time_us,
                   const std::vector<WrittenFile>& files) {
  uint64_t bytes = 0;
  for (const WrittenFile& file : files) bytes += file.size_bytes;
  return absl::StrCat(snapshot.header.environment(),
                      snapshot.seq > 0 ? absl::StrCat("@", snapshot.seq) : "", " of ",
                      FormatMinute(absl::FromUnixMicros(time_us)), " UTC: ", files.size(),
                      " files, ", SizeText(bytes), "\n");
}

std::string FileLines(const std::vector<WrittenFile>& files, bool ascii) {
  size_t widest = 0;
  for (const WrittenFile& file : files) widest = std::max(widest, file.path.size());
  std::string text;
  for (const WrittenFile& file : files) {
    const bool whole = file.status == v1::SECTION_STATUS_COMPLETE;
    absl::StrAppend(&text, "  ", Mark(file.status, ascii), " ", file.path,
                    std::string(widest - file.path.size() + 2, ' '),
                    absl::StrFormat("%9s", SizeText(file.size_bytes)), whole ? "" : "  ",
                    whole ? "" : StatusWord(file.status), "\n");
  }
  return text;
}

struct CountLine {
  absl::string_view name;
  absl::string_view source_kind;
  int64_t Counts::*count;
  absl::string_view kind = "";  // the one that it counts, where that can be left out whole
};
constexpr CountLine kCountLines[] = {
    {"Database Tables:", "postgres", &Counts::tables, "table"},
    {"Total Columns:", "postgres", &Counts::columns, "table"},
    {"Foreign Keys:", "postgres", &Counts::foreign_keys, "table"},
    {"Triggers:", "postgres", &Counts::triggers, "table"},
    {"Functions:", "postgres", &Counts::functions, "function"},
    {"Redis Keys:", "redis", &Counts::redis_keys},
    {"Pydantic Models:", "models", &Counts::models},
};

std::string CountLines(const RenderView& view) {
  const Counts counts = CountAll(view);
  std::string text;
  for (const CountLine& line : kCountLines) {
    absl::StrAppendFormat(&text, "  %-16s %9s\n", line.name,
                          CountText(view, line.source_kind, line.kind, counts.*line.count));
  }
  return text;
}

// Coverage entries that fail alike, on one line.
std::vector<std::string> NotSeenIn(const SectionView& section) {
  std::vector<std::string> lines;
  for (const v1::SectionError& error : section.header().errors()) {
    if (error.severity() != v1::SectionError::SEVERITY_WARNING) lines.push_back(ErrorText(error));
  }
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;  // why → what, in order
  const v1::CoverageEntry* before = nullptr;
  std::string before_why;
  for (const v1::CoverageEntry& entry : section.coverage().entries()) {
    if (!IsMissing(entry)) continue;
    const std::string why =
        absl::StrCat(SightName(entry.state()), entry.reason().empty() ? "" : ": ", entry.reason(),
                     entry.remedy().empty() ? "" : "; ", entry.remedy());
    const std::string scope = absl::StrJoin(entry.scope(), ".");
    std::string what = absl::StrCat(entry.kind(), " ", FacetName(entry.facet()),
                                    scope.empty() ? "" : " of ", scope);
    const auto group = std::find_if(groups.begin(), groups.end(),
                                    [&why](const auto& each) { return each.first == why; });
    // Of what goes on with the same facet the scope alone: "setting options of hba_file, port".
    const bool goes_on = before != nullptr && group != groups.end() && !scope.empty() &&
                         !before->scope().empty() && before->kind() == entry.kind() &&
                         before->facet() == entry.facet() && group->first == before_why;
    if (goes_on) what = scope;
    if (group != groups.end()) {
      group->second.push_back(std::move(what));
    } else {
      groups.push_back({why, {std::move(what)}});
    }
    before = &entry;
    before_why = why;
  }
  for (const auto& [why, what] : groups) {
    lines.push_back(absl::StrCat(absl::StrJoin(what, ", "), ": ", why));
  }
  return lines;
}

// The first of `lines` below a title; nothing where there are none.
std::string Paragraph(absl::string_view title, const std::vector<std::string>& lines) {
  if (lines.empty()) return "";
  std::string text = absl::StrCat("\n", title, "\n");
  for (size_t at = 0; at < lines.size() && at < kMostNotSeen; ++at) text += lines[at];
  if (lines.size() > kMostNotSeen) {
    absl::StrAppend(&text, "  and ", lines.size() - kMostNotSeen,
                    " more: see Errors and Warnings in the analysis\n");
  }
  return text;
}

// What the configuration leaves out, in a paragraph of its own: nothing is wrong with it.
std::string Excluded(const RenderView& view) {
  std::vector<std::string> lines;
  for (const SectionView& section : view.sections()) {
    for (const LeftOutKind& kind : LeftOutKinds(section.coverage())) {
      lines.push_back(
          absl::StrCat("  ", OneLine(section.header().name()), ": ", OneLine(kind.Text()), "\n"));
    }
  }
  return Paragraph("excluded", lines);
}

std::string NotSeen(const RenderView& view, bool ascii) {
  std::vector<std::string> lines;
  for (const SectionView& section : view.sections()) {
    for (const std::string& line : NotSeenIn(section)) {
      lines.push_back(absl::StrCat("  ", ascii ? "??" : "?", " ", OneLine(section.header().name()),
                                   ": ", OneLine(line), "\n"));
    }
  }
  return Paragraph("not seen", lines);
}

}  // namespace

std::string Summary(const Snapshot& snapshot, const std::vector<WrittenFile>& files,
                    const RenderOptions& options) {
  const absl::StatusOr<RenderView> view = RenderView::Of(snapshot);
  // WriteFourFiles would have said so before; a summary never hides it.
  if (!view.ok()) return absl::StrCat("no summary: ", view.status().message(), "\n");
  return absl::StrCat(Answer(snapshot, view->time_us(), files), FileLines(files, options.ascii),
                      "\n", CountLines(*view), NotSeen(*view, options.ascii), Excluded(*view));
}

}  // namespace varve
