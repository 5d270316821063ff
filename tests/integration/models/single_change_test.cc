// One change to a module is one change in the record: of that entity, that facet, that property;
// and what changes nothing is none. By a run of both generations, and by the static reader where
// source shows it.
#include <map>
#include <optional>
#include <ostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/integration/models/models_project.h"
#include "tests/support/change_count.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

// What both generations share; GENERATION stands for what differs.
constexpr char kModule[] = R"py(import enum
import uuid
from datetime import datetime
from decimal import Decimal
from typing import Dict, List, Optional, Union
from pydantic import BaseModel, Field, IMPORTED

LIMIT = 50


def now():
    return datetime(2020, 1, 1)


def later():
    return datetime(2030, 1, 1)


class Mood(str, enum.Enum):
    """How it feels."""
    GOOD = "good"
    BAD = "bad"


class Base(BaseModel):
    id: int


class Other(BaseModel):
    id: int


class Order(Base):
    """An order."""
    CONFIG
    name: str = Field(..., max_length=LIMIT, description="The name")
    count: int = 3
    code: str = Field("x", alias="Code", regex="^x")
    created: datetime = Field(default_factory=now)
    mood: Mood = Mood.GOOD
    total: Optional[Decimal] = Field(None, gt=0)
    items: List[int] = []
    owner: Optional[Other] = None
FUNCTIONS
)py";

constexpr char kFunctions2[] = R"py(
    @field_validator("name")
    @classmethod
    def check(cls, value):
        return value

    @model_validator(mode="after")
    def whole(self):
        return self

    @field_serializer("count")
    def spell(self, value):
        return str(value)

    @computed_field
    @property
    def double(self) -> int:
        return 2 * self.count
)py";

constexpr char kFunctions1[] = R"py(
    @validator("name")
    def check(cls, value):
        return value

    @root_validator(skip_on_failure=True)
    def whole(cls, values):
        return values
)py";

std::string ModuleOf(int generation) {
  if (generation == 2) {
    return absl::StrReplaceAll(
        kModule,
        {{"IMPORTED",
          "ConfigDict, computed_field, field_serializer, field_validator, model_validator"},
         {"CONFIG", "model_config = ConfigDict(extra=\"forbid\")"},
         {"regex=", "pattern="},
         {"FUNCTIONS", kFunctions2}});
  }
  return absl::StrReplaceAll(kModule, {{"IMPORTED", "root_validator, validator"},
                                       {"CONFIG", "class Config:\n        extra = \"forbid\"\n"},
                                       {"FUNCTIONS", kFunctions1}});
}

struct Case {
  const char* name;
  int generation;  // 0: both
  const char* find;
  const char* replace;
  std::vector<std::string> run;  // representation left out: the JSON schema is the library's
  std::optional<std::vector<std::string>> source = std::nullopt;  // where it is not what a run sees
};

void PrintTo(const Case& change, std::ostream* out) { *out << change.name; }

const Case kChanges[] = {
    {"FieldAdded",
     0,
     "    count: int = 3\n",
     "    count: int = 3\n    size: int = 1\n",
     {"m.Order structure fields/size:  -> int required no nullable no default json 1"}},
    {"FieldRemoved",
     0,
     "    items: List[int] = []\n",
     "",
     {"m.Order structure fields/items: list[int] required no nullable no default json [] -> "}},
    {"FieldMoved",
     0,
     "    items: List[int] = []\n    owner: Optional[Other] = None\n",
     "    owner: Optional[Other] = None\n    items: List[int] = []\n",
     {"m.Order structure fields: [id, name, count, code, created, mood, total, items, owner] -> "
      "[id, name, count, code, created, mood, total, owner, items]"}},
    {"Type",
     0,
     "count: int = 3",
     "count: float = 3",
     {"m.Order structure fields/count/type: int -> float"}},
    {"TypeInside",
     0,
     "items: List[int]",
     "items: List[str]",
     {"m.Order structure fields/items/type: list[int] -> list[str]"}},
    {"Nullable",
     0,
     "count: int = 3",
     "count: Optional[int] = 3",
     {"m.Order structure fields/count/type: int -> Optional[int]",
      "m.Order structure fields/count/nullable: no -> yes"}},
    {"Reference",
     0,
     "owner: Optional[Other]",
     "owner: Optional[Base]",
     {"m.Order structure fields/owner/type: Optional[Other] -> Optional[Base]",
      "m.Order structure fields/owner/type_references: [m.Other] -> [m.Base]"}},
    {"Default",
     0,
     "count: int = 3",
     "count: int = 4",
     {"m.Order structure fields/count/default: 3 -> 4"}},
    {"DefaultGone",
     0,
     "count: int = 3",
     "count: int",
     {"m.Order structure fields/count/required: no -> yes",
      "m.Order structure fields/count/default: 3 -> "}},
    {"DefaultOfAnEnum",
     0,
     "mood: Mood = Mood.GOOD",
     "mood: Mood = Mood.BAD",
     {"m.Order structure fields/mood/default: \"good\" -> \"bad\""}},
    {"Factory",
     0,
     "default_factory=now",
     "default_factory=later",
     {"m.Order structure fields/created/default: m.now -> m.later"}},
    {"FactoryForADefault",
     0,
     "count: int = 3",
     "count: int = Field(default_factory=int)",
     {"m.Order structure fields/count/default: 3 -> int"}},
    {"ConstraintChanged",
     0,
     "max_length=LIMIT",
     "max_length=51",
     {"m.Order structure fields/name/constraints/max_length/value: 50 -> 51"}},
    {"ConstraintByAConstant",
     0,
     "LIMIT = 50",
     "LIMIT = 60",
     {"m.Order structure fields/name/constraints/max_length/value: 50 -> 60"}},
    {"ConstraintAdded",
     0,
     "gt=0",
     "gt=0, max_digits=9",
     {"m.Order structure fields/total/constraints/max_digits:  -> value 9"}},
    {"ConstraintRemoved",
     0,
     "Field(None, gt=0)",
     "Field(None)",
     {"m.Order structure fields/total/constraints/gt: value 0 -> "}},
    {"Pattern",
     0,
     "\"^x\"",
     "\"^y\"",
     {"m.Order structure fields/code/constraints/pattern/value: \"^x\" -> \"^y\""}},
    {"Alias",
     0,
     "alias=\"Code\"",
     "alias=\"Kode\"",
     {"m.Order structure fields/code/alias: Code -> Kode"}},
    {"AliasGone", 0, "alias=\"Code\", ", "", {"m.Order structure fields/code/alias: Code -> "}},
    {"ValidationAlias",
     2,
     "alias=\"Code\"",
     "alias=\"Code\", validation_alias=\"In\"",
     {"m.Order structure fields/code/constraints/validation_alias:  -> value \"In\""}},
    {"SerializationAlias",
     2,
     "alias=\"Code\"",
     "alias=\"Code\", serialization_alias=\"Out\"",
     {"m.Order structure fields/code/constraints/serialization_alias:  -> value \"Out\""}},
    {"Strictness",
     2,
     "gt=0",
     "gt=0, strict=True",
     {"m.Order structure fields/total/constraints/strict:  -> value true"}},
    {"Frozen",
     2,
     "gt=0",
     "gt=0, frozen=True",
     {"m.Order structure fields/total/constraints/frozen:  -> value true"}},
    {"FrozenByConfig",
     1,
     "extra = \"forbid\"\n",
     "extra = \"forbid\"\n        allow_mutation = False\n",
     {"m.Order behaviour config/frozen:  -> value true"}},
    {"Excluded",
     0,
     "gt=0",
     "gt=0, exclude=True",
     {"m.Order structure fields/total/constraints/exclude:  -> value true"}},
    {"Deprecated",
     0,
     "description=\"The name\"",
     "description=\"The name\", deprecated=True",
     {"m.Order structure fields/name/deprecated:  -> true"}},
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
    {"Config",
     2,
     "extra=\"forbid\"",
     "extra=\"allow\"",
     {"m.Order behaviour config/extra/value: \"forbid\" -> \"allow\""}},
    {"Config1",
     1,
     "extra = \"forbid\"",
     "extra = \"allow\"",
     {"m.Order behaviour config/extra/value: \"forbid\" -> \"allow\""}},
    {"ConfigAdded",
     2,
     "extra=\"forbid\"",
     "extra=\"forbid\", strict=True",
     {"m.Order behaviour config/strict:  -> value true"}},
    {"Validator",
     0,
     "def check(",
     "def verify(",
     {"m.Order behaviour functions/field_validator check: fields [name] mode after -> ",
      "m.Order behaviour functions/field_validator verify:  -> fields [name] mode after"}},
    {"ValidatorsField",
     0,
     "validator(\"name\")",
     "validator(\"code\")",
     {"m.Order behaviour functions/field_validator check/fields: [name] -> [code]"}},
    {"ValidatorsMode",
     2,
     "@field_validator(\"name\")",
     "@field_validator(\"name\", mode=\"before\")",
     {"m.Order behaviour functions/field_validator check/mode: after -> before"}},
    {"ModelValidatorGone",
     2,
     "    @model_validator(mode=\"after\")\n    def whole(self):\n        return self\n",
     "",
     {"m.Order behaviour functions/model_validator whole: mode after -> "}},
    {"Serializer",
     2,
     "@field_serializer(\"count\")",
     "@field_serializer(\"code\")",
     {"m.Order behaviour functions/field_serializer spell/fields: [count] -> [code]"}},
    {"ComputedField",
     2,
     "def double(",
     "def twice(",
     {"m.Order behaviour functions/computed_field double: int -> ",
      "m.Order behaviour functions/computed_field twice:  -> int"}},
    {"ComputedFieldsType",
     2,
     "-> int:\n        return 2",
     "-> float:\n        return 2",
     {"m.Order behaviour functions/computed_field double/type: int -> float"}},
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
    {"ModelAdded",
     0,
     "class Other(",
     "class Third(BaseModel):\n    x: int\n\n\nclass Other(",
     {"m.Third structure ADDED", "m.Third behaviour ADDED"}},
};

// Edits that change nothing.
const Case kNothing[] = {
    {"Formatting", 0, "    count: int = 3\n", "    count :   int=(\n        3)\n\n", {}},
    {"Comments", 0, "    count: int = 3\n", "    # how many\n    count: int = 3  # or more\n", {}},
    {"ImportOrder", 0, "import enum\nimport uuid\n", "import uuid\nimport enum\n", {}},
    {"ImportAs",
     0,
     "from typing import Dict, List, Optional, Union\n",
     "import typing as t\nfrom typing import List, Optional\n",
     {}},
    {"SpellingOfAList", 0, "List[int]", "list[int]", {}},
    {"SpellingOfAnOptional", 0, "owner: Optional[Other]", "owner: Union[Other, None]", {}},
    {"SpellingOfAUnion", 0, "owner: Optional[Other]", "owner: Other | None", {}},
    {"SpellingAsText", 0, "owner: Optional[Other]", "owner: \"Optional[Other]\"", {}},
    {"SpellingOfADefault", 0, "count: int = 3", "count: int = Field(default=3)", {}},
    {"SpellingOfANumber", 0, "LIMIT = 50", "LIMIT = 5 * 10", {}},
    {"Quotes", 0, "description=\"The name\"", "description='The name'", {}},
    {"KeywordOrder", 0, "gt=0", "gt=0, title=None", {}},
    {"StrictnessThatNothingAsksFor", 2, "gt=0", "gt=0, strict=False", {}},
    {"ValidatorsBody",
     0,
     "        return value\n",
     "        assert value\n        return value\n",
     {}},
    {"ValidatorsOrder",
     2,
     "    @model_validator(mode=\"after\")\n    def whole(self):\n        return self\n\n"
     "    @field_serializer(\"count\")\n    def spell(self, value):\n        return str(value)\n",
     "    @field_serializer(\"count\")\n    def spell(self, value):\n        return str(value)\n\n"
     "    @model_validator(mode=\"after\")\n    def whole(self):\n        return self\n",
     {}},
    {"OrderOfClasses",
     0,
     "class Base(BaseModel):\n    id: int\n\n\nclass Other(BaseModel):\n    id: int\n",
     "class Other(BaseModel):\n    id: int\n\n\nclass Base(BaseModel):\n    id: int\n",
     {}},
    {"DocstringsIndentation", 0, "\"\"\"An order.\"\"\"", "\"\"\"\n    An order.\n    \"\"\"", {}},
    {"AMethod",
     0,
     "    count: int = 3\n",
     "    count: int = 3\n\n    def size(self):\n        return 1\n\n",
     {}},
};

Section Read(int generation, bool is_static, const std::string& module) {
  ModelsProject project;
  ModelsConfig config =
      project.Config(generation == 2 ? PythonWithPydantic2() : PythonWithPydantic1(), {"m"});
  config.static_only = is_static;
  project.Write("m.py", module);
  Section section = Gather(config);
  EXPECT_THAT(ErrorsOf(section), IsEmpty());
  return section;
}

// The module as it is, read once.
const Section& Before(int generation, bool is_static) {
  static std::map<std::pair<int, bool>, Section> sections;
  const std::pair<int, bool> key(generation, is_static);
  const auto at = sections.find(key);
  if (at != sections.end()) return at->second;
  return sections.emplace(key, Read(generation, is_static, ModuleOf(generation))).first->second;
}

// What is seen of the change to `after`, by a run or by source.
std::vector<std::string> Seen(int generation, bool is_static, const std::string& after) {
  return ChangesBetween(Before(generation, is_static), Read(generation, is_static, after));
}

std::string Changed(const std::string& module, const Case& change) {
  const size_t at = module.find(change.find);
  if (at == std::string::npos) return "";
  std::string changed = module;
  return changed.replace(at, std::string(change.find).size(), change.replace);
}

std::vector<std::string> WithoutRepresentation(std::vector<std::string> lines) {
  std::vector<std::string> kept;
  for (std::string& line : lines) {
    if (line.find(" representation ") == std::string::npos) kept.push_back(std::move(line));
  }
  return kept;
}

class OneChange : public ::testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(Of, OneChange, ::testing::ValuesIn(kChanges),
                         [](const auto& info) { return info.param.name; });

TEST_P(OneChange, IsSeenAsItself) {
  CountSingleChange();
  for (const int generation : {1, 2}) {
    const std::string module = ModuleOf(generation);
    const std::string changed = Changed(module, GetParam());
    if (GetParam().generation != 0 && GetParam().generation != generation) continue;
    if (changed.empty() && GetParam().generation == 0) continue;
    ASSERT_NE(changed, "") << "the module of generation " << generation << " has no such text";
    SCOPED_TRACE(absl::StrCat("Pydantic ", generation));
    EXPECT_THAT(WithoutRepresentation(Seen(generation, false, changed)),
                ElementsAreArray(GetParam().run));
    EXPECT_THAT(Seen(generation, true, changed),
                ElementsAreArray(GetParam().source.value_or(GetParam().run)));
  }
}

// strict=False on a field says nothing by itself; under a strict configuration it is an exception.
TEST(StrictnessOfAField, IsToldWhereTheConfigurationIsStrict) {
  const std::string strict =
      absl::StrReplaceAll(ModuleOf(2), {{"extra=\"forbid\"", "extra=\"forbid\", strict=True"}});
  const std::string but_one = absl::StrReplaceAll(strict, {{"gt=0", "gt=0, strict=False"}});
  for (const bool is_static : {false, true}) {
    EXPECT_THAT(WithoutRepresentation(
                    ChangesBetween(Read(2, is_static, strict), Read(2, is_static, but_one))),
                ElementsAreArray({"m.Order structure fields/total/constraints/strict:  -> value "
                                  "false"}));
  }
}

class NoChange : public ::testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(By, NoChange, ::testing::ValuesIn(kNothing),
                         [](const auto& info) { return info.param.name; });

TEST_P(NoChange, IsNone) {
  CountActThatChangesNothing();
  for (const int generation : {1, 2}) {
    if (GetParam().generation != 0 && GetParam().generation != generation) continue;
    const std::string module = ModuleOf(generation);
    const std::string changed = Changed(module, GetParam());
    ASSERT_NE(changed, "");
    SCOPED_TRACE(absl::StrCat("Pydantic ", generation));
    EXPECT_THAT(Seen(generation, false, changed), IsEmpty());
    EXPECT_THAT(Seen(generation, true, changed), IsEmpty());
  }
}

}  // namespace
}  // namespace varve::testing
