// Redaction: what looks like a secret is replaced before anything is written or sent.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "snapshot/masked.h"
#include "snapshot/section_builder.h"

namespace varve {

// The key under which digests of masked parts are made, so that a change is seen and the secret is
// not.
struct MaskKey {
  std::string id;     // names the key; safe to send
  std::string bytes;  // at least 32 random bytes; never leaves the host
};

// The parts that were masked in one shape, in order. They stay in the agent's memory.
struct Masked {
  std::vector<std::string> parts;
  bool empty() const { return parts.empty(); }
};

// Finds and masks secrets: passwords, tokens, keys, JWTs, private key blocks, connection URLs with
// a password, e-mail addresses. Thread-safe: it never changes.
class Redactor {
 public:
  explicit Redactor(MaskKey key);

  // `text` with each part that looks like a secret replaced by kMasked; what was replaced is
  // appended to `masked`. Of "postgresql://app:s3cret@db/x" only the password goes; of free text (a
  // function's source, a comment) only what a pattern finds: name = 'value' pairs with a secret's
  // name, JWTs, key blocks, URLs, e-mail addresses.
  std::string MaskText(absl::string_view text, Masked& masked) const;

  // The value of something called `name`: masked whole where the name is a secret's (password,
  // token, key, secret, credential, dsn as a word of it), else as MaskText.
  std::string MaskValue(absl::string_view name, absl::string_view value, Masked& masked) const;

  // Whether `name` is that of a secret.
  static bool IsSecretName(absl::string_view name);

  // The digest that travels beside the shape; empty where nothing was masked.
  MaskedParts Digest(const Masked& masked) const;

 private:
  MaskKey key_;
};

}  // namespace varve
