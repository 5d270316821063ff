#include "agent/daemon/publish_parts.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "snapshot/line.h"

namespace varve {
namespace {

// Pieces are filled up to this, so that a message with its field headers and one line more stays
// below 1 MiB.
constexpr size_t kFillBytes = 256 << 10;
constexpr size_t kPieceOverheadBytes = 64;  // hash, sizes and tags of one piece

using KeyedLine = std::pair<LineKey, const std::string*>;

template <typename Lines>
absl::StatusOr<std::vector<KeyedLine>> WithKeys(const Lines& lines) {
  std::vector<KeyedLine> keyed;
  keyed.reserve(lines.size());
  for (const std::string& bytes : lines) {
    v1::Line proto;
    if (!proto.ParseFromString(bytes))
      return absl::InvalidArgumentError("a line of the manifest does not parse");
    VARVE_ASSIGN_OR_RETURN(Line line, LineFrom(proto));
    keyed.emplace_back(std::move(line.key), &bytes);
  }
  return keyed;
}

// What turns `before` into `after`.
struct Delta {
  std::vector<const std::string*> set;
  std::vector<LineKey> dropped;
};

Delta DeltaBetween(const std::vector<KeyedLine>& before, const std::vector<KeyedLine>& after) {
  Delta delta;
  auto old = before.begin();
  for (const KeyedLine& line : after) {
    for (; old != before.end() && old->first < line.first; ++old)
      delta.dropped.push_back(old->first);
    const bool known = old != before.end() && old->first == line.first;
    if (!known || *old->second != *line.second) delta.set.push_back(line.second);
    if (known) ++old;
  }
  for (; old != before.end(); ++old) delta.dropped.push_back(old->first);
  return delta;
}

// Collects one manifest's parts and sends each when it is full.
class ManifestSender {
 public:
  ManifestSender(absl::string_view section, const v1::HeadReference* base, SendRequest send)
      : section_(section), base_(base), send_(send) {
    Begin();
  }

  absl::Status Set(const std::string& line) {
    VARVE_RETURN_IF_ERROR(MakeRoom(line.size()));
    request_.mutable_manifest()->add_lines(line);
    return absl::OkStatus();
  }

  absl::Status Drop(const LineKey& key) {
    v1::LineKey dropped;
    *dropped.mutable_identity() = IdentityOf(key.entity);
    dropped.set_facet(key.facet);
    VARVE_RETURN_IF_ERROR(MakeRoom(dropped.ByteSizeLong()));
    *request_.mutable_manifest()->add_dropped() = std::move(dropped);
    return absl::OkStatus();
  }

  absl::Status Finish() {
    request_.mutable_manifest()->set_last(true);
    return send_(request_);
  }

 private:
  void Begin() {
    request_.Clear();
    filled_ = 0;
    request_.mutable_manifest()->set_section(section_);
    if (base_ != nullptr) *request_.mutable_manifest()->mutable_base() = *base_;
  }

  absl::Status MakeRoom(size_t bytes) {
    if (filled_ > 0 && filled_ + bytes > kFillBytes) {
      VARVE_RETURN_IF_ERROR(send_(request_));
      Begin();
    }
    filled_ += bytes;
    return absl::OkStatus();
  }

  const std::string section_;
  const v1::HeadReference* const base_;  // null: a whole manifest
  const SendRequest send_;
  v1::PublishRequest request_;
  size_t filled_ = 0;
};

absl::Status SendWhole(absl::string_view section, const v1::OutboxSection& content,
                       SendRequest send) {
  ManifestSender sender(section, nullptr, send);
  for (const std::string& line : content.lines()) VARVE_RETURN_IF_ERROR(sender.Set(line));
  return sender.Finish();
}

absl::Status SendDelta(absl::string_view section, const Delta& delta, const v1::HeadReference& head,
                       SendRequest send) {
  ManifestSender sender(section, &head, send);
  for (const std::string* line : delta.set) VARVE_RETURN_IF_ERROR(sender.Set(*line));
  for (const LineKey& key : delta.dropped) VARVE_RETURN_IF_ERROR(sender.Drop(key));
  return sender.Finish();
}

BlobHash Addressed(absl::string_view bytes) { return HashOf<BlobHash>(bytes); }

}  // namespace

absl::Status SendManifest(absl::string_view section, const v1::OutboxSection& content,
                          const std::optional<ManifestBase>& base, SendRequest send) {
  if (!base.has_value()) return SendWhole(section, content, send);
  VARVE_ASSIGN_OR_RETURN(const std::vector<KeyedLine> before, WithKeys(base->lines));
  VARVE_ASSIGN_OR_RETURN(const std::vector<KeyedLine> after, WithKeys(content.lines()));
  const Delta delta = DeltaBetween(before, after);
  if (delta.set.size() + delta.dropped.size() >= after.size())
    return SendWhole(section, content, send);
  return SendDelta(section, delta, base->head, send);
}

absl::flat_hash_map<BlobHash, absl::string_view> BlobsOf(const v1::OutboxSnapshot& snapshot) {
  absl::flat_hash_map<BlobHash, absl::string_view> blobs;
  for (const v1::OutboxSection& section : snapshot.sections()) {
    if (!section.coverage().empty())
      blobs.emplace(Addressed(section.coverage()), section.coverage());
    for (const std::string& shape : section.shapes()) blobs.emplace(Addressed(shape), shape);
  }
  return blobs;
}

absl::Status SendBlobs(absl::Span<const BlobHash> missing,
                       const absl::flat_hash_map<BlobHash, absl::string_view>& blobs,
                       SendRequest send) {
  v1::PublishRequest request;
  size_t filled = 0;
  for (const BlobHash& hash : missing) {
    const auto found = blobs.find(hash);
    if (found == blobs.end()) {
      return absl::InternalError(absl::StrCat("the collector asks for ", hash.Short(),
                                              ", which the snapshot does not have"));
    }
    absl::string_view rest = found->second;
    do {  // an empty shape is one piece, too
      if (filled + kPieceOverheadBytes >= kFillBytes) {
        VARVE_RETURN_IF_ERROR(send(request));
        request.Clear();
        filled = 0;
      }
      const absl::string_view data = rest.substr(0, kFillBytes - filled - kPieceOverheadBytes);
      v1::BlobPiece& piece = *request.mutable_blobs()->add_pieces();
      piece.set_hash(std::string(hash.bytes()));
      piece.set_size_bytes(found->second.size());
      piece.set_data(std::string(data));
      filled += data.size() + kPieceOverheadBytes;
      rest.remove_prefix(data.size());
    } while (!rest.empty());
  }
  return filled == 0 ? absl::OkStatus() : send(request);
}

absl::Status SendMeasures(absl::string_view section, const v1::OutboxSection& content,
                          SendRequest send) {
  absl::string_view rest = content.measures();
  while (!rest.empty()) {
    v1::PublishRequest request;
    v1::MeasuresPart& part = *request.mutable_measures();
    part.set_section(std::string(section));
    part.set_data(std::string(rest.substr(0, kFillBytes)));
    rest.remove_prefix(part.data().size());
    part.set_last(rest.empty());
    VARVE_RETURN_IF_ERROR(send(request));
  }
  return absl::OkStatus();
}

}  // namespace varve
