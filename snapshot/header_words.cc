#include "snapshot/header_words.h"

#include "absl/algorithm/container.h"
#include "snapshot/diff_text.h"

namespace varve {

std::string StatusWord(v1::SectionStatus status) {
  return EnumText(*v1::SectionStatus_descriptor(), status);
}

std::string OccasionWord(v1::Occasion occasion) {
  return EnumText(*v1::Occasion_descriptor(), occasion);
}

int64_t ErrorCount(const v1::SectionHeader& section) {
  return absl::c_count_if(section.errors(), [](const v1::SectionError& error) {
    return error.severity() != v1::SectionError::SEVERITY_WARNING;
  });
}

}  // namespace varve
