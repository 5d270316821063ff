// What the source says of models is what their own interpreter says. The shop's modules are
// fixtures/shop/v1.py and fixtures/shop/v2.py.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "agent/source/models/json_text.h"
#include "tests/integration/models/models_project.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

ModelsConfig ShopConfig(const std::string& python, const std::string& module) {
  ModelsConfig config;
  config.python = python;
  config.path = {FixtureFolder()};
  config.modules = {module};
  return config;
}

Section Shop2() { return Gather(ShopConfig(PythonWithPydantic2(), "shop.v2")); }
Section Shop1() { return Gather(ShopConfig(PythonWithPydantic1(), "shop.v1")); }

// One line a field: "name: type required|optional nullable? default constraints".
std::string FieldLine(const v1::ModelField& field) {
  std::string line = absl::StrCat(field.name(), ": ", field.type());
  absl::StrAppend(&line, field.required() == v1::KNOWN_YES  ? " required"
                         : field.required() == v1::KNOWN_NO ? " optional"
                                                            : " ?");
  absl::StrAppend(&line, field.nullable() == v1::KNOWN_YES  ? " nullable"
                         : field.nullable() == v1::KNOWN_NO ? ""
                                                            : " nullable?");
  if (field.has_default_json()) absl::StrAppend(&line, " = ", field.default_json());
  if (field.has_default_factory()) absl::StrAppend(&line, " = ", field.default_factory(), "()");
  if (field.has_default_text()) absl::StrAppend(&line, " = <", field.default_text(), ">");
  if (!field.alias().empty()) absl::StrAppend(&line, " as ", field.alias());
  for (const v1::Option& option : field.constraints())
    absl::StrAppend(&line, " ", option.name(), ":", option.value());
  return line;
}

std::vector<std::string> FieldLines(const v1::ModelStructure& model) {
  std::vector<std::string> lines;
  for (const v1::ModelField& field : model.fields()) lines.push_back(FieldLine(field));
  return lines;
}

// What both generations say alike; `maybe` is where they differ.
std::vector<std::string> OrderFields(const std::string& module, const std::string& maybe) {
  return {"name: str required as Name max_length:50",
          "id: UUID optional = uuid.uuid4()",
          "total: Optional[Decimal] optional nullable = null gt:0 max_digits:10",
          "price: Decimal optional = \"1.10\"",
          "tags: dict[str, Tag] optional = {}",
          "scores: list[int] optional = [1,2] max_length:7",
          "mood: Mood optional = \"good\"",
          "size: Literal['s', 1] optional = 1",
          "code: Optional[Union[int, str]] optional nullable = 3",
          maybe,
          "anything: Any optional nullable = null",
          "secret: SecretStr optional = \"‹masked›\"",
          "count: int optional = 50 gt:0",
          absl::StrCat("created: datetime optional = ", module, ".now()"),
          "wait: timedelta optional = \"PT1H1.5S\"",
          "ids: list[int] optional = []",
          "page: Optional[Page[Tag]] optional nullable = null",
          "raw: dict optional = {}",
          "row: tuple[int, ...] optional = [1]"};
}

TEST(Pydantic2, SchemasAreWhatTheInterpreterPrints) {
  const Section section = Shop2();
  ASSERT_THAT(ErrorsOf(section), IsEmpty());
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
  for (const char* name : {"Tag", "Order", "Names", "Page", "Inner", "Inner.Deep"}) {
    const std::string said =
        PythonSays(PythonWithPydantic2(), FixtureFolder(),
                   absl::StrCat("import json, shop.v2\nprint(json.dumps(shop.v2.", name,
                                ".model_json_schema(), sort_keys=True))"));
    EXPECT_EQ(Json::parse(SchemaOf(section, "shop.v2", name)), Json::parse(said)) << name;
  }
}

TEST(Pydantic1, SchemasAreWhatTheInterpreterPrints) {
  const Section section = Shop1();
  ASSERT_THAT(ErrorsOf(section), IsEmpty());
  for (const char* name : {"Tag", "Order", "Page", "Names", "Inner", "Inner.Deep"}) {
    const std::string said =
        PythonSays(PythonWithPydantic1(), FixtureFolder(),
                   absl::StrCat("import json, shop.v1\nprint(json.dumps(shop.v1.", name,
                                ".schema(), sort_keys=True))"));
    EXPECT_EQ(Json::parse(SchemaOf(section, "shop.v1", name)), Json::parse(said)) << name;
  }
}

TEST(Pydantic2, FieldsOfAModelInDeclaredOrder) {
  EXPECT_EQ(FieldLines(StructureOf(Shop2(), "shop.v2", "Order")),
            OrderFields("shop.v2", "maybe: Optional[int] required nullable"));
}

TEST(Pydantic1, FieldsReadAlikeButWhereTheGenerationsDiffer) {
  EXPECT_EQ(FieldLines(StructureOf(Shop1(), "shop.v1", "Order")),
            OrderFields("shop.v1", "maybe: Optional[int] optional nullable = null"));
}

TEST(Pydantic2, FieldNamesAreThoseOfTheInterpreter) {
  const std::string said =
      PythonSays(PythonWithPydantic2(), FixtureFolder(),
                 "import shop.v2\nprint(' '.join(shop.v2.Order.model_fields))");
  const v1::ModelStructure order = StructureOf(Shop2(), "shop.v2", "Order");
  std::vector<std::string> names;
  for (const v1::ModelField& field : order.fields()) names.push_back(field.name());
  EXPECT_EQ(absl::StrJoin(names, " "), said);
}

TEST(Pydantic2, ConstraintsInsideATypeAreNamedByTheirPlace) {
  EXPECT_THAT(FieldLines(StructureOf(Shop2(), "shop.v2", "Inner.Deep")),
              ElementsAre("numbers: dict[str, list[int]] required [1].[0].gt:3"));
}

TEST(Pydantic1, ConstraintsInsideATypeAreNamedByTheirPlace) {
  EXPECT_THAT(FieldLines(StructureOf(Shop1(), "shop.v1", "Inner.Deep")),
              ElementsAre("numbers: dict[str, list[int]] required [1].[0].gt:3"));
}

TEST(Pydantic2, KindsAndBases) {
  const Section section = Shop2();
  EXPECT_EQ(StructureOf(section, "shop.v2", "Order").kind(), "model");
  EXPECT_THAT(StructureOf(section, "shop.v2", "Order").bases(), ElementsAre("shop.v2:Tag"));
  EXPECT_THAT(StructureOf(section, "shop.v2", "Tag").bases(), ElementsAre("pydantic:BaseModel"));
  EXPECT_EQ(StructureOf(section, "shop.v2", "Names").kind(), "root");
  EXPECT_THAT(StructureOf(section, "shop.v2", "Page").bases(),
              ElementsAre("pydantic:BaseModel", "typing:Generic"));
  EXPECT_EQ(FieldOf(StructureOf(section, "shop.v2", "Order"), "tags").type_references(0).names(1),
            "Tag");
}

TEST(Pydantic2, BehaviourNamesConfigAndFunctions) {
  const v1::ModelBehaviour behaviour =
      ShapeOf(Shop2(), "shop.v2", "Order", v1::FACET_BEHAVIOUR).model_behaviour();
  std::vector<std::string> lines;
  for (const v1::Option& option : behaviour.config())
    lines.push_back(option.name() + "=" + option.value());
  for (const v1::ModelFunction& function : behaviour.functions()) {
    lines.push_back(absl::StrCat(function.kind(), " ", function.name(), " ", function.mode(), " ",
                                 absl::StrJoin(function.fields(), ",")));
  }
  EXPECT_THAT(lines,
              ElementsAre("extra=\"forbid\"", "frozen=true", "computed_field double  ",
                          "field_validator check after id,total", "model_validator whole before "));
}

TEST(Pydantic1, ConfigReadsInTheWordsOfPydantic2) {
  const v1::ModelBehaviour behaviour =
      ShapeOf(Shop1(), "shop.v1", "Order", v1::FACET_BEHAVIOUR).model_behaviour();
  std::vector<std::string> lines;
  for (const v1::Option& option : behaviour.config())
    lines.push_back(option.name() + "=" + option.value());
  EXPECT_THAT(lines, ElementsAre("extra=\"forbid\"", "frozen=true"));
  ASSERT_EQ(behaviour.functions_size(), 2);
  EXPECT_EQ(behaviour.functions(0).name(), "check");
}

TEST(Pydantic2, DocsAreTheClassOwnAndItsFields) {
  const Section section = Shop2();
  const v1::Docs order = ShapeOf(section, "shop.v2", "Order", v1::FACET_DOCS).docs();
  EXPECT_EQ(order.comment(), "An order.\n\nOf several things.");
  ASSERT_EQ(order.elements_size(), 1);
  EXPECT_EQ(order.elements(0).part(), "field");
  EXPECT_EQ(order.elements(0).name(), "name");
  EXPECT_EQ(order.elements(0).comment(), "The word itself");
  EXPECT_EQ(LineOf(section, "shop.v2", "Page", v1::FACET_DOCS), nullptr);
}

TEST(Pydantic2, MeasuresSayWhereAModelStands) {
  const Section section = Shop2();
  const std::string line =
      PythonSays(PythonWithPydantic2(), FixtureFolder(),
                 "import inspect, shop.v2\nprint(inspect.getsourcelines(shop.v2.Order)[1])");
  std::map<std::string, std::string> found;
  for (const v1::EntityMeasures& entity : section.measures->entities()) {
    if (entity.identity().names_size() != 2 || entity.identity().names(1) != "Order") continue;
    for (const v1::Measure& measure : entity.measures()) {
      found[measure.name()] = measure.has_text() ? measure.text() : absl::StrCat(measure.number());
    }
  }
  EXPECT_EQ(found, (std::map<std::string, std::string>{
                       {"field_count", "19"}, {"file", "shop/v2.py"}, {"line", line}}));
}

TEST(Pydantic2, ServerNamesBothVersions) {
  const Section section = Shop2();
  const std::string said = PythonSays(PythonWithPydantic2(), FixtureFolder(),
                                      "import platform, pydantic\nprint('Python %s, Pydantic %s' % "
                                      "(platform.python_version(), pydantic.VERSION))");
  EXPECT_EQ(section.header.server(), said);
  EXPECT_EQ(section.header.address(), PythonWithPydantic2());
}

TEST(Pydantic2, TheV1InsideItIsReadBesideIt) {
  ModelsProject project;
  project.Write(
      "both.py",
      "import pydantic, pydantic.v1\nclass New(pydantic.BaseModel):\n    a: pydantic.PositiveInt\n"
      "class Old(pydantic.v1.BaseModel):\n    a: pydantic.v1.PositiveInt\n    b: "
      "pydantic.v1.constr(regex='^x')\n");
  const Section section = Gather(project.Config(PythonWithPydantic2(), {"both"}));
  EXPECT_THAT(FieldLines(StructureOf(section, "both", "New")), ElementsAre("a: int required gt:0"));
  EXPECT_THAT(FieldLines(StructureOf(section, "both", "Old")),
              ElementsAre("a: int required gt:0", "b: str required pattern:\"^x\""));
  EXPECT_THAT(StructureOf(section, "both", "Old").bases(), ElementsAre("pydantic:BaseModel"));
  EXPECT_THAT(section.header.server(), HasSubstr(", pydantic.v1 1.10."));
}

// Runs the same module under both generations.
class BothGenerations : public ::testing::TestWithParam<int> {
 protected:
  std::string Python() const {
    return GetParam() == 2 ? PythonWithPydantic2() : PythonWithPydantic1();
  }
  Section GatherModule(const std::string& text) {
    project_.Write("m.py", text);
    return Gather(project_.Config(Python(), {"m"}));
  }
  ModelsProject project_;
};
INSTANTIATE_TEST_SUITE_P(Pydantic, BothGenerations, ::testing::Values(1, 2),
                         [](const auto& info) { return absl::StrCat(info.param); });

TEST_P(BothGenerations, InfinityIsNoTrouble) {
  const Section section = GatherModule(
      "from pydantic import BaseModel\nclass M(BaseModel):\n    a: float = float('inf')\n    b: "
      "float = float('nan')\n");
  EXPECT_THAT(ErrorsOf(section), IsEmpty());
  EXPECT_THAT(FieldLines(StructureOf(section, "m", "M")),
              ElementsAre("a: float optional = {\"$float\":\"Infinity\"}",
                          "b: float optional = {\"$float\":\"NaN\"}"));
  EXPECT_EQ(Json::parse(SchemaOf(section, "m", "M"))["properties"]["a"]["default"],
            Json::parse("{\"$float\":\"Infinity\"}"));
}

TEST_P(BothGenerations, AFactoryIsNamedAndNeverCalled) {
  const Section section = GatherModule(
      "from pydantic import BaseModel, Field\ndef boom():\n    raise SystemExit('called')\nclass "
      "M(BaseModel):\n"
      "    a: str = Field(default_factory=boom)\n    b: list = Field(default_factory=lambda: "
      "boom())\n    c: list = Field(default_factory=list)\n");
  EXPECT_THAT(ErrorsOf(section), IsEmpty());
  EXPECT_THAT(FieldLines(StructureOf(section, "m", "M")),
              ElementsAre("a: str optional = m.boom()", "b: list optional = m.<lambda>()",
                          "c: list optional = list()"));
}

TEST_P(BothGenerations, NothingIsMadeOfAModel) {
  const Section section = GatherModule(R"py(
from pydantic import BaseModel
class Inner(BaseModel):
    x: int = 1
    def __init__(self, **values):
        open("made", "a").write("x")
        super().__init__(**values)
class M(BaseModel):
    inner: Inner = Inner()
    def __init__(self, **values):
        raise SystemExit("made")
)py");
  EXPECT_THAT(ErrorsOf(section), IsEmpty());
  EXPECT_THAT(FieldLines(StructureOf(section, "m", "M")),
              ElementsAre("inner: Inner optional = {\"x\":1}"));
  EXPECT_EQ(PythonSays(Python(), project_.folder(), "print(open('made').read())"), "x");
}

TEST_P(BothGenerations, EqualTypesReadAlikeHoweverTheyAreWritten) {
  const Section section = GatherModule(
      "import typing, datetime, uuid, decimal, collections.abc\nfrom typing import *\nfrom uuid "
      "import UUID\nfrom pydantic import BaseModel\n"
      "class M(BaseModel):\n    a1: List[int]\n    a2: list[int]\n    a3: typing.List[int]\n    "
      "a4: 'List[int]'\n"
      "    b1: Optional[UUID]\n    b2: uuid.UUID | None\n    b3: Union[None, UUID]\n    b4: "
      "Optional['UUID']\n"
      "    c1: Dict[str, Any]\n    c2: dict[str, typing.Any]\n    d1: Sequence[int]\n    d2: "
      "collections.abc.Sequence[int]\n"
      "    e1: Union[int, Union[str, None]]\n    e2: Optional[Union[int, str]]\n    f1: "
      "Type[int]\n    f2: type[int]\n"
      "    g1: Tuple[int, str]\n    g2: tuple[int, str]\n    h1: Set[datetime.date]\n    h2: "
      "set[datetime.date]\n");
  EXPECT_THAT(ErrorsOf(section), IsEmpty());
  const v1::ModelStructure model = StructureOf(section, "m", "M");
  std::map<char, std::string> types;
  for (const v1::ModelField& field : model.fields()) {
    const auto [at, is_new] = types.emplace(field.name()[0], field.type());
    EXPECT_EQ(at->second, field.type()) << field.name();
  }
  EXPECT_EQ(types, (std::map<char, std::string>{{'a', "list[int]"},
                                                {'b', "Optional[UUID]"},
                                                {'c', "dict[str, Any]"},
                                                {'d', "Sequence[int]"},
                                                {'e', "Optional[Union[int, str]]"},
                                                {'f', "type[int]"},
                                                {'g', "tuple[int, str]"},
                                                {'h', "set[date]"}}));
}

TEST_P(BothGenerations, SetsHaveOneOrder) {
  const std::string text =
      "from typing import Set, Dict\nfrom pydantic import BaseModel\nclass M(BaseModel):\n"
      "    a: Set[str] = {'pear', 'apple', 'fig', 'kiwi', 'plum'}\n    b: Dict[str, int] = {'z': "
      "1, 'a': 2}\n";
  project_.Write("m.py", text);
  ModelsConfig config = project_.Config(Python(), {"m"});
  std::vector<std::string> seen;
  for (const char* seed : {"0", "1", "2", "77"}) {
    config.environment = {{"PYTHONHASHSEED", seed}};
    const Section section = Gather(config);
    ASSERT_THAT(ErrorsOf(section), IsEmpty());
    seen.push_back(section.header.manifest_hash());
    EXPECT_EQ(FieldOf(StructureOf(section, "m", "M"), "a").default_json(),
              "[\"apple\",\"fig\",\"kiwi\",\"pear\",\"plum\"]");
    EXPECT_EQ(seen.front(), seen.back()) << "seed " << seed;
  }
}

TEST_P(BothGenerations, ASchemaThatCannotBeMadeCostsItselfAlone) {
  const Section section = GatherModule(
      "from pydantic import BaseModel\nclass Odd: pass\nclass M(BaseModel):\n    a: Odd\n    b: "
      "int\n" +
      std::string(GetParam() == 2 ? "    model_config = {'arbitrary_types_allowed': True}\n"
                                  : "    class Config:\n        arbitrary_types_allowed = True\n"));
  EXPECT_THAT(FieldLines(StructureOf(section, "m", "M")),
              ElementsAre("a: Odd required", "b: int required"));
  EXPECT_THAT(ErrorsOf(section), ElementsAre(HasSubstr("making the JSON schema of m:M")));
}

TEST_P(BothGenerations, ASchemaThatLeavesBySysExitCostsItselfAlone) {
  const Section section = GatherModule(
      "import sys\nfrom pydantic import BaseModel\nclass M(BaseModel):\n    b: int\n" +
      std::string(GetParam() == 2
                      ? "    @classmethod\n    def __get_pydantic_json_schema__(cls, core, "
                        "handler):\n        sys.exit(3)\n"
                      : "    class Config:\n        @staticmethod\n        def "
                        "schema_extra(schema):\n            sys.exit(3)\n"));
  EXPECT_EQ(LineOf(section, "m", "M")->line.seen->way, v1::WAY_RUN);
  EXPECT_THAT(ErrorsOf(section),
              ElementsAre(HasSubstr("making the JSON schema of m:M | SystemExit")));
}

TEST_P(BothGenerations, NamesThatTypeCheckingImportsAreFound) {
  project_.Write("other.py",
                 "from pydantic import BaseModel\nclass Other(BaseModel):\n    x: int\n");
  project_.Write("m.py",
                 "from __future__ import annotations\nfrom typing import TYPE_CHECKING, "
                 "Optional\nfrom pydantic import BaseModel\n"
                 "if TYPE_CHECKING:\n    from other import Other\nclass M(BaseModel):\n    o: "
                 "Optional[Other] = None\n");
  const Section section = Gather(project_.Config(Python(), {"m", "other"}));
  EXPECT_THAT(ErrorsOf(section), IsEmpty());
  EXPECT_EQ(FieldOf(StructureOf(section, "m", "M"), "o").type(), "Optional[Other]");
  EXPECT_THAT(SchemaOf(section, "m", "M"), HasSubstr("Other"));
}

TEST_P(BothGenerations, ModelsMadeByFunctionsAreFound) {
  const Section section = GatherModule(
      "from pydantic import BaseModel, create_model\nMade = create_model('Made', a=(int, 3))\n"
      "def make():\n    class Local(BaseModel):\n        b: str\n    return Local\nKept = "
      "make()\nTwice = make()\n");
  EXPECT_THAT(ModelsOf(section),
              ElementsAre("m:Made", "m:make.<locals>.Local", "m:make.<locals>.Local#2"));
}

TEST_P(BothGenerations, DataclassesAreModelsToo) {
  const Section section = GatherModule(
      "from pydantic import Field\nfrom pydantic.dataclasses import dataclass\n@dataclass\nclass "
      "D:\n    a: int\n    b: str = 'x'\n");
  EXPECT_THAT(ErrorsOf(section), IsEmpty());
  EXPECT_EQ(StructureOf(section, "m", "D").kind(), "dataclass");
  EXPECT_THAT(FieldLines(StructureOf(section, "m", "D")),
              ElementsAre("a: int required", "b: str optional = \"x\""));
  EXPECT_EQ(Json::parse(SchemaOf(section, "m", "D"))["required"], Json::parse("[\"a\"]"));
}

TEST_P(BothGenerations, NamesInUnicodeAreKept) {
  const Section section = GatherModule(
      "from pydantic import BaseModel\nclass Größe(BaseModel):\n    straße: str = 'Hauptstraße "
      "\\udc80'\n");
  EXPECT_THAT(ErrorsOf(section), IsEmpty());
  EXPECT_EQ(FieldOf(StructureOf(section, "m", "Größe"), "straße").default_json(),
            "\"Hauptstraße \\\\udc80\"");
}

TEST_P(BothGenerations, AThousandModels) {
  std::string text = "from typing import List, Optional\nfrom pydantic import BaseModel, Field\n";
  for (int i = 0; i < 1000; ++i) {
    absl::StrAppend(&text, "class M", i,
                    "(BaseModel):\n    id: int\n    name: Optional[str] = Field(None, max_length=",
                    i + 1, ")\n");
    if (i > 0) absl::StrAppend(&text, "    before: List[M", i - 1, "] = []\n");
    if (i % 50 == 0) absl::StrAppend(&text, "    pass\n");
    if (i % 10 == 0 && i > 0) text.replace(text.rfind("    before"), std::string::npos, "");
  }
  const Section section = GatherModule(text);
  EXPECT_THAT(ErrorsOf(section), IsEmpty());
  EXPECT_EQ(ModelsOf(section).size(), 1000U);
}

TEST(Models, TenThousandOfThem) {
  ModelsProject project;
  std::string text = "from pydantic import BaseModel\n";
  for (int i = 0; i < 10000; ++i)
    absl::StrAppend(&text, "class M", i, "(BaseModel):\n    id: int\n");
  project.Write("m.py", text);
  ModelsConfig config = project.Config(PythonWithPydantic2(), {"m"});
  config.timeout = absl::Minutes(5);
  config.stall_timeout = absl::Minutes(2);
  const Section section = Gather(config);
  EXPECT_THAT(ErrorsOf(section), IsEmpty());
  EXPECT_EQ(ModelsOf(section).size(), 10000U);
}

// The library's own settings of BaseSettings are more with each of its versions.
TEST(Settings, AreConfiguredByWhatTheApplicationSaysAlone) {
  const std::string python = PythonWith("settings");
  if (python.empty()) GTEST_SKIP() << "no Python with pydantic-settings (tests/run.sh --matrix)";
  ModelsProject project;
  project.Write("m.py",
                "from pydantic_settings import BaseSettings, SettingsConfigDict\n"
                "class S(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='SHOP_', "
                "extra='forbid', env_file='.env')\n    port: int = 80\n");
  ModelsConfig config = project.Config(python, {"m"});
  const Section run = Gather(config);
  EXPECT_THAT(ErrorsOf(run), IsEmpty());
  EXPECT_EQ(StructureOf(run, "m", "S").kind(), "settings");
  const v1::Shape behaviour = ShapeOf(run, "m", "S", v1::FACET_BEHAVIOUR);
  std::vector<std::string> lines;
  for (const v1::Option& option : behaviour.model_behaviour().config()) {
    lines.push_back(option.name() + "=" + option.value());
  }
  EXPECT_THAT(lines, ElementsAre("env_file=\".env\"", "env_prefix=\"SHOP_\""));
  config.static_only = true;
  EXPECT_THAT(ChangesBetween(Gather(config), run), IsEmpty());
}

TEST(Models, OneFileUnderTwoNamesCountsOnce) {
  ModelsProject project;
  project.Write("pkg/__init__.py", "");
  project.Write("pkg/models.py",
                "from pydantic import BaseModel\nclass A(BaseModel):\n    x: int\n");
  project.Write("pkg/use.py", "import models\n");
  ModelsConfig config = project.Config(PythonWithPydantic2(), {"pkg", "models"});
  config.path = {project.folder(), project.folder() + "/pkg"};
  const Section section = Gather(config);
  EXPECT_THAT(ModelsOf(section), ElementsAre("models:A"));
  EXPECT_THAT(ErrorsOf(section),
              ElementsAre(HasSubstr("its file is loaded under another name, too: pkg.models:A")));
}

TEST(Models, EqualNamesInTwoModulesAreTwoModels) {
  ModelsProject project;
  project.Write("a/__init__.py", "");
  project.Write("a/one.py", "from pydantic import BaseModel\nclass A(BaseModel):\n    x: int\n");
  project.Write("a/deep/two.py",
                "from pydantic import BaseModel\nclass A(BaseModel):\n    y: int\n");
  project.Write("a/tests/three.py", "raise RuntimeError('tests are no part of the application')\n");
  const Section section = Gather(project.Config(PythonWithPydantic2(), {"a"}));
  EXPECT_THAT(ErrorsOf(section), IsEmpty());
  EXPECT_THAT(ModelsOf(section), ElementsAre("a.deep.two:A", "a.one:A"));
}

// A model whose field is a list of lists, `depth` times.
std::string Nested(int depth) {
  return absl::StrCat("from pydantic import BaseModel\nT = int\nfor _ in range(", depth,
                      "):\n    T = list[T]\nclass M(BaseModel):\n    x: T\n");
}

TEST(Models, ASchemaIsToldDownTo200Levels) {
  ModelsProject project;
  project.Write("m.py", Nested(80));
  const Section deep = Gather(project.Config(PythonWithPydantic2(), {"m"}));
  EXPECT_THAT(ErrorsOf(deep), IsEmpty());
  EXPECT_THAT(SchemaOf(deep, "m", "M"), HasSubstr("\"type\":\"integer\""));
  EXPECT_EQ(deep.header.status(), v1::SECTION_STATUS_COMPLETE);

  project.Write(
      "m.py",
      "from pydantic import BaseModel, Field\nextra = {}\nfor _ in range(200):\n    extra "
      "= {'x': extra}\nclass M(BaseModel):\n    x: int = Field(json_schema_extra=extra)\n");
  const Section deeper = Gather(project.Config(PythonWithPydantic2(), {"m"}));
  EXPECT_THAT(ErrorsOf(deeper),
              ElementsAre(StartsWith("making the JSON schema of m:M | ValueError: "
                                     "nested too deep")));
  EXPECT_EQ(LineOf(deeper, "m", "M", v1::FACET_REPRESENTATION)->line.unseen, v1::SIGHT_FAILED);
}

TEST(Models, AGenericWithItsArgumentsCountsWhereSomethingNamesIt) {
  const Section section = Shop2();
  EXPECT_NE(LineOf(section, "shop.v2", "Page[Tag]"), nullptr);
  ModelsProject project;
  project.Write("m.py",
                "from typing import *\nfrom pydantic import BaseModel\nT = TypeVar('T')\nclass "
                "Page(BaseModel, Generic[T]):\n"
                "    x: T\nAlive = Page[int]\n");
  EXPECT_THAT(ModelsOf(Gather(project.Config(PythonWithPydantic2(), {"m"}))),
              ElementsAre("m:Page"));
}

}  // namespace
}  // namespace varve::testing
