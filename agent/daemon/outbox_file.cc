#include "agent/daemon/outbox_file.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status.h"
#include "base/zstd.h"
#include "snapshot/hash.h"

namespace varve {
namespace {

constexpr absl::string_view kFormat = "VARVOUT";
constexpr char kVersion = '1';
using FileHash = Hash<struct OutboxFileTag>;
constexpr size_t kMostBytes = size_t{2} << 30;  // protobuf's own limit of one message

v1::OutboxSection ToOutbox(const Section& section) {
  v1::OutboxSection out;
  out.set_coverage(section.coverage);
  for (const ReadLine& line : section.lines) out.add_lines(LineBytes(line.line));
  std::vector<std::pair<ShapeHash, absl::string_view>> shapes(section.shapes.begin(),
                                                              section.shapes.end());
  std::sort(shapes.begin(), shapes.end());
  for (const auto& [hash, bytes] : shapes) out.add_shapes(std::string(bytes));
  const std::string measures = section.measures->SerializeAsString();
  if (!measures.empty()) out.set_measures(Compressed(measures));
  return out;
}

}  // namespace

v1::OutboxSnapshot ToOutbox(const Snapshot& snapshot) {
  v1::OutboxSnapshot out;
  *out.mutable_header() = snapshot.header;
  for (const Section& section : snapshot.sections) *out.add_sections() = ToOutbox(section);
  return out;
}

std::string EncodeOutboxFile(const v1::OutboxSnapshot& snapshot) {
  const std::string frame = Compressed(snapshot.SerializeAsString());
  return absl::StrCat(kFormat, std::string(1, kVersion), HashOf<FileHash>(frame).bytes(), frame);
}

absl::StatusOr<v1::OutboxSnapshot> DecodeOutboxFile(absl::string_view bytes) {
  constexpr size_t kHead = 8 + FileHash::kSize;
  if (!absl::ConsumePrefix(&bytes, kFormat) || bytes.size() < kHead - kFormat.size()) {
    return absl::DataLossError("not a file of an outbox, or cut short");
  }
  if (bytes[0] != kVersion) {
    return absl::UnimplementedError(absl::StrCat("written by a newer agent (format ",
                                                 bytes.substr(0, 1), "); upgrade this one"));
  }
  const absl::string_view hash = bytes.substr(1, FileHash::kSize);
  const absl::string_view frame = bytes.substr(1 + FileHash::kSize);
  if (HashOf<FileHash>(frame).bytes() != hash) {
    return absl::DataLossError("its bytes fail their hash: the file is damaged");
  }
  VARVE_ASSIGN_OR_RETURN(const std::string message, Inflated(frame, kMostBytes));
  v1::OutboxSnapshot snapshot;
  if (!snapshot.ParseFromString(message) ||
      snapshot.sections_size() != snapshot.header().sections_size()) {
    return absl::DataLossError("it holds no snapshot");
  }
  return snapshot;
}

}  // namespace varve
