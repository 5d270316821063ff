// What renames do to text: which words of a deparsed expression may read otherwise because
// something was renamed.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "snapshot/rename_map.h"

namespace varve {

// The words of a map of renames. Immutable.
class RenamedWords {
 public:
  RenamedWords() = default;
  explicit RenamedWords(const RenameMap& renames);

  // Two texts as a server deparsed them differ only where a word of `before` was renamed to that of
  // `after`, and in the alias that the server then writes so that the column of a view keeps its
  // name ("amount AS total").
  bool ExplainDifference(absl::string_view before, absl::string_view after) const;

  // A name that some rename begins or ends with occurs in `bytes`: equal bytes may then mean
  // different objects.
  bool MayConcern(absl::string_view bytes) const;

 private:
  std::vector<std::pair<std::string, std::string>> words_;  // before, after
  std::vector<std::string> touched_;
};

}  // namespace varve
