#include "base/yaml_config.h"

#include "tests/support/matchers.h"
#include "varve/v1/collector_config.pb.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

TEST(YamlConfig, KeysFillTheMessage) {
  v1::CollectorConfig config;
  VARVE_ASSERT_OK(
      ParseYamlConfig("listen: 127.0.0.1:7447  # loopback\n"
                      "database: /var/lib/varve/varve.db\n"
                      "tls: {certificate: a.pem, key: \"a.key\"}\n",
                      "collector.yaml", config));
  EXPECT_EQ(config.listen(), "127.0.0.1:7447");
  EXPECT_EQ(config.database(), "/var/lib/varve/varve.db");
  EXPECT_EQ(config.tls().certificate(), "a.pem");
  EXPECT_EQ(config.tls().key(), "a.key");
}

TEST(YamlConfig, AnEmptyFileChangesNothing) {
  v1::CollectorConfig config;
  config.set_listen("kept");
  VARVE_ASSERT_OK(ParseYamlConfig("# nothing\n", "collector.yaml", config));
  EXPECT_EQ(config.listen(), "kept");
}

struct BadCase {
  const char* name;
  const char* text;
  const char* words;
};
class BadYaml : public ::testing::TestWithParam<BadCase> {};

TEST_P(BadYaml, IsRefusedWithItsLine) {
  v1::CollectorConfig config;
  EXPECT_THAT(ParseYamlConfig(GetParam().text, "c.yaml", config),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(GetParam().words)));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadYaml,
    ::testing::Values(
        BadCase{"UnknownKey", "listen: a\nlimt: 3\n",
                "c.yaml:2: unknown key 'limt'; the file takes listen, database, tls"},
        BadCase{"UnknownInner", "tls:\n  certificat: x\n", "c.yaml:2: unknown key 'certificat'"},
        BadCase{"Doubled", "listen: a\n\nlisten: b\n", "c.yaml:3: key 'listen' is given twice"},
        BadCase{"DoubledInner", "tls:\n  key: a\n  key: b\n", "c.yaml:3: key 'key' is given twice"},
        BadCase{"MapForScalar", "listen: {a: b}\n", "c.yaml:1: 'listen' must be a single value"},
        BadCase{"ListForMap", "tls: [a]\n", "c.yaml:1: 'tls' must be a map"},
        BadCase{"ScalarFile", "hello\n", "c.yaml:1: the file must be a map"},
        BadCase{"TagForText", "listen: !audit.keep\n",
                "c.yaml:1: 'listen': what begins with ! stands in quotes"},
        BadCase{"Syntax", "listen: [a\n", "c.yaml:2:"},
        BadCase{"SecondDocument", "listen: a\n---\ndatabase: x\n",
                "a second document begins; one file holds one"},
        BadCase{"Latin1", "listen: a\ndatabase: \"M\xFCller\"\n",
                "c.yaml:2: this line is not UTF-8"}),
    [](const auto& info) { return info.param.name; });

TEST(YamlConfig, AFileThatIsNotThereIsNamed) {
  v1::CollectorConfig config;
  EXPECT_THAT(ReadYamlConfig("/nonexistent/c.yaml", config),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("/nonexistent/c.yaml")));
}

TEST(YamlConfig, AFolderIsNoEmptyFile) {
  v1::CollectorConfig config;
  EXPECT_THAT(ReadYamlConfig("/tmp", config),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("/tmp: Is a directory")));
}

}  // namespace
}  // namespace varve
