// Sections of stored snapshots in lists: how each kind of source fared, in a word or a sign.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "cli/render/json_writer.h"
#include "varve/v1/query.pb.h"
#include "varve/v1/snapshot.pb.h"

namespace varve {

// Signs where the locale is UTF-8, else words.
class SectionMarks {
 public:
  explicit SectionMarks(bool utf8) : utf8_(utf8) {}

  // The worst status of the sections of a source kind; "–" where there is none.
  std::string OfKind(const v1::SnapshotHeader& header, absl::string_view source_kind) const;

 private:
  bool utf8_;
};

// Six digits that are equal for equal structure of all sections but those of clusters; nothing
// where a section was unavailable.
std::optional<std::string> StructureHash(const v1::SnapshotHeader& header);

// Members of a snapshot's row, into the object that is open.
void WriteSnapshotMembers(JsonWriter& json, const v1::StoredSnapshot& snapshot);

}  // namespace varve
