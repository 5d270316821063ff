// Names of keys, as they may leave the host.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "agent/redaction/redaction.h"

namespace varve {

// The name of a Redis key or of a field: plain, except that segments (between : / | { } # ,) that
// hold an e-mail address or a token, or have more than 64 bytes, are masked, and so is what looks
// opaque after a secret's name
// ("reset_token:4f9a…"). Never longer than 512 bytes: the rest of a longer name is masked. Bytes
// that are not UTF-8 stay as they are.
std::string MaskKeyName(const Redactor& redactor, absl::string_view name, Masked& masked);

// Whether nothing of `name` is masked, as far as a glance tells: of nearly every name it does, at a
// hundredth of the cost. Where it is false nothing is known.
bool IsPlainKeyName(absl::string_view name);

}  // namespace varve
