// A change of a class: its kind, its bases, its members where it is an enum, and what people read.
#include "tests/integration/models/models_project.h"
#include "tests/integration/models/module_edit.h"
#include "tests/support/change_count.h"
#include "tests/support/matchers.h"

namespace varve::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

const ModuleEdit kClasses[] = {
    {"Base",
     0,
     "class Order(Base)",
     "class Order(Other)",
     {"m.Order structure bases: [m:Base] -> [m:Other]",
      "m.Order structure ancestors: [m:Base, pydantic:BaseModel] -> [m:Other, pydantic:BaseModel]"},
     {{"m.Order structure bases: [m:Base] -> [m:Other]"}}},
    {"BaseAdded",
     0,
     "class Base(BaseModel)",
     "class Mixed:\n    pass\n\n\nclass Base(Mixed, BaseModel)",
     {"m.Base structure bases: [pydantic:BaseModel] -> [m:Mixed, pydantic:BaseModel]",
      "m.Order structure ancestors: [m:Base, pydantic:BaseModel] -> [m:Base, m:Mixed, "
      "pydantic:BaseModel]"},
     {{"m.Base structure bases: [pydantic:BaseModel] -> [m:Mixed, pydantic:BaseModel]"}}},
    {"ModelAdded",
     0,
     "class Other(",
     "class Third(BaseModel):\n    x: int\n\n\nclass Other(",
     {"m.Third structure ADDED", "m.Third behaviour ADDED"}},
    {"ModelDropped",
     0,
     "@dataclass\nclass Part:\n    x: int\n    y: int = field(default=3)\n",
     "",
     {"m.Part structure REMOVED", "m.Part behaviour REMOVED"}},
    {"ModelWithin",
     0,
     "    count: int = 3\n",
     "    class Line(BaseModel):\n        x: int\n\n    count: int = 3\n",
     {"m.Order.Line structure ADDED", "m.Order.Line behaviour ADDED"}},
    {"DataclassToModel",
     0,
     "@dataclass\nclass Part:\n    x: int\n    y: int = field(default=3)",
     "class Part(BaseModel):\n    x: int\n    y: int = 3",
     {"m.Part structure kind: dataclass -> model",
      "m.Part structure bases:  -> [pydantic:BaseModel]"}},
    {"ModelToRoot",
     2,
     "class Other(BaseModel):\n    id: int\n",
     "class Other(RootModel[int]):\n    pass\n",
     {"m.Other structure kind: model -> root",
      "m.Other structure fields/id: int required yes nullable no -> ",
      "m.Other structure fields/root:  -> int required yes nullable no",
      "m.Other structure bases: [pydantic:BaseModel] -> [pydantic:RootModel]",
      "m.Other structure ancestors:  -> [pydantic:RootModel, pydantic:BaseModel, typing:Generic]"},
     {{"m.Other structure kind: model -> root",
       "m.Other structure fields/id: int required yes nullable no -> ",
       "m.Other structure fields/root:  -> int required yes nullable no",
       "m.Other structure bases: [pydantic:BaseModel] -> [pydantic:RootModel]"}}},
    {"ModelToRoot1",
     1,
     "class Other(BaseModel):\n    id: int\n",
     "class Other(BaseModel):\n    __root__: int\n",
     {"m.Other structure kind: model -> root",
      "m.Other structure fields/id: int required yes nullable no -> ",
      "m.Other structure fields/__root__:  -> int required yes nullable no"}},
    {"ModelToSettings",
     1,
     "class Other(BaseModel)",
     "class Other(BaseSettings)",
     {"m.Other structure kind: model -> settings",
      "m.Other structure bases: [pydantic:BaseModel] -> [pydantic:BaseSettings]",
      "m.Other structure ancestors:  -> [pydantic:BaseSettings, pydantic:BaseModel]"},
     {{"m.Other structure kind: model -> settings",
       "m.Other structure bases: [pydantic:BaseModel] -> [pydantic:BaseSettings]"}}},
    {"ModelToGeneric",
     2,
     "class Other(BaseModel)",
     "class Other(BaseModel, Generic[T])",
     {"m.Other structure bases: [pydantic:BaseModel] -> [pydantic:BaseModel, typing:Generic]"}},
    {"ClassDeprecated",
     2,
     "class Order(Base)",
     "@deprecated(\"use Bill\")\nclass Order(Base)",
     {"m.Order structure deprecated:  -> use Bill"}},
    {"BaseBefore",
     0,
     "class Order(Base)",
     "class Mixed:\n    pass\n\n\nclass Order(Mixed, Base)",
     {"m.Order structure bases: [m:Base] -> [m:Mixed, m:Base]",
      "m.Order structure ancestors: [m:Base, pydantic:BaseModel] -> [m:Mixed, m:Base, "
      "pydantic:BaseModel]"},
     {{"m.Order structure bases: [m:Base] -> [m:Mixed, m:Base]"}}},
    {"BaseInBetween",
     0,
     "class Other(BaseModel)",
     "class Other(Base)",
     {"m.Other structure bases: [pydantic:BaseModel] -> [m:Base]",
      "m.Other structure ancestors:  -> [m:Base, pydantic:BaseModel]"},
     {{"m.Other structure bases: [pydantic:BaseModel] -> [m:Base]"}}},
};

const ModuleEdit kEnums[] = {
    {"EnumMemberAdded",
     0,
     "    BAD = \"bad\"",
     "    BAD = \"bad\"\n    SO_SO = \"so\"",
     {"m.Mood structure members/SO_SO:  -> value json \"so\""}},
    {"EnumMemberRemoved",
     0,
     "    BAD = \"bad\"\n",
     "",
     {"m.Mood structure members/BAD: value json \"bad\" -> "}},
    {"EnumValue",
     0,
     "BAD = \"bad\"",
     "BAD = \"worse\"",
     {"m.Mood structure members/BAD/value: \"bad\" -> \"worse\""}},
    {"EnumOrder",
     0,
     "    GOOD = \"good\"\n    BAD = \"bad\"\n",
     "    BAD = \"bad\"\n    GOOD = \"good\"\n",
     {"m.Mood structure members: [GOOD, BAD] -> [BAD, GOOD]"}},
    {"EnumBase",
     0,
     "class Mood(str, enum.Enum)",
     "class Mood(enum.Enum)",
     {"m.Mood structure bases: [builtins:str, enum:Enum] -> [enum:Enum]"}},
    {"EnumDocs",
     0,
     "\"\"\"How it feels.\"\"\"",
     "\"\"\"What it feels.\"\"\"",
     {"m.Mood docs comment: How it feels. -> What it feels."}},
    {"EnumAdded",
     0,
     "class Base(",
     "class Size(enum.Enum):\n    S = 1\n\n\nclass Base(",
     {"m.Size structure ADDED"}},
    {"EnumsAlias",
     0,
     "    BAD = \"bad\"",
     "    BAD = \"bad\"\n    WORSE = \"bad\"",
     {"m.Mood structure members/WORSE:  -> value json \"bad\""}},
    {"EnumsMemberRenamed",
     0,
     "    BAD = \"bad\"",
     "    POOR = \"bad\"",
     {"m.Mood structure members/BAD: value json \"bad\" -> ",
      "m.Mood structure members/POOR:  -> value json \"bad\""}},
    {"EnumsValueMadeByItself",
     0,
     "BAD = \"bad\"",
     "BAD = enum.auto()",
     {"m.Mood structure members/BAD/value: \"bad\" -> \"1\""},
     {{"m.Mood structure members/BAD/value: \"bad\" -> enum.auto()"}}},
    {"EnumsDocsGone", 0, "    \"\"\"How it feels.\"\"\"\n", "", {"m.Mood docs REMOVED"}},
};

const ModuleEdit kDocs[] = {
    {"Description",
     0,
     "description=\"The name\"",
     "description=\"Its name\"",
     {"m.Order docs elements/field name/comment: The name -> Its name"}},
    {"Title",
     0,
     "description=\"The name\"",
     "description=\"The name\", title=\"Called\"",
     {"m.Order docs elements/title name:  -> comment Called"}},
    {"Examples",
     0,
     "description=\"The name\"",
     "description=\"The name\", examples=[\"Ann\", \"Bob\"]",
     {"m.Order docs elements/examples name:  -> comment [\"Ann\",\"Bob\"]"}},
    {"Docstring",
     0,
     "\"\"\"An order.\"\"\"",
     "\"\"\"The order.\"\"\"",
     {"m.Order docs comment: An order. -> The order."}},
    {"DocstringGone",
     0,
     "    \"\"\"An order.\"\"\"\n",
     "",
     {"m.Order docs comment: An order. -> "}},
    {"DescriptionGone",
     0,
     ", description=\"The name\"",
     "",
     {"m.Order docs elements/field name: comment The name -> "}},
    {"DescriptionAdded",
     0,
     "gt=0",
     "gt=0, description=\"What it costs\"",
     {"m.Order docs elements/field total:  -> comment What it costs"}},
    {"DocstringOfAComputedField",
     2,
     "return 2",
     "\"\"\"Twice.\"\"\"\n        return 2",
     {"m.Order docs elements/computed_field double:  -> comment Twice."}},
    {"DescriptionOfAComputedField",
     2,
     "@computed_field\n",
     "@computed_field(description=\"Twice.\")\n",
     {"m.Order docs elements/computed_field double:  -> comment Twice."}},
    {"DocstringAdded",
     0,
     "class Other(BaseModel):\n",
     "class Other(BaseModel):\n    \"\"\"Whose.\"\"\"\n",
     {"m.Other docs ADDED"}},
};

class ClassChange : public ::testing::TestWithParam<ModuleEdit> {};
INSTANTIATE_TEST_SUITE_P(Of, ClassChange, ::testing::ValuesIn(kClasses),
                         [](const auto& info) { return info.param.name; });

TEST_P(ClassChange, IsSeenAsItself) { ExpectSeen(GetParam()); }

class EnumChange : public ::testing::TestWithParam<ModuleEdit> {};
INSTANTIATE_TEST_SUITE_P(Of, EnumChange, ::testing::ValuesIn(kEnums),
                         [](const auto& info) { return info.param.name; });

TEST_P(EnumChange, IsSeenAsItself) { ExpectSeen(GetParam()); }

class DocsChange : public ::testing::TestWithParam<ModuleEdit> {};
INSTANTIATE_TEST_SUITE_P(Of, DocsChange, ::testing::ValuesIn(kDocs),
                         [](const auto& info) { return info.param.name; });

TEST_P(DocsChange, IsSeenAsItself) { ExpectSeen(GetParam()); }

// What only the library's JSON schema tells; source does not show it.
const ModuleEdit kRepresentations[] = {
    {"SchemaExtra", 2, "gt=0", "gt=0, json_schema_extra={\"x\": 1}", {}},
    {"SchemaExtraByAKeyword", 1, "gt=0", "gt=0, x=1", {}},
    {"SchemaByHand",
     2,
     "count: int = 3",
     "count: Annotated[int, WithJsonSchema({\"x\": 1})] = 3",
     {}},
};

class RepresentationChange : public ::testing::TestWithParam<ModuleEdit> {};
INSTANTIATE_TEST_SUITE_P(Of, RepresentationChange, ::testing::ValuesIn(kRepresentations),
                         [](const auto& info) { return info.param.name; });

TEST_P(RepresentationChange, IsSeenByARunAlone) {
  CountSingleChange();
  EXPECT_THAT(
      SeenOf(GetParam(), GetParam().generation, false),
      ElementsAre(AllOf(StartsWith("m.Order representation json_schema: "), HasSubstr("\"x\":1"))));
  EXPECT_THAT(SeenOf(GetParam(), GetParam().generation, true), IsEmpty());
}

// A file that is another kind of document; models of OpenAPI are of the module "openapi".
TEST(DocumentChange, IsSeenOfItsModelsAndEnums) {
  CountSingleChange();
  ModelsProject project;
  project.Write("openapi",
                R"js({"openapi": "3.1.0", "info": {"title": "s", "version": "1"}, "paths": {},
      "components": {"schemas": {
        "Order": {"type": "object", "title": "Order", "properties": {"x": {"type": "integer"}}},
        "Mood": {"type": "string", "title": "Mood", "enum": ["good", "bad"]}}},
      "$defs": {
        "Order": {"type": "object", "title": "Order", "properties": {"x": {"type": "integer"}}},
        "Mood": {"type": "string", "title": "Mood", "enum": ["good", "bad"]}}})js");
  ModelsConfig as_schema = project.Config("", {});
  as_schema.json_schemas = {"openapi"};
  ModelsConfig as_openapi = project.Config("", {});
  as_openapi.openapi = "openapi";
  const Section before = Gather(as_schema);
  EXPECT_THAT(ErrorsOf(before), IsEmpty());
  const Section after = Gather(as_openapi);
  EXPECT_THAT(ErrorsOf(after), IsEmpty());
  EXPECT_THAT(WithoutRepresentation(ChangesBetween(before, after)),
              ElementsAre("openapi.Order structure document: json_schema -> openapi",
                          "openapi.Mood structure document: json_schema -> openapi"));
}

}  // namespace
}  // namespace varve::testing
