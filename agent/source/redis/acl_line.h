// What an ACL must grant for all that a gather asks.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace varve::redis {

// "ACL SETUSER varve +scan +type …" as the server of that version takes it ("7.0.15"; Valkey's own
// number, 8.0.1): one rule that it does not know would make it refuse the whole line. It only adds.
// `with_keys` lets the user read every key too: `%R~*`, before 7.0 `~*`.
std::string AclLine(absl::string_view user, absl::string_view version, bool with_keys);

}  // namespace varve::redis
