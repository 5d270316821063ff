// What changes nothing of an application's models is no change.
#include <filesystem>

#include "tests/integration/models/models_project.h"
#include "tests/integration/models/module_edit.h"
#include "tests/support/change_count.h"

namespace varve::testing {
namespace {

using ::testing::IsEmpty;

const ModuleEdit kEdits[] = {
    {"Formatting", 0, "    count: int = 3\n", "    count :   int=(\n        3)\n\n", {}},
    {"Comments", 0, "    count: int = 3\n", "    # how many\n    count: int = 3  # or more\n", {}},
    {"ImportOrder", 0, "import enum\nimport uuid\n", "import uuid\nimport enum\n", {}},
    {"ImportAs",
     0,
     "from typing import Dict, List, Optional, Union\n",
     "import typing as t\nfrom typing import List, Optional, Union\n",
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
    {"FutureAnnotations",
     0,
     "import enum\n",
     "from __future__ import annotations\nimport enum\n",
     {}},
    {"ADocstringOfTheModule", 0, "import enum\n", "\"\"\"Orders.\"\"\"\nimport enum\n", {}},
    {"AnUnusedImport", 0, "import uuid\n", "import uuid\nimport json\n", {}},
    {"AnUnusedName", 0, "LIMIT = 50", "SPARE = 60\nLIMIT = 50", {}},
    {"AnUnusedClass", 0, "class Base(", "class Spare:\n    x: int = 1\n\n\nclass Base(", {}},
    {"WhatAProgramDoes",
     0,
     "LIMIT = 50",
     "LIMIT = 50\nif __name__ == \"__main__\":\n    LIMIT = 60\n",
     {}},
    {"WhatATypeCheckerSees", 0, "LIMIT = 50", "if False:\n    import json\nLIMIT = 50", {}},
    {"AFactorysBody", 0, "return datetime(2020", "return datetime(2021", {}},
    {"LinesOfACall", 0, "Field(None, gt=0)", "Field(\n        None,\n        gt=0,\n    )", {}},
    {"AKeywordForAPlace", 0, "Field(None, gt=0)", "Field(default=None, gt=0)", {}},
    {"ConstraintsInTheAnnotation",
     0,
     "total: Optional[Decimal] = Field(None, gt=0)",
     "total: Annotated[Optional[Decimal], Field(gt=0)] = None",
     {}},
    {"TextInParts", 0, "\"The name\"", "\"The \" \"name\"", {}},
    {"ARawText", 0, "\"^x\"", "r\"^x\"", {}},
    {"AnEscape", 0, "GOOD = \"good\"", "GOOD = \"\\u0067ood\"", {}},
    {"AHexadecimalNumber", 0, "count: int = 3", "count: int = 0x3", {}},
    {"QuotesOfADocstring", 0, "\"\"\"An order.\"\"\"", "'''An order.'''", {}},
    {"APrivateName", 0, "    count: int = 3\n", "    count: int = 3\n    _seen = 1\n", {}},
    {"APrivateAttribute",
     2,
     "    count: int = 3\n",
     "    count: int = 3\n    _seen: int = PrivateAttr(0)\n",
     {}},
    {"AVariableOfTheClass",
     0,
     "    count: int = 3\n",
     "    count: int = 3\n    MOST: ClassVar[int] = 4\n",
     {}},
    {"AProperty",
     0,
     "    count: int = 3\n",
     "    count: int = 3\n\n    @property\n    def size(self):\n        return 1\n\n    "
     "@classmethod\n    def make(cls):\n        return cls\n\n",
     {}},
    {"ASpecialMethod",
     0,
     "    count: int = 3\n",
     "    count: int = 3\n\n    def __str__(self):\n        return self.name\n\n",
     {}},
    {"AMethodOfAnEnum",
     0,
     "    BAD = \"bad\"\n",
     "    BAD = \"bad\"\n\n    def short(self):\n        return self.value[0]\n",
     {}},
    {"HowItIsPrinted", 0, "gt=0", "gt=0, repr=False", {}},
    {"HowADataclassIsPrinted", 0, "field(default=3)", "field(default=3, repr=False)", {}},
    {"HowADataclassIsSorted", 0, "@dataclass\n", "@dataclass(order=True)\n", {}},
    {"AnAliasThatIsTheName",
     0,
     "description=\"The name\"",
     "description=\"The name\", alias=\"name\"",
     {}},
    {"AnAliasSaidThrice",
     2,
     "alias=\"Code\"",
     "alias=\"Code\", serialization_alias=\"Code\", validation_alias=\"Code\"",
     {}},
    {"ConfigByAKeyword",
     2,
     "class Order(Base):\n    \"\"\"An order.\"\"\"\n    model_config = "
     "ConfigDict(extra=\"forbid\")\n",
     "class Order(Base, extra=\"forbid\"):\n    \"\"\"An order.\"\"\"\n",
     {}},
    {"ConfigAsADictionary", 2, "ConfigDict(extra=\"forbid\")", "{\"extra\": \"forbid\"}", {}},
    {"ASerializersBody", 2, "return str(value)", "return repr(value)", {}},
    {"AComputedFieldsBody", 2, "return 2 * self.count", "return self.count + self.count", {}},
    {"OrderOfFunctions1",
     1,
     "    @validator(\"name\")\n    def check(cls, value):\n        return value\n\n    "
     "@root_validator(skip_on_failure=True)\n    def whole(cls, values):\n        return values\n",
     "    @root_validator(skip_on_failure=True)\n    def whole(cls, values):\n        return "
     "values\n\n    @validator(\"name\")\n    def check(cls, value):\n        return value\n",
     {}},
};

class NoChange : public ::testing::TestWithParam<ModuleEdit> {};
INSTANTIATE_TEST_SUITE_P(By, NoChange, ::testing::ValuesIn(kEdits),
                         [](const auto& info) { return info.param.name; });

TEST_P(NoChange, IsNone) { ExpectNothingSeen(GetParam()); }

// Around the modules, not in them.
class Beside : public ::testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    project_.Write("m.py", ModuleOf(2));
    config_ = project_.Config(PythonWithPydantic2(), {"m"});
    config_.static_only = GetParam();
    before_ = Gather(config_);
    ASSERT_THAT(ErrorsOf(before_), IsEmpty());
  }
  void ExpectNoChange() {
    if (!GetParam()) CountActThatChangesNothing();  // once for both ways
    const Section after = Gather(config_);
    EXPECT_THAT(ErrorsOf(after), IsEmpty());
    EXPECT_THAT(ChangesBetween(before_, after), IsEmpty());
    EXPECT_EQ(after.header.manifest_hash(), before_.header.manifest_hash());
  }
  ModelsProject project_;
  ModelsConfig config_;
  Section before_;
};
INSTANTIATE_TEST_SUITE_P(Of, Beside, ::testing::Bool(),
                         [](const auto& info) { return info.param ? "Source" : "Run"; });

TEST_P(Beside, ASecondReadIsNoChange) { ExpectNoChange(); }

TEST_P(Beside, ATouchedFileIsNoChange) {
  const std::string file = project_.folder() + "/m.py";
  std::filesystem::last_write_time(file,
                                   std::filesystem::last_write_time(file) + std::chrono::hours(1));
  ExpectNoChange();
}

TEST_P(Beside, FilesThatAreNoModulesOfItAreNoChange) {
  project_.Write("notes.txt", "class Order: pass");
  project_.Write("other.py",
                 "from pydantic import BaseModel\nclass Order(BaseModel):\n    x: int\n");
  project_.Write("__pycache__/m.cpython-311.pyc", "stale");
  ExpectNoChange();
}

TEST_P(Beside, AnotherVariableOfTheEnvironmentIsNoChange) {
  config_.environment = {{"NOBODY_READS_IT", "1"}, {"PYTHONHASHSEED", "7"}};
  ExpectNoChange();
}

}  // namespace
}  // namespace varve::testing
