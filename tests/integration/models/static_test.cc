// Source that is read without running it: nothing of the application runs, and what is said is
// what a run says, as far as source can show it.
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "tests/integration/models/models_project.h"

namespace varve::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class StaticShop : public ::testing::TestWithParam<int> {
 protected:
  static Section Read(bool is_static) {
    ModelsConfig config;
    config.python = GetParam() == 2 ? PythonWithPydantic2() : PythonWithPydantic1();
    config.path = {FixtureFolder()};
    config.modules = {absl::StrCat("shop.v", GetParam())};
    config.static_only = is_static;
    return Gather(config);
  }
};
INSTANTIATE_TEST_SUITE_P(Pydantic, StaticShop, ::testing::Values(1, 2),
                         [](const auto& info) { return absl::StrCat(info.param); });

TEST_P(StaticShop, IsNoChangeAgainstTheShopThatRuns) {
  EXPECT_THAT(ChangesBetween(Read(false), Read(true)), IsEmpty());
  EXPECT_THAT(ChangesBetween(Read(true), Read(false)), IsEmpty());
}

TEST_P(StaticShop, SaysOfEveryLineThatItIsStatic) {
  const Section section = Read(true);
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_THAT(ErrorsOf(section), IsEmpty());
  ASSERT_FALSE(section.lines.empty());
  for (const ReadLine& line : section.lines) {
    ASSERT_TRUE(line.line.seen.has_value()) << DisplayName(line.line.key.entity);
    EXPECT_EQ(line.line.seen->way, v1::WAY_STATIC);
    EXPECT_NE(line.line.key.facet, v1::FACET_REPRESENTATION);
  }
}

constexpr char kMarks[] = R"py(
from pydantic import BaseModel
open("ran", "w").write("it ran")


class Bad(BaseModel):
    name: str
)py";

TEST(StaticRead, RunsNothingOfTheApplication) {
  ModelsProject project;
  project.Write("bad.py", kMarks);
  ModelsConfig config = project.Config(PythonWithPydantic2(), {"bad"});
  config.static_only = true;
  const Section section = Gather(config);
  EXPECT_THAT(ModelsOf(section), ElementsAre("bad:Bad"));
  EXPECT_FALSE(std::filesystem::exists(project.folder() + "/ran"));
}

// Python looks for modules beside a script first: there the application's own json.py stands.
TEST(StaticRead, RunsNoModuleOfTheApplicationThatIsCalledLikeOneOfPythons) {
  ModelsProject project;
  for (const char* name : {"json.py", "ast.py", "sitecustomize.py", "usercustomize.py"}) {
    project.Write(name, "open('ran', 'w').write('it ran')\n");
  }
  project.Write("m.py", "from pydantic import BaseModel\nclass A(BaseModel):\n    x: int\n");
  ModelsConfig config = project.Config(PythonWithPydantic2(), {"m"});
  config.static_only = true;
  config.environment = {{"PYTHONPATH", project.folder()}};
  EXPECT_THAT(ModelsOf(Gather(config)), ElementsAre("m:A"));
  EXPECT_FALSE(std::filesystem::exists(project.folder() + "/ran"));
}

TEST(StaticRead, SaysThatASchemaIsNotInTheSource) {
  ModelsProject project;
  project.Write("m.py", "from pydantic import BaseModel\nclass A(BaseModel):\n    x: int\n");
  ModelsConfig config = project.Config(PythonWithPydantic2(), {"m"});
  config.static_only = true;
  const absl::StatusOr<v1::Coverage> coverage = DecodeCoverage(Gather(config));
  VARVE_ASSERT_OK(coverage);
  EXPECT_EQ(CoveredAs(*coverage, "model", v1::FACET_STRUCTURE, {"m", "A"}), v1::SIGHT_CAPTURED);
  EXPECT_EQ(CoveredAs(*coverage, "model", v1::FACET_REPRESENTATION, {"m", "A"}),
            v1::SIGHT_NOT_SUPPORTED);
}

TEST(StaticRead, StandsInForAnInterpreterThatIsNotThere) {
  ModelsProject project;
  project.Write("m.py", "from pydantic import BaseModel\nclass A(BaseModel):\n    x: int\n");
  const Section section = Gather(project.Config("/nonexistent/python", {"m"}));
  EXPECT_THAT(ModelsOf(section), ElementsAre("m:A"));
  EXPECT_EQ(LineOf(section, "m", "A")->line.seen->way, v1::WAY_STATIC);
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_PARTIAL);
  EXPECT_THAT(
      ErrorsOf(section),
      Contains(AllOf(
          HasSubstr("/nonexistent/python"),
          HasSubstr(
              "set `python` of the models source (--python) to the application's interpreter"))));
}

TEST(MissingModule, OfWhichNothingIsThereIsUnavailable) {
  ModelsProject project;
  const Section section = Gather(project.Config(PythonWithPydantic2(), {"nowhere.models"}));
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_UNAVAILABLE);
  EXPECT_THAT(ErrorsOf(section), ElementsAre(AllOf(HasSubstr("nowhere.models"),
                                                   HasSubstr("add the folder that holds it"))));
}

TEST(MissingModule, BesideOneThatIsThereCostsItselfAlone) {
  ModelsProject project;
  project.Write("m.py", "from pydantic import BaseModel\nclass A(BaseModel):\n    x: int\n");
  const Section section = Gather(project.Config(PythonWithPydantic2(), {"m", "nowhere"}));
  EXPECT_THAT(ModelsOf(section), ElementsAre("m:A"));
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_PARTIAL);
  EXPECT_EQ(CoverageOf(section, "nowhere", "Any"), v1::SIGHT_FAILED);
  EXPECT_EQ(CoverageOf(section, "m", "Gone"), v1::SIGHT_CAPTURED);
  EXPECT_THAT(ErrorsOf(section), ElementsAre(HasSubstr("looking for module nowhere")));
}

TEST(NoModule, IsSaidAndNothingIsRun) {
  ModelsConfig config;
  config.python = "/nonexistent/python";
  const Section section = Gather(config);
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_UNAVAILABLE);
  EXPECT_THAT(ErrorsOf(section), ElementsAre(HasSubstr("no module is named")));
}

}  // namespace
}  // namespace varve::testing
