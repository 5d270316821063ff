// A configuration file: it is taken, or refused with its line; reading it twice is reading it once.
#include <string>

#include "absl/strings/match.h"
#include "base/yaml_config.h"
#include "tests/fuzz/property.h"
#include "varve/v1/agent_config.pb.h"
#include "varve/v1/collector_config.pb.h"

namespace {

template <typename Config>
void Check(absl::string_view text) {
  Config config;
  const absl::Status status = varve::ParseYamlConfig(text, "fuzz.yaml", config);
  if (!status.ok()) {
    VARVE_HOLDS(status.code() == absl::StatusCode::kInvalidArgument);
    VARVE_HOLDS(absl::StartsWith(status.message(), "fuzz.yaml:"));
    return;
  }
  Config again = config;
  VARVE_HOLDS(varve::ParseYamlConfig(text, "fuzz.yaml", again).ok());
  VARVE_HOLDS(again.SerializeAsString() == config.SerializeAsString());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text = varve::testing::AsText(data, size);
  Check<varve::v1::AgentConfig>(text);
  Check<varve::v1::CollectorConfig>(text);
  return 0;
}
