#include "snapshot/rules/cycles.h"

#include <algorithm>
#include <limits>

namespace varve {
namespace {

// Tarjan's strongly connected components, with a stack of its own.
class Components {
 public:
  explicit Components(const std::vector<std::vector<size_t>>& targets)
      : targets_(targets), nodes_(targets.size()) {}

  std::vector<std::vector<size_t>> Find() {
    for (size_t node = 0; node < nodes_.size(); ++node) {
      if (nodes_[node].order == kNotMet) VisitFrom(node);
    }
    std::sort(cycles_.begin(), cycles_.end());
    return std::move(cycles_);
  }

 private:
  static constexpr size_t kNotMet = std::numeric_limits<size_t>::max();
  struct Node {
    size_t order = kNotMet;  // when it was met
    size_t lowest = 0;       // the earliest that it is known to reach
    size_t next_target = 0;
    bool is_open = false;  // met, and of no component yet
  };

  void Enter(size_t node) {
    nodes_[node] = {met_, met_, 0, true};
    ++met_;
    path_.push_back(node);
    open_.push_back(node);
  }

  void VisitFrom(size_t start) {
    Enter(start);
    while (!path_.empty()) {
      const size_t node = path_.back();
      if (nodes_[node].next_target == targets_[node].size()) {
        Leave(node);
        continue;
      }
      const size_t target = targets_[node][nodes_[node].next_target++];
      if (nodes_[target].order == kNotMet) {
        Enter(target);
      } else if (nodes_[target].is_open) {
        nodes_[node].lowest = std::min(nodes_[node].lowest, nodes_[target].order);
      }
    }
  }

  void Leave(size_t node) {
    path_.pop_back();
    if (!path_.empty()) {
      Node& before = nodes_[path_.back()];
      before.lowest = std::min(before.lowest, nodes_[node].lowest);
    }
    if (nodes_[node].lowest != nodes_[node].order) return;
    // From behind: what was met after it is all of its component.
    const auto begin = std::find(open_.rbegin(), open_.rend(), node).base() - 1;
    std::vector<size_t> members(begin, open_.end());
    open_.erase(begin, open_.end());
    for (const size_t member : members) nodes_[member].is_open = false;
    std::sort(members.begin(), members.end());
    if (members.size() > 1) cycles_.push_back(std::move(members));
  }

  const std::vector<std::vector<size_t>>& targets_;
  std::vector<Node> nodes_;
  size_t met_ = 0;
  std::vector<size_t> path_, open_;
  std::vector<std::vector<size_t>> cycles_;
};

}  // namespace

std::vector<std::vector<size_t>> Cycles(const std::vector<std::vector<size_t>>& targets) {
  return Components(targets).Find();
}

}  // namespace varve
