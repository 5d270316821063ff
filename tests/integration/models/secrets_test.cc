// Secrets in models never leave the host: not by a run, not from source, not in an error.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "agent/source/models/json_text.h"
#include "tests/integration/models/models_project.h"

namespace varve::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Each secret holds the word hunter2.
constexpr char kModels[] = R"py(
from pydantic import BaseModel, Field, SecretStr


class Account(BaseModel):
    """Ask hunter2@example.org."""
    password: str = "hunter2"
    api_key: str = Field("hunter2-key", description="as of postgresql://app:hunter2@db/shop")
    hidden: SecretStr = SecretStr("hunter2")
    database: str = "postgresql://app:hunter2@db/shop"
    options: dict = {"token": "hunter2", "size": "xl"}


class Holder(BaseModel):
    account: Account = Account()
    passwords: list = ["hunter2"]
)py";

struct SecretsCase {
  int generation;
  bool is_static;
};
class ModelSecrets : public ::testing::TestWithParam<SecretsCase> {
 protected:
  Section GatherText(const std::string& text) {
    project_.Write("m.py", text);
    ModelsConfig config = project_.Config(
        GetParam().generation == 2 ? PythonWithPydantic2() : PythonWithPydantic1(), {"m"});
    config.static_only = GetParam().is_static;
    return Gather(config);
  }
  ModelsProject project_;
};
INSTANTIATE_TEST_SUITE_P(All, ModelSecrets,
                         ::testing::Values(SecretsCase{1, false}, SecretsCase{1, true},
                                           SecretsCase{2, false}, SecretsCase{2, true}),
                         [](const auto& info) {
                           return absl::StrCat("Pydantic", info.param.generation,
                                               info.param.is_static ? "Static" : "Run");
                         });

TEST_P(ModelSecrets, DoNotLeave) {
  const Section section = GatherText(kModels);
  EXPECT_THAT(ErrorsOf(section), IsEmpty());
  EXPECT_THAT(AllBytes(section), Not(HasSubstr("hunter2")));
  EXPECT_THAT(AllBytes(section), HasSubstr("‹masked›"));
  EXPECT_THAT(AllBytes(section), HasSubstr("xl"));
}

TEST_P(ModelSecrets, LeaveADigestThatShowsThatTheyChanged) {
  const Section before = GatherText(kModels);
  const Section after = GatherText(absl::StrReplaceAll(kModels, {{"hunter2", "hunter3"}}));
  const Seen& a = *LineOf(before, "m", "Account")->line.seen;
  const Seen& b = *LineOf(after, "m", "Account")->line.seen;
  EXPECT_EQ(a.shape, b.shape);
  EXPECT_EQ(a.digest.size(), 32u);
  EXPECT_EQ(a.key_id, b.key_id);
  EXPECT_NE(a.digest, b.digest);
}

constexpr char kAliases[] = R"py(
from typing import Literal
from pydantic import BaseModel, Field


class Login(BaseModel):
    password: str = Field("admin", alias="pw")


class User(BaseModel):
    """An admin, or else a guest."""
    role: Literal["admin", "guest"] = "admin"
    login: Login = Login()
)py";

TEST_P(ModelSecrets, OfOneModelFalsifyNoOther) {
  const Section section = GatherText(kAliases);
  if (GetParam().is_static) {
    EXPECT_EQ(LineOf(section, "m", "User", v1::FACET_REPRESENTATION), nullptr);
    return;
  }
  const Json user = Json::parse(SchemaOf(section, "m", "User"));
  EXPECT_EQ(user["properties"]["role"]["default"], "admin");
  EXPECT_EQ(user["properties"]["role"]["enum"], Json::parse(R"(["admin","guest"])"));
  const char* const defs = GetParam().generation == 2 ? "$defs" : "definitions";
  EXPECT_EQ(user[defs]["Login"]["properties"]["pw"]["default"], "‹masked›");
  EXPECT_EQ(Json::parse(SchemaOf(section, "m", "Login"))["properties"]["pw"]["default"],
            "‹masked›");
}

constexpr char kFactories[] = R"py(
import functools
import os
from pydantic import BaseModel, Field


def maker(secret):
    return lambda: secret


def now():
    return ""


class M(BaseModel):
    a: str = Field(default_factory=functools.partial(os.environ.get, "X", "hunter2"))
    b: str = Field(default_factory=maker("hunter2"))
    c: str = Field(default_factory=functools.partial(now))
    d: str = Field(default_factory={"x": lambda: "hunter2"}["x"])
    e: str = Field(default_factory=maker("hunter2") or now)
)py";

TEST_P(ModelSecrets, AreNotInTheNameOfAFactory) {
  const Section section = GatherText(kFactories);
  EXPECT_THAT(ErrorsOf(section), IsEmpty());
  EXPECT_THAT(AllBytes(section), Not(HasSubstr("hunter2")));
  const v1::ModelStructure model = StructureOf(section, "m", "M");
  EXPECT_EQ(FieldOf(model, "c").default_factory(), "functools.partial(m.now)");
  if (!GetParam().is_static) return;
  EXPECT_EQ(FieldOf(model, "a").default_factory(), "functools.partial(os.environ.get)");
  EXPECT_EQ(FieldOf(model, "b").default_factory(), "m.maker(…)");
}

TEST_P(ModelSecrets, AreNotInWhatAModuleRaises) {
  const Section section =
      GatherText("raise RuntimeError('no answer of postgresql://app:hunter2@db/shop')\n");
  EXPECT_THAT(AllBytes(section), Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace varve::testing
