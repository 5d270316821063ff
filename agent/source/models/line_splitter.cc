#include "agent/source/models/line_splitter.h"

namespace varve {

bool LineSplitter::Take(absl::string_view bytes, absl::FunctionRef<void(absl::string_view)> visit) {
  taken_ += bytes.size();
  if (taken_ > most_) return false;
  while (!bytes.empty()) {
    const size_t end = bytes.find('\n');
    begun_.append(bytes.data(), end == absl::string_view::npos ? bytes.size() : end);
    if (begun_.size() > longest_line_) return false;
    if (end == absl::string_view::npos) return true;
    if (!begun_.empty()) visit(begun_);
    begun_.clear();
    bytes.remove_prefix(end + 1);
  }
  return true;
}

}  // namespace varve
