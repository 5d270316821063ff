#include "snapshot/rules/table_names.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace varve {
namespace {

// What a model is for, not what it is of. Longer ones before those they end with.
constexpr absl::string_view kSuffixes[] = {
    "CreateUpdate", "InDBBase", "Minimal", "Summary", "Details", "Internal", "Private", "Request",
    "Response",     "Payload",  "Output",  "Upsert",  "Detail",  "Create",   "Update",  "Delete",
    "Public",       "Schema",   "Entity",  "Record",  "Input",   "Patch",    "Model",   "Table",
    "InDB",         "Base",     "Read",    "Data",    "Form",    "DTO",      "Dto",     "Row",
    "Orm",          "ORM",      "New",     "Out",     "In",      "DB",
};
constexpr absl::string_view kPrefixes[] = {"Create", "Update", "Base", "Get", "New", "Db"};

// Plurals that no rule makes.
struct Irregular {
  absl::string_view one;
  absl::string_view many;
};
constexpr Irregular kIrregular[] = {
    {"person", "people"},      {"child", "children"},    {"man", "men"},
    {"woman", "women"},        {"datum", "data"},        {"medium", "media"},
    {"criterion", "criteria"}, {"analysis", "analyses"}, {"index", "indices"},
    {"foot", "feet"},          {"mouse", "mice"},        {"leaf", "leaves"},
    {"half", "halves"},        {"shelf", "shelves"},     {"life", "lives"},
    {"knife", "knives"},       {"wife", "wives"},        {"wolf", "wolves"},
    {"thief", "thieves"},      {"matrix", "matrices"},   {"vertex", "vertices"},
    {"quiz", "quizzes"},       {"axis", "axes"},         {"crisis", "crises"},
    {"tooth", "teeth"},        {"goose", "geese"},       {"ox", "oxen"},
};

// Words that are their own plural.
constexpr absl::string_view kUncountable[] = {
    "data", "equipment", "feedback", "information", "inventory", "media",   "metadata", "money",
    "news", "series",    "sheep",    "species",     "staff",     "traffic", "weather"};

// Words for many things that are one word all the same.
constexpr absl::string_view kHeaps[] = {"archive", "audit", "cache",  "history",
                                        "inbox",   "log",   "outbox", "queue"};

bool EndsSibilant(absl::string_view word) {
  for (const absl::string_view end : {"s", "x", "z", "ch", "sh"}) {
    if (absl::EndsWith(word, end)) return true;
  }
  return false;
}

bool EndsConsonantY(absl::string_view word) {
  return word.size() >= 2 && word.back() == 'y' &&
         absl::string_view("aeiou").find(word[word.size() - 2]) == absl::string_view::npos;
}

bool IsUncountable(absl::string_view word) {
  return std::find(std::begin(kUncountable), std::end(kUncountable), word) !=
         std::end(kUncountable);
}

// The last word of a snake-case name, and what stands before it.
std::pair<absl::string_view, absl::string_view> BeforeAndLast(absl::string_view name) {
  const size_t last = name.rfind('_') + 1;  // 0 where there is no underscore
  return {name.substr(0, last), name.substr(last)};
}

// The plural of the last word of a snake-case name.
std::string Plural(absl::string_view name) {
  const auto [before, word] = BeforeAndLast(name);
  if (IsUncountable(word)) return std::string(name);
  for (const Irregular& irregular : kIrregular) {
    if (word == irregular.one) return absl::StrCat(before, irregular.many);
  }
  if (EndsConsonantY(word)) return absl::StrCat(name.substr(0, name.size() - 1), "ies");
  return absl::StrCat(name, EndsSibilant(word) ? "es" : "s");
}

// What the last word may be the plural of; empty where it is none.
std::vector<std::string> Singulars(absl::string_view name) {
  const auto [before, word] = BeforeAndLast(name);
  if (IsUncountable(word)) return {};
  for (const Irregular& irregular : kIrregular) {
    if (word == irregular.many) return {absl::StrCat(before, irregular.one)};
  }
  std::vector<std::string> singulars;
  if (word.size() > 4 && absl::EndsWith(word, "ies")) {
    singulars.push_back(absl::StrCat(name.substr(0, name.size() - 3), "y"));
  }
  if (word.size() > 4 && absl::EndsWith(word, "es")) {
    singulars.push_back(std::string(name.substr(0, name.size() - 2)));
  }
  if (word.size() > 3 && absl::EndsWith(word, "s") && !absl::EndsWith(word, "ss")) {
    singulars.push_back(std::string(name.substr(0, name.size() - 1)));
  }
  return singulars;
}

bool IsUpper(char c) { return absl::ascii_isupper(static_cast<unsigned char>(c)); }
bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

// Snake case that leaves a run of capitals with the word it begins: "OAuth2Token" →
// "oauth2_token"; with `digits_apart` "oauth_2_token".
std::string LooseSnakeCase(absl::string_view name, bool digits_apart) {
  std::string snake;
  for (size_t at = 0; at < name.size(); ++at) {
    const bool begins_word = at > 0 && IsUpper(name[at]) && !IsUpper(name[at - 1]);
    const bool begins_number =
        digits_apart && at > 0 && IsDigit(name[at]) && !IsDigit(name[at - 1]);
    if ((begins_word || begins_number) && snake.back() != '_') snake += '_';
    snake += absl::ascii_tolower(static_cast<unsigned char>(name[at]));
  }
  return snake;
}

std::vector<std::string> NamesOf(absl::string_view class_name) {
  const std::string snake = SnakeCase(class_name);
  const std::string joined = absl::AsciiStrToLower(class_name);
  std::vector<std::string> wanted = {snake,
                                     Plural(snake),
                                     joined,
                                     absl::StrCat(joined, "s"),
                                     absl::StrCat(snake, "s"),
                                     std::string(class_name)};
  for (const bool digits_apart : {false, true}) {
    wanted.push_back(LooseSnakeCase(class_name, digits_apart));
    wanted.push_back(Plural(wanted.back()));
  }
  for (std::string& singular : Singulars(snake)) wanted.push_back(std::move(singular));
  std::vector<std::string> names;
  for (std::string& name : wanted) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      names.push_back(std::move(name));
    }
  }
  return names;
}

// The name with one word less; empty where none can go.
absl::string_view Stripped(absl::string_view name) {
  for (const absl::string_view suffix : kSuffixes) {
    if (name.size() > suffix.size() && absl::EndsWith(name, suffix)) {
      return absl::StripSuffix(name, suffix);
    }
  }
  for (const absl::string_view prefix : kPrefixes) {
    const bool is_word = name.size() > prefix.size() && absl::StartsWith(name, prefix) &&
                         absl::ascii_isupper(static_cast<unsigned char>(name[prefix.size()]));
    if (is_word) return absl::StripPrefix(name, prefix);
  }
  return "";
}

}  // namespace

std::string SnakeCase(absl::string_view name) {
  std::string snake;
  for (size_t at = 0; at < name.size(); ++at) {
    const auto c = static_cast<unsigned char>(name[at]);
    const bool upper = absl::ascii_isupper(c);
    const bool after_word =
        at > 0 && !absl::ascii_isupper(static_cast<unsigned char>(name[at - 1]));
    const bool before_word =
        at + 1 < name.size() && absl::ascii_islower(static_cast<unsigned char>(name[at + 1]));
    if (upper && at > 0 && (after_word || before_word) && snake.back() != '_') snake += '_';
    snake += absl::ascii_tolower(c);
  }
  return snake;
}

std::vector<std::vector<std::string>> TableCandidates(absl::string_view class_name) {
  std::vector<std::vector<std::string>> groups;
  for (absl::string_view name = class_name; !name.empty(); name = Stripped(name)) {
    groups.push_back(NamesOf(name));
  }
  return groups;
}

NounNumber NumberOf(absl::string_view name) {
  const absl::string_view word = BeforeAndLast(name).second;
  if (word.size() < 3 || !absl::ascii_isalpha(static_cast<unsigned char>(word.back()))) {
    return NounNumber::kUnknown;
  }
  if (IsUncountable(word) || absl::c_linear_search(kHeaps, word)) return NounNumber::kUnknown;
  for (const Irregular& irregular : kIrregular) {
    if (word == irregular.one) return NounNumber::kOne;
    if (word == irregular.many) return NounNumber::kMany;
  }
  if (word.back() != 's' || absl::EndsWith(word, "ss")) return NounNumber::kOne;
  for (const absl::string_view end : {"as", "is", "us"}) {  // "alias" and "areas"
    if (absl::EndsWith(word, end)) return NounNumber::kUnknown;
  }
  return NounNumber::kMany;
}

std::vector<absl::string_view> PurposeWords(absl::string_view class_name) {
  std::vector<absl::string_view> words;
  for (absl::string_view name = class_name; !name.empty();) {
    const absl::string_view shorter = Stripped(name);
    if (!shorter.empty()) {
      const bool was_at_end = absl::StartsWith(name, shorter);
      words.push_back(was_at_end ? name.substr(shorter.size())
                                 : name.substr(0, name.size() - shorter.size()));
    }
    name = shorter;
  }
  return words;
}

}  // namespace varve
