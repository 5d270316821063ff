#include "cli/render/drift_words.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "cli/render/diff_line_text.h"
#include "cli/render/numbers.h"
#include "snapshot/kinds.h"
#include "snapshot/line.h"

namespace varve {
namespace {

// More names than these are counted.
constexpr int kMostMembers = 4;
constexpr int kMembersOfMany = 3;
constexpr int kMostIdentities = 3;

std::string Environments(size_t count) {
  return Counted(static_cast<int64_t>(count), "environment");
}

std::string StandingWord(v1::DriftStanding standing) {
  switch (standing) {
    case v1::DRIFT_STANDING_UNAVAILABLE:
      return "unavailable";
    case v1::DRIFT_STANDING_REMOVED:
      return "removed";
    case v1::DRIFT_STANDING_NOT_CONFIGURED:
      return "not configured";
    default:  // a newer collector's
      return "not compared";
  }
}

// "12 schemas", "3 entities".
std::string Units(v1::DriftGrouping grouping, int64_t count) {
  switch (grouping) {
    case v1::DRIFT_GROUPING_SECTION:
      return Counted(count, "section");
    case v1::DRIFT_GROUPING_SCHEMA:
      return Counted(count, "part");
    default:
      return absl::StrCat(WithCommas(count), count == 1 ? " entity" : " entities");
  }
}

std::string Entities(const v1::DriftResult& result) {
  const auto count = static_cast<int64_t>(result.entities_compared());
  return absl::StrCat(WithCommas(count), count == 1 ? " entity" : " entities");
}

// How many kinds, and sections, were not compared in all.
std::string UnsaidCount(const v1::DriftResult& result) {
  std::set<std::string> kinds;
  std::set<std::string> sections;
  for (const v1::DriftUnsaid& unsaid : result.unsaid()) {
    if (unsaid.kind().empty()) {
      sections.insert(unsaid.section());
    } else {
      kinds.insert(absl::StrCat(unsaid.section(), "/", unsaid.kind()));
    }
  }
  std::vector<std::string> counts;
  if (!kinds.empty()) counts.push_back(Counted(static_cast<int64_t>(kinds.size()), "kind"));
  if (!sections.empty()) {
    counts.push_back(Counted(static_cast<int64_t>(sections.size()), "section"));
  }
  return counts.empty()
             ? ""
             : absl::StrCat("; ", absl::StrJoin(counts, " and "), " not compared in all");
}

// "11 as prod-eu@940, 3 not, in 2 other classes" of whole environments.
std::string WholeAnswer(const v1::DriftResult& result) {
  const v1::DriftUnit& unit = result.units(0);
  size_t alike = 0;
  size_t others = 0;
  int classes = 0;
  for (const v1::DriftClass& one : unit.classes()) {
    (one.differs() ? others : alike) += static_cast<size_t>(one.members_size());
    if (one.differs()) ++classes;
  }
  const uint32_t first = unit.classes(0).members(0);
  const uint32_t as = result.has_baseline() ? result.baseline() : first;
  const std::string total = Environments(static_cast<size_t>(result.members_size()));
  if (result.members_size() == 1) return absl::StrCat(total, ": nothing to compare it with");
  if (others == 0) return absl::StrCat(total, ": all the same in ", Entities(result));
  return absl::StrCat(total, ": ", alike,
                      result.has_baseline() || alike == 1 ? " as " : " alike as ",
                      MemberReference(result, as), ", ", others, " not, in ", classes,
                      classes == 1 ? " other class" : " other classes");
}

std::string PartOf(const v1::DriftUnsaid& unsaid) {
  if (unsaid.path().empty()) return FacetName(unsaid.facet());
  std::vector<std::string> path(unsaid.path().rbegin(), unsaid.path().rend());
  for (std::string& name : path) name = Words(name);
  return absl::StrJoin(path, " of ");
}

std::string Plural(const std::string& kind) {
  const Kind* const known = FindKind(kind);
  return known == nullptr ? absl::StrCat(Words(kind), "s") : Words(known->plural);
}

std::string WhatIsUnsaid(const v1::DriftUnsaid& unsaid) {
  if (unsaid.kind().empty()) return unsaid.section();
  std::string what = absl::StrCat(unsaid.section(), ": ", PartOf(unsaid), " of ");
  if (unsaid.identities_size() > kMostIdentities) {
    return absl::StrCat(what, WithCommas(unsaid.identities_size()), " ", Plural(unsaid.kind()));
  }
  std::vector<std::string> names;
  for (const v1::Identity& identity : unsaid.identities()) {
    names.push_back(DisplayName(KeyOf(identity)));
  }
  return absl::StrCat(what, Words(unsaid.kind()), " ", absl::StrJoin(names, ", "));
}

std::string WhyUnsaid(const v1::DriftUnsaid& unsaid) {
  if (unsaid.why() == "revision") return "newly captured or mended by another revision";
  if (unsaid.why() == "way") return "not read in one way by all";
  if (unsaid.why() == "key id") return "masked under different keys";
  if (unsaid.why() == "kind") return "not looked at";
  std::string why = SightName(unsaid.sight());
  if (!unsaid.reason().empty()) absl::StrAppend(&why, ": ", unsaid.reason());
  if (!unsaid.remedy().empty()) absl::StrAppend(&why, "; ", unsaid.remedy());
  return why;
}

template <typename Numbers>
std::string Names(const v1::DriftResult& result, const Numbers& members) {
  const int most = members.size() > kMostMembers ? kMembersOfMany : kMostMembers;
  std::vector<std::string> names;
  for (int i = 0; i < members.size() && i < most; ++i) {
    names.push_back(MemberName(result, members.Get(i)));
  }
  std::string text = absl::StrJoin(names, " ");
  if (members.size() > most) absl::StrAppend(&text, " … ", members.size() - most, " more");
  return text;
}

const std::vector<DiffLine>* OnlyLines(const DiffReport& report) {
  return report.blocks.size() == 1 ? &report.blocks[0].lines : nullptr;
}

// Place of the member that the others of a unit are held against.
uint32_t HeldAgainst(const v1::DriftResult& result, const v1::DriftUnit& unit) {
  return result.has_baseline() ? result.baseline() : unit.classes(0).members(0);
}

// Place of the first change of a class, where it has some.
int PlaceOfChanges(const v1::DriftResult& result, size_t unit, size_t of_class) {
  const auto& changes = result.changes();
  const auto first =
      std::lower_bound(changes.begin(), changes.end(), std::make_pair(unit, of_class),
                       [](const v1::DriftChange& one, const std::pair<size_t, size_t>& other) {
                         return std::pair<size_t, size_t>(one.unit(), one.class_at()) < other;
                       });
  return static_cast<int>(first - changes.begin());
}

}  // namespace

std::string ClassLetter(size_t at) {
  std::string letters;
  do {
    letters.insert(letters.begin(), static_cast<char>('A' + at % 26));
    at /= 26;
  } while (at-- > 0);
  return letters;
}

std::string MemberReference(const v1::DriftResult& result, uint32_t member) {
  const v1::DriftMember& one = result.members(static_cast<int>(member));
  return one.seq() == 0 ? one.environment() : absl::StrCat(one.environment(), "@", one.seq());
}

std::string MemberName(const v1::DriftResult& result, uint32_t member) {
  const std::string& name = result.members(static_cast<int>(member)).environment();
  const auto same =
      std::count_if(result.members().begin(), result.members().end(),
                    [&](const v1::DriftMember& other) { return other.environment() == name; });
  return same > 1 ? MemberReference(result, member) : name;
}

std::string UnitName(const v1::DriftUnit& unit) {
  if (unit.has_identity()) {
    return absl::StrCat(unit.section(), " ", Words(unit.identity().kind()), " ",
                        DisplayName(KeyOf(unit.identity())));
  }
  return unit.schema().empty() ? unit.section() : absl::StrCat(unit.section(), " ", unit.schema());
}

std::string MemberList(const v1::DriftResult& result, const v1::DriftClass& of_class) {
  return Names(result, of_class.members());
}

bool IsOneThing(const DiffReport& report) {
  const std::vector<DiffLine>* const lines = OnlyLines(report);
  if (lines == nullptr) return false;
  const bool of_part = lines->size() == 2 && !(*lines)[0].part && (*lines)[1].part;
  return lines->size() == 1 || of_part;
}

std::string ClassWords(const v1::DriftClass& of_class, const DiffReport& told,
                       const std::string& since) {
  std::vector<std::string> words;
  if (!of_class.differs()) {
    words.emplace_back("same");
  } else if (IsOneThing(told)) {
    const std::vector<DiffLine>& lines = *OnlyLines(told);
    const DiffLine& last = lines.back();
    const std::string name =
        lines.size() == 1 ? last.what : NameOfPart(lines.front().what, last.what);
    const std::string detail = last.detail.empty() ? "" : absl::StrCat(": ", last.detail);
    words.push_back(last.sign == DiffSign::kRemoved ? absl::StrCat("lacks ", name)
                    : last.sign == DiffSign::kAdded ? absl::StrCat("also has ", name, detail)
                                                    : absl::StrCat(name, detail));
    words.back() += since;
  } else {
    words.push_back(told.answer);
  }
  for (const v1::DriftAway& away : of_class.away()) {
    words.push_back(absl::StrCat(away.section(), " ", StandingWord(away.standing())));
  }
  return absl::StrJoin(words, "; ");
}

bool IsChangeOf(const v1::DriftChange& change, size_t unit, size_t of_class) {
  return change.unit() == unit && change.class_at() == of_class;
}

std::string SinceWords(const v1::DriftResult& result, size_t unit, size_t of_class) {
  const int at = PlaceOfChanges(result, unit, of_class);
  if (at == result.changes_size() || !IsChangeOf(result.changes(at), unit, of_class)) return "";
  const int64_t since_us = result.changes(at).since_us();
  if (since_us == 0) return "";
  const uint32_t has_it = HeldAgainst(result, result.units(static_cast<int>(unit)));
  return absl::StrCat(" (", MemberName(result, has_it), " since ",
                      FormatMinute(absl::FromUnixMicros(since_us)), ")");
}

DiffReport ReportOf(const v1::DriftResult& result, size_t unit, size_t of_class,
                    const std::string& arrow) {
  v1::DiffResult diff;
  const int last = result.changes_size();
  for (int at = PlaceOfChanges(result, unit, of_class);
       at < last && IsChangeOf(result.changes(at), unit, of_class); ++at) {
    *diff.add_differences() = result.changes(at).difference();
  }
  return ReportOf(diff, arrow);
}

std::string DiffCommand(const v1::DriftResult& result, const v1::DriftUnit& unit, size_t of_class) {
  const uint32_t first = HeldAgainst(result, unit);
  const uint32_t other = unit.classes(static_cast<int>(of_class)).members(0);
  return absl::StrCat("varve diff ", MemberName(result, first), " ", MemberName(result, other));
}

std::string DriftAnswer(const v1::DriftResult& result) {
  std::string answer;
  if (result.grouping() == v1::DRIFT_GROUPING_WHOLE) {
    answer = WholeAnswer(result);
  } else {
    const auto differing =
        std::count_if(result.units().begin(), result.units().end(), [](const v1::DriftUnit& unit) {
          return std::any_of(unit.classes().begin(), unit.classes().end(),
                             [](const v1::DriftClass& one) { return one.differs(); });
        });
    answer = Environments(static_cast<size_t>(result.members_size()));
    if (differing == 0) {
      absl::StrAppend(&answer, ": all the same in ", Entities(result));
    } else if (result.grouping() == v1::DRIFT_GROUPING_ENTITY) {
      absl::StrAppend(&answer, ": ", WithCommas(differing), " of ", Entities(result),
                      differing == 1 ? " is" : " are", " not the same in all");
    } else {
      absl::StrAppend(&answer, ": ", WithCommas(differing), " of ",
                      Units(result.grouping(), result.units_size()),
                      differing == 1 ? " is" : " are", " not the same in all");
    }
  }
  return answer + UnsaidCount(result);
}

std::vector<DiffLine> UnsaidLines(const v1::DriftResult& result) {
  std::vector<DiffLine> lines;
  for (const v1::DriftUnsaid& unsaid : result.unsaid()) {
    const bool all = unsaid.members_size() == result.members_size();
    lines.push_back({DiffSign::kCannotSay, WhatIsUnsaid(unsaid),
                     absl::StrCat(WhyUnsaid(unsaid), unsaid.why().empty() ? " in " : ": ",
                                  all ? "all" : Names(result, unsaid.members())),
                     false});
  }
  return lines;
}

}  // namespace varve
