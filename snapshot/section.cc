#include "snapshot/section.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace varve {

const ReadLine* FindLine(const Section& section, const LineKey& key) {
  const auto at = std::lower_bound(
      section.lines.begin(), section.lines.end(), key,
      [](const ReadLine& line, const LineKey& wanted) { return line.line.key < wanted; });
  return at != section.lines.end() && at->line.key == key ? &*at : nullptr;
}

absl::Status DecodeShape(const Section& section, const ShapeHash& hash, v1::Shape& shape) {
  const auto found = section.shapes->find(hash);
  if (found == section.shapes.end()) {
    return absl::DataLossError(absl::StrCat("shape ", hash.Short(), " is not in the snapshot"));
  }
  if (HashOf<ShapeHash>(found->second) != hash) {
    return absl::DataLossError(absl::StrCat("shape ", hash.Short(), " fails its hash"));
  }
  if (!shape.ParseFromString(found->second)) {
    return absl::DataLossError(absl::StrCat("shape ", hash.Short(), " is not a shape"));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Shape> DecodeShape(const Section& section, const ShapeHash& hash) {
  v1::Shape shape;
  VARVE_RETURN_IF_ERROR(DecodeShape(section, hash, shape));
  return shape;
}

absl::StatusOr<v1::Coverage> DecodeCoverage(const Section& section) {
  v1::Coverage coverage;
  if (!coverage.ParseFromString(section.coverage)) {
    return absl::DataLossError(
        absl::StrCat("the coverage of ", section.header.name(), " does not parse"));
  }
  return coverage;
}

}  // namespace varve
