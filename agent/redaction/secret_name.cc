#include "agent/redaction/secret_name.h"

#include <algorithm>
#include <array>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/types/span.h"
#include "agent/redaction/beginnings.h"

namespace varve {
namespace {

using Words = absl::Span<const absl::string_view>;

// A name longer than that is no name.
constexpr size_t kMaxName = 128;

constexpr absl::string_view kPasswords[] = {"password", "passwords", "passwd",      "passphrase",
                                            "pwd",      "pw",        "pass",        "passcode",
                                            "passwort", "userpass",  "requirepass", "masterauth"};
constexpr absl::string_view kSecrets[] = {
    "secret",    "secrets",    "credential", "credentials",   "token",
    "dsn",       "apikey",     "authtoken",  "authorization", "accesstoken",
    "secretkey", "privatekey", "accesskey",  "accountkey",    "jwt"};

// What makes a secret of the word "key" after it.
constexpr absl::string_view kKeyQualifiers[] = {
    "api",     "access",  "private", "secret",  "encryption", "signing", "auth",
    "master",  "license", "ssh",     "service", "client",     "account", "shared",
    "session", "crypto",  "hmac",    "aes",     "rsa",        "tls",     "ssl",
    "deploy",  "storage", "app",     "fernet",  "cipher",     "stripe",  "wrapped"};

// A name that ends in one of these is about a secret, and holds none.
constexpr absl::string_view kAbout[] = {
    "count",   "counts",     "at",       "on",         "id",       "ids",     "length",
    "len",     "type",       "types",    "expires",    "expiry",   "ttl",     "limit",
    "limits",  "required",   "policy",   "enabled",    "changed",  "updated", "created",
    "version", "file",       "path",     "age",        "attempts", "min",     "max",
    "used",    "usage",      "size",     "field",      "column",   "index",   "idx",
    "expired", "expiration", "strength", "encryption", "name",     "status",  "budget",
    "total",   "position",   "offset",   "timeout",    "url",      "uri",     "rotation",
    "days",    "seconds",    "format",   "algorithm",  "provider", "bucket",  "rate",
    "dir",     "directory",  "folder"};

// Each word that makes a secret of a name has one of these in it.
constexpr absl::string_view kStems[] = {"pass", "pw",  "auth",  "secret", "credential",
                                        "key",  "jwt", "token", "dsn"};

constexpr Beginnings kStemBeginnings = Beginnings(kStems);

constexpr bool HasStem(absl::string_view lower) {
  for (size_t i = 0; i + 1 < lower.size(); ++i) {
    if (!kStemBeginnings.Has(lower[i], lower[i + 1])) continue;
    for (const absl::string_view stem : kStems) {
      if (lower.substr(i, stem.size()) == stem) return true;
    }
  }
  return false;
}

constexpr bool EachHasStem(Words words) {
  for (const absl::string_view word : words) {
    if (!HasStem(word)) return false;
  }
  return true;
}
static_assert(EachHasStem(kPasswords) && EachHasStem(kSecrets));

bool IsOneOf(absl::string_view word, Words words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The words of `lower`, the same text as `name` in lower case: split at what is no letter or digit,
// and where the case changes as in apiKey and APIKey; digits at their ends dropped.
std::vector<absl::string_view> WordsOf(absl::string_view name, absl::string_view lower) {
  std::vector<absl::string_view> words;
  const auto add = [&](size_t from, size_t to) {
    while (to > from && absl::ascii_isdigit(name[to - 1])) --to;
    if (to > from) words.push_back(lower.substr(from, to - from));
  };
  size_t start = 0;
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (!absl::ascii_isalnum(c)) {
      add(start, i);
      start = i + 1;
    } else if (i > start && absl::ascii_isupper(c)) {
      const bool after_lower = !absl::ascii_isupper(name[i - 1]);
      const bool ends_capitals = i + 1 < name.size() && absl::ascii_islower(name[i + 1]);
      if (after_lower || ends_capitals) {
        add(start, i);
        start = i;
      }
    }
  }
  add(start, name.size());
  return words;
}

bool IsPasswordWord(absl::string_view word) {
  // PGPASSWORD, dbpasswd: written as one.
  return IsOneOf(word, kPasswords) || absl::EndsWith(word, "password") ||
         absl::EndsWith(word, "passwd");
}

// `text`, which fits, in lower case in `bytes`: names are asked about by the million, so nothing is
// allocated.
absl::string_view ToLower(absl::string_view text, std::array<char, kMaxName>& bytes) {
  std::transform(text.begin(), text.end(), bytes.begin(), absl::ascii_tolower);
  return absl::string_view(bytes.data(), text.size());
}

template <typename Test>
bool AnyWord(absl::string_view name, Test test) {
  if (name.empty() || name.size() > kMaxName) return false;
  std::array<char, kMaxName> bytes;
  const absl::string_view lower = ToLower(name, bytes);
  if (!HasStem(lower)) return false;  // nearly every name
  const std::vector<absl::string_view> words = WordsOf(name, lower);
  if (words.empty() || (words.size() > 1 && IsOneOf(words.back(), kAbout))) return false;
  for (size_t i = 0; i < words.size(); ++i) {
    if (test(Words(words), i)) return true;
  }
  return false;
}

}  // namespace

bool MayHoldSecretName(absl::string_view text) {
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    const char first = absl::ascii_tolower(static_cast<unsigned char>(text[i]));
    const char second = absl::ascii_tolower(static_cast<unsigned char>(text[i + 1]));
    if (!kStemBeginnings.Has(first, second)) continue;
    for (const absl::string_view stem : kStems) {
      if (absl::StartsWithIgnoreCase(text.substr(i), stem)) return true;
    }
  }
  return false;
}

bool IsPasswordName(absl::string_view name) {
  return AnyWord(name, [](Words words, size_t i) { return IsPasswordWord(words[i]); });
}

bool IsSecretName(absl::string_view name) {
  return AnyWord(name, [](Words words, size_t i) {
    if (IsPasswordWord(words[i]) || IsOneOf(words[i], kSecrets)) return true;
    return words[i] == "key" && i > 0 && IsOneOf(words[i - 1], kKeyQualifiers);
  });
}

}  // namespace varve
