// A file of the outbox: what was written comes back, and what was spoiled is noticed.
#include <string>

#include "agent/daemon/outbox_file.h"
#include "google/protobuf/stubs/logging.h"
#include "tests/fuzz/property.h"

namespace {

void CheckAnyBytes(absl::string_view bytes) {
  const absl::StatusOr<varve::v1::OutboxSnapshot> snapshot = varve::DecodeOutboxFile(bytes);
  if (snapshot.ok()) return;
  VARVE_HOLDS(snapshot.status().code() == absl::StatusCode::kDataLoss ||
              snapshot.status().code() == absl::StatusCode::kUnimplemented);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // Bytes that are no message are no news here.
  [[maybe_unused]] static auto* const log_before = google::protobuf::SetLogHandler(nullptr);
  const absl::string_view bytes = varve::testing::AsText(data, size);
  CheckAnyBytes(bytes);

  // The input as a snapshot, or what of it is one.
  varve::v1::OutboxSnapshot snapshot;
  const bool is_snapshot = snapshot.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) &&
                           snapshot.sections_size() == snapshot.header().sections_size();
  if (!is_snapshot) return 0;
  std::string file = varve::EncodeOutboxFile(snapshot);
  const absl::StatusOr<varve::v1::OutboxSnapshot> back = varve::DecodeOutboxFile(file);
  VARVE_HOLDS(back.ok());
  VARVE_HOLDS(back->SerializeAsString() == snapshot.SerializeAsString());

  // Behind the mark no byte can change, and none can go.
  constexpr size_t kMark = 8;
  const size_t at = kMark + size % (file.size() - kMark);
  VARVE_HOLDS(!varve::DecodeOutboxFile(absl::string_view(file).substr(0, at)).ok());
  file[at] = static_cast<char>(file[at] ^ 0x10);
  VARVE_HOLDS(varve::DecodeOutboxFile(file).status().code() == absl::StatusCode::kDataLoss);
  return 0;
}
