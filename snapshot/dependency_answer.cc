#include "snapshot/dependency_answer.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/algorithm/container.h"
#include "snapshot/dependency_order.h"
#include "snapshot/kinds.h"
#include "snapshot/left_out.h"

namespace varve {
namespace {

// A part of a node that was reached. Of an object that is needed for what it is ("columns"), and
// not for a part of it, columns are followed and what hangs on it is not.
using Place = std::pair<size_t, ObjectPart>;
constexpr absl::string_view kColumns = "columns";

class Walk {
 public:
  Walk(const DependencyGraph& graph, NeedDirection direction)
      : graph_(graph), direction_(direction) {}

  std::vector<ReachedObject> From(size_t node, const ObjectPart& part,
                                  std::optional<size_t> depth) {
    std::vector<Place> front = {{node, part}};
    done_.insert(front.front());
    for (size_t steps = 1; !front.empty() && steps <= depth.value_or(steps); ++steps) {
      std::vector<Place> next;
      for (const Place& place : front) Step(place, {node, part}, steps, next);
      front = std::move(next);
    }
    std::vector<ReachedObject> reached;
    for (auto& [place, object] : reached_) {
      absl::c_sort(object.needs);
      reached.push_back(std::move(object));
    }
    absl::c_stable_sort(
        reached, [](const ReachedObject& a, const ReachedObject& b) { return a.depth < b.depth; });
    return reached;
  }

 private:
  bool forward() const { return direction_ == NeedDirection::kNeeds; }

  void Step(const Place& place, const Place& start, size_t depth, std::vector<Place>& next) {
    const auto needs = forward() ? graph_.NeedsOf(place.first) : graph_.NeededBy(place.first);
    for (const size_t number : needs) {
      const Need& need = graph_.needs()[number];
      if (!Concerns(need, place.second)) continue;
      Place other = forward() ? Place(need.on, ForPart(need.on_part)) : Place(need.from, need.part);
      // Parts of a whole are in it already.
      if (other.first == start.first && (start.second.is_whole() || other == start)) continue;
      ReachedObject& object = reached_[other.first];
      if (object.needs.empty()) {
        object.node = other.first;
        object.depth = depth;
      }
      if (!absl::c_linear_search(object.needs, number)) object.needs.push_back(number);
      if (done_.insert(other).second) next.push_back(std::move(other));
    }
  }

  static ObjectPart ForPart(const ObjectPart& part) {
    return part.is_whole() ? ObjectPart{std::string(kColumns), ""} : part;
  }

  // Whether the need is one of the part that was reached.
  bool Concerns(const Need& need, const ObjectPart& part) const {
    if (part.is_whole()) return true;
    if (!forward()) return need.on_part == part;
    if (need.part.is_whole() || need.part == part) return true;
    if (part.kind == kColumns) return need.part.kind == "column";
    return part.kind == "column" && need.part == ObjectPart{"default", part.name};
  }

  const DependencyGraph& graph_;
  const NeedDirection direction_;
  std::set<Place> done_;
  std::map<size_t, ReachedObject> reached_;
};

// What the captured needs of a kind hang on: its first facet, and its deparsed texts.
bool HoldsNeeds(absl::string_view kind, v1::Facet facet) {
  return facet == FirstFacet(kind) ||
         (facet == v1::FACET_EXPRESSIONS && HasFacet(kind, v1::FACET_EXPRESSIONS));
}

std::vector<NotLookedAt> LinesNotSeen(const EntityView& entity) {
  std::vector<NotLookedAt> lines;
  for (const FacetView& facet : entity.facets()) {
    const LineKey& key = facet.line->line.key;
    if (facet.is_seen || !HoldsNeeds(key.entity.kind, key.facet)) continue;
    lines.push_back({key.entity.kind, key.entity.names, key.facet, facet.line->line.unseen});
  }
  return lines;
}

std::vector<NotLookedAt> NotCovered(const v1::Coverage& coverage) {
  std::vector<NotLookedAt> gaps;
  std::set<std::string> known;
  for (const v1::CoverageEntry& entry : coverage.entries()) {
    known.insert(entry.kind());
    const bool is_gap =
        entry.state() != v1::SIGHT_CAPTURED && entry.state() != v1::SIGHT_NOT_SUPPORTED;
    if (!is_gap || !HoldsNeeds(entry.kind(), entry.facet())) continue;
    // Members of extensions, which are known with these.
    if (entry.state() == v1::SIGHT_EXCLUDED && !IsByPatterns(entry)) continue;
    gaps.push_back({entry.kind(),
                    {entry.scope().begin(), entry.scope().end()},
                    entry.facet(),
                    entry.state(),
                    entry.reason(),
                    entry.remedy()});
  }
  for (const Kind& kind : Kinds()) {
    const bool is_of_it = kind.source_kind == "postgres" && IsInSection(kind, KindScope::kDatabase);
    if (!is_of_it || known.count(std::string(kind.name)) > 0) continue;
    gaps.push_back({std::string(kind.name), {}, kind.facets.front().facet, v1::SIGHT_NOT_CAPTURED});
  }
  return gaps;
}

bool IsServersOwn(const DependencyGraph::Node& node) {
  const std::string& kind = node.key.kind;
  if (kind == "language" || kind == "access_method" || kind == "cast") return true;
  if (!StandsInSchema(kind)) return false;
  return node.key.names.front() == "pg_catalog" || node.key.names.front() == "information_schema";
}

bool HasBodyAsText(const EntityView& entity) {
  const v1::RoutineStructure& routine = entity.Shape(v1::FACET_STRUCTURE).routine();
  return !routine.source().empty() && routine.language() != "c" && routine.language() != "internal";
}

class Judge {
 public:
  Judge(const SectionView& section, const DependencyGraph& graph, DependencyAnswer& answer)
      : section_(section), graph_(graph), answer_(answer) {}

  void Run() {
    if (answer_.direction == NeedDirection::kNeeds) {
      LookAt(answer_.node);
      for (const ReachedObject& object : answer_.reached) LookAt(object.node);
    } else {
      for (const EntityView& entity : section_.entities()) LookAt(entity);
      for (NotLookedAt& gap : NotCovered(section_.coverage())) {
        answer_.not_looked_at.push_back(std::move(gap));
      }
    }
    absl::c_stable_sort(answer_.not_looked_at, [](const NotLookedAt& a, const NotLookedAt& b) {
      return std::tie(a.kind, a.names, a.facet) < std::tie(b.kind, b.names, b.facet);
    });
  }

 private:
  void LookAt(const EntityView& entity) {
    if (HasBodyAsText(entity)) ++answer_.bodies_not_followed;
    for (NotLookedAt& line : LinesNotSeen(entity)) {
      answer_.not_looked_at.push_back(std::move(line));
    }
  }

  void LookAt(size_t place) {
    const DependencyGraph::Node& node = graph_.nodes()[place];
    const EntityView* const entity = section_.Find(node.key);
    if (entity != nullptr) return LookAt(*entity);
    if (node.is_in_section || node.is_member || IsServersOwn(node)) return;
    answer_.not_looked_at.push_back(
        {node.key.kind, node.key.names, FirstFacet(node.key.kind), WhyNotThere(node.key)});
  }

  v1::Sight WhyNotThere(const EntityKey& key) const {
    const v1::Sight state =
        CoveredAs(section_.coverage(), key.kind, FirstFacet(key.kind), key.names);
    const bool is_reason = state != v1::SIGHT_UNSPECIFIED && state != v1::SIGHT_CAPTURED;
    return is_reason ? state : v1::SIGHT_NOT_CAPTURED;
  }

  const SectionView& section_;
  const DependencyGraph& graph_;
  DependencyAnswer& answer_;
};

// Circles that a column and the sequence that it owns make are none: the one goes with the other.
std::vector<std::vector<size_t>> CirclesIn(const DependencyGraph& graph,
                                           const DependencyAnswer& answer) {
  std::set<size_t> concerned = {answer.node};
  for (const ReachedObject& object : answer.reached) concerned.insert(object.node);
  std::vector<std::vector<size_t>> circles;
  for (std::vector<size_t>& group : OrderByNeed(graph, [&](const Need& need) {
         const bool goes_with_it =
             need.type == v1::DEPENDENCY_TYPE_AUTO || need.type == v1::DEPENDENCY_TYPE_INTERNAL;
         return !goes_with_it && concerned.count(need.from) > 0 && concerned.count(need.on) > 0;
       })) {
    if (group.size() > 1) circles.push_back(std::move(group));
  }
  absl::c_sort(circles);
  return circles;
}

}  // namespace

DependencyAnswer Follow(const SectionView& section, const DependencyGraph& graph, size_t node,
                        const ObjectPart& part, NeedDirection direction,
                        std::optional<size_t> depth) {
  DependencyAnswer answer;
  answer.node = node;
  answer.part = part;
  answer.direction = direction;
  answer.reached = Walk(graph, direction).From(node, part, depth);
  answer.circles = CirclesIn(graph, answer);
  Judge(section, graph, answer).Run();
  return answer;
}

bool CannotSay(const DependencyAnswer& answer) {
  return absl::c_any_of(answer.not_looked_at,
                        [](const NotLookedAt& each) { return each.why != v1::SIGHT_EXCLUDED; });
}

}  // namespace varve
