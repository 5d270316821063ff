#include "snapshot/diff_line.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace varve {
namespace {

using google::protobuf::Message;

// Where both saw one shape, one of them may have its bytes for both.
const std::string* BytesOf(const Sighting& sighting, const Sighting& other) {
  const bool has_own = sighting.shape != nullptr || sighting.seen.shape != other.seen.shape;
  return has_own ? sighting.shape : other.shape;
}

absl::StatusOr<std::unique_ptr<Message>> Decode(const Sighting& sighting, const Sighting& other,
                                                const ShapeDecoder& decode) {
  const std::string* const bytes = BytesOf(sighting, other);
  const ShapeHash& hash = sighting.seen.shape;
  const auto damaged = [&](absl::string_view what) {
    return absl::DataLossError(
        absl::StrCat("shape ", hash.Short(), " of ", DisplayName(sighting.key.entity), " ", what));
  };
  if (bytes == nullptr) return damaged("is not in the snapshot");
  if (HashOf<ShapeHash>(*bytes) != hash) return damaged("fails its hash");
  return decode(sighting.key, *bytes);
}

bool MayDiffer(const Sighting& before, const Sighting& after, const Renames& renames) {
  if (before.seen.shape != after.seen.shape) return true;
  if (renames.names.empty()) return false;
  const std::string* const bytes = BytesOf(before, after);
  return bytes == nullptr || renames.words.MayConcern(*bytes);
}

void CompareMasked(const Seen& before, const Seen& after, ShapeDifference& found) {
  if (before.digest.empty() || after.digest.empty()) return;
  if (before.key_id != after.key_id) {
    found.not_comparable.push_back({{std::string(kMaskedPart)}, "key id"});
  } else if (before.digest == after.digest) {
    return;
  } else if (before.way != after.way) {
    // Source has the text of a value, a run its value.
    found.not_comparable.push_back({{std::string(kMaskedPart)}, "way"});
  } else {
    found.changed.emplace_back().add_path(std::string(kMaskedPart));
  }
}

}  // namespace

absl::StatusOr<ShapeDifference> CompareSightings(const Sighting& before, const Sighting& after,
                                                 const Renames& renames,
                                                 const ShapeDecoder& decode) {
  ShapeDifference found;
  if (MayDiffer(before, after, renames)) {
    VARVE_ASSIGN_OR_RETURN(const auto a, Decode(before, after, decode));
    VARVE_ASSIGN_OR_RETURN(const auto b, Decode(after, before, decode));
    found = CompareShapes({*a, before.key.entity, before.revision, before.seen.way},
                          {*b, after.key.entity, after.revision, after.seen.way}, renames);
  }
  CompareMasked(before.seen, after.seen, found);
  return found;
}

}  // namespace varve
