#include "agent/source/source.h"

#include <utility>

#include "snapshot/section_builder.h"

namespace varve {

std::vector<Section> OneSection(Section section) {
  std::vector<Section> sections;
  sections.push_back(std::move(section));
  return sections;
}

std::vector<Section> UnavailableSections(const Source& source, absl::string_view address,
                                         absl::string_view doing, absl::string_view why,
                                         absl::string_view remedy) {
  std::vector<Section> sections;
  for (const std::string& name : source.SectionNames()) {
    sections.push_back(
        SectionBuilder::Unavailable(name, source.kind(), address, doing, why, remedy));
  }
  return sections;
}

}  // namespace varve
