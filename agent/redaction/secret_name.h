// Which names are those of secrets.
#pragma once

#include "absl/strings/string_view.h"

namespace varve {

// Whether something called `name` holds a secret: password, secret, credential, token, dsn as a
// word of it, or a key that is qualified as one (api_key, privateKey). Not where its last word says
// that it is about one only (token_count, password_changed_at), and not the other keys
// (primary_key, sort_key, key).
bool IsSecretName(absl::string_view name);

// Whether the name is a password's, so that even a short number is one.
bool IsPasswordName(absl::string_view name);

// False: no part of `text` is a secret's name. True says nothing; it costs little to ask.
bool MayHoldSecretName(absl::string_view text);

}  // namespace varve
