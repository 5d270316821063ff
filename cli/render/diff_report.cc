#include "cli/render/diff_report.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/render/diff_line_text.h"
#include "cli/render/numbers.h"
#include "snapshot/changes/change_rules.h"
#include "snapshot/kinds.h"
#include "snapshot/line.h"

namespace varve {
namespace {

// More than so many things of one kind, not compared for one reason, are counted instead of listed.
constexpr size_t kMostListed = 3;

// "breaking: who names it fails"; what is harmless needs no reason.
std::string Note(v1::ChangeClass change_class, const std::string& rule) {
  const std::string name(ChangeClassName(change_class));
  if (change_class < v1::CHANGE_CLASS_RISKY) return name;
  const ChangeRule* const known = FindChangeRule(rule);
  return known == nullptr ? name : absl::StrCat(name, ": ", known->why);
}

template <typename Item>
DiffLine WithClass(DiffLine line, const Item& item) {
  line.change_class = item.change_class();
  line.note = Note(item.change_class(), item.rule());
  return line;
}

// Parts that came or went, as (list, name), by what the structure says.
using Parts = std::set<std::pair<std::string, std::string>>;

// All that is told of one entity of one section, in the order of the answer.
using Told = std::vector<const v1::Difference*>;
using ByEntity = std::map<std::tuple<std::string, EntityKey>, Told>;

ByEntity GroupByEntity(const v1::DiffResult& result) {
  ByEntity groups;
  for (const v1::Difference& difference : result.differences()) {
    groups[{difference.section(), KeyOf(difference.identity())}].push_back(&difference);
  }
  return groups;
}

// The difference that says that the entity itself came, went or was renamed; null where it only
// changed.
const v1::Difference* OfEntity(const Told& told, v1::Difference::Op op) {
  for (const v1::Difference* const difference : told) {
    if (difference->op() != op) continue;
    const bool first = difference->facet() == FirstFacet(difference->identity().kind());
    if (op == v1::Difference::OP_RENAMED || first || !difference->has_identity()) return difference;
  }
  return nullptr;
}

class Report {
 public:
  Report(const v1::DiffResult& result, std::string arrow)
      : result_(result), arrow_(std::move(arrow)) {}

  DiffReport Make() {
    for (const auto& [key, told] : GroupByEntity(result_)) TellEntity(std::get<0>(key), told);
    TellFollows();
    TellNotCompared();
    TellGrowth();
    report_.answer = Answer();
    return std::move(report_);
  }

 private:
  // The block of that title, new where there is none yet. Valid until the next one is made.
  DiffBlock& BlockOf(const std::string& title) {
    const auto block = absl::c_find_if(
        report_.blocks, [&](const DiffBlock& candidate) { return candidate.title == title; });
    if (block != report_.blocks.end()) return *block;
    return report_.blocks.emplace_back(DiffBlock{title, {}});
  }

  void Add(const std::string& title, DiffLine line) {
    BlockOf(title).lines.push_back(std::move(line));
  }

  // How many came, went, changed or were renamed, and how many of them break something.
  struct Count {
    int64_t all = 0;
    int64_t breaking = 0;

    void Add(const Told& told) {
      ++all;
      breaking += absl::c_any_of(told, [](const v1::Difference* difference) {
        return difference->change_class() == v1::CHANGE_CLASS_BREAKING;
      });
    }
  };

  void TellEntity(const std::string& section, const Told& told) {
    for (const auto op : {v1::Difference::OP_ADDED, v1::Difference::OP_REMOVED}) {
      const v1::Difference* const whole = OfEntity(told, op);
      if (whole == nullptr) continue;
      (op == v1::Difference::OP_ADDED ? added_ : removed_).Add(told);
      const std::string name =
          whole->has_identity() ? EntityName(whole->identity()) : "the whole section";
      Add(section, WithClass({SignOf(op), name, Between(*whole), false}, *whole));
      return;  // its facets came or went with it
    }
    if (const v1::Difference* const renamed = OfEntity(told, v1::Difference::OP_RENAMED)) {
      renamed_.Add({renamed});
      Add(section, WithClass({DiffSign::kRenamed, EntityName(renamed->identity()),
                              absl::StrCat("was ", DisplayName(KeyOf(renamed->was())),
                                           renamed->proven() ? "" : " (inferred)"),
                              false},
                             *renamed));
    }
    TellChanges(section, told);
  }

  void TellChanges(const std::string& section, const Told& told) {
    Told changed;
    absl::c_copy_if(told, std::back_inserter(changed), [](const v1::Difference* difference) {
      return difference->op() != v1::Difference::OP_RENAMED;
    });
    if (changed.empty()) return;
    changed_.Add(changed);
    Add(section, {DiffSign::kChanged, EntityName(told.front()->identity()), "", false});
    const Parts came_or_went = PartsThatCameOrWent(changed);
    for (const v1::Difference* const difference : changed) {
      if (difference->op() != v1::Difference::OP_CHANGED) {
        Add(section, WithClass({SignOf(difference->op()), FacetName(difference->facet()),
                                Between(*difference), true},
                               *difference));
      }
      for (const v1::PropertyChange& change : difference->changes()) {
        TellChange(section, *difference, change, came_or_went);
      }
    }
  }

  static Parts PartsThatCameOrWent(const Told& told) {
    Parts parts;
    for (const v1::Difference* const difference : told) {
      if (difference->facet() != v1::FACET_STRUCTURE) continue;
      for (const v1::PropertyChange& change : difference->changes()) {
        if (change.path_size() == 2 && change.has_before() != change.has_after()) {
          parts.emplace(change.path(0), change.path(1));
        }
      }
    }
    return parts;
  }

  void TellChange(const std::string& section, const v1::Difference& difference,
                  v1::PropertyChange change, const Parts& came_or_went) {
    // The expressions say which default came or went.
    if (change.path_size() == 3 && change.path(2) == "has_default") return;
    // An expression of a column that both sides have: its default, or how it is computed.
    if (difference.facet() == v1::FACET_EXPRESSIONS && change.path_size() == 2 &&
        change.path(0) == "columns" && came_or_went.count({change.path(0), change.path(1)}) == 0) {
      change.add_path("expression");
    }
    AddPart(section, WithClass(LineOf(change, Between(difference), arrow_), change));
  }

  // A part that came or went does so in several facets at once: one line tells it.
  void AddPart(const std::string& section, DiffLine line) {
    std::vector<DiffLine>& lines = BlockOf(section).lines;
    const bool came_or_went = line.sign == DiffSign::kAdded || line.sign == DiffSign::kRemoved;
    for (auto told = lines.rbegin(); came_or_went && told != lines.rend() && told->part; ++told) {
      if (told->sign != line.sign || told->what != line.what) continue;
      absl::StrAppend(&told->detail, " ", line.detail);
      if (told->change_class < line.change_class) {
        told->change_class = line.change_class;
        told->note = line.note;
      }
      return;
    }
    lines.push_back(std::move(line));
  }

  void TellFollows() {
    std::map<std::string, std::vector<std::string>> by_section;
    for (const v1::Difference& follows : result_.follows()) {
      std::vector<std::string>& names = by_section[follows.section()];
      const std::string name = EntityName(follows.identity());
      if (!absl::c_linear_search(names, name)) names.push_back(name);
    }
    for (const auto& [section, names] : by_section) {
      Add(section,
          {DiffSign::kNone, "follows from the renames", absl::StrJoin(names, ", "), false});
    }
  }

  // Why one thing was not compared: "locked in prod@5", "captured since another revision".
  std::string Reason(const v1::NotCompared& item, bool neither) const {
    std::string reason;
    if (item.why() == "revision") {
      reason = "newly captured or mended by another revision of the capture";
    } else if (item.why() == "way") {
      reason = "one side was read without running it";
    } else if (item.why() == "key id") {
      reason = "the digests are of different keys";
    } else if (item.why() == "kind") {
      reason = "one side does not look at it";
    } else if (neither) {
      reason = absl::StrCat(SightName(item.before()), " on both sides");
    } else if (item.before() == v1::SIGHT_CAPTURED) {
      reason = absl::StrCat(SightName(item.after()), " in ", result_.after());
    } else {
      reason = absl::StrCat(SightName(item.before()), " in ", result_.before());
    }
    if (!item.reason().empty()) absl::StrAppend(&reason, ": ", item.reason());
    if (!item.remedy().empty()) absl::StrAppend(&reason, "; ", item.remedy());
    return reason;
  }

  // What of an entity was not compared, as a group: its kind and facet, or its kind and property.
  static std::string PartOf(const v1::NotCompared& item) {
    if (item.path().empty()) return FacetName(item.facet());
    const std::string& list = item.path(0);
    return item.path_size() >= 3
               ? absl::StrCat(item.path(item.path_size() - 1), " of ", Words(list))
               : Words(absl::StrJoin(item.path(), " "));
  }

  // "rows 1,204 → 1,250 (+3.8 %)" of each object, in a block of its own.
  void TellGrowth() {
    std::map<std::tuple<std::string, EntityKey, std::string>, std::vector<std::string>> by_part;
    for (const v1::Growth& growth : result_.growth()) {
      by_part[{growth.section(), KeyOf(growth.identity()), growth.element()}].push_back(
          GrowthText(growth, arrow_));
    }
    for (const auto& [place, figures] : by_part) {
      const auto& [section, entity, element] = place;
      std::string what = EntityName(IdentityOf(entity));
      if (!element.empty()) absl::StrAppend(&what, " ", element);
      Add(absl::StrCat("growth in ", section),
          {DiffSign::kNone, what, absl::StrJoin(figures, ", "), false});
    }
  }

  using NotComparedList = google::protobuf::RepeatedPtrField<v1::NotCompared>;

  void TellNotCompared(const NotComparedList& list, bool neither) {
    std::map<std::tuple<std::string, std::string, std::string, std::string>,
             std::vector<std::string>>
        groups;
    for (const v1::NotCompared& item : list) {
      const std::string kind = item.has_identity() ? item.identity().kind() : "";
      std::vector<std::string>& names =
          groups[{item.section(), kind, kind.empty() ? "" : PartOf(item), Reason(item, neither)}];
      const std::string name = kind.empty() ? "" : DisplayName(KeyOf(item.identity()));
      if (!absl::c_linear_search(names, name)) names.push_back(name);
    }
    for (const auto& [group, names] : groups) {
      const auto& [section, kind, part, reason] = group;
      std::string what = section;
      if (!kind.empty()) {
        absl::StrAppend(&what, ": ", part, " of ");
        if (names.size() > kMostListed) {
          absl::StrAppend(&what, WithCommas(static_cast<int64_t>(names.size())), " ",
                          PluralOf(kind));
        } else {
          absl::StrAppend(&what, Words(kind), " ", absl::StrJoin(names, ", "));
        }
      }
      Add("not compared", {DiffSign::kCannotSay, std::move(what), reason, false});
    }
  }

  static std::string PluralOf(const std::string& kind) {
    const Kind* const known = FindKind(kind);
    return known == nullptr ? absl::StrCat(Words(kind), "s") : Words(known->plural);
  }

  void TellNotCompared() {
    TellNotCompared(result_.cannot_say(), false);
    TellNotCompared(result_.neither(), true);
    TellNotCompared(result_.not_comparable(), false);
    for (const std::string& section : result_.not_configured()) {
      Add("not compared", {DiffSign::kNone, section, "not configured on one of the sides", false});
    }
  }

  // "; 1 source and 2 kinds not compared, 1 in part": how much the answer does not speak of.
  std::string NotComparedAnswer() const {
    std::set<std::string> sections;
    std::set<std::pair<std::string, std::string>> kinds;
    std::set<std::pair<std::string, std::string>> in_part;
    const auto add = [&](const NotComparedList& list) {
      for (const v1::NotCompared& item : list) {
        if (!item.has_identity()) {
          sections.insert(item.section());
        } else {
          (item.path().empty() ? kinds : in_part).emplace(item.section(), item.identity().kind());
        }
      }
    };
    add(result_.cannot_say());
    add(result_.neither());
    add(result_.not_comparable());
    for (const auto& kind : kinds) in_part.erase(kind);
    std::vector<std::string> whole;
    const auto count = [](size_t number, absl::string_view word) {
      return absl::StrCat(number, " ", word, number == 1 ? "" : "s");
    };
    if (!sections.empty()) whole.push_back(count(sections.size(), "source"));
    if (!kinds.empty()) whole.push_back(count(kinds.size(), "kind"));
    std::string text;
    if (!whole.empty()) text = absl::StrCat("; ", absl::StrJoin(whole, " and "), " not compared");
    if (!in_part.empty()) {
      absl::StrAppend(&text, "; ", count(in_part.size(), "kind"), " compared in part");
    }
    return text;
  }

  std::string Answer() const {
    std::vector<std::string> parts;
    const auto count = [&](const Count& number, absl::string_view word) {
      if (number.all == 0) return;
      parts.push_back(absl::StrCat(WithCommas(number.all), " ", word));
      if (number.breaking == 0) return;
      absl::StrAppend(&parts.back(), " (", WithCommas(number.breaking), " breaking)");
    };
    count(added_, "added");
    count(changed_, "changed");
    count(removed_, "removed");
    count(renamed_, "renamed");
    std::string answer = absl::StrJoin(parts, ", ");
    if (answer.empty()) {
      answer = absl::StrCat("no differences in ",
                            WithCommas(static_cast<int64_t>(result_.entities_compared())),
                            result_.entities_compared() == 1 ? " entity" : " entities");
    }
    absl::StrAppend(&answer, NotComparedAnswer());
    return answer;
  }

  const v1::DiffResult& result_;
  const std::string arrow_;
  DiffReport report_;
  Count added_;
  Count changed_;
  Count removed_;
  Count renamed_;
};

}  // namespace

DiffReport ReportOf(const v1::DiffResult& result, const std::string& arrow) {
  return Report(result, arrow).Make();
}

}  // namespace varve
