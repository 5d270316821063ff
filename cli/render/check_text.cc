#include "cli/render/check_text.h"

#include <algorithm>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "cli/render/json_writer.h"
#include "cli/render/markdown.h"
#include "cli/render/numbers.h"
#include "cli/render/text_table.h"

namespace varve {
namespace {

int64_t CountOf(const v1::CheckResult& result, v1::FindingSeverity severity) {
  return std::count_if(
      result.findings().begin(), result.findings().end(),
      [severity](const v1::Finding& finding) { return finding.severity() == severity; });
}

// The object, and its section where several are spoken of.
class Naming {
 public:
  explicit Naming(const v1::CheckResult& result) {
    std::set<std::string> sections;
    for (const v1::Finding& finding : result.findings()) sections.insert(finding.section());
    for (const v1::Unsaid& unsaid : result.cannot_say()) sections.insert(unsaid.section());
    several_ = sections.size() > 1;
  }
  template <typename Item>
  std::string Of(const Item& item) const {
    if (item.object().empty()) return item.section();
    return several_ ? absl::StrCat(item.object(), " (", item.section(), ")") : item.object();
  }

 private:
  bool several_ = false;
};

size_t WidestRule(const v1::CheckResult& result) {
  size_t width = 0;
  for (const v1::Finding& finding : result.findings()) {
    width = std::max(width, DisplayWidth(finding.rule()));
  }
  for (const v1::Unsaid& unsaid : result.cannot_say()) {
    width = std::max(width, DisplayWidth(unsaid.rule()));
  }
  return width;
}

void WriteFinding(JsonWriter& json, const v1::Finding& finding) {
  json.BeginObject();
  json.Text("rule", finding.rule());
  json.Text("severity", SeverityWord(finding.severity()));
  json.Text("section", finding.section());
  json.Text("object", finding.object());
  json.Text("message", finding.message());
  json.TextOrNull("remedy", finding.remedy());
  json.Text("fingerprint", finding.fingerprint());
  json.EndObject();
}

void WriteUnsaid(JsonWriter& json, const v1::Unsaid& unsaid) {
  json.BeginObject();
  json.Text("rule", unsaid.rule());
  json.Text("section", unsaid.section());
  json.TextOrNull("object", unsaid.object());
  json.Text("reason", unsaid.reason());
  json.EndObject();
}

}  // namespace

std::string SeverityWord(v1::FindingSeverity severity) {
  switch (severity) {
    case v1::FINDING_SEVERITY_ERROR:
      return "error";
    case v1::FINDING_SEVERITY_WARNING:
      return "warn";
    case v1::FINDING_SEVERITY_INFO:
      return "info";
    default:
      return "unknown";
  }
}

std::string CheckAnswer(const v1::CheckResult& result) {
  const int64_t errors = CountOf(result, v1::FINDING_SEVERITY_ERROR);
  const int64_t warnings = CountOf(result, v1::FINDING_SEVERITY_WARNING);
  const int64_t notes = CountOf(result, v1::FINDING_SEVERITY_INFO);
  std::vector<std::string> found = {errors == 0 ? "no error" : Counted(errors, "error")};
  if (warnings > 0) found.push_back(Counted(warnings, "warning"));
  if (notes > 0) found.push_back(Counted(notes, "note"));
  std::string answer =
      result.findings().empty() ? std::string("nothing found") : absl::StrJoin(found, ", ");
  absl::StrAppend(&answer, "; ", Counted(result.rules_size(), "rule"));
  std::set<std::string> unsaid;
  for (const v1::Unsaid& each : result.cannot_say()) unsaid.insert(each.rule());
  if (!unsaid.empty()) absl::StrAppend(&answer, ", ", unsaid.size(), " could not say");
  return answer;
}

std::string CheckTable(const v1::CheckResult& result) {
  const Naming naming(result);
  const int width = static_cast<int>(WidestRule(result));
  std::string text = absl::StrCat(OneLine(result.reference()), ": ", CheckAnswer(result), "\n");
  if (!result.findings().empty()) text += "\n";
  for (const v1::Finding& finding : result.findings()) {
    absl::StrAppendFormat(&text, "%-5s  %-*s  %s\n", SeverityWord(finding.severity()), width,
                          OneLine(finding.rule()), OneLine(naming.Of(finding)));
    for (const std::string& line : {finding.message(), finding.remedy()}) {
      if (!line.empty()) absl::StrAppend(&text, "       ", OneLine(line), "\n");
    }
  }
  if (result.cannot_say().empty()) return text;
  absl::StrAppend(&text, "\ncannot say\n");
  for (const v1::Unsaid& unsaid : result.cannot_say()) {
    absl::StrAppendFormat(&text, "  ?    %-*s  %s: %s\n", width, OneLine(unsaid.rule()),
                          OneLine(naming.Of(unsaid)), OneLine(unsaid.reason()));
  }
  return text;
}

std::string CheckTables(const v1::CheckResult& result) {
  const Naming naming(result);
  MarkdownTable findings({"Severity", "Rule", "Object", "Finding", "What to do"});
  for (const v1::Finding& finding : result.findings()) {
    findings.Add({SeverityWord(finding.severity()), MarkdownText(finding.rule()),
                  MarkdownText(naming.Of(finding)), MarkdownText(finding.message()),
                  MarkdownText(finding.remedy())});
  }
  std::string text = findings.empty() ? "\n" : findings.Text();
  if (result.cannot_say().empty()) return text;
  MarkdownTable unsaid({"Rule", "Source", "Object", "Why it cannot say"});
  for (const v1::Unsaid& each : result.cannot_say()) {
    unsaid.Add({MarkdownText(each.rule()), MarkdownText(each.section()),
                MarkdownText(each.object()), MarkdownText(each.reason())});
  }
  return absl::StrCat(text, "### Cannot Say\n", unsaid.Text());
}

std::string CheckMarkdown(const v1::CheckResult& result) {
  return absl::StrCat("## ", MarkdownText(result.reference()), ": ", CheckAnswer(result), "\n",
                      CheckTables(result));
}

std::string CheckJson(const v1::CheckResult& result) {
  JsonWriter json;
  json.BeginObject();
  json.Text("format", "varve.check.v1");
  json.Text("reference", result.reference());
  json.Texts("rules", result.rules());
  json.BeginArray("findings");
  for (const v1::Finding& finding : result.findings()) WriteFinding(json, finding);
  json.EndArray();
  json.BeginArray("cannot_say");
  for (const v1::Unsaid& unsaid : result.cannot_say()) WriteUnsaid(json, unsaid);
  json.EndArray();
  json.EndObject();
  return json.Take();
}

}  // namespace varve
