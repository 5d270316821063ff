// A read is given again while nothing that it leaned on has changed; whatever changes is read anew.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/integration/models/models_project.h"

namespace varve::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The application counts in a file how often it was imported.
class Watched : public ::testing::Test {
 protected:
  void SetUp() override {
    Write("counts.py", absl::StrCat("open('", counter_.Path("count"), "', 'a').write('x')\n"));
    Write("base.py", "from pydantic import BaseModel\nclass Base(BaseModel):\n    a: int\n");
    Write("m.py", "import counts\nfrom base import Base\nclass M(Base):\n    x: int\n");
    config_ = project_.Config(PythonWithPydantic2(), {"m"});
    Settle();
  }
  void Write(const std::string& file, const std::string& text) { project_.Write(file, text); }
  // Files that were changed just now are not yet trusted: their times could hide a second change.
  static void Settle() { absl::SleepFor(absl::Milliseconds(2100)); }
  Source& source() {
    if (source_ == nullptr) source_ = MakeModelsSource(config_, TestRedactor());
    return *source_;
  }
  Section Read() { return source().Gather({}).front(); }
  uintmax_t Imports() const {
    std::error_code error;
    const uintmax_t size = std::filesystem::file_size(counter_.Path("count"), error);
    return error ? 0 : size;
  }
  ModelsProject project_;
  TemporaryFolder counter_;
  ModelsConfig config_;
  std::unique_ptr<Source> source_;
};

TEST_F(Watched, NothingChangedGivesTheSameAndRunsNothing) {
  const Section first = Read();
  EXPECT_THAT(ErrorsOf(first), IsEmpty());
  const Section again = Read();
  EXPECT_EQ(Imports(), 1U);
  EXPECT_EQ(again.header.manifest_hash(), first.header.manifest_hash());
  EXPECT_EQ(again.measures->SerializeAsString(), first.measures->SerializeAsString());
}

TEST_F(Watched, AChangedModuleIsReadAnew) {
  Read();
  Write("m.py", "import counts\nfrom base import Base\nclass M(Base):\n    y: int\n");
  const Section second = Read();
  EXPECT_EQ(Imports(), 2U);
  EXPECT_EQ(FieldOf(StructureOf(second, "m", "M"), "y").type(), "int");
}

TEST_F(Watched, AModuleOutsideTheRootsThatWasImportedCountsToo) {
  Read();
  Write("base.py", "from pydantic import BaseModel\nclass Base(BaseModel):\n    a: str\n");
  EXPECT_EQ(FieldOf(StructureOf(Read(), "m", "M"), "a").type(), "str");
}

TEST_F(Watched, AChangeOfTheSameLengthAndTimeIsSeen) {
  Read();
  const auto before = std::filesystem::last_write_time(project_.folder() + "/base.py");
  Write("base.py", "from pydantic import BaseModel\nclass Base(BaseModel):\n    a: set\n");
  std::filesystem::last_write_time(project_.folder() + "/base.py", before);
  EXPECT_EQ(FieldOf(StructureOf(Read(), "m", "M"), "a").type(), "set");
}

TEST_F(Watched, TouchedFilesOfTheSameContentAreNoChange) {
  Read();
  Write("m.py", "import counts\nfrom base import Base\nclass M(Base):\n    x: int\n");
  Read();
  EXPECT_EQ(Imports(), 1U);
}

TEST_F(Watched, AModuleAddedOrGoneIsReadAnew) {
  config_.modules = {"pkg"};
  Write("pkg/__init__.py", "import counts\n");
  Write("pkg/a.py", "from pydantic import BaseModel\nclass A(BaseModel):\n    x: int\n");
  Settle();
  EXPECT_THAT(ModelsOf(Read()), ElementsAre("pkg.a:A"));
  Write("pkg/b.py", "from pydantic import BaseModel\nclass B(BaseModel):\n    x: int\n");
  EXPECT_THAT(ModelsOf(Read()), ElementsAre("pkg.a:A", "pkg.b:B"));
  std::filesystem::remove(project_.folder() + "/pkg/a.py");
  EXPECT_THAT(ModelsOf(Read()), ElementsAre("pkg.b:B"));
}

TEST_F(Watched, AChangeJustBeforeTheReadIsNotTrusted) {
  Write("m.py", "import counts\nfrom base import Base\nclass M(Base):\n    x: str\n");
  Read();
  Read();
  EXPECT_EQ(Imports(), 2U);
}

TEST_F(Watched, AnErrorIsLookedAtAgain) {
  config_.modules = {"m", "broken"};
  Write("broken.py", "raise ValueError('not today')\n");
  Settle();
  Read();
  Read();
  EXPECT_EQ(Imports(), 2U);
}

TEST_F(Watched, APackageInstalledForTheInterpreterIsReadAnew) {
  // A folder of distributions beside the application, as site-packages is.
  config_.environment = {{"PYTHONPATH", project_.folder() + "/lib"}};
  Write("lib/pydantic_extras-1.0.dist-info/METADATA", "");
  Settle();
  Read();
  std::filesystem::rename(project_.folder() + "/lib/pydantic_extras-1.0.dist-info",
                          project_.folder() + "/lib/pydantic_extras-1.1.dist-info");
  Read();
  EXPECT_EQ(Imports(), 2U);
}

TEST_F(Watched, TheSlowTimerReadsAnew) {
  config_.full_read_every = absl::ZeroDuration();
  Read();
  Read();
  EXPECT_EQ(Imports(), 2U);
}

TEST_F(Watched, ElsewhereToo) {
  config_.command = {"env", "-i", PythonWithPydantic2(), "-"};
  Read();
  Read();
  EXPECT_EQ(Imports(), 1U);
  Write("base.py", "from pydantic import BaseModel\nclass Base(BaseModel):\n    a: str\n");
  EXPECT_EQ(FieldOf(StructureOf(Read(), "m", "M"), "a").type(), "str");
}

TEST_F(Watched, OfSourceAloneToo) {
  config_.static_only = true;
  const Section first = Read();
  EXPECT_EQ(Read().measures->SerializeAsString(), first.measures->SerializeAsString());
  Write("base.py", "from pydantic import BaseModel\nclass Base(BaseModel):\n    a: str\n");
  EXPECT_EQ(FieldOf(StructureOf(Read(), "m", "M"), "a").type(), "str");
}

TEST_F(Watched, ADocumentIsAlwaysReadAnew) {
  Write(
      "s.json",
      "{\"title\": \"S\", \"type\": \"object\", \"properties\": {\"x\": {\"type\": \"string\"}}}");
  config_.json_schemas = {"s.json"};
  Settle();
  Read();
  Write(
      "s.json",
      "{\"title\": \"S\", \"type\": \"object\", \"properties\": {\"x\": {\"type\": \"integer\"}}}");
  EXPECT_EQ(FieldOf(StructureOf(Read(), "s.json", "S"), "x").type(), "int");
  EXPECT_EQ(Imports(), 1U);
}

}  // namespace
}  // namespace varve::testing
