// ACL users, as ACL LIST prints them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/source/redis/resp.h"

namespace varve::redis {

// What a user may do. Texts are in UTF-8.
struct AclUser {
  std::string name;
  bool enabled = false;
  bool no_password = false;
  std::vector<std::string> password_hashes;  // sorted; never to leave the host
  std::vector<std::string> flags;            // "skip-sanitize-payload", "resetchannels", …
  // "-@all", "+get". A server before 7.2 makes them up from what is allowed, in an order that
  // differs from one start to the next: what has no order by meaning is sorted.
  std::vector<std::string> commands;
  std::vector<std::string> keys;       // "~app:*", "%R~*"
  std::vector<std::string> channels;   // "&news.*"
  std::vector<std::string> selectors;  // "(~other:* resetchannels -@all +get)", likewise sorted
};

// One line of ACL LIST; nothing where it has not the form of one.
std::optional<AclUser> AclUserFrom(absl::string_view line);

// Of the answer to ACL LIST; nothing where it has not the form of one.
std::optional<std::vector<AclUser>> AclUsersFrom(Reply reply);

}  // namespace varve::redis
