// The messages of a publish, and a session to say them to.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "collector/publish_session.h"
#include "snapshot/section.h"
#include "tests/support/matchers.h"

namespace varve::testing {

// A section with one enum of these labels; `name` is the section's.
Section EnumSection(const std::vector<std::string>& labels, const std::string& name = "postgres");

v1::PublishRequest HeaderOf(const Section& section, const std::string& id);
v1::PublishRequest HeaderOf(const std::vector<Section>& sections, const std::string& id);
// The manifest, whole, in one part; and as a delta to `base`, whose lines have the same keys.
v1::PublishRequest ManifestOf(const Section& section);
v1::PublishRequest DeltaOf(const Section& section, const v1::HeadReference& base);
v1::PublishRequest BlobOf(absl::string_view hash, absl::string_view bytes);
v1::PublishRequest MeasuresPartOf(const std::string& section, absl::string_view data, bool last);
v1::PublishRequest Commit();

// A UUID; another for each number.
std::string Id(int n);

class PublishSessionTest : public ::testing::Test {
 protected:
  void SetUp() override;

  PublishSession NewSession(const PublishLimits& limits = {});
  // Sends what is missing of `section` and commits. The last answer, or the first error.
  static absl::StatusOr<v1::PublishResponse> Finish(PublishSession& session, const Section& section,
                                                    const v1::Missing& missing);
  // The whole of a publish as an agent does it. Returns the number, or the first error.
  absl::StatusOr<int64_t> Publish(const Section& section, const std::string& id);

  TemporaryFolder folder_;
  std::unique_ptr<SnapshotStore> store_;
  int missing_ = -1;  // hashes asked for in the last Publish
};

}  // namespace varve::testing
