// What differs, in the forms that build servers read.
#include <tinyxml2.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/render/ci_text.h"
#include "cli/render/diff_report.h"
#include "cli/render/diff_table.h"
#include "cli/render/text_table.h"

namespace varve {
namespace {

constexpr char kArrow[] = " → ";

// One object that differs, or one that was not compared.
struct Case {
  std::string section;
  std::string name;
  std::string text;
  v1::ChangeClass change_class = v1::CHANGE_CLASS_UNSPECIFIED;
  bool compared = true;
};

std::string Said(const DiffLine& line) {
  std::vector<std::string> parts;
  for (const std::string* const part : {&line.what, &line.detail}) {
    if (!part->empty()) parts.push_back(*part);
  }
  const std::string text = absl::StrJoin(parts, " ");
  return line.note.empty() ? text : absl::StrCat(text, " (", line.note, ")");
}

absl::string_view Happened(DiffSign sign) {
  switch (sign) {
    case DiffSign::kAdded:
      return "added";
    case DiffSign::kRemoved:
      return "removed";
    case DiffSign::kRenamed:
      return "renamed";
    default:
      return "changed";
  }
}

// A line of the report and the parts that follow it are one case.
std::vector<Case> CasesOf(const DiffReport& report) {
  std::vector<Case> cases;
  for (const DiffBlock& block : report.blocks) {
    for (const DiffLine& line : block.lines) {
      if (line.sign == DiffSign::kNone) continue;  // follows from a rename, or is not configured
      if (line.part) {
        Case& of = cases.back();
        absl::StrAppend(&of.text, of.text.empty() ? "" : "; ", Happened(line.sign), " ",
                        Said(line));
        of.change_class = std::max(of.change_class, line.change_class);
        continue;
      }
      Case& added = cases.emplace_back();
      added.section = block.title;
      added.name = line.what;
      added.compared = line.sign != DiffSign::kCannotSay;
      added.change_class = line.change_class;
      if (line.sign == DiffSign::kChanged) continue;  // its parts say what
      added.text =
          added.compared ? absl::StrCat(Happened(line.sign), " ", Said(line)) : line.detail;
    }
  }
  return cases;
}

std::string CommandOf(const Case& each) {
  if (!each.compared) return "notice";
  if (each.change_class == v1::CHANGE_CLASS_BREAKING) return "error";
  const bool harmless = each.change_class == v1::CHANGE_CLASS_ADDITIVE ||
                        each.change_class == v1::CHANGE_CLASS_COSMETIC;
  return harmless ? "notice" : "warning";
}

std::string TitleOf(const v1::DiffResult& result) {
  return absl::StrCat("varve diff ", OneLine(result.before()), " ", OneLine(result.after()));
}

}  // namespace

std::string DiffJunit(const v1::DiffResult& result, v1::ChangeClass fail_on) {
  const std::vector<Case> cases = CasesOf(ReportOf(result, kArrow));
  const auto fails = [&](const Case& each) {
    return each.compared && each.change_class >= fail_on;
  };
  tinyxml2::XMLPrinter xml;
  xml.PushHeader(/*writeBOM=*/false, /*writeDeclaration=*/true);
  xml.OpenElement("testsuite");
  xml.PushAttribute("name", TitleOf(result).c_str());
  xml.PushAttribute("tests", static_cast<int>(std::max<size_t>(cases.size(), 1)));
  xml.PushAttribute("failures", static_cast<int>(std::count_if(cases.begin(), cases.end(), fails)));
  xml.PushAttribute(
      "skipped", static_cast<int>(std::count_if(cases.begin(), cases.end(),
                                                [](const Case& each) { return !each.compared; })));
  for (const Case& each : cases) {
    const char* const how = !each.compared ? "skipped" : fails(each) ? "failure" : "system-out";
    AddJunitCase(xml, each.section, each.name, how, OneLine(each.text));
  }
  if (cases.empty()) AddJunitCase(xml, "all", "all objects", nullptr, "");
  xml.CloseElement();
  return xml.CStr();
}

std::string DiffGithub(const v1::DiffResult& result) {
  const DiffReport report = ReportOf(result, kArrow);
  std::string text;
  for (const Case& each : CasesOf(report)) {
    absl::StrAppend(&text, GithubCommand(CommandOf(each),
                                         absl::StrCat(each.section, " ", each.name), each.text));
  }
  return absl::StrCat(text, GithubCommand("notice", TitleOf(result), report.answer));
}

}  // namespace varve
