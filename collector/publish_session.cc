#include "collector/publish_session.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "snapshot/environment_name.h"

namespace varve {
namespace {

constexpr size_t kHashesPerMessage = 20'000;  // 34 bytes each on the wire: well below 1 MiB

bool IsUuid(absl::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !absl::ascii_isxdigit(static_cast<unsigned char>(text[i]))) {
      return false;
    }
  }
  return true;
}

BlobHash AsBlob(absl::string_view hash_bytes) {
  return *BlobHash::FromBytes(hash_bytes);  // only of hashes that were checked to have 32 bytes
}

}  // namespace

PublishSession::PublishSession(SnapshotStore& store, Clock clock, const PublishLimits& limits)
    : store_(store), clock_(std::move(clock)), limits_(limits) {}

absl::StatusOr<PublishSession::Responses> PublishSession::Handle(v1::PublishRequest request) {
  switch (request.step_case()) {
    case v1::PublishRequest::kHeader:
      if (step_ != Step::kHeader) break;
      return HandleHeader(std::move(*request.mutable_header()));
    case v1::PublishRequest::kManifest:
      if (step_ != Step::kManifests) break;
      return HandleManifest(request.manifest());
    case v1::PublishRequest::kBlobs:
      if (step_ != Step::kContent) break;
      VARVE_RETURN_IF_ERROR(HandleBlobs(request.blobs()));
      return Responses{};
    case v1::PublishRequest::kMeasures:
      if (step_ != Step::kContent) break;
      VARVE_RETURN_IF_ERROR(HandleMeasures(request.measures()));
      return Responses{};
    case v1::PublishRequest::kCommit:
      if (step_ != Step::kContent) break;
      return HandleCommit();
    case v1::PublishRequest::STEP_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError("publish: this message does not belong here in the stream");
}

absl::Status PublishSession::CheckHeader(const v1::SnapshotHeader& header) const {
  VARVE_RETURN_IF_ERROR(CheckEnvironmentName(header.environment()));
  if (!IsUuid(header.snapshot_id())) {
    return absl::InvalidArgumentError("publish: the snapshot id is not a UUID");
  }
  if (static_cast<size_t>(header.sections_size()) > limits_.sections) {
    return absl::InvalidArgumentError(absl::StrCat("publish: a snapshot has at most ",
                                                   limits_.sections, " sections, not ",
                                                   header.sections_size()));
  }
  std::set<std::string> names;
  for (const v1::SectionHeader& section : header.sections()) {
    if (section.name().empty() || !names.insert(section.name()).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("publish: section name '", section.name(), "' is empty or given twice"));
    }
    if (section.status() == v1::SECTION_STATUS_UNAVAILABLE) continue;
    if (section.manifest_hash().size() != ManifestHash::kSize ||
        section.coverage_hash().size() != CoverageHash::kSize) {
      return absl::InvalidArgumentError(
          absl::StrCat("publish: section ", section.name(), " has no manifest or coverage hash"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<PublishSession::Responses> PublishSession::HandleHeader(v1::SnapshotHeader header) {
  VARVE_RETURN_IF_ERROR(CheckHeader(header));
  VARVE_RETURN_IF_ERROR(Keep(header.ByteSizeLong()));
  header_ = std::move(header);
  v1::PublishResponse response;
  v1::Plan& plan = *response.mutable_plan();
  plan.set_incarnation(store_.incarnation());
  VARVE_ASSIGN_OR_RETURN(const std::optional<int64_t> already,
                         store_.FindById(header_.environment(), header_.snapshot_id()));
  if (already.has_value()) {
    plan.set_already_seq(*already);
    step_ = Step::kDone;
    return Responses{response};
  }
  VARVE_ASSIGN_OR_RETURN(head_, store_.ReadHead(header_.environment()));
  for (const v1::SectionHeader& section : header_.sections()) {
    order_.push_back(section.name());
    Incoming& incoming = sections_[section.name()];
    incoming.pending.header = section;
    v1::SectionPlan& wanted = *plan.add_sections();
    wanted.set_section(section.name());
    wanted.set_want(v1::SectionPlan::WANT_NOTHING);
    incoming.complete = true;
    if (section.status() == v1::SECTION_STATUS_UNAVAILABLE) continue;
    const auto head = std::find_if(head_.sections.begin(), head_.sections.end(),
                                   [&](const auto& one) { return one.first == section.name(); });
    if (head != head_.sections.end()) {
      wanted.mutable_head()->set_incarnation(plan.incarnation());
      wanted.mutable_head()->set_seq(head->second.seq);
      wanted.mutable_head()->set_manifest_hash(std::string(head->second.manifest.bytes()));
      if (head->second.manifest.bytes() == section.manifest_hash()) {
        incoming.pending.form = PendingSection::Form::kSame;
        continue;
      }
    }
    wanted.set_want(v1::SectionPlan::WANT_MANIFEST);
    incoming.pending.form = PendingSection::Form::kWhole;
    incoming.complete = false;
  }
  step_ = Step::kManifests;
  Responses responses{response};
  if (!AllManifestsAreIn()) return responses;
  VARVE_ASSIGN_OR_RETURN(const Responses missing, AskForMissing());
  responses.insert(responses.end(), missing.begin(), missing.end());
  return responses;
}

absl::StatusOr<PublishSession::Responses> PublishSession::HandleManifest(
    const v1::ManifestPart& part) {
  const auto found = sections_.find(part.section());
  if (found == sections_.end() || found->second.complete) {
    return absl::InvalidArgumentError(
        absl::StrCat("publish: no manifest of section '", part.section(), "' was asked for"));
  }
  Incoming& incoming = found->second;
  if (!incoming.begun) VARVE_RETURN_IF_ERROR(BeginManifest(part, incoming));
  if (part.base().SerializeAsString() != incoming.base) {
    return absl::InvalidArgumentError(absl::StrCat("publish: the manifest parts of section ",
                                                   part.section(), " name different bases"));
  }
  for (const std::string& bytes : part.lines()) {
    VARVE_RETURN_IF_ERROR(AddLine(bytes, incoming));
  }
  for (const v1::LineKey& key : part.dropped()) {
    VARVE_RETURN_IF_ERROR(Keep(key.ByteSizeLong()));
    VARVE_RETURN_IF_ERROR(CountLine());
    incoming.pending.dropped.push_back({KeyOf(key.identity()), key.facet()});
  }
  if (part.last()) VARVE_RETURN_IF_ERROR(EndManifest(incoming));
  if (!AllManifestsAreIn()) return Responses{};
  return AskForMissing();
}

absl::Status PublishSession::BeginManifest(const v1::ManifestPart& part, Incoming& incoming) {
  incoming.begun = true;
  incoming.base = part.base().SerializeAsString();
  const v1::SectionHeader& header = incoming.pending.header;
  if (!part.has_base()) {
    incoming.hasher.emplace(header.revision(), *CoverageHash::FromBytes(header.coverage_hash()));
    return absl::OkStatus();
  }
  incoming.pending.form = PendingSection::Form::kDelta;
  const absl::StatusOr<ManifestHash> base = ManifestHash::FromBytes(part.base().manifest_hash());
  if (!base.ok() || part.base().incarnation() != store_.incarnation()) {
    return absl::AbortedError(absl::StrCat("publish: the base of section ", header.name(),
                                           " is of another store; begin again"));
  }
  incoming.pending.base = {part.base().seq(), *base};
  return absl::OkStatus();
}

absl::Status PublishSession::AddLine(const std::string& bytes, Incoming& incoming) {
  const std::string& section = incoming.pending.header.name();
  VARVE_RETURN_IF_ERROR(Keep(2 * bytes.size()));  // the message, and the line made of it
  VARVE_RETURN_IF_ERROR(CountLine());
  v1::Line proto;
  if (!proto.ParseFromString(bytes)) {
    return absl::InvalidArgumentError(
        absl::StrCat("publish: section ", section, " has bytes that are no line"));
  }
  absl::StatusOr<Line> line = LineFrom(proto);
  if (!line.ok()) return Annotate(line.status(), absl::StrCat("publish: section ", section));
  if (incoming.last_key.has_value() && !(*incoming.last_key < line->key)) {
    return absl::InvalidArgumentError(
        absl::StrCat("publish: the lines of section ", section, " are not in order"));
  }
  incoming.last_key = line->key;
  if (incoming.hasher.has_value()) incoming.hasher->Add(bytes);
  incoming.pending.set.push_back(*std::move(line));
  return absl::OkStatus();
}

absl::Status PublishSession::CountLine() {
  if (++line_count_ <= limits_.lines) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("publish: a snapshot has at most ", limits_.lines, " lines"));
}

absl::Status PublishSession::EndManifest(Incoming& incoming) {
  incoming.complete = true;
  if (!incoming.hasher.has_value()) return absl::OkStatus();  // the store checks a delta's
  if (incoming.hasher->Finish().bytes() == incoming.pending.header.manifest_hash()) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "publish: the lines of section ", incoming.pending.header.name(), " fail their hash"));
}

bool PublishSession::AllManifestsAreIn() const {
  return std::all_of(sections_.begin(), sections_.end(),
                     [](const auto& entry) { return entry.second.complete; });
}

absl::StatusOr<PublishSession::Responses> PublishSession::AskForMissing() {
  std::vector<BlobHash> needed;
  for (const auto& [name, incoming] : sections_) {
    if (incoming.pending.form != PendingSection::Form::kWhole &&
        incoming.pending.form != PendingSection::Form::kDelta) {
      continue;
    }
    needed.push_back(AsBlob(incoming.pending.header.coverage_hash()));
    for (const Line& line : incoming.pending.set) {
      if (line.seen.has_value()) needed.push_back(AsBlob(line.seen->shape.bytes()));
    }
  }
  VARVE_ASSIGN_OR_RETURN(const std::vector<BlobHash> missing, store_.MissingBlobs(needed));
  missing_.insert(missing.begin(), missing.end());
  step_ = Step::kContent;
  Responses responses;
  for (size_t at = 0; responses.empty() || at < missing.size(); at += kHashesPerMessage) {
    v1::Missing& part = *responses.emplace_back().mutable_missing();
    for (size_t i = at; i < std::min(at + kHashesPerMessage, missing.size()); ++i) {
      part.add_hashes(std::string(missing[i].bytes()));
    }
  }
  responses.back().mutable_missing()->set_last(true);
  return responses;
}

absl::Status PublishSession::HandleBlobs(const v1::BlobPieces& pieces) {
  for (const v1::BlobPiece& piece : pieces.pieces()) VARVE_RETURN_IF_ERROR(HandleBlob(piece));
  return absl::OkStatus();
}

absl::Status PublishSession::HandleBlob(const v1::BlobPiece& piece) {
  const absl::StatusOr<BlobHash> hash = BlobHash::FromBytes(piece.hash());
  if (!hash.ok() || !missing_.contains(*hash)) {
    return absl::InvalidArgumentError("publish: a shape came that was not asked for");
  }
  if (!piecewise_.has_value()) {
    if (piece.size_bytes() > limits_.blob_bytes) {
      return absl::InvalidArgumentError(absl::StrCat("publish: shape ", hash->Short(), " has ",
                                                     piece.size_bytes(), " bytes; at most ",
                                                     limits_.blob_bytes, " are taken"));
    }
    piecewise_ = Piecewise{*hash, piece.size_bytes(), ""};
  }
  VARVE_RETURN_IF_ERROR(Keep(piece.data().size()));
  piecewise_->data += piece.data();
  if (piecewise_->hash != *hash || piecewise_->data.size() > piecewise_->size_bytes) {
    return absl::InvalidArgumentError("publish: the pieces of a shape do not fit together");
  }
  if (piecewise_->data.size() < piecewise_->size_bytes) return absl::OkStatus();
  if (HashOf<BlobHash>(piecewise_->data) != *hash) {
    return absl::InvalidArgumentError(
        absl::StrCat("publish: shape ", hash->Short(), " fails its hash"));
  }
  missing_.erase(*hash);
  blobs_.emplace(*hash, std::move(piecewise_->data));
  piecewise_.reset();
  return absl::OkStatus();
}

absl::Status PublishSession::HandleMeasures(const v1::MeasuresPart& part) {
  const auto found = sections_.find(part.section());
  if (found == sections_.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("publish: measures of section '", part.section(), "', which is not there"));
  }
  Incoming& incoming = found->second;
  if (incoming.measures_complete) {
    return absl::InvalidArgumentError(absl::StrCat("publish: measures of section '", part.section(),
                                                   "' came after their last part"));
  }
  VARVE_RETURN_IF_ERROR(Keep(part.data().size()));
  incoming.pending.measures += part.data();
  incoming.measures_begun = true;
  incoming.measures_complete = part.last();
  return absl::OkStatus();
}

absl::Status PublishSession::CheckAllCame() const {
  if (!missing_.empty() || piecewise_.has_value()) {
    return absl::InvalidArgumentError(
        absl::StrCat("publish: commit came while ", missing_.size(), " shapes were still missing"));
  }
  for (const auto& [name, incoming] : sections_) {
    if (incoming.measures_begun && !incoming.measures_complete) {
      return absl::InvalidArgumentError(absl::StrCat(
          "publish: commit came before the last part of the measures of section '", name, "'"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<PublishSession::Responses> PublishSession::HandleCommit() {
  VARVE_RETURN_IF_ERROR(CheckAllCame());
  PendingSnapshot snapshot;
  snapshot.header = std::move(header_);
  snapshot.received_at = clock_();
  for (const std::string& name : order_) {
    snapshot.sections.push_back(std::move(sections_[name].pending));
  }
  snapshot.blobs = std::move(blobs_);
  VARVE_ASSIGN_OR_RETURN(const SnapshotStore::Committed committed, store_.Commit(snapshot));
  step_ = Step::kDone;
  v1::PublishResponse response;
  response.mutable_committed()->set_seq(committed.seq);
  response.mutable_committed()->set_already_known(committed.already_known);
  response.mutable_committed()->set_incarnation(store_.incarnation());
  return Responses{response};
}

absl::Status PublishSession::Keep(uint64_t bytes) {
  kept_bytes_ += bytes;
  if (kept_bytes_ <= limits_.total_bytes) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("publish: a snapshot may bring at most ", limits_.total_bytes >> 20, " MiB"));
}

}  // namespace varve
