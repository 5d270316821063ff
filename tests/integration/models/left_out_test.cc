// Modules that are not read are never told as gone: those left out by their names read as excluded,
// those beyond the most that are read as capped.
#include "absl/strings/str_cat.h"
#include "agent/source/models/models_section.h"
#include "tests/integration/models/models_project.h"

namespace varve::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kModel[] = "from pydantic import BaseModel\nclass A(BaseModel):\n    x: int\n";

class LeftOut : public ::testing::TestWithParam<bool> {
 protected:
  Section Read(const std::vector<std::string>& modules) {
    ModelsConfig config = project_.Config(PythonWithPydantic2(), modules);
    config.static_only = GetParam();
    return Gather(config);
  }
  ModelsProject project_;
};
INSTANTIATE_TEST_SUITE_P(All, LeftOut, ::testing::Bool(),
                         [](const auto& info) { return info.param ? "Static" : "Run"; });

TEST_P(LeftOut, ByNameIsExcludedAndNotGone) {
  project_.Write("shop/__init__.py", "");
  for (const char* const name : {"models", "test_models", "models_test", "wsgi", "tests/factories",
                                 "api/migrations/first", "testing"}) {
    project_.Write(absl::StrCat("shop/", name, ".py"), kModel);
  }
  const Section section = Read({"shop"});
  EXPECT_THAT(ModelsOf(section), ElementsAre("shop.models:A", "shop.testing:A"));
  for (const char* const name : {"shop.test_models", "shop.models_test", "shop.wsgi",
                                 "shop.tests.factories", "shop.api.migrations.first"}) {
    EXPECT_EQ(CoverageOf(section, name, "A"), v1::SIGHT_EXCLUDED) << name;
  }
  EXPECT_EQ(CoverageOf(section, "shop.models", "Gone"), v1::SIGHT_CAPTURED);
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_COMPLETE);
  EXPECT_THAT(section.coverage,
              AllOf(HasSubstr("left out by its name"), HasSubstr("name it in `modules`")));
}

TEST_P(LeftOut, IsReadWhereItIsNamed) {
  project_.Write("shop/__init__.py", "");
  project_.Write("shop/tests/factories.py", kModel);
  project_.Write("shop/wsgi.py", kModel);
  const Section section = Read({"shop", "shop.wsgi", "shop.tests"});
  EXPECT_THAT(ModelsOf(section), ElementsAre("shop.tests.factories:A", "shop.wsgi:A"));
  EXPECT_EQ(CoverageOf(section, "shop.wsgi", "Gone"), v1::SIGHT_CAPTURED);
  EXPECT_EQ(CoverageOf(section, "shop.tests.factories", "Gone"), v1::SIGHT_CAPTURED);
}

TEST(TooManyModules, AreCapped) {
  ModelsProject project;
  project.Write("shop/a.py", kModel);
  for (int i = 0; i < 20000; ++i) project.Write(absl::StrCat("shop/m", i, ".py"), "");
  ModelsConfig config = project.Config(PythonWithPydantic2(), {"shop"});
  config.static_only = true;
  const Section section = Gather(config);
  EXPECT_THAT(ModelsOf(section), ElementsAre("shop.a:A"));
  EXPECT_EQ(CoverageOf(section, "shop.m19999", "A"), v1::SIGHT_CAPPED);
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_PARTIAL);
  EXPECT_THAT(section.coverage, HasSubstr("there are more than 20000 modules below shop"));
}

// What was read of shop.a by a run, where its interpreter said that much of the list of modules.
Section WithList(std::optional<ProbeListed> listed) {
  ModelsReading reading;
  reading.modules["shop.a"].by = ModuleReading::By::kRun;
  reading.listed = std::move(listed);
  return ModelsSection({"models", "/usr/bin/python3"}, reading, *TestRedactor());
}

TEST(AListOfModules, ThatWasNotToldWholeClosesNothing) {
  EXPECT_EQ(CoverageOf(WithList(std::nullopt), "shop.b", "A"), v1::SIGHT_FAILED);
  EXPECT_EQ(CoverageOf(WithList(std::nullopt), "shop.a", "A"), v1::SIGHT_CAPTURED);
  EXPECT_EQ(CoverageOf(WithList(ProbeListed{}), "shop.b", "A"), v1::SIGHT_CAPTURED);
}

TEST(AListOfModules, WithAFolderThatCannotBeListedClosesNothingBelow) {
  const Section section = WithList(ProbeListed{{}, {"shop.closed"}});
  EXPECT_EQ(CoverageOf(section, "shop.closed.x", "A"), v1::SIGHT_FAILED);
  EXPECT_THAT(section.coverage, HasSubstr("the folder of shop.closed cannot be listed"));
}

}  // namespace
}  // namespace varve::testing
