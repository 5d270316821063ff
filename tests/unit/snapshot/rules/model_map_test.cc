#include "snapshot/rules/model_map.h"

#include "tests/unit/snapshot/rules/rule_cases.h"

namespace varve {
namespace {

// "shop.Order public.orders name page:<int>", "shop.Order app.gone rules file, not there".
std::vector<std::string> Traces(const v1::CheckConfig& file) {
  constexpr const char* kReasons[] = {"rules file", "mapper", "x-table", "name"};
  const auto traces = TraceModels(testing::SampleSnapshot(), file);
  if (!traces.ok()) return {std::string(traces.status().message())};
  std::vector<std::string> lines;
  for (const ModelTrace& trace : traces->traces) {
    std::string line = trace.model + " " + trace.table + " " +
                       kReasons[static_cast<size_t>(trace.reason)] +
                       (trace.is_there ? "" : ", not there");
    for (const std::string& key : trace.keys) line += " " + key;
    lines.push_back(std::move(line));
  }
  return lines;
}

constexpr char kEntity[] = "shop.entities.Entity public.canonical_entities mapper";
constexpr char kMinimal[] = "shop.models.SourceDocumentMinimal public.source_documents name";

TEST(TraceModels, FollowsMappersAndNames) {
  EXPECT_THAT(Traces({}), ::testing::ElementsAre(kEntity, kMinimal));
}

TEST(TraceModels, FollowsTheRulesFileFirst) {
  v1::CheckConfig file;
  v1::ModelSetting& setting = *file.add_models();
  setting.set_name("shop.models.*");
  setting.set_table("public.gone");
  EXPECT_THAT(Traces(file), ::testing::Contains("shop.models.SourceDocumentMinimal public.gone "
                                                "rules file, not there"));
}

TEST(TraceModels, HasTheKeysThatTheRulesFileDeclares) {
  v1::CheckConfig file;
  v1::DeclaredKeys& keys = *file.add_redis_keys();
  keys.set_pattern("entity:<uuid>");
  keys.set_model("shop.entities.Entity");
  EXPECT_THAT(Traces(file), ::testing::Contains(std::string(kEntity) + " entity:<uuid>"));
}

TEST(TraceModels, CountsAllModels) {
  const auto traces = TraceModels(testing::SampleSnapshot(), {});
  VARVE_ASSERT_OK(traces);
  EXPECT_GE(traces->models, traces->traces.size());
}

}  // namespace
}  // namespace varve
