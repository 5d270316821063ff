// The parts of a key's name, and which of them identify one thing.
#pragma once

#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"

namespace varve::redis {

enum class TokenKind {
  kDelimiter,  // one or more of : / | . - { } # @ , in a row, or a '_' before or after a class
  kLiteral,    // stays as it is
  kClass,      // stands for what varies: "<int>", "<uuid>", …
};

struct Token {
  TokenKind kind;
  absl::string_view text;  // of a class its name; else a part of the key's name

  friend bool operator==(const Token&, const Token&) = default;
};

using Tokens = absl::InlinedVector<Token, 16>;

// The tokens of a key's name, which may hold any bytes; literals borrow from it. Classes, by
// priority:
//   <bin>    what is not UTF-8 or holds control bytes, up to the end of the name
//   <uuid> <date> <ip> <email> <jwt>
//   <token>  an API key of a known form
//   <base64> random bytes, base64_token.h
//   <int>    digits
//   <ulid>
//   <hex32> <hex40> <hex64>, <hex>  8 hexadecimal digits or more, one of them a decimal digit
//   <long>   more than 64 bytes
//   <id>     12 letters and digits or more, two of them digits inside
//   <str>    letters that form no word
//   <rest>   what comes after 24 parts
// A pure function: equal names, equal tokens, on every host.
Tokens TokensOf(absl::string_view name);

// Whether `word` looks drawn at random: 12 letters or more that cannot be spoken, or a digit among
// them.
bool LooksRandom(absl::string_view word);

}  // namespace varve::redis
