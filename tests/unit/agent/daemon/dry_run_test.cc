#include "agent/daemon/dry_run.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "agent/daemon/outbox_file.h"
#include "tests/support/matchers.h"
#include "tests/unit/agent/daemon/snapshots.h"

namespace varve {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;
using testing::TestId;
using testing::TestSnapshot;

std::string Printed(const v1::OutboxSnapshot& snapshot) {
  std::string text;
  VARVE_EXPECT_OK(WriteSnapshotJson(snapshot, [&text](absl::string_view piece) {
    absl::StrAppend(&text, piece);
    return absl::OkStatus();
  }));
  return text;
}

TEST(DryRun, PrintsHeaderCoverageLinesShapesAndMeasuresAsJson) {
  const v1::OutboxSnapshot snapshot =
      ToOutbox(TestSnapshot(5, {{"orders", "total"}, {"odd \"name\"\n", "ü"}}));
  const nlohmann::json json = nlohmann::json::parse(Printed(snapshot));
  EXPECT_EQ(json["format"], "varve.dry_run.v1");
  EXPECT_EQ(json["header"]["snapshot_id"], TestId(5));
  const nlohmann::json& section = json["sections"][0];
  EXPECT_EQ(section["coverage"]["entries"][0]["kind"], "table");
  ASSERT_EQ(section["lines"].size(), 2u);
  EXPECT_EQ(section["lines"][0]["identity"]["names"][1], "odd \"name\"\n");
  ASSERT_EQ(section["shapes"].size(), 2u);
  EXPECT_EQ(section["measures"]["entities"][0]["measures"][0]["number"], "5");
}

TEST(DryRun, ALineNamesItsShapeAsTheShapeIsNamed) {
  const nlohmann::json json =
      nlohmann::json::parse(Printed(ToOutbox(TestSnapshot(5, {{"orders", "total"}}))));
  const nlohmann::json& section = json["sections"][0];
  EXPECT_EQ(section["lines"][0]["seen"]["shape_hash"], section["shapes"][0]["shape_hash"]);
  EXPECT_EQ(section["shapes"][0]["shape"]["table"]["columns"][0]["name"], "total");
}

TEST(DryRun, ASnapshotOfNothingIsJsonToo) {
  EXPECT_TRUE(nlohmann::json::parse(Printed(v1::OutboxSnapshot()))["sections"].empty());
}

TEST(DryRun, BytesThatAreNotOursAreAnError) {
  v1::OutboxSnapshot snapshot = ToOutbox(TestSnapshot(5, {{"orders", "total"}}));
  snapshot.mutable_sections(0)->set_shapes(0, "\xff\xff");
  EXPECT_THAT(WriteSnapshotJson(snapshot, [](absl::string_view) { return absl::OkStatus(); }),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("varve.v1.Shape")));
}

TEST(DryRun, AFullStdoutEndsIt) {
  EXPECT_THAT(WriteSnapshotJson(
                  v1::OutboxSnapshot(),
                  [](absl::string_view) { return absl::ResourceExhaustedError("disk full"); }),
              StatusIs(absl::StatusCode::kResourceExhausted, "disk full"));
}

}  // namespace
}  // namespace varve
