// Rules by the words that people name them with.
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/nearest.h"
#include "snapshot/rules/rules.h"

namespace varve {
namespace {

bool Names(absl::string_view word, const Rule& rule) {
  if (rule.id == word) return true;
  const absl::string_view family = absl::StripSuffix(word, "/*");
  const bool is_of_family = absl::StartsWith(rule.id, absl::StrCat(family, "/"));
  return is_of_family && (rule.by_default || family != word);
}

absl::Status NoneIsCalled(absl::string_view word) {
  std::vector<std::string> known;
  for (const Rule& rule : Rules()) known.emplace_back(rule.id);
  return absl::InvalidArgumentError(
      absl::StrCat("no rule is called '", word, "'; nearest is ", NearestName(word, known)));
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
