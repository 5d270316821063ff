#include "agent/source/redis/acl_users.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "agent/source/redis/reply_cursor.h"
#include "base/utf8.h"

namespace varve::redis {
namespace {

using Rules = std::vector<std::string>;

// Holds of every user that has not its opposite; printed by newer servers, and by older ones after
// they read it from a file.
constexpr absl::string_view kImplied = "sanitize-payload";

bool IsCommandRule(absl::string_view word) {
  return absl::StartsWith(word, "+") || absl::StartsWith(word, "-");
}

bool IsOfCategory(absl::string_view rule) { return rule.size() > 1 && rule[1] == '@'; }

// "config" of "+config|get" and of "-config".
absl::string_view CommandOf(absl::string_view rule) { return rule.substr(1, rule.find('|') - 1); }

bool IsOfSubcommand(absl::string_view rule) { return absl::StrContains(rule, "|"); }

// Puts rules of single commands between two categories in order: by command; those of one command
// stay in their order, but for its subcommands between two rules of it as a whole.
void SortSingle(Rules::iterator begin, Rules::iterator end) {
  std::stable_sort(begin, end, [](const std::string& a, const std::string& b) {
    return CommandOf(a) < CommandOf(b);
  });
  while (begin != end) {
    const auto is_other = [&first = *begin](const std::string& rule) {
      return !IsOfSubcommand(rule) || CommandOf(rule) != CommandOf(first);
    };
    const Rules::iterator next =
        IsOfSubcommand(*begin) ? std::find_if(begin, end, is_other) : begin + 1;
    std::stable_sort(begin, next, [](const std::string& a, const std::string& b) {
      return absl::string_view(a).substr(1) < absl::string_view(b).substr(1);
    });
    begin = next;
  }
}

void SortCommands(Rules& rules) {
  Rules::iterator begin = rules.begin();
  while (begin != rules.end()) {
    const Rules::iterator end = std::find_if(begin, rules.end(), IsOfCategory);
    SortSingle(begin, end);
    begin = end == rules.end() ? end : end + 1;
  }
}

// "(~b:* ~a:* resetchannels -@all +get)" with its commands in order.
std::string SelectorFrom(absl::string_view inside) {
  Rules others;
  Rules commands;
  for (const absl::string_view word : absl::StrSplit(inside, ' ', absl::SkipEmpty())) {
    (IsCommandRule(word) ? commands : others).emplace_back(word);
  }
  SortCommands(commands);
  others.insert(others.end(), commands.begin(), commands.end());
  return absl::StrCat("(", absl::StrJoin(others, " "), ")");
}

void Take(absl::string_view word, AclUser& user) {
  if (word == "on" || word == "off") {
    user.enabled = word == "on";
  } else if (word == "nopass") {
    user.no_password = true;
  } else if (IsCommandRule(word)) {
    user.commands.emplace_back(word);
  } else if (absl::StartsWith(word, "#")) {
    user.password_hashes.emplace_back(word);
  } else if (absl::StartsWith(word, "~") || absl::StartsWith(word, "%")) {
    user.keys.emplace_back(word);
  } else if (absl::StartsWith(word, "&")) {
    user.channels.emplace_back(word);
  } else if (word != kImplied) {
    user.flags.emplace_back(word);
  }
}

}  // namespace

std::optional<AclUser> AclUserFrom(absl::string_view line) {
  const std::string text = ToUtf8(line);
  const std::vector<absl::string_view> words = absl::StrSplit(text, ' ', absl::SkipEmpty());
  if (words.size() < 2 || words[0] != "user") return std::nullopt;
  AclUser user;
  user.name = std::string(words[1]);
  for (size_t i = 2; i < words.size(); ++i) {
    if (!absl::StartsWith(words[i], "(")) {
      Take(words[i], user);
      continue;
    }
    const size_t first = i;
    while (i + 1 < words.size() && !absl::EndsWith(words[i], ")")) ++i;
    std::string inside = absl::StrJoin(words.begin() + static_cast<std::ptrdiff_t>(first),
                                       words.begin() + static_cast<std::ptrdiff_t>(i) + 1, " ");
    if (!absl::EndsWith(inside, ")")) return std::nullopt;
    user.selectors.push_back(SelectorFrom(absl::string_view(inside).substr(1, inside.size() - 2)));
  }
  SortCommands(user.commands);
  std::sort(user.password_hashes.begin(), user.password_hashes.end());
  return user;
}

std::optional<std::vector<AclUser>> AclUsersFrom(Reply reply) {
  ReplyCursor cursor(reply);
  std::vector<AclUser> users;
  for (int64_t left = cursor.Array(); left > 0 && cursor.is_good(); --left) {
    const Value& line = cursor.Text();
    std::optional<AclUser> user = line.is_cut ? std::nullopt : AclUserFrom(line.text);
    if (!user.has_value()) return std::nullopt;
    users.push_back(*std::move(user));
  }
  if (!cursor.is_good()) return std::nullopt;
  return users;
}

}  // namespace varve::redis
