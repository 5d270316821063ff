#include "collector/snapshot_parts.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "google/protobuf/message.h"
#include "snapshot/stored_line.h"

namespace varve {
namespace {

constexpr size_t kPieceBytes = size_t{256} << 10;  // of a blob in one message
constexpr size_t kBatchBytes = size_t{512} << 10;  // of what shares a message

// Adds blobs, each cut where it must be, small ones several to a message.
class BlobWriter {
 public:
  explicit BlobWriter(std::vector<v1::SnapshotPart>& parts) : parts_(parts) {}

  void Add(absl::string_view hash, absl::string_view bytes) {
    size_t at = 0;
    do {
      if (!open_ || size_ >= kBatchBytes) {
        parts_.emplace_back();
        open_ = true;
        size_ = 0;
      }
      const absl::string_view piece = bytes.substr(at, kPieceBytes);
      v1::BlobPiece& added = *parts_.back().mutable_blobs()->add_pieces();
      added.set_hash(std::string(hash));
      added.set_size_bytes(bytes.size());
      added.set_data(std::string(piece));
      at += piece.size();
      size_ += piece.size() + hash.size();
    } while (at < bytes.size());
  }
  // What comes next in `parts` is something else.
  void End() { open_ = false; }

 private:
  std::vector<v1::SnapshotPart>& parts_;
  bool open_ = false;
  size_t size_ = 0;
};

void AddLines(const Section& section, std::vector<v1::SnapshotPart>& parts) {
  v1::LinesPart* batch = nullptr;
  size_t size = 0;
  for (const ReadLine& line : section.lines) {
    if (batch == nullptr || size >= kBatchBytes) {
      batch = parts.emplace_back().mutable_lines();
      batch->set_section(section.header.name());
      size = 0;
    }
    v1::StoredLine& added = *batch->add_lines();
    added = ToProto(line);
    size += added.ByteSizeLong();
  }
}

void AddMeasures(const std::string& section, absl::string_view bytes,
                 std::vector<v1::SnapshotPart>& parts) {
  if (bytes.empty()) return;
  for (size_t at = 0; at < bytes.size(); at += kPieceBytes) {
    v1::MeasuresPart& part = *parts.emplace_back().mutable_measures();
    part.set_section(section);
    part.set_data(std::string(bytes.substr(at, kPieceBytes)));
    part.set_last(at + kPieceBytes >= bytes.size());
  }
}

template <typename Answer>
std::vector<Answer> Cut(Answer result) {
  std::vector<Answer> parts(1);
  using google::protobuf::FieldDescriptor;
  const google::protobuf::Reflection& reflection = *result.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(result, &fields);
  size_t size = 0;
  for (const FieldDescriptor* const field : fields) {
    if (!field->is_repeated() || field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const int count = reflection.FieldSize(result, field);
    for (int i = 0; i < count; ++i) {
      const google::protobuf::Message& item = reflection.GetRepeatedMessage(result, field, i);
      if (size >= kBatchBytes) {
        parts.emplace_back();
        size = 0;
      }
      reflection.AddMessage(&parts.back(), field)->CopyFrom(item);
      size += item.ByteSizeLong();
    }
    reflection.ClearField(&result, field);
  }
  parts.front().MergeFrom(result);
  return parts;
}

}  // namespace

v1::StoredSnapshot ToProto(const SnapshotRow& row) {
  v1::StoredSnapshot proto;
  *proto.mutable_header() = row.header;
  proto.set_seq(row.seq);
  proto.set_received_at_us(row.received_at_us);
  proto.set_time_us(row.time_us);
  for (const std::string& tag : row.tags) proto.add_tags(tag);
  return proto;
}

std::vector<v1::SnapshotPart> CutSnapshot(const SnapshotRow& row, const Snapshot& snapshot,
                                          const std::vector<std::string>& measures) {
  std::vector<v1::SnapshotPart> parts;
  *parts.emplace_back().mutable_header() = ToProto(row);
  BlobWriter blobs(parts);
  for (size_t i = 0; i < snapshot.sections.size(); ++i) {
    const Section& section = snapshot.sections[i];
    if (!section.coverage.empty()) {
      blobs.Add(section.header.coverage_hash(), section.coverage);
      blobs.End();
    }
    AddLines(section, parts);
    AddMeasures(section.header.name(), measures[i], parts);
  }
  absl::flat_hash_set<ShapeHash> written;
  for (const Section& section : snapshot.sections) {
    for (const auto& [hash, bytes] : section.shapes) {
      if (written.insert(hash).second) blobs.Add(hash.bytes(), bytes);
    }
  }
  return parts;
}

std::vector<v1::DiffResult> CutAnswer(v1::DiffResult result) { return Cut(std::move(result)); }
std::vector<v1::CheckResult> CutAnswer(v1::CheckResult result) { return Cut(std::move(result)); }
std::vector<v1::DriftResult> CutAnswer(v1::DriftResult result) { return Cut(std::move(result)); }
std::vector<v1::RolloutResult> CutAnswer(v1::RolloutResult result) {
  return Cut(std::move(result));
}
std::vector<v1::ObjectHistory> CutAnswer(v1::ObjectHistory result) {
  return Cut(std::move(result));
}
std::vector<v1::BlameResult> CutAnswer(v1::BlameResult result) { return Cut(std::move(result)); }
std::vector<v1::LogResult> CutAnswer(v1::LogResult result) { return Cut(std::move(result)); }
std::vector<v1::TrendResult> CutAnswer(v1::TrendResult result) { return Cut(std::move(result)); }

}  // namespace varve
