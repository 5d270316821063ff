// Lines from agents, stores and files: one that is taken comes back from its own message.
#include <string>

#include "google/protobuf/stubs/logging.h"
#include "snapshot/line.h"
#include "snapshot/stored_line.h"
#include "tests/fuzz/property.h"

namespace {

void CheckLine(const uint8_t* data, size_t size) {
  varve::v1::Line proto;
  if (!proto.ParseFromArray(data, static_cast<int>(size))) return;
  const absl::StatusOr<varve::Line> line = varve::LineFrom(proto);
  if (!line.ok()) {
    VARVE_HOLDS(line.status().code() == absl::StatusCode::kInvalidArgument);
    return;
  }
  const std::string bytes = varve::LineBytes(*line);
  varve::v1::Line again;
  VARVE_HOLDS(again.ParseFromString(bytes));
  const absl::StatusOr<varve::Line> back = varve::LineFrom(again);
  VARVE_HOLDS(back.ok());
  VARVE_HOLDS(*back == *line);
  VARVE_HOLDS(varve::LineBytes(*back) == bytes);
  VARVE_HOLDS(varve::KeyOf(varve::IdentityOf(line->key.entity)) == line->key.entity);
}

void CheckStoredLine(const uint8_t* data, size_t size) {
  varve::v1::StoredLine proto;
  if (!proto.ParseFromArray(data, static_cast<int>(size))) return;
  const absl::StatusOr<varve::ReadLine> line = varve::ReadLineFrom(proto);
  if (!line.ok()) {
    VARVE_HOLDS(line.status().code() == absl::StatusCode::kInvalidArgument);
    return;
  }
  const std::string bytes = varve::ToProto(*line).SerializeAsString();
  varve::v1::StoredLine again;
  VARVE_HOLDS(again.ParseFromString(bytes));
  const absl::StatusOr<varve::ReadLine> back = varve::ReadLineFrom(again);
  VARVE_HOLDS(back.ok());
  VARVE_HOLDS(varve::ToProto(*back).SerializeAsString() == bytes);
  VARVE_HOLDS(varve::SentLine(*back) == varve::SentLine(*line));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // Bytes that are no message are no news here.
  [[maybe_unused]] static auto* const log_before = google::protobuf::SetLogHandler(nullptr);
  CheckLine(data, size);
  CheckStoredLine(data, size);
  return 0;
}
