// Names of sections: `source`, `source/database` where a source has several databases, and
// `source/` for the cluster they share. A source's name has no slash.
#pragma once

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace varve {

// "orders" of each of them.
inline absl::string_view SourceOf(absl::string_view section) {
  return section.substr(0, section.find('/'));
}

// Whether it is what the databases of a source share: "orders/".
inline bool IsCluster(absl::string_view section) {
  return absl::EndsWith(section, "/") && section.find('/') + 1 == section.size();
}

}  // namespace varve
