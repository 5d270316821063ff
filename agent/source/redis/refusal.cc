#include "agent/source/redis/refusal.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace varve::redis {
namespace {

// The code that an error begins with: "NOPERM"; "ERR" where there is none.
absl::string_view CodeOf(absl::string_view error) {
  const absl::string_view code = error.substr(0, error.find(' '));
  const bool is_code = !code.empty() && code.size() <= 32 &&
                       std::all_of(code.begin(), code.end(), absl::ascii_isupper);
  return is_code ? code : "ERR";
}

}  // namespace

Refusal RefusalOf(absl::string_view error) {
  const absl::string_view code = CodeOf(error);
  if (code == "NOPERM") {
    // 6: "… no permissions to access one of the keys used as arguments"; 7: "No permissions to
    // access a key".
    return absl::StrContains(error, "to access") && absl::StrContains(error, "key")
               ? Refusal::kKeyNotPermitted
               : Refusal::kCommandNotPermitted;
  }
  if (code == "MOVED" || code == "ASK") return Refusal::kMoved;
  if (code == "CROSSSLOT" || code == "CLUSTERDOWN" || code == "TRYAGAIN") {
    return Refusal::kClusterDown;
  }
  if (code == "LOADING" || code == "MASTERDOWN" || code == "BUSY") return Refusal::kLoading;
  if (code == "NOAUTH") return Refusal::kNotAuthenticated;
  if (code == "DENIED" || absl::StrContains(error, "max number of clients")) {
    return Refusal::kNoClients;
  }
  if (code == "WRONGPASS" || absl::StrContains(error, "invalid password")) {
    return Refusal::kWrongPassword;
  }
  if (absl::StrContains(error, "without any password configured") ||
      absl::StrContains(error, "no password is set")) {
    return Refusal::kNoPasswordSet;
  }
  if (absl::StartsWithIgnoreCase(error, "ERR unknown command") ||
      absl::StartsWithIgnoreCase(error, "ERR unknown subcommand")) {
    return Refusal::kUnknownCommand;
  }
  return Refusal::kOther;
}

std::string RefusalText(absl::string_view error) {
  switch (RefusalOf(error)) {
    case Refusal::kCommandNotPermitted:
      return "the ACL does not permit it (NOPERM)";
    case Refusal::kKeyNotPermitted:
      return "the ACL does not permit the key (NOPERM)";
    case Refusal::kUnknownCommand:
      return "the server has no such command";
    case Refusal::kMoved:
      return absl::StrCat("another node of the cluster has it (", CodeOf(error), ")");
    case Refusal::kClusterDown:
      return absl::StrCat("the cluster does not serve it now (", CodeOf(error), ")");
    case Refusal::kLoading:
      return absl::StrCat("the server is not ready (", CodeOf(error), ")");
    case Refusal::kNotAuthenticated:
      return "a password is needed (NOAUTH)";
    case Refusal::kWrongPassword:
      return "the user or the password is wrong (WRONGPASS)";
    case Refusal::kNoPasswordSet:
      return "the server has no password";
    case Refusal::kNoClients:
      return CodeOf(error) == "DENIED" ? "it takes no clients from other hosts (protected mode)"
                                       : "it has as many clients as it may have (maxclients)";
    case Refusal::kOther:
      return absl::StrCat("the server refused (", CodeOf(error), ")");
  }
  return "the server refused";
}

}  // namespace varve::redis
