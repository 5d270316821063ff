// Rules by the words that people name them with.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "base/nearest.h"
#include "snapshot/rules/rules.h"

namespace varve {
namespace {

bool Names(absl::string_view word, const Rule& rule) {
  if (rule.id == word || word == "*") return true;
  const absl::string_view family = absl::StripSuffix(word, "/*");
  const bool is_of_family = absl::StartsWith(rule.id, absl::StrCat(family, "/"));
  return is_of_family && (rule.by_default || family != word);
}

// "pg/fk" is the beginning of several rules, and was meant for one of them. Of the beginning of a
// family there would be too many to name.
std::string WhatWasMeant(absl::string_view word) {
  constexpr size_t kMost = 12;
  std::vector<std::string> known, begin_so;
  for (const Rule& rule : Rules()) {
    known.emplace_back(rule.id);
    if (absl::StartsWith(rule.id, word)) begin_so.emplace_back(rule.id);
  }
  const bool names_family = absl::StrContains(word, '/');
  if (!names_family || begin_so.size() < 2) {
    return absl::StrCat("nearest is ", NearestName(word, known));
  }
  const size_t left_out = begin_so.size() - std::min(begin_so.size(), kMost);
  begin_so.resize(begin_so.size() - left_out);
  return absl::StrCat("these begin so: ", absl::StrJoin(begin_so, ", "),
                      left_out == 0 ? "" : absl::StrCat(" and ", left_out, " more"));
}

absl::Status NoneIsCalled(absl::string_view word) {
  return absl::InvalidArgumentError(
      absl::StrCat("no rule is called '", word, "'; ", WhatWasMeant(word)));
}

}  // namespace

absl::StatusOr<std::vector<std::string>> RulesNamed(absl::Span<const std::string> words) {
  std::set<std::string> ids;
  for (const Rule& rule : Rules()) {
    if (words.empty() && rule.by_default) ids.emplace(rule.id);
  }
  for (const std::string& word : words) {
    bool names_any = false;
    for (const Rule& rule : Rules()) {
      if (!Names(word, rule)) continue;
      ids.emplace(rule.id);
      names_any = true;
    }
    if (!names_any) return NoneIsCalled(word);
  }
  return std::vector<std::string>(ids.begin(), ids.end());
}

}  // namespace varve
