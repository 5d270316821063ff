#include "base/yaml_config.h"

#include "tests/support/matchers.h"
#include "varve/v1/check_config.pb.h"
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

TEST(YamlConfig, AMapFillsMessagesByTheirNames) {
  v1::CheckConfig config;
  VARVE_ASSERT_OK(
      ParseYamlConfig("models:\n"
                      "  shop.Order: public.orders\n"
                      "  shop.Ticket:\n"
                      "    role: read\n"
                      "    fields: {buyer: customer_id}\n"
                      "    ignore: [cache, total]\n"
                      "rules: {pg: off}\n",
                      "rules.yaml", config));
  ASSERT_EQ(config.models_size(), 2);
  EXPECT_EQ(config.models(0).name(), "shop.Order");
  EXPECT_EQ(config.models(0).table(), "public.orders");
  EXPECT_EQ(config.models(0).line(), 2);
  EXPECT_EQ(config.models(1).name(), "shop.Ticket");
  EXPECT_EQ(config.models(1).line(), 3);
  EXPECT_EQ(config.models(1).role(), v1::MODEL_USE_READ);
  ASSERT_EQ(config.models(1).fields_size(), 1);
  EXPECT_EQ(config.models(1).fields(0).name(), "buyer");
  EXPECT_EQ(config.models(1).fields(0).value(), "customer_id");
  EXPECT_EQ(config.models(1).fields(0).line(), 5);
  EXPECT_THAT(config.models(1).ignore(), ::testing::ElementsAre("cache", "total"));
  EXPECT_EQ(config.rules(0).value(), "off");
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

class BadNames : public ::testing::TestWithParam<BadCase> {};

TEST_P(BadNames, AreRefusedWithTheirLine) {
  v1::CheckConfig config;
  EXPECT_THAT(ParseYamlConfig(GetParam().text, "c.yaml", config),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(GetParam().words)));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadNames,
    ::testing::Values(
        BadCase{"NameBesideTheKey", "models:\n  a.B: {name: c}\n",
                "c.yaml:2: unknown key 'name'; 'models.a.B' takes table, role, fields, ignore, "
                "database"},
        BadCase{"UnknownRole", "models:\n  a.B:\n    role: reads\n",
                "c.yaml:3: 'models.a.B.role' is one of table, create, update, read, none, not "
                "'reads'"},
        BadCase{"Twice", "models:\n  a.B: t\n  a.B: u\n", "c.yaml:3: key 'a.B' is given twice"},
        BadCase{"ListOfAModel", "models:\n  a.B: [t]\n",
                "c.yaml:2: 'models' takes names with a text or a map"},
        BadCase{"NothingOfAModel", "models:\n  a.B:\n",
                "c.yaml:2: 'models' takes names with a text or a map"},
        BadCase{"MapOfARule", "rules:\n  pg: {a: b}\n",
                "c.yaml:2: 'rules' takes names with text values"}),
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
