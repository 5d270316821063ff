#include "snapshot/rules/opened_snapshot.h"

#include <utility>

#include "base/status.h"
#include "snapshot/section_name.h"

namespace varve {

bool IsRead(const v1::SectionHeader& header) {
  return header.status() == v1::SECTION_STATUS_COMPLETE ||
         header.status() == v1::SECTION_STATUS_PARTIAL;
}

absl::StatusOr<OpenedSnapshot> OpenedSnapshot::Of(const Snapshot& snapshot) {
  OpenedSnapshot opened;
  for (const Section& section : snapshot.sections) {
    absl::StatusOr<SectionView> view = SectionView::Of(section);
    if (!view.ok()) return Annotate(view.status(), section.header.name());
    const SectionView& added = opened.sections.emplace_back(*std::move(view));
    const bool is_read = IsRead(section.header);
    if (section.header.source_kind() == "models" && is_read) opened.models.push_back(&added);
    if (section.header.source_kind() != "postgres" || IsCluster(section.header.name())) continue;
    opened.are_all_databases &= is_read;
    if (is_read) opened.databases.push_back(&added);
  }
  return opened;
}

}  // namespace varve
