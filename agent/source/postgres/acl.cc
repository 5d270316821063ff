#include "agent/source/postgres/acl.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "agent/source/postgres/array_text.h"

namespace varve::postgres {
namespace {

struct Letter {
  char letter;
  const char* privilege;
};
constexpr Letter kLetters[] = {
    {'r', "SELECT"},   {'a', "INSERT"},       {'w', "UPDATE"},   {'d', "DELETE"},
    {'D', "TRUNCATE"}, {'x', "REFERENCES"},   {'t', "TRIGGER"},  {'X', "EXECUTE"},
    {'U', "USAGE"},    {'C', "CREATE"},       {'c', "CONNECT"},  {'T', "TEMPORARY"},
    {'s', "SET"},      {'A', "ALTER SYSTEM"}, {'m', "MAINTAIN"},
};

// Everyone. No role can have this name: the server keeps it.
constexpr char kPublic[] = "public";

std::string PrivilegeOf(char letter) {
  for (const Letter& known : kLetters) {
    if (known.letter == letter) return known.privilege;
  }
  return std::string(1, letter);
}

// Takes a role's name, in double quotes where it is not plain, off the front of `text`.
std::string TakeRole(absl::string_view& text, char until, TextForm form) {
  std::string role;
  bool in_quotes = false;
  while (!text.empty()) {
    const char c = text.front();
    if (c == '"') {
      const bool doubled = in_quotes && text.size() > 1 && text[1] == '"';
      if (doubled) {
        role += '"';
        text.remove_prefix(2);
        continue;
      }
      in_quotes = !in_quotes;
    } else if (c == until && !in_quotes) {
      break;
    } else {
      role += c;
    }
    text.remove_prefix(1);
  }
  return TextFrom(role, form);
}

}  // namespace

absl::StatusOr<v1::Grant> ParseAclItem(absl::string_view item, TextForm form) {
  const auto refuse = [item, form] {
    return absl::InvalidArgumentError(
        absl::StrCat("'", TextFrom(item, form), "' is no privilege item"));
  };
  absl::string_view rest = item;
  v1::Grant grant;
  grant.set_grantee(TakeRole(rest, '=', form));
  if (grant.grantee().empty()) grant.set_grantee(kPublic);
  if (rest.empty()) return refuse();
  rest.remove_prefix(1);
  while (!rest.empty() && rest.front() != '/') {
    const std::string privilege = PrivilegeOf(rest.front());
    rest.remove_prefix(1);
    grant.add_privileges(privilege);
    if (!rest.empty() && rest.front() == '*') {
      grant.add_grantable(privilege);
      rest.remove_prefix(1);
    }
  }
  if (rest.empty()) return refuse();
  rest.remove_prefix(1);
  grant.set_grantor(TakeRole(rest, '\0', form));
  return grant;
}

std::vector<v1::Grant> ParseAcl(absl::string_view array, TextForm form,
                                std::vector<std::string>& unknown) {
  std::vector<v1::Grant> grants;
  for (const std::string& item : ArrayItems(array)) {
    absl::StatusOr<v1::Grant> grant = ParseAclItem(item, form);
    if (grant.ok()) {
      grants.push_back(*std::move(grant));
    } else {
      unknown.push_back(TextFrom(item, form));
    }
  }
  return grants;
}

}  // namespace varve::postgres
