// What the rules say, in the forms that build servers read.
#include <tinyxml2.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "cli/render/check_text.h"
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

// A case of JUnit; `child` and `text` say how it went where it did not pass.
void AddCase(tinyxml2::XMLPrinter& xml, const std::string& rule, const std::string& name,
             const char* child, const std::string& text) {
  xml.OpenElement("testcase");
  xml.PushAttribute("classname", OneLine(rule).c_str());
  xml.PushAttribute("name", OneLine(name).c_str());
  if (child != nullptr) {
    xml.OpenElement(child);
    if (absl::string_view(child) == "system-out") {
      xml.PushText(text.c_str());
    } else {
      xml.PushAttribute("message", text.c_str());
    }
    xml.CloseElement();
  }
  xml.CloseElement();
}

// Of the text of a workflow command, and of a property of one.
std::string GithubText(const std::string& text) {
  return absl::StrReplaceAll(text, {{"%", "%25"}, {"\r", "%0D"}, {"\n", "%0A"}});
}
std::string GithubProperty(const std::string& text) {
  return absl::StrReplaceAll(GithubText(text), {{":", "%3A"}, {",", "%2C"}});
}

const char* GithubCommand(v1::FindingSeverity severity) {
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
    AddCase(xml, finding.rule(), finding.object(), how, Said(finding));
  }
  for (const v1::AcceptedFinding& each : result.accepted()) {
    AddCase(xml, each.finding().rule(), each.finding().object(), "skipped",
            OneLine(absl::StrCat("accepted by ", each.owner(), " until ", each.until(), ": ",
                                 each.reason())));
  }
  for (const v1::Unsaid& unsaid : result.cannot_say()) {
    const std::string& name = unsaid.object().empty() ? unsaid.section() : unsaid.object();
    AddCase(xml, unsaid.rule(), name, "skipped", OneLine(unsaid.reason()));
  }
  for (const std::string& rule : passed) AddCase(xml, rule, "all objects", nullptr, "");
  xml.CloseElement();
  return xml.CStr();
}

std::string CheckGithub(const v1::CheckResult& result) {
  std::string text;
  for (const v1::Finding& finding : result.findings()) {
    absl::StrAppend(&text, "::", GithubCommand(finding.severity()),
                    " title=", GithubProperty(OneLine(finding.rule())),
                    "::", GithubText(Said(finding)), "\n");
  }
  for (const v1::Unsaid& unsaid : result.cannot_say()) {
    absl::StrAppend(&text, "::notice title=", GithubProperty(OneLine(unsaid.rule())),
                    "::", GithubText(Said(unsaid)), "\n");
  }
  return absl::StrCat(text, "::notice title=varve check::", GithubText(OneLine(result.reference())),
                      ": ", CheckAnswer(result), "\n");
}

}  // namespace varve
