#include "tests/integration/models/module_edit.h"

#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/integration/models/models_project.h"
#include "tests/support/change_count.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

// What both generations share; words in capitals stand for what differs.
constexpr char kModule[] = R"py(import enum
import uuid
from dataclasses import field
from datetime import datetime
from decimal import Decimal
from typing import Dict, List, Optional, Union
from typing import Annotated, Any, ClassVar, Generic, Literal, Set, Tuple, TypeVar
from pydantic import BaseModel, Field, IMPORTED
from pydantic.dataclasses import dataclass

LIMIT = 50
T = TypeVar("T")


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


class Cat(BaseModel):
    kind: Literal["cat"] = "cat"


class Dog(BaseModel):
    kind: Literal["dog"] = "dog"


class Owner(BaseModel):
    pet: Union[Cat, Dog]


@dataclass
class Part:
    x: int
    y: int = field(default=3)


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


class Page(BaseModel, Generic[T]):
    items: List[T]


class Book(BaseModel):
    page: Page[int]
)py";

constexpr char kFunctions1[] = R"py(
    @validator("name")
    def check(cls, value):
        return value

    @root_validator(skip_on_failure=True)
    def whole(cls, values):
        return values
)py";

std::string PythonOf(int generation) {
  return generation == 2 ? PythonWithPydantic2() : PythonWithPydantic1();
}

const EditedModule& TheModule() {
  static const EditedModule module = {ModuleOf, PythonOf};
  return module;
}

Section Read(const std::string& python, bool is_static, const std::string& text) {
  ModelsProject project;
  ModelsConfig config = project.Config(python, {"m"});
  config.static_only = is_static;
  project.Write("m.py", text);
  Section section = Gather(config);
  EXPECT_THAT(ErrorsOf(section), IsEmpty());
  return section;
}

// A module as it is, read once.
const Section& Before(const EditedModule& module, int generation, bool is_static) {
  static std::map<std::pair<std::string, bool>, Section> sections;
  const std::string text = module.text(generation);
  const std::pair<std::string, bool> key(text, is_static);
  const auto at = sections.find(key);
  if (at != sections.end()) return at->second;
  return sections.emplace(key, Read(module.python(generation), is_static, text)).first->second;
}

bool IsOf(const ModuleEdit& edit, int generation) {
  return edit.generation == 0 || edit.generation == generation;
}

std::string Edited(const ModuleEdit& edit, std::string text) {
  const size_t at = text.find(edit.find);
  EXPECT_NE(at, std::string::npos) << "the module has no text\n" << edit.find;
  if (at == std::string::npos) return text;
  return text.replace(at, std::string(edit.find).size(), edit.replace);
}

std::vector<std::string> SeenOf(const ModuleEdit& edit, const EditedModule& module, int generation,
                                bool is_static) {
  const Section after =
      Read(module.python(generation), is_static, Edited(edit, module.text(generation)));
  return ChangesBetween(Before(module, generation, is_static), after);
}

}  // namespace

void PrintTo(const ModuleEdit& edit, std::ostream* out) { *out << edit.name; }

std::string ModuleOf(int generation) {
  if (generation == 2) {
    return absl::StrReplaceAll(
        kModule,
        {{"IMPORTED",
          "AfterValidator, AliasChoices, AliasPath, Base64Str, BeforeValidator, ConfigDict, "
          "FailFast, InstanceOf, Json, OnErrorOmit, PlainSerializer, PlainValidator, PrivateAttr, "
          "RootModel, SerializeAsAny, SkipValidation, StringConstraints, WithJsonSchema, "
          "WrapSerializer, WrapValidator, computed_field, field_serializer, field_validator, "
          "model_serializer, model_validator\nfrom typing_extensions import deprecated"},
         {"CONFIG", "model_config = ConfigDict(extra=\"forbid\")"},
         {"regex=", "pattern="},
         {"FUNCTIONS", kFunctions2}});
  }
  return absl::StrReplaceAll(
      kModule, {{"IMPORTED", "BaseSettings, StrictInt, constr, root_validator, validator"},
                {"CONFIG", "class Config:\n        extra = \"forbid\"\n"},
                {"FUNCTIONS", kFunctions1}});
}

Section ReadModule(int generation, bool is_static, const std::string& text) {
  return Read(PythonOf(generation), is_static, text);
}

std::vector<std::string> SeenOf(const ModuleEdit& edit, int generation, bool is_static) {
  return SeenOf(edit, TheModule(), generation, is_static);
}

std::vector<std::string> WithoutRepresentation(std::vector<std::string> lines) {
  std::vector<std::string> kept;
  for (std::string& line : lines) {
    if (!absl::StrContains(line, " representation ")) kept.push_back(std::move(line));
  }
  return kept;
}

void ExpectSeen(const ModuleEdit& edit) { ExpectSeen(edit, TheModule()); }

void ExpectSeen(const ModuleEdit& edit, const EditedModule& of) {
  CountSingleChange();
  for (const int generation : {1, 2}) {
    if (!IsOf(edit, generation)) continue;
    SCOPED_TRACE(absl::StrCat("Pydantic ", generation));
    EXPECT_THAT(WithoutRepresentation(SeenOf(edit, of, generation, false)),
                ElementsAreArray(edit.run));
    EXPECT_THAT(SeenOf(edit, of, generation, true),
                ElementsAreArray(edit.source.value_or(edit.run)));
  }
}

void ExpectNothingSeen(const ModuleEdit& edit) {
  CountActThatChangesNothing();
  for (const int generation : {1, 2}) {
    if (!IsOf(edit, generation)) continue;
    SCOPED_TRACE(absl::StrCat("Pydantic ", generation));
    EXPECT_THAT(SeenOf(edit, generation, false), IsEmpty());
    EXPECT_THAT(SeenOf(edit, generation, true), IsEmpty());
  }
}

}  // namespace varve::testing
