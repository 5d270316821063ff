// What the source says of models is what their own interpreter says.
#include "absl/strings/str_cat.h"
#include "agent/source/models/json_text.h"
#include "tests/integration/models/models_project.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

ModelsConfig FixtureConfig(const std::string& python, const std::string& module) {
  ModelsConfig config;
  config.python = python;
  config.path = {FixtureFolder()};
  config.modules = {module};
  return config;
}

TEST(Pydantic2, SchemasAreWhatTheInterpreterPrints) {
  const Section section = Gather(FixtureConfig(PythonWithPydantic2(), "shop.v2"));
  ASSERT_THAT(ErrorsOf(section), IsEmpty());
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
  for (const char* name : {"Tag", "Order", "Names", "Page"}) {
    const std::string said =
        PythonSays(PythonWithPydantic2(), FixtureFolder(),
                   absl::StrCat("import json, shop.v2\nprint(json.dumps(shop.v2.", name,
                                ".model_json_schema(), sort_keys=True))"));
    EXPECT_EQ(Json::parse(SchemaOf(section, "shop.v2", name)), Json::parse(said)) << name;
  }
}

TEST(Pydantic1, SchemasAreWhatTheInterpreterPrints) {
  const Section section = Gather(FixtureConfig(PythonWithPydantic1(), "shop.v1"));
  ASSERT_THAT(ErrorsOf(section), IsEmpty());
  for (const char* name : {"Tag", "Order", "Page"}) {
    const std::string said =
        PythonSays(PythonWithPydantic1(), FixtureFolder(),
                   absl::StrCat("import json, shop.v1\nprint(json.dumps(shop.v1.", name,
                                ".schema(), sort_keys=True))"));
    EXPECT_EQ(Json::parse(SchemaOf(section, "shop.v1", name)), Json::parse(said)) << name;
  }
}

TEST(Pydantic2, ServerNamesBothVersions) {
  const Section section = Gather(FixtureConfig(PythonWithPydantic2(), "shop.v2"));
  const std::string said = PythonSays(PythonWithPydantic2(), FixtureFolder(),
                                      "import platform, pydantic\nprint('Python %s, Pydantic %s' % "
                                      "(platform.python_version(), pydantic.VERSION))");
  EXPECT_EQ(section.header.server(), said);
  EXPECT_EQ(section.header.address(), PythonWithPydantic2());
}

}  // namespace
}  // namespace varve::testing
