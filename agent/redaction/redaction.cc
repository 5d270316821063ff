#include "agent/redaction/redaction.h"

#include <utility>

#include "agent/redaction/masker.h"
#include "agent/redaction/secret_name.h"
#include "snapshot/hash.h"

namespace varve {

Redactor::Redactor(MaskKey key) : key_(std::move(key)) {}

std::string Redactor::MaskText(absl::string_view text, Masked& masked) const {
  if (IsPlainText(text)) return std::string(text);
  return MaskSecrets(text, masked);
}

std::string Redactor::MaskValue(absl::string_view name, absl::string_view value,
                                Masked& masked) const {
  if (!IsSecretName(name) || value.empty()) return MaskText(value, masked);
  if (value != kMasked) masked.parts.emplace_back(value);
  return std::string(kMasked);
}

bool Redactor::IsSecretName(absl::string_view name) { return varve::IsSecretName(name); }

MaskedParts Redactor::Digest(const Masked& masked) const {
  if (masked.empty()) return {};
  std::string message;
  for (const std::string& part : masked.parts) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      message += static_cast<char>(static_cast<uint64_t>(part.size()) >> shift & 0xFF);
    }
    message += part;
  }
  const auto digest = HmacSha256(key_.bytes, message);
  return {std::string(digest.begin(), digest.end()), key_.id};
}

}  // namespace varve
