// A snapshot decoded, as all renderers read it.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "snapshot/section_view.h"

namespace varve {

// Borrows the snapshot. Immutable once made.
class RenderView {
 public:
  // Errors: kDataLoss (a shape fails its hash or does not parse).
  static absl::StatusOr<RenderView> Of(const Snapshot& snapshot);

  const Snapshot& snapshot() const { return *snapshot_; }
  // The sections of a source kind in the order of the configuration; where there is none, one that
  // says so.
  std::vector<const SectionView*> OfKind(absl::string_view source_kind) const;
  // The same without those of clusters that are told beside a database: see ClusterBeside.
  std::vector<const SectionView*> MainSections(absl::string_view source_kind) const;
  // The section of the cluster, where `section` is the first database of its source, beside which
  // it is told; else null.
  const SectionView* ClusterBeside(const SectionView& section) const;
  // All sections in the order of the configuration.
  const std::deque<SectionView>& sections() const { return sections_; }
  // When the snapshot was taken, as it is read; microseconds since 1970-01-01 UTC.
  int64_t time_us() const;

 private:
  const Snapshot* snapshot_ = nullptr;
  std::deque<SectionView> sections_;  // a deque: pointers to its members stay when it is moved
};

// Whether the source answered: "connected" (of a partial section too), "unavailable" or
// "not configured".
std::string ConnectionWord(v1::SectionStatus status);

// How many objects and keys of the section hold something that was masked.
int64_t CountMasked(const SectionView& section);

// The newest snapshot in which something of an unavailable section was seen; seq 0: never, or not
// known.
struct LastSeen {
  int64_t seq = 0;
  int64_t time_us = 0;
};
LastSeen LastSeenOf(const SectionView& section);

// "2025-06-08T04:24:12.360218Z".
std::string TimeText(int64_t time_us);

// One text for people: "deparsing app.orders: lock timeout (55P03); read again later".
std::string ErrorText(const v1::SectionError& error);

// One text for people: "sequence access: not permitted: permission denied (42501); GRANT …".
std::string CoverageText(const v1::CoverageEntry& entry);

// Whether the entry says that something which was asked for is missing.
bool IsMissing(const v1::CoverageEntry& entry);

}  // namespace varve
