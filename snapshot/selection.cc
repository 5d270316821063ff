#include "snapshot/selection.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"

namespace varve {
namespace {

using Patterns = std::vector<ObjectPattern>;

absl::StatusOr<Patterns> ParseList(absl::string_view list, absl::Span<const std::string> texts) {
  Patterns patterns;
  for (const std::string& text : texts) {
    absl::StatusOr<ObjectPattern> pattern =
        ObjectPattern::Parse(text, ObjectPattern::Kinds::kKnown);
    if (!pattern.ok()) return Annotate(pattern.status(), list);
    if (patterns.empty() && pattern->takes_back()) {
      return absl::InvalidArgumentError(
          absl::StrCat(list, ": pattern '", text,
                       "' takes back what a pattern before it took, and there is none"));
    }
    patterns.push_back(*std::move(pattern));
  }
  return patterns;
}

// The place of the last pattern that matches; nothing where that takes back, or none does.
std::optional<size_t> Taker(const Patterns& patterns, const EntityKey& entity) {
  for (size_t at = patterns.size(); at-- > 0;) {
    if (!patterns[at].Matches(entity)) continue;
    if (patterns[at].takes_back()) return std::nullopt;
    return at;
  }
  return std::nullopt;
}

// Whether the list takes each object of the kind, whatever it is called.
bool TakesEach(const Patterns& patterns, absl::string_view kind) {
  for (size_t at = patterns.size(); at-- > 0;) {
    if (!patterns[at].MayMatch(kind)) continue;
    if (patterns[at].takes_back()) return false;
    if (patterns[at].MatchesAll(kind)) return true;
  }
  return false;
}

bool MayTake(const Patterns& patterns, absl::string_view kind) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const ObjectPattern& pattern) {
    return !pattern.takes_back() && pattern.MayMatch(kind);
  });
}

void AddPattern(v1::ScopePattern::List list, const ObjectPattern& pattern, uint64_t count,
                v1::CoverageEntry& entry) {
  v1::ScopePattern& added = *entry.add_patterns();
  added.set_list(list);
  added.set_pattern(pattern.Text());
  added.set_count(count);
}

}  // namespace

absl::StatusOr<Selection> Selection::Of(absl::Span<const std::string> include,
                                        absl::Span<const std::string> exclude) {
  Selection selection;
  VARVE_ASSIGN_OR_RETURN(selection.include_, ParseList("include", include));
  VARVE_ASSIGN_OR_RETURN(selection.exclude_, ParseList("exclude", exclude));
  return selection;
}

Selection Selection::FromCoverage(const v1::CoverageEntry& entry) {
  Selection selection;
  for (const v1::ScopePattern& written : entry.patterns()) {
    absl::StatusOr<ObjectPattern> pattern =
        ObjectPattern::Parse(written.pattern(), ObjectPattern::Kinds::kAny);
    const bool is_include = written.list() == v1::ScopePattern::LIST_INCLUDE;
    if (!pattern.ok() || (!is_include && written.list() != v1::ScopePattern::LIST_EXCLUDE)) {
      selection.unreadable_ = true;
    } else {
      (is_include ? selection.include_ : selection.exclude_).push_back(*std::move(pattern));
    }
  }
  return selection;
}

std::optional<Selection::LeftOut> Selection::Why(const EntityKey& entity) const {
  if (unreadable_ || (!include_.empty() && !Taker(include_, entity).has_value())) {
    return LeftOut{};
  }
  const std::optional<size_t> pattern = Taker(exclude_, entity);
  if (!pattern.has_value()) return std::nullopt;
  return LeftOut{pattern};
}

bool Selection::IncludesNone(absl::string_view kind) const {
  return unreadable_ || (!include_.empty() && !MayTake(include_, kind));
}

bool Selection::LeavesOutAll(absl::string_view kind) const {
  return IncludesNone(kind) || TakesEach(exclude_, kind);
}

bool Selection::MayLeaveOut(absl::string_view kind) const {
  if (LeavesOutAll(kind) || MayTake(exclude_, kind)) return true;
  return !include_.empty() && !TakesEach(include_, kind);
}

v1::CoverageEntry Selection::Coverage(absl::string_view kind, absl::Span<const uint64_t> counts,
                                      uint64_t not_included) const {
  v1::CoverageEntry entry;
  entry.set_kind(std::string(kind));
  entry.set_state(v1::SIGHT_EXCLUDED);
  entry.set_count(not_included);
  std::vector<std::string> reasons;
  // Where no pattern of the list can take anything, all of them say so.
  const bool includes_none = IncludesNone(kind);
  if (includes_none || !TakesEach(include_, kind)) {
    std::vector<std::string> texts;
    for (const ObjectPattern& pattern : include_) {
      if (!includes_none && !pattern.MayMatch(kind)) continue;
      texts.push_back(pattern.Text());
      AddPattern(v1::ScopePattern::LIST_INCLUDE, pattern, 0, entry);
    }
    if (!texts.empty()) {
      reasons.push_back(absl::StrCat("not included by ", absl::StrJoin(texts, ", ")));
    }
  }
  std::vector<std::string> texts;
  for (size_t at = 0; at < exclude_.size(); ++at) {
    if (!exclude_[at].MayMatch(kind)) continue;
    const uint64_t count = at < counts.size() ? counts[at] : 0;
    texts.push_back(exclude_[at].Text());
    AddPattern(v1::ScopePattern::LIST_EXCLUDE, exclude_[at], count, entry);
    entry.set_count(entry.count() + count);
  }
  if (!texts.empty()) reasons.push_back(absl::StrCat("pattern ", absl::StrJoin(texts, ", ")));
  entry.set_reason(absl::StrJoin(reasons, "; "));
  return entry;
}

}  // namespace varve
