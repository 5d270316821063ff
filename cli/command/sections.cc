#include "cli/command/sections.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "snapshot/hash.h"
#include "snapshot/header_words.h"
#include "snapshot/section_name.h"

namespace varve {

std::string SectionMarks::OfKind(const v1::SnapshotHeader& header,
                                 absl::string_view source_kind) const {
  int worst = v1::SECTION_STATUS_UNSPECIFIED;  // they are numbered from good to bad
  for (const v1::SectionHeader& section : header.sections()) {
    if (section.source_kind() == source_kind) worst = std::max<int>(worst, section.status());
  }
  switch (worst) {
    case v1::SECTION_STATUS_UNSPECIFIED:
    case v1::SECTION_STATUS_NOT_CONFIGURED:
      return utf8_ ? "–" : "-";
    case v1::SECTION_STATUS_COMPLETE:
      return utf8_ ? "✓" : "OK";
    case v1::SECTION_STATUS_UNAVAILABLE:
      return utf8_ ? "✗" : "NO";
    default:
      return StatusWord(static_cast<v1::SectionStatus>(worst));
  }
}

std::optional<std::string> StructureHash(const v1::SnapshotHeader& header) {
  PartsHasher hasher;
  for (const v1::SectionHeader& section : header.sections()) {
    if (section.status() == v1::SECTION_STATUS_UNAVAILABLE) return std::nullopt;
    // Which other databases a server has says nothing of what is in these.
    if (IsCluster(section.name())) continue;
    hasher.Add(section.name());
    hasher.Add(absl::StrCat(section.revision()));
    for (const v1::FacetFingerprint& fingerprint : section.fingerprints()) {
      if (fingerprint.facet() == v1::FACET_STRUCTURE) hasher.Add(fingerprint.hash());
    }
  }
  return FingerprintHash(hasher.Finish()).Short();
}

void WriteSnapshotMembers(JsonWriter& json, const v1::StoredSnapshot& snapshot) {
  const v1::SnapshotHeader& header = snapshot.header();
  json.Text("reference", absl::StrCat(header.environment(), "@", snapshot.seq()));
  json.Number("number", snapshot.seq());
  json.Text("id", header.snapshot_id());
  json.Text("time", FormatUtc(absl::FromUnixMicros(snapshot.time_us())));
  json.Text("taken_at", FormatUtc(absl::FromUnixMicros(header.taken_at_us())));
  json.Text("received_at", FormatUtc(absl::FromUnixMicros(snapshot.received_at_us())));
  json.Text("occasion", OccasionWord(header.occasion()));
  json.Text("agent_version", header.agent_version());
  json.Text("agent_host", header.agent_host());
  json.Texts("tags", snapshot.tags());
  json.TextOrNull("structure", StructureHash(header).value_or(""));
  json.BeginArray("sections");
  for (const v1::SectionHeader& section : header.sections()) {
    json.BeginObject();
    json.Text("name", section.name());
    json.Text("kind", section.source_kind());
    json.Text("status", StatusWord(section.status()));
    json.Number("errors", ErrorCount(section));
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace varve
