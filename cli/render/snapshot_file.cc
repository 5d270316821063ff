#include "cli/render/snapshot_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "base/zstd.h"
#include "cli/render/files.h"
#include "cli/render/json_file.h"
#include "cli/render/varve_key.h"
#include "cli/render/varve_key_reader.h"
#include "snapshot/manifest.h"
#include "snapshot/stored_line.h"

namespace varve {
namespace {

absl::Status Damaged(absl::string_view what) {
  return absl::DataLossError(absl::StrCat("it is damaged: ", what, "; export it again"));
}

// Undoes what Packed() of the writer did. `room` is what may still be inflated, and shrinks.
template <typename Message>
absl::StatusOr<Message> Unpacked(absl::string_view text, absl::string_view what, size_t& room) {
  std::string frame;
  if (!absl::Base64Unescape(text, &frame)) return Damaged(absl::StrCat(what, " is not base64"));
  const absl::StatusOr<std::string> bytes = Inflated(frame, room);
  if (absl::IsResourceExhausted(bytes.status())) {
    return absl::InvalidArgumentError(absl::StrCat(what, " inflates beyond ", kMostInflatedBytes,
                                                   " bytes, which no export does"));
  }
  if (!bytes.ok()) return Damaged(absl::StrCat(what, ": ", bytes.status().message()));
  room -= bytes->size();
  Message message;
  if (!message.ParseFromString(*bytes)) return Damaged(absl::StrCat(what, " does not parse"));
  return message;
}

absl::Status CheckShapes(const Section& section) {
  for (const ReadLine& line : section.lines) {
    for (const Seen* const seen : line.All()) {
      if (seen != nullptr && !section.shapes->contains(seen->shape)) {
        return Damaged(
            absl::StrCat("the shape of ", DisplayName(line.line.key.entity), " is missing"));
      }
    }
  }
  return absl::OkStatus();
}

// That the lines are those that the header was made of.
absl::Status CheckHashes(const Section& section) {
  const v1::SectionHeader& header = section.header;
  if (header.status() == v1::SECTION_STATUS_UNAVAILABLE) return absl::OkStatus();  // no manifest
  std::vector<Line> sent;
  for (const ReadLine& line : section.lines) {
    if (line.sent) sent.push_back(SentLine(line));
  }
  const auto coverage = HashOf<CoverageHash>(section.coverage);
  if (coverage.bytes() != header.coverage_hash()) return Damaged("the coverage fails its hash");
  if (HashManifest(header.revision(), coverage, sent).bytes() != header.manifest_hash()) {
    return Damaged("the lines fail their hash");
  }
  const std::vector<v1::FacetFingerprint> fingerprints = Fingerprints(sent);
  const bool same = std::equal(
      fingerprints.begin(), fingerprints.end(), header.fingerprints().begin(),
      header.fingerprints().end(),
      [](const auto& a, const auto& b) { return a.facet() == b.facet() && a.hash() == b.hash(); });
  return same ? absl::OkStatus() : Damaged("the fingerprints are not those of the lines");
}

absl::StatusOr<Section> SectionFrom(const v1::SectionHeader& header, v1::FileSection file) {
  Section section;
  section.header = header;
  section.coverage = file.coverage();
  std::vector<ReadLine> lines;
  for (const v1::StoredLine& line : file.lines()) {
    absl::StatusOr<ReadLine> read = ReadLineFrom(line);
    if (!read.ok()) return Damaged(read.status().message());
    if (!lines.empty() && !(lines.back().line.key < read->line.key)) {
      return Damaged("lines are out of order");
    }
    lines.push_back(*std::move(read));
  }
  ShapeMap shapes;
  for (std::string& shape : *file.mutable_shapes()) {
    const auto hash = HashOf<ShapeHash>(shape);
    shapes.try_emplace(hash, std::move(shape));
  }
  section.lines = std::move(lines);
  section.shapes = std::move(shapes);
  section.measures = std::move(*file.mutable_measures());
  VARVE_RETURN_IF_ERROR(CheckShapes(section));
  VARVE_RETURN_IF_ERROR(CheckHashes(section));
  if (!DecodeCoverage(section).ok()) return Damaged("the coverage does not parse");
  return section;
}

absl::StatusOr<v1::SectionHeader> HeaderOf(const v1::SnapshotHeader& snapshot,
                                           absl::string_view name) {
  for (const v1::SectionHeader& header : snapshot.sections()) {
    if (header.name() == name) return header;
  }
  return Damaged(absl::StrCat("section '", name, "' is not in the snapshot's head"));
}

absl::StatusOr<std::string> ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    const int error = errno;
    const std::string message = absl::StrCat(path, ": ", std::strerror(error));
    if (error == ENOENT) {
      return absl::NotFoundError(
          absl::StrCat(message,
                       "; file:BASE reads BASE_schema.json, BASE_redis.json and "
                       "BASE_models.json"));
    }
    if (error == EACCES) return absl::PermissionDeniedError(message);
    return absl::UnavailableError(message);
  }
  std::ostringstream text;
  text << file.rdbuf();
  // A folder opens, and fails only here.
  if (file.bad() || text.fail())
    return absl::InvalidArgumentError(absl::StrCat(path, ": cannot be read"));
  return std::move(text).str();
}

// Puts the sections of all files in the order of the head.
absl::Status PlaceSections(std::vector<Section> sections, Snapshot& snapshot) {
  for (const v1::SectionHeader& header : snapshot.header.sections()) {
    const auto found = std::find_if(sections.begin(), sections.end(), [&](const Section& section) {
      return section.header.name() == header.name();
    });
    if (found == sections.end()) {
      return absl::DataLossError(
          absl::StrCat("section '", header.name(), "' is in none of the files; export it again"));
    }
    snapshot.sections.push_back(std::move(*found));
    sections.erase(found);
  }
  if (sections.empty()) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("section '", sections[0].header.name(), "' is there twice; export it again"));
}

bool IsSameSnapshot(const Snapshot& a, const Snapshot& b) {
  return a.header.SerializeAsString() == b.header.SerializeAsString() && a.seq == b.seq &&
         a.time_us == b.time_us && a.received_at_us == b.received_at_us;
}

}  // namespace

absl::StatusOr<SnapshotFile> ParseSnapshotFile(absl::string_view json) {
  VARVE_ASSIGN_OR_RETURN(const VarveKey key, ReadVarveKey(json));
  size_t room = kMostInflatedBytes;
  VARVE_ASSIGN_OR_RETURN(const v1::FileSnapshot head,
                         Unpacked<v1::FileSnapshot>(key.snapshot, "the snapshot's head", room));
  SnapshotFile file;
  file.head.header = head.header();
  file.head.seq = head.seq();
  file.head.received_at_us = head.received_at_us();
  file.head.time_us = head.time_us();
  for (const auto& [name, text] : key.data) {
    VARVE_ASSIGN_OR_RETURN(const v1::SectionHeader header, HeaderOf(head.header(), name));
    VARVE_ASSIGN_OR_RETURN(
        v1::FileSection data,
        Unpacked<v1::FileSection>(text, absl::StrCat("section '", name, "'"), room));
    absl::StatusOr<Section> section = SectionFrom(header, std::move(data));
    if (!section.ok()) {
      return Annotate(section.status(), absl::StrCat("section '", name, "'"));
    }
    file.sections.push_back(*std::move(section));
  }
  return file;
}

absl::StatusOr<Snapshot> ReadSnapshotFiles(const std::string& base) {
  Snapshot snapshot;
  std::vector<Section> sections;
  std::string first_path;
  for (const JsonFile& json : JsonFiles()) {
    const std::string path = absl::StrCat(BaseOf(base), json.suffix);
    VARVE_ASSIGN_OR_RETURN(const std::string text, ReadText(path));
    absl::StatusOr<SnapshotFile> file = ParseSnapshotFile(text);
    if (!file.ok()) return Annotate(file.status(), path);
    if (first_path.empty()) {
      first_path = path;
      snapshot = std::move(file->head);
    } else if (!IsSameSnapshot(snapshot, file->head)) {
      return absl::InvalidArgumentError(absl::StrCat(path, " and ", first_path,
                                                     " are of different snapshots; export them "
                                                     "again, together"));
    }
    std::move(file->sections.begin(), file->sections.end(), std::back_inserter(sections));
  }
  const absl::Status placed = PlaceSections(std::move(sections), snapshot);
  if (!placed.ok()) return Annotate(placed, BaseOf(base));
  return snapshot;
}

}  // namespace varve
