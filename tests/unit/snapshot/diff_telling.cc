#include "tests/unit/snapshot/diff_telling.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "snapshot/kinds.h"
#include "snapshot/line.h"

namespace varve::testing {
namespace {

// "table public.orders structure"; the section's name where no entity is told.
template <typename Item>
std::string Subject(const Item& item) {
  if (!item.has_identity()) return absl::StrCat("section ", item.section());
  const std::string facet =
      item.facet() == v1::FACET_UNSPECIFIED ? "" : absl::StrCat(" ", FacetName(item.facet()));
  return absl::StrCat(item.identity().kind(), " ", DisplayName(KeyOf(item.identity())), facet);
}

std::string Word(v1::Difference::Op op) {
  return absl::AsciiStrToLower(v1::Difference::Op_Name(op).substr(3));
}

void Tell(const v1::Difference& difference, std::vector<std::string>& lines) {
  std::string line = absl::StrCat(Word(difference.op()), " ", Subject(difference));
  if (difference.has_was()) {
    absl::StrAppend(&line, ", was ", DisplayName(KeyOf(difference.was())));
  }
  if (difference.between_to() != 0) {
    absl::StrAppend(&line, ", between @", difference.between_from(), " and @",
                    difference.between_to());
  }
  lines.push_back(std::move(line));
  for (const v1::PropertyChange& change : difference.changes()) {
    lines.push_back(absl::StrCat("  ", Told(change)));
  }
}

std::string Told(absl::string_view list, const v1::NotCompared& item) {
  std::string line = absl::StrCat(list, ": ", Subject(item));
  if (!item.path().empty()) absl::StrAppend(&line, " ", absl::StrJoin(item.path(), "/"));
  if (!item.why().empty()) absl::StrAppend(&line, " (", item.why(), ")");
  if (item.why().empty()) {
    absl::StrAppend(&line, " (", SightName(item.before()), ", ", SightName(item.after()), ")");
  }
  if (!item.reason().empty()) absl::StrAppend(&line, ": ", item.reason());
  if (!item.remedy().empty()) absl::StrAppend(&line, "; ", item.remedy());
  return line;
}

}  // namespace

std::string Told(const v1::PropertyChange& change) {
  return absl::StrCat(absl::StrJoin(change.path(), "/"), ": ",
                      change.has_before() ? change.before() : "-", " -> ",
                      change.has_after() ? change.after() : "-");
}

std::vector<std::string> Told(const ShapeDifference& difference) {
  std::vector<std::string> lines;
  for (const v1::PropertyChange& change : difference.changed) lines.push_back(Told(change));
  for (const NotComparable& skipped : difference.not_comparable) {
    lines.push_back(
        absl::StrCat(absl::StrJoin(skipped.path, "/"), " is not comparable: ", skipped.why));
  }
  if (difference.follows) lines.emplace_back("follows");
  return lines;
}

std::vector<std::string> Told(const v1::DiffResult& result) {
  std::vector<std::string> lines = {absl::AsciiStrToLower(v1::Verdict_Name(result.verdict()))};
  for (const v1::Difference& difference : result.differences()) Tell(difference, lines);
  for (const auto& item : result.cannot_say()) lines.push_back(Told("cannot say", item));
  for (const auto& item : result.neither()) lines.push_back(Told("neither", item));
  for (const auto& item : result.not_comparable()) lines.push_back(Told("not comparable", item));
  for (const std::string& name : result.not_configured()) {
    lines.push_back(absl::StrCat("not configured: ", name));
  }
  for (const v1::Difference& item : result.follows()) {
    lines.push_back(absl::StrCat("follows: ", Subject(item)));
  }
  return lines;
}

}  // namespace varve::testing
