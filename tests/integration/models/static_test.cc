// Source that is read without running it: nothing of the application runs, and what is said is
// what a run says, as far as source can show it.
#include <filesystem>
#include <string>
#include <vector>

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

// Each field of that module is written in another way that people write fields in: what takes
// running is left open, and says so.
TEST(StaticRead, OfFieldsInAllWaysOfWritingSaysWhatARunSaysOrThatItIsNotKnown) {
  ModelsConfig config;
  config.python = PythonWithPydantic2();
  config.path = {FixtureFolder()};
  config.modules = {"shop.oddities"};
  const Section run = Gather(config);
  config.static_only = true;
  const Section source = Gather(config);
  EXPECT_THAT(ErrorsOf(run), ElementsAre(HasSubstr("the JSON schema of shop.oddities:Types")));
  EXPECT_THAT(ErrorsOf(source), IsEmpty());
  EXPECT_EQ(ModelsOf(source), ModelsOf(run));
  EXPECT_THAT(ChangesBetween(source, run), IsEmpty());
  EXPECT_THAT(ChangesBetween(run, source), IsEmpty());
}

// Names of what a field says that it does not know.
std::vector<std::string> UnknownOf(const v1::ModelField& field) {
  return {field.unknown().begin(), field.unknown().end()};
}

TEST(StaticRead, NamesWhatItDoesNotKnow) {
  ModelsProject project;
  project.Write("m.py", R"py(
from typing import Generic, TypeVar
from pydantic import BaseModel, ConfigDict, Field
from elsewhere import Mixin, camel, settings
T = TypeVar("T")
def made():
    return Field(default=3)
class Page(BaseModel, Generic[T]):
    item: T
class Tags(Page[int]):
    name: str = Field(**settings.of_names)
    size: int = Field(1, le=settings.most)
    code: int = made()
    text: str = Field("x", title=settings.title)
class Camel(BaseModel):
    model_config = ConfigDict(alias_generator=camel)
    first_name: str
class Mixed(Mixin, BaseModel):
    own: int
class Later(BaseModel):
    model_config = settings.config
    if settings.all:
        more: int
)py");
  ModelsConfig config = project.Config(PythonWithPydantic2(), {"m"});
  config.static_only = true;
  const Section section = Gather(config);
  const v1::ModelStructure tags = StructureOf(section, "m", "Tags");
  EXPECT_EQ(FieldOf(tags, "item").type(), "");
  EXPECT_THAT(UnknownOf(FieldOf(tags, "item")),
              ElementsAre("constraints", "type", "type_references"));
  EXPECT_EQ(FieldOf(StructureOf(section, "m", "Page"), "item").type(), "T");
  EXPECT_EQ(FieldOf(tags, "name").required(), v1::KNOWN_UNSPECIFIED);
  EXPECT_THAT(UnknownOf(FieldOf(tags, "name")), ElementsAre("alias", "constraints", "default"));
  EXPECT_THAT(UnknownOf(FieldOf(tags, "size")), ElementsAre("constraints"));
  EXPECT_EQ(FieldOf(tags, "code").required(), v1::KNOWN_UNSPECIFIED);
  EXPECT_THAT(ShapeOf(section, "m", "Tags", v1::FACET_DOCS).docs().unknown(),
              ElementsAre("elements"));
  EXPECT_THAT(UnknownOf(FieldOf(StructureOf(section, "m", "Camel"), "first_name")),
              ElementsAre("alias", "constraints"));
  EXPECT_THAT(StructureOf(section, "m", "Mixed").unknown(), ElementsAre("fields"));
  EXPECT_THAT(ShapeOf(section, "m", "Mixed", v1::FACET_BEHAVIOUR).model_behaviour().unknown(),
              ElementsAre("config", "functions"));
  EXPECT_THAT(StructureOf(section, "m", "Later").unknown(), ElementsAre("fields"));
  EXPECT_THAT(ShapeOf(section, "m", "Later", v1::FACET_BEHAVIOUR).model_behaviour().unknown(),
              ElementsAre("config"));
}

// `x = make()` is a field of Pydantic 1, of the type of what is made.
TEST(StaticRead, SaysWhereAFieldIsInferredFromWhatRunningWouldMake) {
  ModelsProject project;
  project.Write(
      "m.py",
      "import enum\nfrom pydantic import BaseModel, validator\nfrom elsewhere import make\n"
      "def same(value):\n    return value\n"
      "class A(BaseModel):\n    x = 3\n    y: int\n"
      "    check = validator('y', allow_reuse=True)(same)\n"
      "class B(A):\n    z = make()\n");
  ModelsConfig config = project.Config(PythonWithPydantic1(), {"m"});
  config.static_only = true;
  const Section section = Gather(config);
  EXPECT_THAT(StructureOf(section, "m", "A").unknown(), IsEmpty());
  EXPECT_THAT(StructureOf(section, "m", "B").unknown(), ElementsAre("fields"));
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

// Which Pydantic another interpreter has says nothing of the application's: of the two, one
// requires an Optional without a default and one does not.
TEST(StaticRead, ByAnotherInterpreterDoesNotTakeItsLibrariesForTheApplications) {
  ModelsProject project;
  project.Write("m.py",
                "from typing import Optional\nfrom pydantic import BaseModel\n"
                "class A(BaseModel):\n    x: Optional[int]\n    y: int\n");
  const Section section = Gather(project.Config("/nonexistent/python", {"m"}));
  const v1::ModelStructure model = StructureOf(section, "m", "A");
  EXPECT_EQ(FieldOf(model, "x").required(), v1::KNOWN_UNSPECIFIED);
  EXPECT_EQ(FieldOf(model, "x").nullable(), v1::KNOWN_YES);
  EXPECT_EQ(FieldOf(model, "y").required(), v1::KNOWN_YES);
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
