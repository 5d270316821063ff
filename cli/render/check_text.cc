#include "cli/render/check_text.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
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
    for (const v1::AcceptedFinding& each : result.accepted()) {
      sections.insert(each.finding().section());
    }
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
  for (const v1::AcceptedFinding& each : result.accepted()) {
    width = std::max(width, DisplayWidth(each.finding().rule()));
  }
  return width;
}

// Rules that cannot say for the same reason of the same place.
struct Silence {
  std::string place;
  std::string reason;
  std::vector<std::string> rules;
};

// What one part of a snapshot lacks keeps dozens of rules from an answer: it is told once.
std::vector<Silence> SilencesOf(const v1::CheckResult& result, const Naming& naming) {
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> rules;
  for (const v1::Unsaid& each : result.cannot_say()) {
    rules[{naming.Of(each), each.reason()}].push_back(each.rule());
  }
  std::vector<Silence> silences;
  for (auto& [place, names] : rules) {
    silences.push_back({place.first, place.second, std::move(names)});
  }
  return silences;
}

// "pg/a, pg/b and 39 more".
std::string SomeOf(const std::vector<std::string>& rules) {
  constexpr size_t kMost = 4;
  if (rules.size() <= kMost + 1) return absl::StrJoin(rules, ", ");
  return absl::StrCat(absl::StrJoin(rules.begin(), rules.begin() + kMost, ", "), " and ",
                      rules.size() - kMost, " more");
}

// "by data-team until 2027-03-01: it has 12 rows".
std::string Answered(const v1::AcceptedFinding& accepted) {
  return absl::StrCat("by ", accepted.owner(), " until ", accepted.until(), ": ",
                      accepted.reason());
}

void WriteFindingKeys(JsonWriter& json, const v1::Finding& finding) {
  json.Text("rule", finding.rule());
  json.Text("severity", SeverityWord(finding.severity()));
  json.Text("section", finding.section());
  json.Text("object", finding.object());
  json.Text("message", finding.message());
  json.TextOrNull("remedy", finding.remedy());
  json.Text("fingerprint", finding.fingerprint());
}

void WriteAccepted(JsonWriter& json, const v1::AcceptedFinding& accepted) {
  json.BeginObject();
  WriteFindingKeys(json, accepted.finding());
  json.Text("owner", accepted.owner());
  json.Text("reason", accepted.reason());
  json.Text("until", accepted.until());
  json.EndObject();
}

void WriteNote(JsonWriter& json, const v1::RulesFileNote& note) {
  json.BeginObject();
  json.Number("line", note.line());
  json.Text("text", note.text());
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
  if (!result.accepted().empty())
    absl::StrAppend(&answer, ", ", result.accepted_size(), " accepted");
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
  if (!result.accepted().empty()) text += "\naccepted\n";
  for (const v1::AcceptedFinding& accepted : result.accepted()) {
    absl::StrAppendFormat(&text, "%-5s  %-*s  %s\n       %s\n",
                          SeverityWord(accepted.finding().severity()), width,
                          OneLine(accepted.finding().rule()),
                          OneLine(naming.Of(accepted.finding())), OneLine(Answered(accepted)));
  }
  if (result.cannot_say().empty()) return text;
  absl::StrAppend(&text, "\ncannot say\n");
  for (const Silence& silence : SilencesOf(result, naming)) {
    absl::StrAppend(&text, "  ?    ", OneLine(silence.place), ": ", OneLine(silence.reason), "\n",
                    "       ", OneLine(SomeOf(silence.rules)), "\n");
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
  if (!result.accepted().empty()) {
    MarkdownTable accepted({"Severity", "Rule", "Object", "Accepted"});
    for (const v1::AcceptedFinding& each : result.accepted()) {
      accepted.Add({SeverityWord(each.finding().severity()), MarkdownText(each.finding().rule()),
                    MarkdownText(naming.Of(each.finding())), MarkdownText(Answered(each))});
    }
    absl::StrAppend(&text, "### Accepted\n", accepted.Text());
  }
  if (result.cannot_say().empty()) return text;
  MarkdownTable unsaid({"Object", "Why it cannot be said", "Rules"});
  for (const Silence& silence : SilencesOf(result, naming)) {
    unsaid.Add({MarkdownText(silence.place), MarkdownText(silence.reason),
                MarkdownText(SomeOf(silence.rules))});
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
  for (const v1::Finding& finding : result.findings()) {
    json.BeginObject();
    WriteFindingKeys(json, finding);
    json.EndObject();
  }
  json.EndArray();
  json.BeginArray("accepted");
  for (const v1::AcceptedFinding& accepted : result.accepted()) WriteAccepted(json, accepted);
  json.EndArray();
  json.BeginArray("cannot_say");
  for (const v1::Unsaid& unsaid : result.cannot_say()) WriteUnsaid(json, unsaid);
  json.EndArray();
  json.BeginArray("rules_file");
  for (const v1::RulesFileNote& note : result.notes()) WriteNote(json, note);
  json.EndArray();
  json.EndObject();
  return json.Take();
}

}  // namespace varve
