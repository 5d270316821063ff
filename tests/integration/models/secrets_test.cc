// Secrets in models never leave the host: not by a run, not from source, not in an error.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
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

TEST_P(ModelSecrets, AreNotInWhatAModuleRaises) {
  const Section section =
      GatherText("raise RuntimeError('no answer of postgresql://app:hunter2@db/shop')\n");
  EXPECT_THAT(AllBytes(section), Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace varve::testing
