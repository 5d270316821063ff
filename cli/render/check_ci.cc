// What the rules say, in the forms that build servers read.
#include <tinyxml2.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "cli/render/check_text.h"
#include "cli/render/ci_text.h"
#include "cli/render/text_table.h"

namespace varve {
namespace {

std::string Said(const v1::Finding& finding) {
  const std::string separator = finding.remedy().empty() ? "" : "; ";
  return OneLine(
      absl::StrCat(finding.object(), ": ", finding.message(), separator, finding.remedy()));
}

std::string Said(const v1::Unsaid& unsaid) {
  const std::string& what = unsaid.object().empty() ? unsaid.section() : unsaid.object();
  return OneLine(absl::StrCat(what, ": cannot say: ", unsaid.reason()));
}

const char* CommandOf(v1::FindingSeverity severity) {
  switch (severity) {
    case v1::FINDING_SEVERITY_ERROR:
      return "error";
    case v1::FINDING_SEVERITY_INFO:
      return "notice";
    default:
      return "warning";
  }
}

}  // namespace

std::string CheckJunit(const v1::CheckResult& result, v1::FindingSeverity fail_on) {
  std::set<std::string> passed(result.rules().begin(), result.rules().end());
  int failures = 0;
  for (const v1::Finding& finding : result.findings()) {
    passed.erase(finding.rule());
    failures += finding.severity() >= fail_on ? 1 : 0;
  }
  for (const v1::Unsaid& unsaid : result.cannot_say()) passed.erase(unsaid.rule());
  for (const v1::AcceptedFinding& each : result.accepted()) passed.erase(each.finding().rule());
  const int skipped = result.cannot_say_size() + result.accepted_size();
  const int cases = result.findings_size() + skipped + static_cast<int>(passed.size());
  tinyxml2::XMLPrinter xml;
  xml.PushHeader(/*writeBOM=*/false, /*writeDeclaration=*/true);
  xml.OpenElement("testsuite");
  xml.PushAttribute("name", absl::StrCat("varve check ", OneLine(result.reference())).c_str());
  xml.PushAttribute("tests", cases);
  xml.PushAttribute("failures", failures);
  xml.PushAttribute("skipped", skipped);
  for (const v1::Finding& finding : result.findings()) {
    const char* const how = finding.severity() >= fail_on ? "failure" : "system-out";
    AddJunitCase(xml, finding.rule(), finding.object(), how, Said(finding));
  }
  for (const v1::AcceptedFinding& each : result.accepted()) {
    AddJunitCase(xml, each.finding().rule(), each.finding().object(), "skipped",
                 OneLine(absl::StrCat("accepted by ", each.owner(), " until ", each.until(), ": ",
                                      each.reason())));
  }
  for (const v1::Unsaid& unsaid : result.cannot_say()) {
    const std::string& name = unsaid.object().empty() ? unsaid.section() : unsaid.object();
    AddJunitCase(xml, unsaid.rule(), name, "skipped", OneLine(unsaid.reason()));
  }
  for (const std::string& rule : passed) AddJunitCase(xml, rule, "all objects", nullptr, "");
  xml.CloseElement();
  return xml.CStr();
}

std::string CheckGithub(const v1::CheckResult& result) {
  std::string text;
  for (const v1::Finding& finding : result.findings()) {
    absl::StrAppend(&text,
                    GithubCommand(CommandOf(finding.severity()), finding.rule(), Said(finding)));
  }
  for (const v1::Unsaid& unsaid : result.cannot_say()) {
    absl::StrAppend(&text, GithubCommand("notice", unsaid.rule(), Said(unsaid)));
  }
  return absl::StrCat(
      text, GithubCommand("notice", "varve check",
                          absl::StrCat(OneLine(result.reference()), ": ", CheckAnswer(result))));
}

}  // namespace varve
