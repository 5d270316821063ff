#include "snapshot/rules/check_proto.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "snapshot/hash.h"
#include "snapshot/rules/rule_run.h"

namespace varve {
namespace {

// No counter and no message in it: both change while the finding stays. Names have no such byte.
std::string FingerprintOf(const Finding& finding) {
  const std::string bytes = absl::StrCat(finding.rule, absl::string_view("\0", 1), finding.section,
                                         absl::string_view("\0", 1), finding.object);
  return HashOf<BlobHash>(bytes).Hex().substr(0, 16);
}

bool HasSource(const Snapshot& snapshot, absl::string_view kind) {
  return std::any_of(
      snapshot.sections.begin(), snapshot.sections.end(),
      [kind](const Section& section) { return section.header.source_kind() == kind; });
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

absl::StatusOr<v1::CheckResult> CheckedByAll(const Snapshot& snapshot) {
  VARVE_ASSIGN_OR_RETURN(CheckResult result, Check(snapshot));
  v1::CheckResult message;
  for (const RuleRun& run : RuleRuns()) {
    if (!run.rule.by_default) continue;
    const std::string id(run.rule.id);
    HasSource(snapshot, run.source_kind) ? message.add_rules(id) : message.add_without_source(id);
  }
  for (Finding& finding : result.findings) {
    v1::Finding& item = *message.add_findings();
    item.set_fingerprint(FingerprintOf(finding));
    item.set_rule(std::move(finding.rule));
    item.set_severity(ToProto(finding.severity));
    item.set_section(std::move(finding.section));
    item.set_object(std::move(finding.object));
    item.set_message(std::move(finding.message));
    item.set_remedy(std::move(finding.remedy));
  }
  for (CannotSay& unsaid : result.cannot_say) {
    v1::Unsaid& item = *message.add_cannot_say();
    item.set_rule(std::move(unsaid.rule));
    item.set_section(std::move(unsaid.section));
    item.set_object(std::move(unsaid.object));
    item.set_reason(std::move(unsaid.reason));
  }
  return message;
}

}  // namespace varve
