// What renames do to text: which words of a deparsed expression may read otherwise because
// something was renamed.
#pragma once

#include <string>
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
  // name ("amount AS total"). `names` are those of the object that has the text, on the first side:
  // a column's rename explains only texts of its relation, and those that name its relation.
  bool ExplainDifference(const std::vector<std::string>& names, absl::string_view before,
                         absl::string_view after) const;

  // A name that some rename begins or ends with occurs in `bytes`: equal bytes may then mean
  // different objects.
  bool MayConcern(absl::string_view bytes) const;

 private:
  struct Word {
    std::string from;
    std::string to;
    // Names of a column's relation on both sides; empty for what is no column.
    std::vector<std::string> relation_from;
    std::vector<std::string> relation_to;
  };

  std::vector<Word> words_;
  std::vector<std::string> touched_;
};

}  // namespace varve
