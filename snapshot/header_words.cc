#include "snapshot/header_words.h"

#include "snapshot/diff_text.h"

namespace varve {

std::string StatusWord(v1::SectionStatus status) {
  return EnumText(*v1::SectionStatus_descriptor(), status);
}

std::string OccasionWord(v1::Occasion occasion) {
  return EnumText(*v1::Occasion_descriptor(), occasion);
}

}  // namespace varve
