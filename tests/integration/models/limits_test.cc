// What a limit cuts off is never told as gone: models that were told before it stay, the rest is
// read from source, and coverage says which modules were not looked at whole.
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "agent/source/models/models_section.h"
#include "agent/source/models/reading.h"
#include "tests/integration/models/models_project.h"

namespace varve::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

// `count` models whose text is made while they run: a static read does not see it.
std::string Wordy(int count, const std::string& text) {
  std::string module = "from pydantic import BaseModel, Field\n\n\n";
  for (int i = 0; i < count; ++i) {
    absl::StrAppend(&module, "class M", 100 + i, "(BaseModel):\n    ", text, "\n    id: int\n\n\n");
  }
  return module;
}

TEST(AnAnswerThatIsTooLong, ClosesNoModule) {
  ModelsProject project;
  const std::string doc = "__doc__ = 'x' * (1 << 20)";
  project.Write("shop/__init__.py", "");
  project.Write("shop/a.py", Wordy(40, doc));
  project.Write("shop/b.py", Wordy(40, doc));
  const Section section = Gather(project.Config(PythonWithPydantic2(), {"shop"}));
  EXPECT_THAT(ModelsOf(section), SizeIs(80));
  EXPECT_EQ(LineOf(section, "shop.a", "M100")->line.seen->way, v1::WAY_RUN);
  EXPECT_EQ(LineOf(section, "shop.b", "M139")->line.seen->way, v1::WAY_STATIC);
  EXPECT_EQ(CoverageOf(section, "shop.a", "Gone"), v1::SIGHT_FAILED);
  EXPECT_EQ(CoverageOf(section, "shop.b", "Gone"), v1::SIGHT_FAILED);
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_PARTIAL);
  EXPECT_THAT(ErrorsOf(section), Contains(AllOf(HasSubstr("it answered more than 64 MiB"),
                                                HasSubstr("name fewer modules"))));
}

TEST(AnAnswerThatIsTooLong, OfAStaticReadClosesNoModuleEither) {
  ModelsProject project;
  const std::string doc = absl::StrCat("\"\"\"", std::string(1 << 20, 'x'), "\"\"\"");
  project.Write("m.py", Wordy(80, doc));
  ModelsConfig config = project.Config(PythonWithPydantic2(), {"m"});
  config.static_only = true;
  const Section section = Gather(config);
  EXPECT_THAT(ModelsOf(section), Not(IsEmpty()));
  EXPECT_EQ(CoverageOf(section, "m", "Gone"), v1::SIGHT_FAILED);
  EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_PARTIAL);
}

TEST(SchemasThatAreTooLarge, CostThemselvesAlone) {
  ModelsProject project;
  const std::string field = "text: str = Field('', json_schema_extra={'x': 'x' * ";
  project.Write("m.py", absl::StrCat(Wordy(12, field + "(6 << 20)})"),
                                     "class One(BaseModel):\n    ", field, "(13 << 20)})\n"));
  const Section section = Gather(project.Config(PythonWithPydantic2(), {"m"}));
  EXPECT_THAT(ModelsOf(section), SizeIs(13));
  EXPECT_EQ(LineOf(section, "m", "M111")->line.seen->way, v1::WAY_RUN);
  EXPECT_EQ(CoverageOf(section, "m", "Gone"), v1::SIGHT_CAPTURED);
  EXPECT_TRUE(LineOf(section, "m", "M106", v1::FACET_REPRESENTATION)->line.seen.has_value());
  EXPECT_EQ(LineOf(section, "m", "M111", v1::FACET_REPRESENTATION)->line.unseen, v1::SIGHT_FAILED);
  EXPECT_THAT(ErrorsOf(section),
              Contains(AllOf(StartsWith("making the JSON schema of m:M111 | too large"),
                             HasSubstr("name fewer modules"))));
  EXPECT_THAT(ErrorsOf(section), Contains(StartsWith("making the JSON schema of m:One | too large: "
                                                     "it is over 12 MiB")));
}

// Reads with limits that no configuration gives by themselves.
class Limited : public ::testing::Test {
 protected:
  Section Read(absl::Duration cpu, absl::Duration time) {
    ReadingPlan plan;
    plan.command.interpreter = PythonWithPydantic2();
    plan.command.folder = project_.folder();
    plan.command.environment = {"PATH=/usr/bin:/bin"};
    plan.command.cpu_limit = cpu;
    plan.path = {project_.folder()};
    plan.modules = {"shop"};
    plan.run_deadline = absl::Now() + time;
    plan.deadline = plan.run_deadline + absl::Seconds(20);
    reading_ = ReadModels(plan);
    ModelsSectionFacts facts;
    facts.name = "models";
    facts.interpreter = plan.command.interpreter;
    return ModelsSection(facts, reading_, *TestRedactor());
  }

  // Three models, of which the schema of the one in the middle does `deed`.
  void WriteShop(const std::string& deed) {
    project_.Write(
        "shop.py",
        absl::StrCat(
            "import time\nfrom pydantic import BaseModel\n", "class A(BaseModel):\n    id: int\n",
            "class M(BaseModel):\n    id: int\n",
            "    @classmethod\n    def __get_pydantic_json_schema__(cls, core, handler):\n",
            "        ", deed, "\n", "class Z(BaseModel):\n    id: int\n"));
  }

  void ExpectWhatWasToldIsKept(const Section& section) {
    EXPECT_THAT(ModelsOf(section), ElementsAre("shop:A", "shop:M", "shop:Z"));
    EXPECT_EQ(LineOf(section, "shop", "A")->line.seen->way, v1::WAY_RUN);
    EXPECT_EQ(LineOf(section, "shop", "Z")->line.seen->way, v1::WAY_STATIC);
    EXPECT_EQ(CoverageOf(section, "shop", "Gone"), v1::SIGHT_FAILED);
    EXPECT_EQ(section.header.status(), v1::SECTION_STATUS_PARTIAL);
  }

  ModelsProject project_;
  ModelsReading reading_;
};

TEST_F(Limited, ProcessorTimeIsToldAsSuchAndBlamesNoModule) {
  project_.Write("shop/__init__.py", "");
  project_.Write("shop/a.py", "from pydantic import BaseModel\nclass A(BaseModel):\n    id: int\n");
  project_.Write("shop/spin.py", "while True:\n    pass\n");
  const Section section = Read(absl::Seconds(2), absl::Seconds(60));
  EXPECT_EQ(reading_.runs, 2);  // the second one reads the source
  EXPECT_THAT(reading_.casualties, IsEmpty());
  EXPECT_THAT(ModelsOf(section), ElementsAre("shop.a:A"));
  EXPECT_THAT(ErrorsOf(section),
              ElementsAre(AllOf(HasSubstr("it used 2 s of processor time"),
                                HasSubstr("while importing shop.spin"),
                                HasSubstr("raise `timeout`"), Not(HasSubstr("memory")))));
  EXPECT_EQ(CoverageOf(section, "shop.a", "Gone"), v1::SIGHT_FAILED);
}

TEST_F(Limited, ModelsToldBeforeTheProcessorTimeWasOverStay) {
  WriteShop("while True: pass");
  ExpectWhatWasToldIsKept(Read(absl::Seconds(3), absl::Seconds(60)));
}

TEST_F(Limited, ModelsToldBeforeTheDeadlineStay) {
  WriteShop("time.sleep(600)");
  ExpectWhatWasToldIsKept(Read(absl::Seconds(60), absl::Seconds(8)));
}

TEST_F(Limited, OneEndedFromOutsideIsNotTakenForTheProcessorTime) {
  project_.Write("shop.py", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n");
  const Section section = Read(absl::Seconds(60), absl::Seconds(60));
  EXPECT_THAT(ErrorsOf(section),
              Contains(StartsWith("importing shop | the interpreter was ended by signal 9")));
}

}  // namespace
}  // namespace varve::testing
