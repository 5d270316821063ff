#include "tests/integration/postgres/rules_case.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

// What a case may leave behind outside of schema public.
constexpr const char* kEmpty =
    "DROP SCHEMA IF EXISTS public, app CASCADE; CREATE SCHEMA public; "
    "DROP PUBLICATION IF EXISTS p; DROP EVENT TRIGGER IF EXISTS e; DROP SUBSCRIPTION IF EXISTS s";

std::vector<std::string> ObjectsOf(const std::vector<Finding>& findings) {
  std::vector<std::string> objects;
  for (const Finding& finding : findings) objects.push_back(finding.object);
  return objects;
}

// A remedy for whose gaps somebody must know the data is no statement yet.
bool IsStatement(const std::string& remedy) {
  return !remedy.empty() && !absl::StrContains(remedy, "…");
}

std::vector<std::string> ObjectsWithoutStatement(const std::vector<Finding>& findings) {
  std::vector<std::string> objects;
  for (const Finding& finding : findings) {
    if (!IsStatement(finding.remedy)) objects.push_back(finding.object);
  }
  return objects;
}

Snapshot SnapshotOf(std::vector<Section> sections) {
  Snapshot snapshot;
  for (const Section& section : sections) *snapshot.header.add_sections() = section.header;
  snapshot.sections = std::move(sections);
  return snapshot;
}

std::vector<Finding> FindingsWithoutDoubt(const absl::StatusOr<CheckResult>& result) {
  EXPECT_THAT(result, IsOk());
  if (!result.ok()) return {};
  for (const CannotSay& unsaid : result->cannot_say) {
    ADD_FAILURE() << unsaid.rule << " cannot say of " << unsaid.object << ": " << unsaid.reason;
  }
  return result->findings;
}

}  // namespace

struct RulesCase::Placed {
  const RuleCase* what;
  std::string schema;

  // Its findings among those of all cases, without the schema.
  std::vector<Finding> Own(const std::vector<Finding>& all) const {
    std::vector<Finding> own;
    for (Finding finding : all) {
      if (finding.rule != what->rule || !absl::StartsWith(finding.object, schema + ".")) continue;
      finding.object.erase(0, schema.size() + 1);
      own.push_back(std::move(finding));
    }
    return own;
  }
};

std::vector<Finding> RulesCase::FindingsBy(const std::vector<std::string>& rules) const {
  return FindingsWithoutDoubt(Check(SnapshotOf({Gather().section()}), rules));
}

CheckResult RulesCase::SaidBesideCluster(const std::string& rule) const {
  PostgresConfig config = Config();
  config.cluster = true;
  const absl::StatusOr<CheckResult> result = Check(SnapshotOf(GatherSections(config)), {rule});
  EXPECT_THAT(result, IsOk());
  return result.value_or(CheckResult());
}

std::vector<Finding> RulesCase::FindingsByDefault() const {
  return FindingsWithoutDoubt(Check(SnapshotOf({Gather().section()}), RulesNamed({}).value()));
}

// Some statements refuse to run in a transaction with others, so that each is sent alone.
void RulesCase::RunRemedy(const std::string& remedy) const {
  if (!IsStatement(remedy)) return;
  EXPECT_TRUE(absl::EndsWith(remedy, ";")) << remedy;
  for (const absl::string_view statement : absl::StrSplit(remedy, "; ")) {
    Run(std::string(statement));
  }
}

void RulesCase::ExpectRule(const RuleCase& each) const {
  for (const absl::string_view statement : absl::StrSplit(kEmpty, "; ")) {
    Run(std::string(statement));
  }
  Run(each.healthy);
  EXPECT_THAT(ObjectsOf(FindingsOf(each.rule)), IsEmpty());
  Run(each.broken);
  const std::vector<Finding> findings = FindingsOf(each.rule);
  EXPECT_THAT(ObjectsOf(findings), ElementsAreArray(each.objects));
  for (const Finding& finding : findings) RunRemedy(finding.remedy);
  EXPECT_THAT(ObjectsOf(FindingsOf(each.rule)), ElementsAreArray(ObjectsWithoutStatement(findings)))
      << "after the remedies";
}

void RulesCase::ExpectRules(const std::vector<RuleCase>& cases) const {
  for (const RuleCase& each : cases) {
    if (major() < each.since) continue;
    SCOPED_TRACE(each.rule);
    ExpectRule(each);
  }
}

void RulesCase::ExpectFindings(const std::vector<Placed>& placed) const {
  std::vector<std::string> rules;
  for (const Placed& each : placed) rules.emplace_back(each.what->rule);
  std::sort(rules.begin(), rules.end());
  rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
  const auto run_all = [&](const char* RuleCase::*statements) {
    for (const Placed& each : placed) {
      Run(absl::StrCat("SET search_path = ", each.schema, "; ", each.what->*statements));
    }
    return FindingsBy(rules);
  };
  const std::vector<Finding> healthy = run_all(&RuleCase::healthy);
  const std::vector<Finding> broken = run_all(&RuleCase::broken);
  for (const Placed& each : placed) {
    for (const Finding& finding : each.Own(broken)) RunRemedy(finding.remedy);
  }
  const std::vector<Finding> mended = FindingsBy(rules);
  for (const Placed& each : placed) {
    SCOPED_TRACE(each.what->rule);
    EXPECT_THAT(ObjectsOf(each.Own(healthy)), IsEmpty());
    EXPECT_THAT(ObjectsOf(each.Own(broken)), ElementsAreArray(each.what->objects));
    EXPECT_THAT(ObjectsOf(each.Own(mended)),
                ElementsAreArray(ObjectsWithoutStatement(each.Own(broken))))
        << "after the remedies";
  }
}

void RulesCase::ExpectRulesSideBySide(const std::vector<RuleCase>& cases) const {
  std::vector<Placed> placed;
  for (const RuleCase& each : cases) {
    if (major() < each.since) continue;
    placed.push_back({&each, absl::StrCat("case_", placed.size())});
    Run(absl::StrCat("CREATE SCHEMA ", placed.back().schema));
  }
  ExpectFindings(placed);
}

}  // namespace varve::testing
