// The same modules under several released versions of Pydantic: the same structure, behaviour and
// docs. What the library prints itself, the representation, may differ. And under no hash seed do
// they differ from themselves.
#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/integration/models/models_project.h"

namespace varve::testing {
namespace {

using ::testing::IsEmpty;

// The shop, but for what 2.5 refuses: digits of an Optional[Decimal].
class Shop {
 public:
  Shop() {
    for (const char* module : {"v1", "v2"}) {
      std::ifstream file(absl::StrCat(FixtureFolder(), "/shop/", module, ".py"));
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      project_.Write(absl::StrCat("shop/", module, ".py"),
                     absl::StrReplaceAll(text, {{", max_digits=10", ""}}));
    }
  }
  ModelsConfig Config(const std::string& python, int generation) const {
    return project_.Config(python, {absl::StrCat("shop.v", generation)});
  }

 private:
  ModelsProject project_;
};

// Lines of differences that are not of the representation; what must be none.
std::vector<std::string> Differences(const Section& a, const Section& b) {
  std::vector<std::string> kept;
  for (const std::string& line : ChangesBetween(a, b)) {
    if (line.find(" representation ") == std::string::npos) kept.push_back(line);
  }
  return kept;
}

class Versions : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    python_ = PythonWith(GetParam());
    if (python_.empty())
      GTEST_SKIP() << "no Python with " << GetParam() << " (tests/run.sh --matrix)";
  }
  int generation() const { return std::string(GetParam()) == "pydantic-1.10" ? 1 : 2; }
  std::string python_;
  Shop shop_;
};
INSTANTIATE_TEST_SUITE_P(Of, Versions,
                         ::testing::Values("pydantic-1.10", "pydantic-2.5", "pydantic-2.8",
                                           "pydantic-2.11", "pydantic-newest"),
                         [](const auto& info) {
                           std::string name = info.param;
                           for (char& c : name) c = c == '-' || c == '.' ? '_' : c;
                           return name;
                         });

TEST_P(Versions, TellTheSameOfTheSameModule) {
  const std::string reference = generation() == 1 ? PythonWithPydantic1() : PythonWithPydantic2();
  const Section ours = Gather(shop_.Config(python_, generation()));
  EXPECT_THAT(ErrorsOf(ours), IsEmpty());
  EXPECT_THAT(Differences(Gather(shop_.Config(reference, generation())), ours), IsEmpty());
}

TEST_P(Versions, AreSeenAlikeBySource) {
  ModelsConfig config = shop_.Config(python_, generation());
  const Section run = Gather(config);
  config.static_only = true;
  EXPECT_THAT(Differences(run, Gather(config)), IsEmpty());
}

TEST_P(Versions, DoNotDependOnTheHashSeed) {
  ModelsConfig config = shop_.Config(python_, generation());
  const std::string first = Gather(config).header.manifest_hash();
  for (const char* seed : {"1", "77", "4294967295"}) {
    config.environment = {{"PYTHONHASHSEED", seed}};
    EXPECT_EQ(Gather(config).header.manifest_hash(), first) << "seed " << seed;
  }
}

TEST_P(Versions, TellASchemaOfEachModel) {
  const Section section = Gather(shop_.Config(python_, generation()));
  for (const ReadLine& line : section.lines) {
    EXPECT_TRUE(line.line.seen.has_value()) << DisplayName(line.line.key.entity);
  }
}

}  // namespace
}  // namespace varve::testing
