#include "agent/daemon/options.h"

#include <fstream>

#include "tests/support/matchers.h"
#include "tests/support/variables.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::Of;
using testing::StatusIs;
using testing::TemporaryFolder;

class OptionsTest : public ::testing::Test {
 protected:
  // Flags that name a file of this content.
  AgentFlags File(const std::string& content) {
    AgentFlags flags;
    flags.config = folder_.Path("agent.yaml");
    std::ofstream(flags.config, std::ios::trunc) << content;
    return flags;
  }

  TemporaryFolder folder_;
};

TEST_F(OptionsTest, DefaultsStandWhereNothingIsSaid) {
  AgentFlags flags;
  flags.environment = "prod";
  const auto options = ResolveOptions(flags, Of({}));
  VARVE_ASSERT_OK(options);
  EXPECT_EQ(options->collector.address, "127.0.0.1:7447");
  EXPECT_EQ(options->collector.token_file, "");
  EXPECT_EQ(options->collector.ca, "");
  EXPECT_EQ(options->state, "/var/lib/varve-agent");
  EXPECT_EQ(options->schedule, absl::Hours(1));
  EXPECT_TRUE(options->sources.sources.empty());
}

constexpr char kFile[] =
    "environment: file\n"
    "labels: {tier: prod, region: eu}\n"
    "collector: file:1\n"
    "state: /file/state\n"
    "token_file: /file/token\n"
    "ca: /file/ca\n"
    "schedule: 2h\n";

TEST_F(OptionsTest, TheFileGoesBeforeTheDefaults) {
  const auto options = ResolveOptions(File(kFile), Of({}));
  VARVE_ASSERT_OK(options);
  EXPECT_EQ(options->environment, "file");
  ASSERT_EQ(options->labels.size(), 2u);
  EXPECT_EQ(options->labels[0].name(), "tier");
  EXPECT_EQ(options->collector.address, "file:1");
  EXPECT_EQ(options->collector.token_file, "/file/token");
  EXPECT_EQ(options->collector.ca, "/file/ca");
  EXPECT_EQ(options->state, "/file/state");
  EXPECT_EQ(options->schedule, absl::Hours(2));
}

TEST_F(OptionsTest, DatabasesAreOneWordOrAList) {
  const auto options =
      ResolveOptions(File("environment: prod\n"
                          "sources:\n"
                          "  - postgres: {name: a, url: 'postgresql:///a', databases: all}\n"
                          "  - postgres: {name: b, url: 'postgresql:///b', databases: [\"shop*\", "
                          "\"!x\"], cluster: false}\n"),
                     Of({}));
  VARVE_ASSERT_OK(options);
  const auto& sources = options->sources.sources;
  ASSERT_EQ(sources.size(), 2u);
  EXPECT_THAT(sources[0].postgres().databases(), ::testing::ElementsAre("all"));
  EXPECT_FALSE(sources[0].postgres().has_cluster());
  EXPECT_THAT(sources[1].postgres().databases(), ::testing::ElementsAre("shop*", "!x"));
  EXPECT_TRUE(sources[1].postgres().has_cluster());
  EXPECT_FALSE(sources[1].postgres().cluster());
}

TEST_F(OptionsTest, TheEnvironmentGoesBeforeTheFile) {
  const auto options = ResolveOptions(File(kFile), Of({{"VARVE_COLLECTOR", "variable:2"},
                                                       {"VARVE_TOKEN_FILE", "/variable/token"},
                                                       {"VARVE_CA", "/variable/ca"}}));
  VARVE_ASSERT_OK(options);
  EXPECT_EQ(options->collector.address, "variable:2");
  EXPECT_EQ(options->collector.token_file, "/variable/token");
  EXPECT_EQ(options->collector.ca, "/variable/ca");
}

TEST_F(OptionsTest, AVariableSetToNothingIsNotSet) {
  const auto options = ResolveOptions(File(kFile), Of({{"VARVE_COLLECTOR", ""}}));
  VARVE_ASSERT_OK(options);
  EXPECT_EQ(options->collector.address, "file:1");
}

TEST_F(OptionsTest, AFlagGoesBeforeEverything) {
  AgentFlags flags = File(kFile);
  flags.environment = "flag";
  flags.collector = "flag:3";
  flags.state = "/flag/state";
  flags.token_file = "/flag/token";
  flags.ca = "/flag/ca";
  flags.schedule = "15m";
  const auto options = ResolveOptions(
      flags, Of({{"VARVE_COLLECTOR", "variable:2"}, {"VARVE_TOKEN_FILE", "/variable/token"}}));
  VARVE_ASSERT_OK(options);
  EXPECT_EQ(options->environment, "flag");
  EXPECT_EQ(options->collector.address, "flag:3");
  EXPECT_EQ(options->collector.token_file, "/flag/token");
  EXPECT_EQ(options->collector.ca, "/flag/ca");
  EXPECT_EQ(options->state, "/flag/state");
  EXPECT_EQ(options->schedule, absl::Minutes(15));
}

TEST_F(OptionsTest, SourcesOfTheFileComeInItsOrder) {
  const auto options = ResolveOptions(File("environment: prod\n"
                                           "sources:\n"
                                           "  - redis: {url: \"redis://cache:6379\"}\n"
                                           "  - models: {name: app, modules: [shop.models]}\n"),
                                      Of({{"DATABASE_URL", "postgresql:///not-asked-for"}}));
  VARVE_ASSERT_OK(options);
  ASSERT_EQ(options->sources.sources.size(), 2u);
  EXPECT_EQ(options->sources.sources[0].redis().name(), "redis");
  EXPECT_EQ(options->sources.sources[1].models().name(), "app");
}

TEST_F(OptionsTest, WithoutSourcesTheEnvironmentNamesThem) {
  const auto options = ResolveOptions(
      File("environment: prod\n"),
      Of({{"DATABASE_URL", "postgresql://db/shop"}, {"VARVE_MODELS", "shop.models"}}));
  VARVE_ASSERT_OK(options);
  ASSERT_EQ(options->sources.sources.size(), 2u);
  EXPECT_TRUE(options->sources.sources[0].has_postgres());
  EXPECT_TRUE(options->sources.sources[1].has_models());
}

struct Refusal {
  const char* name;
  const char* file;
  const char* words;
};
class OptionsRefusalTest : public OptionsTest, public ::testing::WithParamInterface<Refusal> {};

TEST_P(OptionsRefusalTest, SaysWhatIsWrongAndWhere) {
  const auto options = ResolveOptions(File(GetParam().file), Of({}));
  EXPECT_THAT(options, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(GetParam().words)));
}

INSTANTIATE_TEST_SUITE_P(
    All, OptionsRefusalTest,
    ::testing::Values(
        Refusal{"NoEnvironment", "state: /x\n", "give --environment NAME"},
        Refusal{"OddEnvironment", "environment: ../etc\n", "write for example prod-eu"},
        Refusal{"UnknownKey", "environment: prod\nsedule: 1h\n",
                "agent.yaml:2: unknown key 'sedule'"},
        Refusal{"DoubledKey", "environment: prod\nstate: /a\nstate: /b\n", "agent.yaml:3: key"},
        Refusal{"NotYaml", "environment: [\n", "agent.yaml:2"},
        Refusal{"NotADuration", "environment: prod\nschedule: soon\n", "schedule: 'soon'"},
        Refusal{"TooOften", "environment: prod\nschedule: 500ms\n", "less than 1s"},
        Refusal{"DoubledLabel", "environment: prod\nlabels: [{name: a}, {name: a}]\n", "label 'a'"},
        Refusal{"ModelsTimeout",
                "environment: prod\nsources: [{models: {modules: [m], timeout: 60}}]\n",
                "timeout: '60' is not a duration"},
        Refusal{"ModelsVariable",
                "environment: prod\nsources: [{models: {modules: [m], environment: [x]}}]\n",
                "NAME=value"}),
    [](const auto& info) { return info.param.name; });

TEST_F(OptionsTest, AFileThatIsNotThereIsNamed) {
  AgentFlags flags;
  flags.config = folder_.Path("none.yaml");
  EXPECT_THAT(ResolveOptions(flags, Of({})),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("none.yaml")));
}

TEST_F(OptionsTest, ARefusalNeverQuotesAModelsVariable) {
  EXPECT_THAT(ResolveOptions(File("environment: prod\n"
                                  "sources: [{models: {modules: [m], environment: [s3cret]}}]\n"),
                             Of({})),
              StatusIs(absl::StatusCode::kInvalidArgument, Not(HasSubstr("s3cret"))));
}

}  // namespace
}  // namespace varve
