#include "snapshot/rules/check_proto.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "snapshot/hash.h"
#include "snapshot/rules/rule_run.h"
#include "snapshot/rules/rules_file.h"

namespace varve {
namespace {

// No counter and no message in it: both change while the finding stays. Names have no such byte.
std::string FingerprintOf(const Finding& finding) {
  const std::string bytes = absl::StrCat(finding.rule, absl::string_view("\0", 1), finding.section,
                                         absl::string_view("\0", 1), finding.object);
  return absl::BytesToHexString(HashOf<BlobHash>(bytes).bytes().substr(0, 8));
}

bool HasSource(const Snapshot& snapshot, const std::string& rule) {
  const absl::string_view kind = FindRule(rule)->source_kind;
  return std::any_of(
      snapshot.sections.begin(), snapshot.sections.end(),
      [kind](const Section& section) { return section.header.source_kind() == kind; });
}

// Each word must name a rule that has something to look at.
absl::Status CheckSources(const Snapshot& snapshot, absl::Span<const std::string> words) {
  for (const std::string& word : words) {
    VARVE_ASSIGN_OR_RETURN(const std::vector<std::string> ids, RulesNamed({word}));
    const bool has_any = std::any_of(ids.begin(), ids.end(), [&snapshot](const std::string& id) {
      return HasSource(snapshot, id);
    });
    if (has_any) continue;
    return absl::FailedPreconditionError(
        absl::StrCat("the snapshot has no source that '", word, "' could look at; configure one"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> Wanted(const RulesAsked& asked, const RulesFile& file) {
  if (!asked.words.empty()) return RulesNamed(asked.words);
  std::vector<std::string> ids;
  for (const Rule& rule : Rules()) {
    if (file.Asks(rule)) ids.emplace_back(rule.id);
  }
  return ids;
}

v1::Finding ToProto(Finding finding, const RulesFile& file) {
  v1::Finding item;
  item.set_fingerprint(FingerprintOf(finding));
  item.set_severity(ToProto(file.LevelOf(finding.rule).value_or(finding.severity)));
  item.set_rule(std::string(finding.rule));
  item.set_section(std::move(finding.section));
  item.set_object(std::move(finding.object));
  item.set_message(std::move(finding.message));
  item.set_remedy(std::move(finding.remedy));
  return item;
}

// Where the file says how bad what is, the most severe come first all the same.
void Sort(v1::CheckResult& result) {
  std::stable_sort(
      result.mutable_findings()->begin(), result.mutable_findings()->end(),
      [](const v1::Finding& a, const v1::Finding& b) { return a.severity() > b.severity(); });
}

}  // namespace

v1::FindingSeverity ToProto(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return v1::FINDING_SEVERITY_INFO;
    case Severity::kWarning:
      return v1::FINDING_SEVERITY_WARNING;
    case Severity::kError:
      return v1::FINDING_SEVERITY_ERROR;
  }
  return v1::FINDING_SEVERITY_UNSPECIFIED;
}

absl::StatusOr<v1::CheckResult> Checked(const Snapshot& snapshot, const RulesAsked& asked) {
  VARVE_ASSIGN_OR_RETURN(const RulesFile file, RulesFile::Of(asked.file));
  VARVE_ASSIGN_OR_RETURN(const std::vector<std::string> ids, Wanted(asked, file));
  VARVE_RETURN_IF_ERROR(CheckSources(snapshot, asked.words));
  VARVE_ASSIGN_OR_RETURN(CheckResult result, Check(snapshot, ids, file.config()));
  v1::CheckResult message;
  for (const std::string& id : ids) {
    if (HasSource(snapshot, id)) message.add_rules(id);
  }
  for (Finding& finding : result.findings) {
    v1::Finding item = ToProto(std::move(finding), file);
    const v1::Acceptance* const acceptance = file.Accepts(item, asked.now);
    if (acceptance == nullptr) {
      *message.add_findings() = std::move(item);
      continue;
    }
    v1::AcceptedFinding& accepted = *message.add_accepted();
    *accepted.mutable_finding() = std::move(item);
    accepted.set_owner(acceptance->owner());
    accepted.set_reason(acceptance->reason());
    accepted.set_until(acceptance->until());
  }
  Sort(message);
  for (CannotSay& unsaid : result.cannot_say) {
    v1::Unsaid& item = *message.add_cannot_say();
    item.set_rule(std::move(unsaid.rule));
    item.set_section(std::move(unsaid.section));
    item.set_object(std::move(unsaid.object));
    item.set_reason(std::move(unsaid.reason));
  }
  VARVE_ASSIGN_OR_RETURN(const std::vector<v1::RulesFileNote> notes,
                         file.NotesOn(snapshot, asked.now));
  message.mutable_notes()->Add(notes.begin(), notes.end());
  return message;
}

}  // namespace varve
