// Of every rule of models: silence where all fits, and no all-clear without a look.
#include <algorithm>

#include "absl/strings/match.h"
#include "tests/unit/snapshot/rules/model_cases.h"

namespace varve {
namespace {

using testing::Checked;
using ::testing::ElementsAre;
using testing::Findings;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::ModelsWith;
using testing::ModelWorld;
using testing::Unsaid;

std::vector<std::string> ModelRuleIds() {
  std::vector<std::string> ids;
  for (const Rule& rule : Rules()) {
    if (absl::StartsWith(rule.id, "model/")) ids.emplace_back(rule.id);
  }
  return ids;
}

CheckResult CheckedByModelRules(std::vector<Section> sections) {
  const auto result = Check(testing::Assemble(std::move(sections)), ModelRuleIds());
  EXPECT_THAT(result, IsOk());
  return result.ok() ? *result : CheckResult();
}

// Those that hold a model against its table: the others look at databases, or at how models were
// read.
std::vector<std::string> ComparingRuleIds() {
  std::vector<std::string> ids = ModelRuleIds();
  ids.erase(std::remove_if(ids.begin(), ids.end(),
                           [](const std::string& id) {
                             return id == "model/source-degraded" ||
                                    id == "model/table-without-model";
                           }),
            ids.end());
  return ids;
}

class ModelRules : public ::testing::TestWithParam<std::string> {};

TEST_P(ModelRules, CannotSayWithoutADatabase) {
  const CheckResult result = CheckedByModelRules({testing::Declared().Sections()[1]});
  EXPECT_THAT(Findings(result, GetParam()), IsEmpty());
  EXPECT_THAT(Unsaid(result, GetParam()), ElementsAre(": no PostgreSQL database was read"));
}

TEST_P(ModelRules, CannotSayOfAModelWhoseFieldsWereNotSeen) {
  const CheckResult result = CheckedByModelRules(
      {testing::Declared().Sections()[0], ModelsWith([](SectionBuilder& builder) {
         builder.AddUnseen({"model", {"shop", "Order"}}, v1::FACET_STRUCTURE, v1::SIGHT_FAILED);
       })});
  EXPECT_THAT(Findings(result, GetParam()), IsEmpty());
  EXPECT_THAT(Unsaid(result, GetParam()), ElementsAre("shop.Order: structure: failed"));
}

INSTANTIATE_TEST_SUITE_P(All, ModelRules, ::testing::ValuesIn(ComparingRuleIds()),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace_if(
                               name.begin(), name.end(),
                               [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
                           return name;
                         });

class ModelsThatFit : public ::testing::TestWithParam<ModelWorld (*)()> {};

TEST_P(ModelsThatFit, GiveNothing) {
  const CheckResult result = CheckedByModelRules(GetParam()().Sections());
  for (const Finding& finding : result.findings) {
    ADD_FAILURE() << finding.rule << " " << finding.object << ": " << finding.message;
  }
  for (const CannotSay& unsaid : result.cannot_say) {
    ADD_FAILURE() << unsaid.rule << " " << unsaid.object << ": " << unsaid.reason;
  }
}

INSTANTIATE_TEST_SUITE_P(All, ModelsThatFit,
                         ::testing::Values([] { return testing::NamedAlike(); }, testing::Declared,
                                           testing::Mapped,
                                           [] { return testing::NamedAlike("OrderCreate"); },
                                           [] { return testing::NamedAlike("OrderUpdate"); },
                                           [] { return testing::NamedAlike("OrderRead"); }));

TEST(ModelsOfAnotherTable, AreNotTheirConcern) {
  ModelWorld world = testing::NamedAlike("Invoice");
  world.AddField("whatever", "UUID");
  const CheckResult result = CheckedByModelRules(world.Sections());
  EXPECT_EQ(result.findings.size(), 2);
  EXPECT_THAT(Findings(result, "model/unmapped"),
              ElementsAre("info shop.Invoice: no table is called like it and has its fields"));
  EXPECT_THAT(Findings(result, "model/table-without-model"),
              ElementsAre("info public.orders: no model stands for it"));
}

}  // namespace
}  // namespace varve
