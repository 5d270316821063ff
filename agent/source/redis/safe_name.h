// Names of keys for counting: what is counted leaves the host, so no secret may stand in it.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "agent/redaction/redaction.h"

namespace varve::redis {

// `name` as it may be counted by pattern and by prefix: itself, where each secret in it is a part
// that key_tokens.h takes for a class as a whole (an e-mail address, a token); else masked. What is
// returned borrows from `name` or from `masked_name`.
absl::string_view SafeName(const Redactor& redactor, absl::string_view name,
                           std::string& masked_name);

}  // namespace varve::redis
