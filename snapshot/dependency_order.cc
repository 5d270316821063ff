#include "snapshot/dependency_order.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"

namespace varve {
namespace {

// Tarjan's strongly connected components, without recursion: chains of views can be long. A
// component is complete after all that it needs.
class Components {
 public:
  Components(const DependencyGraph& graph, absl::FunctionRef<bool(const Need&)> counts)
      : graph_(graph), counts_(counts), states_(graph.nodes().size()) {}

  std::vector<std::vector<size_t>> Find() {
    for (size_t node = 0; node < states_.size(); ++node) {
      if (states_[node].index == 0) VisitFrom(node);
    }
    return std::move(found_);
  }

 private:
  struct State {
    size_t index = 0;  // when it was reached, from 1
    size_t low = 0;    // the first reached that can be reached from it
    bool on_stack = false;
  };
  struct Step {
    size_t node;
    size_t next = 0;  // of its needs
  };

  void Reach(size_t node) {
    states_[node].index = states_[node].low = ++reached_;
    states_[node].on_stack = true;
    stack_.push_back(node);
    path_.push_back({node});
  }

  void VisitFrom(size_t root) {
    Reach(root);
    while (!path_.empty()) {
      Step& step = path_.back();
      const absl::Span<const size_t> needs = graph_.NeedsOf(step.node);
      if (step.next < needs.size()) {
        Follow(step.node, graph_.needs()[needs[step.next++]]);
        continue;
      }
      const size_t node = step.node;
      path_.pop_back();
      if (!path_.empty()) Lower(path_.back().node, states_[node].low);
      if (states_[node].low == states_[node].index) Close(node);
    }
  }

  void Follow(size_t node, const Need& need) {
    if (need.on == node || !counts_(need)) return;
    if (states_[need.on].index == 0) {
      Reach(need.on);
    } else if (states_[need.on].on_stack) {
      Lower(node, states_[need.on].index);
    }
  }

  void Lower(size_t node, size_t low) { states_[node].low = std::min(states_[node].low, low); }

  void Close(size_t root) {
    std::vector<size_t>& group = found_.emplace_back();
    size_t node = 0;
    do {
      node = stack_.back();
      stack_.pop_back();
      states_[node].on_stack = false;
      group.push_back(node);
    } while (node != root);
    absl::c_sort(group);
  }

  const DependencyGraph& graph_;
  const absl::FunctionRef<bool(const Need&)> counts_;
  std::vector<State> states_;
  std::vector<size_t> stack_;
  std::vector<Step> path_;
  std::vector<std::vector<size_t>> found_;
  size_t reached_ = 0;
};

}  // namespace

std::vector<std::vector<size_t>> OrderByNeed(const DependencyGraph& graph,
                                             absl::FunctionRef<bool(const Need&)> counts) {
  return Components(graph, counts).Find();
}

}  // namespace varve
