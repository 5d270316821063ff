// Single changes of settings: what an application takes from its environment, and by which names.
#include <string>
#include <vector>

#include "tests/integration/models/models_project.h"
#include "tests/integration/models/module_edit.h"

namespace varve::testing {
namespace {

constexpr char kSettings1[] = R"py(from typing import Optional
from pydantic import BaseModel, BaseSettings, Field, SecretStr


class Pool(BaseModel):
    size: int = 5


class Shop(BaseSettings):
    url: str = Field("http://a", env="SHOP_URL")
    token: SecretStr
    pool: Pool = Pool()
    retries: Optional[int] = 3

    class Config:
        env_prefix = "SHOP_"
)py";

constexpr char kSettings2[] = R"py(from typing import Optional
from pydantic import AliasChoices, BaseModel, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Pool(BaseModel):
    size: int = 5


class Shop(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SHOP_")
    url: str = Field("http://a", validation_alias="SHOP_URL")
    token: SecretStr
    pool: Pool = Pool()
    retries: Optional[int] = 3
)py";

const EditedModule& TheSettings() {
  static const EditedModule module = {
      [](int generation) -> std::string { return generation == 1 ? kSettings1 : kSettings2; },
      [](int generation) {
        return generation == 1 ? PythonWithPydantic1() : PythonWith("settings");
      }};
  return module;
}

class SettingsChange : public ::testing::TestWithParam<ModuleEdit> {};

TEST_P(SettingsChange, IsSeenAsItself) {
  if (TheSettings().python(GetParam().generation).empty()) {
    GTEST_SKIP() << "no Python with pydantic-settings (tests/run.sh --matrix)";
  }
  ExpectSeen(GetParam(), TheSettings());
}

constexpr char kPrefix2[] = "env_prefix=\"SHOP_\"";
constexpr char kPrefix1[] = "env_prefix = \"SHOP_\"\n";

INSTANTIATE_TEST_SUITE_P(
    , SettingsChange,
    ::testing::ValuesIn(std::vector<ModuleEdit>{
        {"Prefix",
         2,
         kPrefix2,
         "env_prefix=\"STORE_\"",
         {"m.Shop behaviour config/env_prefix/value: \"SHOP_\" -> \"STORE_\""}},
        {"NestedDelimiter",
         2,
         kPrefix2,
         "env_prefix=\"SHOP_\", env_nested_delimiter=\"__\"",
         {"m.Shop behaviour config/env_nested_delimiter:  -> value \"__\""}},
        {"File",
         2,
         kPrefix2,
         "env_prefix=\"SHOP_\", env_file=\".env\"",
         {"m.Shop behaviour config/env_file:  -> value \".env\""}},
        {"Files",
         2,
         kPrefix2,
         "env_prefix=\"SHOP_\", env_file=(\".env\", \".env.local\")",
         {"m.Shop behaviour config/env_file:  -> value [\".env\",\".env.local\"]"}},
        {"FileEncoding",
         2,
         kPrefix2,
         "env_prefix=\"SHOP_\", env_file_encoding=\"latin-1\"",
         {"m.Shop behaviour config/env_file_encoding:  -> value \"latin-1\""}},
        {"CaseSensitive",
         2,
         kPrefix2,
         "env_prefix=\"SHOP_\", case_sensitive=True",
         {"m.Shop behaviour config/case_sensitive:  -> value true"}},
        {"IgnoreEmpty",
         2,
         kPrefix2,
         "env_prefix=\"SHOP_\", env_ignore_empty=True",
         {"m.Shop behaviour config/env_ignore_empty:  -> value true"}},
        {"NoneText",
         2,
         kPrefix2,
         "env_prefix=\"SHOP_\", env_parse_none_str=\"null\"",
         {"m.Shop behaviour config/env_parse_none_str:  -> value \"null\""}},
        {"SecretsFolder",
         2,
         kPrefix2,
         "env_prefix=\"SHOP_\", secrets_dir=\"/run/secrets\"",
         {"m.Shop behaviour config/secrets_dir:  -> value \"/run/secrets\""}},
        {"JsonFile",
         2,
         kPrefix2,
         "env_prefix=\"SHOP_\", json_file=\"shop.json\"",
         {"m.Shop behaviour config/json_file:  -> value \"shop.json\""}},
        {"ExtraIgnored",
         2,
         kPrefix2,
         "env_prefix=\"SHOP_\", extra=\"ignore\"",
         {"m.Shop behaviour config/extra:  -> value \"ignore\""}},
        {"DefaultsNotChecked",
         2,
         kPrefix2,
         "env_prefix=\"SHOP_\", validate_default=False",
         {"m.Shop behaviour config/validate_default:  -> value false"}},
        {"Variable",
         2,
         "validation_alias=\"SHOP_URL\"",
         "validation_alias=\"STORE_URL\"",
         {"m.Shop structure fields/url/alias: SHOP_URL -> STORE_URL"}},
        {"Variables",
         2,
         "validation_alias=\"SHOP_URL\"",
         "validation_alias=AliasChoices(\"SHOP_URL\", \"URL\")",
         {"m.Shop structure fields/url/alias: SHOP_URL -> ",
          "m.Shop structure fields/url/constraints/validation_alias:  -> value "
          "{\"choices\":[\"SHOP_URL\",\"URL\"]}"}},
        {"VariableByPrefix",
         2,
         "Field(\"http://a\", validation_alias=\"SHOP_URL\")",
         "\"http://a\"",
         {"m.Shop structure fields/url/alias: SHOP_URL -> "}},
        {"Default", 2, "\"http://a\"", "\"http://b\"", {"m.Shop structure masked part:  -> "}},
        {"Required",
         2,
         "retries: Optional[int] = 3",
         "retries: Optional[int]",
         {"m.Shop structure fields/retries/required: no -> yes",
          "m.Shop structure fields/retries/default: \"‹masked›\" -> ",
          "m.Shop structure masked part:  -> "}},
        {"NoSecret",
         2,
         "token: SecretStr",
         "token: str",
         {"m.Shop structure fields/token/type: SecretStr -> str"}},
        {"FieldAdded",
         2,
         "    token: SecretStr\n",
         "    token: SecretStr\n    key: SecretStr\n",
         {"m.Shop structure fields/key:  -> SecretStr required yes nullable no"}},
        {"FieldGone",
         2,
         "    token: SecretStr\n",
         "",
         {"m.Shop structure fields/token: SecretStr required yes nullable no -> "}},
        {"PartOfItsOwn",
         2,
         "size: int = 5",
         "size: int = 6",
         {"m.Pool structure fields/size/default: 5 -> 6", "m.Shop structure masked part:  -> "},
         {{"m.Pool structure fields/size/default: 5 -> 6"}}},
        {"PrefixBefore2",
         1,
         kPrefix1,
         "env_prefix = \"STORE_\"\n",
         {"m.Shop behaviour config/env_prefix/value: \"SHOP_\" -> \"STORE_\""}},
        {"FileBefore2",
         1,
         kPrefix1,
         "env_prefix = \"SHOP_\"\n        env_file = \".env\"\n",
         {"m.Shop behaviour config/env_file:  -> value \".env\""}},
        {"NestedDelimiterBefore2",
         1,
         kPrefix1,
         "env_prefix = \"SHOP_\"\n        env_nested_delimiter = \"__\"\n",
         {"m.Shop behaviour config/env_nested_delimiter:  -> value \"__\""}},
        {"CaseSensitiveBefore2",
         1,
         kPrefix1,
         "env_prefix = \"SHOP_\"\n        case_sensitive = True\n",
         {"m.Shop behaviour config/case_sensitive:  -> value true"}},
        {"SecretsFolderBefore2",
         1,
         kPrefix1,
         "env_prefix = \"SHOP_\"\n        secrets_dir = \"/run/secrets\"\n",
         {"m.Shop behaviour config/secrets_dir:  -> value \"/run/secrets\""}},
        {"VariableBefore2",
         1,
         "env=\"SHOP_URL\"",
         "env=\"STORE_URL\"",
         {"m.Shop structure fields/url/constraints/env/value: \"SHOP_URL\" -> \"STORE_URL\""}},
        {"VariablesBefore2",
         1,
         "env=\"SHOP_URL\"",
         "env=[\"SHOP_URL\", \"URL\"]",
         {"m.Shop structure fields/url/constraints/env/value: \"SHOP_URL\" -> "
          "[\"SHOP_URL\",\"URL\"]"}},
        {"VariableByPrefixBefore2",
         1,
         "Field(\"http://a\", env=\"SHOP_URL\")",
         "\"http://a\"",
         {"m.Shop structure fields/url/constraints/env: value \"SHOP_URL\" -> "}},
        {"DefaultBefore2",
         1,
         "\"http://a\"",
         "\"http://b\"",
         {"m.Shop structure masked part:  -> "}},
        {"RequiredBefore2",
         1,
         "retries: Optional[int] = 3",
         "retries: Optional[int] = ...",
         {"m.Shop structure fields/retries/required: no -> yes",
          "m.Shop structure fields/retries/default: \"‹masked›\" -> ",
          "m.Shop structure masked part:  -> "}},
    }),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace varve::testing
