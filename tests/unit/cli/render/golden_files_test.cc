// The sample snapshot's files as people read them. To make the goldens again, then read what
// changed in review like code:
//   VARVE_UPDATE_GOLDEN=1 build/release/tests/render_files_test --gtest_filter='*GoldenFiles*'
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "cli/render/analysis.h"
#include "cli/render/json_file.h"
#include "snapshot/rules/check_proto.h"
#include "tests/support/matchers.h"
#include "tests/support/sample_snapshot.h"

namespace varve {
namespace {

// Up to the packed snapshot: its bytes are those of the installed zstd.
std::string ReadablePart(const std::string& json) {
  const size_t packed = json.find("    \"snapshot\": \"");
  return packed == std::string::npos ? "no packed snapshot" : json.substr(0, packed);
}

std::string Rendered(const std::string& name) {
  const Snapshot snapshot = testing::SampleSnapshot();
  const absl::StatusOr<RenderView> view = RenderView::Of(snapshot);
  if (!view.ok()) return view.status().ToString();
  if (name == "sample_analysis.md") {
    absl::StatusOr<v1::CheckResult> result = Checked(snapshot, {});
    if (!result.ok()) return result.status().ToString();
    RenderOptions options;
    options.validation = *std::move(result);
    return RenderAnalysis(*view, options);
  }
  for (const JsonFile& file : JsonFiles()) {
    if (name == "sample" + std::string(file.suffix)) {
      return ReadablePart(RenderJson(*view, file).value_or("no file"));
    }
  }
  return "no such file";
}

class GoldenFiles : public ::testing::TestWithParam<const char*> {};

TEST_P(GoldenFiles, AreWhatIsWritten) {
  const std::string path = std::string(VARVE_GOLDEN_FOLDER) + "/" + GetParam();
  const std::string rendered = Rendered(GetParam());
  if (std::getenv("VARVE_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << rendered;
    GTEST_SKIP() << "wrote " << path;
  }
  std::ifstream file(path, std::ios::binary);
  ASSERT_TRUE(file) << path << " is not there";
  std::ostringstream golden;
  golden << file.rdbuf();
  EXPECT_EQ(rendered, golden.str());
}

INSTANTIATE_TEST_SUITE_P(All, GoldenFiles,
                         ::testing::Values("sample_schema.json", "sample_redis.json",
                                           "sample_models.json", "sample_analysis.md"),
                         [](const auto& info) {
                           const std::string name = info.param;
                           return name.substr(7, name.find('.') - 7);
                         });

}  // namespace
}  // namespace varve
