// What a server means by an error.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace varve::redis {

enum class Refusal {
  kCommandNotPermitted,  // NOPERM: the ACL user may not run the command
  kKeyNotPermitted,      // NOPERM: not with this key
  kUnknownCommand,       // older than the command, or it was renamed away
  kMoved,                // MOVED, ASK: another node of the cluster has the key
  kClusterDown,          // CLUSTERDOWN, TRYAGAIN, CROSSSLOT: not now, or not so
  kLoading,              // LOADING, MASTERDOWN, BUSY: not now
  kNotAuthenticated,     // NOAUTH
  kWrongPassword,        // WRONGPASS, and what older servers say
  kNoPasswordSet,        // AUTH to a server that has no password
  kNoClients,            // DENIED (protected mode), or it has too many: it hangs up
  kOther,
};

// `error` is the text of an error reply.
Refusal RefusalOf(absl::string_view error);

// The refusal in words for people. Of the server's own text only the first word, where that is a
// code: the rest can hold a user's name or a key.
std::string RefusalText(absl::string_view error);

}  // namespace varve::redis
