#include "agent/daemon/dry_run.h"

#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "agent/daemon/gathering.h"
#include "agent/daemon/outbox_file.h"
#include "agent/daemon/program.h"
#include "base/console.h"
#include "base/status.h"
#include "base/zstd.h"
#include "google/protobuf/util/json_util.h"
#include "snapshot/hash.h"
#include "varve/v1/measures.pb.h"
#include "varve/v1/shape.pb.h"

namespace varve {
namespace {

using google::protobuf::Message;
using Write = absl::FunctionRef<absl::Status(absl::string_view piece)>;

constexpr size_t kBufferBytes = 64 << 10;
constexpr size_t kMostMeasuresBytes = size_t{2} << 30;  // protobuf's own limit of one message

absl::Status WriteMessageJson(const Message& message, Write write) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  const auto printed = google::protobuf::util::MessageToJsonString(message, &json, options);
  if (!printed.ok()) {
    return absl::InternalError(
        absl::StrCat("printing ", message.GetTypeName(), ": ", printed.message().as_string()));
  }
  return write(json);
}

// The message whose serialized form leaves.
template <typename Proto>
absl::Status WriteBytesJson(const std::string& bytes, Write write) {
  Proto message;
  if (!message.ParseFromString(bytes)) {
    return absl::InternalError(
        absl::StrCat("what would be sent as ", message.GetTypeName(), " does not parse"));
  }
  return WriteMessageJson(message, write);
}

absl::Status WriteShape(const std::string& shape, Write write) {
  const std::string hash(HashOf<BlobHash>(shape).bytes());
  VARVE_RETURN_IF_ERROR(
      write(absl::StrCat("{\"shape_hash\":\"", absl::Base64Escape(hash), "\",\"shape\":")));
  VARVE_RETURN_IF_ERROR(WriteBytesJson<v1::Shape>(shape, write));
  return write("}");
}

// "NAME":[ITEM,…], an item a line.
template <typename Items, typename WriteItem>
absl::Status WriteList(absl::string_view name, const Items& items, Write write,
                       WriteItem write_item) {
  VARVE_RETURN_IF_ERROR(write(absl::StrCat(",\n\"", name, "\":[")));
  absl::string_view between = "\n";
  for (const auto& item : items) {
    VARVE_RETURN_IF_ERROR(write(between));
    VARVE_RETURN_IF_ERROR(write_item(item));
    between = ",\n";
  }
  return write("]");
}

absl::Status WriteSection(const v1::OutboxSection& section, Write write) {
  VARVE_RETURN_IF_ERROR(write("{\"coverage\":"));
  VARVE_RETURN_IF_ERROR(WriteBytesJson<v1::Coverage>(section.coverage(), write));
  VARVE_RETURN_IF_ERROR(WriteList(
      "lines", section.lines(), write,
      [write](const std::string& line) { return WriteBytesJson<v1::Line>(line, write); }));
  VARVE_RETURN_IF_ERROR(
      WriteList("shapes", section.shapes(), write,
                [write](const std::string& shape) { return WriteShape(shape, write); }));
  VARVE_RETURN_IF_ERROR(write(",\n\"measures\":"));
  std::string measures;
  if (!section.measures().empty()) {
    VARVE_ASSIGN_OR_RETURN(measures, Inflated(section.measures(), kMostMeasuresBytes));
  }
  VARVE_RETURN_IF_ERROR(WriteBytesJson<v1::Measures>(measures, write));
  return write("}");
}

}  // namespace

absl::Status WriteSnapshotJson(const v1::OutboxSnapshot& snapshot, Write write) {
  VARVE_RETURN_IF_ERROR(write("{\"format\":\"varve.dry_run.v1\",\n\"header\":"));
  VARVE_RETURN_IF_ERROR(WriteMessageJson(snapshot.header(), write));
  VARVE_RETURN_IF_ERROR(WriteList(
      "sections", snapshot.sections(), write,
      [write](const v1::OutboxSection& section) { return WriteSection(section, write); }));
  return write("}\n");
}

absl::StatusOr<ExitCode> RunDry(const AgentOptions& options, StopSignal& stop) {
  VARVE_ASSIGN_OR_RETURN(const SharedSources sources, OpenSources(options));
  const std::optional<Snapshot> snapshot =
      GatherUnlessStopped(sources, GatherOptionsOf(options, v1::OCCASION_ONCE), stop);
  if (!snapshot.has_value()) return absl::CancelledError("stopped before all was read");
  TellErrors(snapshot->header);
  std::string buffer;
  VARVE_RETURN_IF_ERROR(WriteSnapshotJson(ToOutbox(*snapshot), [&buffer](absl::string_view piece) {
    absl::StrAppend(&buffer, piece);
    return buffer.size() < kBufferBytes ? absl::OkStatus() : WriteData(std::exchange(buffer, ""));
  }));
  VARVE_RETURN_IF_ERROR(WriteData(buffer));
  return SomethingFailed(snapshot->header) ? ExitCode::kCannotSay : ExitCode::kDone;
}

}  // namespace varve
