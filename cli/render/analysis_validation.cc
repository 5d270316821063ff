// The results of the rules in the analysis.
#include "absl/strings/str_cat.h"
#include "cli/render/analysis_sources.h"
#include "cli/render/markdown.h"
#include "cli/render/numbers.h"

namespace varve {
namespace {

int64_t CountOf(const CheckResult& result, Severity severity) {
  int64_t count = 0;
  for (const Finding& finding : result.findings) count += finding.severity == severity ? 1 : 0;
  return count;
}

}  // namespace

std::string ValidationAnalysis(const CheckResult& result) {
  std::string text =
      absl::StrCat("## Validation Results\n\n", Counted(CountOf(result, Severity::kError), "error"),
                   ", ", Counted(CountOf(result, Severity::kWarning), "warning"), ", ",
                   Counted(CountOf(result, Severity::kInfo), "note"), " by ", Rules().size(),
                   " rules; ", result.cannot_say.size(), " could not say.\n");
  MarkdownTable findings({"Severity", "Rule", "Object", "Finding", "What to do"});
  for (const Finding& finding : result.findings) {
    findings.Add({std::string(SeverityName(finding.severity)), MarkdownText(finding.rule),
                  MarkdownText(finding.object), MarkdownText(finding.message),
                  MarkdownText(finding.remedy)});
  }
  absl::StrAppend(&text, findings.empty() ? "\n" : findings.Text());
  if (result.cannot_say.empty()) return text;
  MarkdownTable unsaid({"Rule", "Source", "Object", "Why it cannot say"});
  for (const CannotSay& each : result.cannot_say) {
    unsaid.Add({MarkdownText(each.rule), MarkdownText(each.section), MarkdownText(each.object),
                MarkdownText(each.reason)});
  }
  return absl::StrCat(text, "### Cannot Say\n", unsaid.Text());
}

}  // namespace varve
