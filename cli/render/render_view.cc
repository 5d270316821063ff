#include "cli/render/render_view.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/status.h"
#include "snapshot/header_words.h"
#include "snapshot/kinds.h"
#include "snapshot/section_name.h"

namespace varve {
namespace {

SectionView MakeNotConfigured() {
  static const Section* const section = [] {
    auto* const made = new Section;  // lives as long as the program
    made->header.set_status(v1::SECTION_STATUS_NOT_CONFIGURED);
    return made;
  }();
  return *SectionView::Of(*section);
}

const SectionView& NotConfigured() {
  static const SectionView* const view = new SectionView(MakeNotConfigured());
  return *view;
}

// "a: b; c", leaving out what is empty.
std::string Sentence(absl::string_view what, absl::string_view why, absl::string_view remedy) {
  return absl::StrCat(what, why.empty() ? "" : ": ", why, remedy.empty() ? "" : "; ", remedy);
}

}  // namespace

absl::StatusOr<RenderView> RenderView::Of(const Snapshot& snapshot) {
  RenderView view;
  view.snapshot_ = &snapshot;
  for (const Section& section : snapshot.sections) {
    absl::StatusOr<SectionView> decoded = SectionView::Of(section);
    if (!decoded.ok()) return Annotate(decoded.status(), section.header.name());
    view.sections_.push_back(*std::move(decoded));
  }
  return view;
}

std::vector<const SectionView*> RenderView::OfKind(absl::string_view source_kind) const {
  std::vector<const SectionView*> found;
  for (const SectionView& section : sections_) {
    if (section.header().source_kind() == source_kind) found.push_back(&section);
  }
  if (found.empty()) found.push_back(&NotConfigured());
  return found;
}

std::vector<const SectionView*> RenderView::MainSections(absl::string_view source_kind) const {
  const std::vector<const SectionView*> all = OfKind(source_kind);
  std::set<const SectionView*> beside;
  for (const SectionView* const section : all) beside.insert(ClusterBeside(*section));
  std::vector<const SectionView*> main;
  for (const SectionView* const section : all) {
    if (beside.count(section) == 0) main.push_back(section);
  }
  return main;
}

const SectionView* RenderView::ClusterBeside(const SectionView& section) const {
  const absl::string_view source = SourceOf(section.header().name());
  const SectionView* first = nullptr;
  const SectionView* cluster = nullptr;
  for (const SectionView& each : sections_) {
    const absl::string_view name = each.header().name();
    if (SourceOf(name) != source) continue;
    if (IsCluster(name)) {
      cluster = &each;
    } else if (first == nullptr) {
      first = &each;
    }
  }
  return first == &section ? cluster : nullptr;
}

int64_t RenderView::time_us() const {
  return snapshot_->time_us != 0 ? snapshot_->time_us : snapshot_->header.taken_at_us();
}

std::string ConnectionWord(v1::SectionStatus status) {
  const bool answered =
      status == v1::SECTION_STATUS_COMPLETE || status == v1::SECTION_STATUS_PARTIAL;
  return answered ? "connected" : StatusWord(status);
}

int64_t CountMasked(const SectionView& section) {
  int64_t masked = 0;
  for (const EntityView& entity : section.entities()) {
    bool is_masked = false;
    for (const FacetView& facet : entity.facets()) {
      const Seen* const current = facet.line->Current();
      is_masked |= current != nullptr && !current->digest.empty();
    }
    masked += is_masked ? 1 : 0;
  }
  for (const v1::RedisKey& key : section.section().measures->redis().keys()) {
    masked += key.masked() ? 1 : 0;
  }
  return masked;
}

LastSeen LastSeenOf(const SectionView& section) {
  LastSeen last;
  for (const ReadLine& line : section.section().lines) {
    if (line.last_seen_seq > last.seq) last = {line.last_seen_seq, line.last_seen_us};
  }
  return last;
}

std::string TimeText(int64_t time_us) { return FormatUtc(absl::FromUnixMicros(time_us)); }

std::string ErrorText(const v1::SectionError& error) {
  return Sentence(error.doing(), error.why(), error.remedy());
}

std::string CoverageText(const v1::CoverageEntry& entry) {
  const std::string what =
      absl::StrCat(entry.kind(), " ", FacetName(entry.facet()), entry.scope().empty() ? "" : " of ",
                   absl::StrJoin(entry.scope(), "."), ": ", SightName(entry.state()));
  return Sentence(what, entry.reason(), entry.remedy());
}

bool IsMissing(const v1::CoverageEntry& entry) {
  return entry.state() != v1::SIGHT_CAPTURED && entry.state() != v1::SIGHT_EXCLUDED &&
         entry.state() != v1::SIGHT_NOT_SUPPORTED;
}

}  // namespace varve
